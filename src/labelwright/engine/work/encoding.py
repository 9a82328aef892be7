"""Make features of a block of items with a stored encoder."""

from __future__ import annotations

from functools import lru_cache

from labelwright import encoders
from labelwright.encoders import Encoder
from labelwright.engine.executors.base import Shard
from labelwright.engine.work import contents
from labelwright.engine.work.checked import check_digest
from labelwright.engine.work.threads import with_threads
from labelwright.errors import ConflictError
from labelwright.plain import JsonObject
from labelwright.store.arrays import Arrays


def encode_shard(params: JsonObject, shard: Shard) -> JsonObject:
    """Write the features of a block of items to a file; its path and digest. A file that is there stays.

    Parameters
    ----------
    params : JSON object
        "place" of the arrays; the "encoder", the spec that it is loaded by, and its file "encoder_path"; "folder" of
        the results; "contents", the folder of the blocks; "blas_threads".
    """
    arrays = Arrays.at(str(params["place"]))
    path = features_path(str(params["folder"]), shard.first, shard.n_rows)
    if not arrays.has(path):
        for name, digest in shard.inputs.items():
            check_digest(arrays, name, digest)
        encoder_path = str(params["encoder_path"])
        block = contents.unpack(arrays.read_bytes(contents_path(str(params["contents"]), shard.first, shard.n_rows)))
        with with_threads(params["blas_threads"]):
            encoder = _encoder(arrays.place, encoder_path, shard.inputs[encoder_path], str(params["encoder"]))
            made = encoder.transform(block)
        try:
            return dict(arrays.write(path, made))
        except ConflictError:  # the same block was given to two workers, on unequal machines
            pass
    return {path: arrays.digest(path)}


def features_path(folder: str, first: int, n_rows: int) -> str:
    """Where the features of a block are.

    >>> features_path("parts", 0, 512)
    'parts/000000000-000000512.npy'
    """
    return f"{folder}/{first:09d}-{first + n_rows:09d}.npy"


def contents_path(folder: str, first: int, n_rows: int) -> str:
    """Where the contents of a block are, while they are encoded."""
    return f"{folder}/{first:09d}-{first + n_rows:09d}.npz"


@lru_cache(maxsize=1)
def _encoder(place: str, path: str, digest: str, spec: str) -> Encoder:
    """The stored encoder; it is read once for all blocks."""
    return encoders.load(spec, Arrays.at(place).read_bytes(path))
