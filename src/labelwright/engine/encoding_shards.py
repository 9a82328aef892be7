"""Features of a range of items made on an engine: contents go out as files of blocks, features come back as parts.

Blocks are the ones that the worker encodes by itself, so that the features are the same. What the contents take on the
disk is bounded: they are written, encoded and deleted in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright import encoders
from labelwright.budgets import BLOCK_SIZE
from labelwright.engine.contents import blocks
from labelwright.engine.executors import Executor, Shard, StoppedError, Work
from labelwright.engine.work import contents
from labelwright.engine.work.encoding import contents_path, features_path
from labelwright.errors import IntegrityError
from labelwright.items.base import Content
from labelwright.kernels.blocks import n_blas_threads
from labelwright.plain import JsonObject
from labelwright.store.project import ProjectStore

WORK: Final = "labelwright.engine.work.encoding:encode_shard"
CONTENTS: Final = "contents"  # the folder of what is being encoded, beside the one of the parts
OUT_AT_ONCE: Final = 4 * BLOCK_SIZE  # bytes of contents
Features = npt.NDArray[np.float32]


def goes_out(executor: Executor, spec: str) -> bool:
    """Whether items are encoded on the engine: not by what runs code or reaches a host that its spec names.

    >>> from labelwright.engine.executors import executor_of
    >>> goes_out(executor_of("dask://10.0.0.5:8786"), "tfidf"), goes_out(executor_of("local"), "tfidf")
    (True, False)
    """
    return not executor.is_local and encoders.is_safe(spec)


def encode_by_shards(
    store: ProjectStore, executor: Executor, spec: str, folder: str, parts: str, ranges: list[range],
    may_go_on: Callable[[], bool],
) -> Features | None:  # fmt: skip
    """Features of ranges of items that follow each other; None if it was stopped, and then what was made lies in parts.

    Parameters
    ----------
    folder : str
        Of the revision: the encoder is in it.
    parts : str
        Folder of the results.
    ranges : list of range
        Blocks do not reach from one into the next.
    """
    arrays, encoder_path = store.arrays, f"{folder}/encoder.skops"
    digest = arrays.digest(encoder_path)
    assert digest is not None
    params: JsonObject = {
        "place": arrays.place, "encoder": spec, "encoder_path": encoder_path, "folder": parts,
        "contents": f"{folder}/{CONTENTS}", "blas_threads": n_blas_threads(),
    }  # fmt: skip
    paths = list[str]()
    for wave in _waves(store, ranges):
        shards = list[Shard]()
        for first, block in wave:
            path = features_path(parts, first, len(block))
            paths.append(path)
            if arrays.has(path):
                continue
            out = contents_path(f"{folder}/{CONTENTS}", first, len(block))
            arrays.delete([out])  # a worker that was killed may have left it, from before an erasure
            shards.append(
                Shard(len(shards), first, len(block), {
                    encoder_path: digest, **arrays.write_bytes(out, contents.pack(block)),
                })
            )  # fmt: skip
        try:
            results = executor.map_shards(Work(WORK, params), shards, may_go_on=may_go_on)
        except StoppedError:
            return None
        finally:
            arrays.delete(contents_path(f"{folder}/{CONTENTS}", shard.first, shard.n_rows) for shard in shards)
        for result in results:
            for path, made in result.items():
                if arrays.digest(path) != made:
                    raise IntegrityError(
                        f"arrays: {path} must be what a worker of {executor.spec} has written, but it is not.",
                        "Workers must see the folder of the site, under the same path.",
                    )
    return np.concatenate([arrays.read(path) for path in paths])


def _waves(store: ProjectStore, ranges: list[range]) -> Iterator[list[tuple[int, list[Content]]]]:
    """Blocks with the first item of each, as many at once as may be on the disk."""
    wave, size = list[tuple[int, list[Content]]](), 0
    for each in ranges:
        first = each.start
        for block in blocks(store, each, max_items=len(each)):
            wave.append((first, block))
            first += len(block)
            size += sum(content.size for content in block)
            if size >= OUT_AT_ONCE:
                yield wave
                wave, size = [], 0
    if wave:
        yield wave
