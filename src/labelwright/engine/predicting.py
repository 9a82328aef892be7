"""Predictions of all items, by shards, as they will be read back from storage.

Each shard's result is a file of its own until the ranking is published, so that a cycle whose worker was killed goes on
with what is missing. All executors do the same work on the same shards.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Final

from labelwright.engine import features
from labelwright.engine.cycle import Cycle
from labelwright.engine.executors import Executor, Shard, Work
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.steps.base import Hold
from labelwright.engine.work.predicting import COMPUTED
from labelwright.engine.work.rows import covers, file_params
from labelwright.errors import IntegrityError
from labelwright.kernels.blocks import n_blas_threads
from labelwright.plain import Json, JsonObject
from labelwright.store import tables as t
from labelwright.store.arrays import SHARD_ROWS
from labelwright.store.project import ProjectStore
from labelwright.tasks import Predictions

STEP: Final = "predict"  # in which this is done
WORK: Final = "labelwright.engine.work.predicting:predict_shard"


@dataclass(frozen=True)
class Predicted:
    """Predictions of all items, and what computed them.

    Attributes
    ----------
    predictions : Predictions
    computed : bytes
        JSON: how many shards each kind of machine has computed.
    """

    predictions: Predictions
    computed: bytes


@dataclass(frozen=True)
class ShardsDone:
    """How many shards of a cycle are predicted, of how many."""

    done: int
    of: int


def how_far(store: ProjectStore, cycle_id: int, step: str | None) -> ShardsDone | None:
    """How far a cycle is with the models that serve; None where its step is another one, or there is one shard."""
    if step != STEP:
        return None
    cycle = Cycle(store, cycle_id)
    questions = [one for one in cycle.inputs.questions if store.arrays.has(cycle.model_path(one))]
    n_shards = len(range(0, cycle.inputs.n_items, SHARD_ROWS))
    done = sum(len(store.arrays.files(cycle.files.shards(one.id))) for one in questions)
    return ShardsDone(done, n_shards * len(questions)) if n_shards > 1 else None


def predict(cycle: Cycle, hold: Hold, question: QuestionInputs, model_path: str, folder: str) -> Predicted:
    """Predict the frozen items with a stored model, on the executor that the worker was given.

    Parameters
    ----------
    model_path : str
    folder : str
        For the results of the shards.
    """
    arrays, executor = cycle.store.arrays, hold.executor
    model_digest = arrays.digest(model_path)
    assert model_digest is not None
    files, digests = _feature_files(cycle)
    params: JsonObject = {
        "place": arrays.place, "model": model_path, "files": files, "folder": folder,
        "quantiser": cycle.inputs.quantiser,
        "blas_threads": None if executor.is_local else n_blas_threads(), "check": not executor.is_local,
    }  # fmt: skip
    shards = [
        Shard(index, first, min(SHARD_ROWS, cycle.inputs.n_items - first), {
            model_path: model_digest,
            **{str(file["path"]): digests[str(file["path"])] for file in files
               if isinstance(file, dict) and covers(file, first, min(first + SHARD_ROWS, cycle.inputs.n_items))},
        })
        for index, first in enumerate(range(0, cycle.inputs.n_items, SHARD_ROWS))
    ]  # fmt: skip
    results = executor.map_shards(Work(WORK, params), shards, on_done=hold.on_done, may_go_on=hold.may_go_on)
    return _joined(cycle, question, executor, results)


def _joined(cycle: Cycle, question: QuestionInputs, executor: Executor, results: list[JsonObject]) -> Predicted:
    arrays, task = cycle.store.arrays, question.make_task()
    parts, machines = list[Predictions](), Counter[str]()
    for result in results:
        ((path, digest),) = result.items()
        if not executor.is_local and arrays.digest(path) != digest:
            raise IntegrityError(
                f"arrays: {path} must be what a worker of {executor.spec} has written, but it is missing or another.",
                "Workers must see the folder of the site, under the same path.",
            )
        stored = arrays.read_bundle(path)
        machines[str(stored.pop(COMPUTED))] += 1
        parts.append(task.unpack(stored))
    predictions = parts[0] if len(parts) == 1 else task.concatenate(parts)
    by_machine = [{**json.loads(machine), "shards": n} for machine, n in sorted(machines.items())]
    return Predicted(predictions, json.dumps(by_machine, sort_keys=True).encode())


def _feature_files(cycle: Cycle) -> tuple[list[Json], dict[str, str]]:
    """The files of features as of the cycle, and their digests."""
    frozen, table = cycle.inputs, t.array_file
    with cycle.store.read() as rows:
        files = features.files_as_of(rows, frozen.revision, frozen.n_items, frozen.upto_seq)
        paths = [file.path for file in files]
        listed = rows.all(rows.select(table.c.path, table.c.digest).where(table.c.path.in_(paths)))
    digests = {str(row.path): str(row.digest) for row in listed}
    return [file_params(file.path, file.first, file.n_items, file.replaces) for file in files], digests
