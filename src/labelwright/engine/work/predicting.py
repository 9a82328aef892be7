"""Predict the items of a shard with a stored model."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright import models
from labelwright.engine.executors.base import Shard
from labelwright.engine.work.checked import check_digest
from labelwright.engine.work.machine import fingerprint
from labelwright.engine.work.rows import read_rows
from labelwright.engine.work.threads import with_threads
from labelwright.errors import ConflictError
from labelwright.models.base import Model
from labelwright.plain import JsonObject
from labelwright.store.arrays import Arrays

COMPUTED = "computed"  # with what, among the arrays of a shard


def predict_shard(params: JsonObject, shard: Shard) -> JsonObject:
    """Write the predictions of the shard's items, as the task packs them, to a file; its path and digest.

    A file that is there stays: whoever was first has written it.

    Parameters
    ----------
    params : JSON object
        "place" of the arrays; path and digest of the "model"; "files" of features; "quantiser"; "folder" of the
        results; "blas_threads", or None to leave them as they are; "check", whether digests of inputs are compared.
    """
    arrays = Arrays.at(str(params["place"]))
    path = shard_path(str(params["folder"]), shard)
    if not arrays.has(path):
        model_path, files = str(params["model"]), params["files"]
        assert isinstance(files, list)
        if params["check"]:
            check_digest(arrays, model_path, shard.inputs[model_path])
        digests = dict(shard.inputs) if params["check"] else None
        features = read_rows(arrays, files, shard.first, shard.first + shard.n_rows, digests)
        with with_threads(params["blas_threads"]):
            model = _model(arrays.place, model_path, shard.inputs[model_path])
            packed = model.task.pack(model.predict(features), version=int(str(params["quantiser"])))
            computed = np.array(json.dumps(fingerprint(), sort_keys=True))
        try:
            return dict(arrays.write_bytes(path, _uncompressed({**packed, COMPUTED: computed})))
        except ConflictError:  # the same shard was given to two workers, on unequal machines
            pass
    return {path: arrays.digest(path)}


def shard_path(folder: str, shard: Shard) -> str:
    """Where the result of a shard is.

    Its name holds a digest of what it is computed from, so that a result of other inputs is never taken for it.

    >>> shard_path("shards", Shard(0, 0, 10, {"model.skops": "5d41402a"}))
    'shards/000000000-000000010-5c186ee8dbd1.npz'
    """
    key = hashlib.sha256(json.dumps(dict(shard.inputs), sort_keys=True).encode()).hexdigest()[:12]
    return f"{folder}/{shard.first:09d}-{shard.first + shard.n_rows:09d}-{key}.npz"


@lru_cache(maxsize=1)
def _model(place: str, path: str, digest: str) -> Model:
    """The stored model; it is read once for all shards."""
    return models.load(Arrays.at(place).read_bytes(path))


def _uncompressed(arrays: Mapping[str, npt.NDArray[Any]]) -> memoryview:
    """Arrays as the bytes of one file; it is read once and then deleted, so it is not worth compressing."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getbuffer()
