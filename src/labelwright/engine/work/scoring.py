"""Score the items of a shard by a strategy, as far as it looks at each item's predictions alone."""

from __future__ import annotations

from labelwright import tasks
from labelwright.engine.executors.base import Shard
from labelwright.engine.work.checked import check_digest
from labelwright.engine.work.predicting import COMPUTED, shard_path
from labelwright.errors import ConflictError
from labelwright.evidence import Evidence
from labelwright.kernels.blocks import one_blas_thread
from labelwright.kernels.rows import FeatureRows
from labelwright.plain import JsonObject
from labelwright.policy import Policy
from labelwright.store.arrays import Arrays


def score_shard(params: JsonObject, shard: Shard) -> JsonObject:
    """Write the scores of the shard's items to a file; its path and digest. A file that is there stays.

    Parameters
    ----------
    params : JSON object
        "place" of the arrays; "task" and "schema"; the "policy" that holds the strategy; "gain", whether it
        is asked for gains, which costs divide; "folder" of the results.
    shard : Shard
        Its one input is the file of its predictions.
    """
    arrays, schema, policy = Arrays.at(str(params["place"])), params["schema"], params["policy"]
    assert isinstance(schema, dict) and isinstance(policy, dict)
    path = shard_path(str(params["folder"]), shard).replace(".npz", ".npy")
    if not arrays.has(path):
        ((predicted, digest),) = shard.inputs.items()
        check_digest(arrays, predicted, digest)
        task, stored = tasks.make(str(params["task"]), schema), arrays.read_bundle(predicted)
        stored.pop(COMPUTED)
        predictions = task.unpack(stored)
        strategy = Policy.from_stored(policy).make_strategy()
        evidence = Evidence(_no_features, n_items=shard.n_rows, task=task, predict=lambda: predictions)
        with one_blas_thread():
            scores = strategy.of_shard(evidence, gain=bool(params["gain"]))
        try:
            return dict(arrays.write(path, scores))
        except ConflictError:  # the same shard was given to two workers, on unequal machines
            pass
    return {path: arrays.digest(path)}


def _no_features() -> FeatureRows:
    raise NotImplementedError("scores by row need no features")
