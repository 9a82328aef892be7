"""Train the two arms of a fork, each on what both share and on its own items; compare them when both have enough."""

from __future__ import annotations

from typing import ClassVar

from labelwright import models
from labelwright.engine import arms, forks, predicting
from labelwright.engine.cycle import Cycle
from labelwright.engine.cycle_files import ITEMS
from labelwright.engine.sourcing import kept_model
from labelwright.engine.steps.base import Hold, Step
from labelwright.engine.steps.predict import VALUES
from labelwright.loop import steps as pure
from labelwright.policy.fork import ARMS
from labelwright.store import tables as t
from labelwright.store.record.forks import ForkMeasured


class Arms(Step):
    """Models and predictions of both arms, from which the next ranking takes its picks; and the end of the fork."""

    name: ClassVar[str] = "arms"
    after: ClassVar[str] = "watch"
    inputs: ClassVar[tuple[str, ...]] = ("inputs", "encode", "resolve")

    def done(self, cycle: Cycle) -> bool:
        return cycle.inputs.fork is None or _is_recorded(cycle)

    def run(self, cycle: Cycle, hold: Hold) -> None:
        fork, primary, store = cycle.inputs.fork, cycle.inputs.primary, cycle.store
        assert fork is not None
        paths = [path for arm, name in enumerate(ARMS) for path in _train(cycle, hold, arm, name)]
        counts = cycle.frozen.asked.counts(fork.per_arm)
        digests = store.arrays.digests(paths)
        with hold.write() as transaction:
            store.arrays.remember(transaction.rows, "fork", digests)
            transaction.record(ForkMeasured(fork.id, primary.id, cycle.id, counts, digests), actor="system")
        if not cycle.frozen.asked.complete(fork.per_arm):
            return
        end = arms.ended(cycle, fork)
        with hold.write() as transaction:
            row = forks.row_of(transaction.rows, primary.id)
            if row is not None and row.id == fork.id:  # a person may have ended it meanwhile
                transaction.record(end, actor="system")


def _is_recorded(cycle: Cycle) -> bool:
    table = t.decision
    with cycle.store.read() as rows:
        query = rows.select(table.c.seq).where(table.c.kind == ForkMeasured.kind, table.c.cycle == cycle.id)
        return rows.first(query) is not None


def _train(cycle: Cycle, hold: Hold, arm: int, name: str) -> list[str]:
    """Write one arm's model and predictions, what is there already stays; the paths of the files."""
    store, primary, files = cycle.store, cycle.inputs.primary, cycle.files
    task, version = primary.make_task(), cycle.inputs.quantiser
    path, of_reserve = files.arm_model(primary.id, name), files.arm_reserve(primary.id, name)
    folder = files.arm_predictions(primary.id, name)
    state, labels = arms.state(cycle, arm), arms.labels(cycle, arm)
    if not store.arrays.has(path):
        model = pure.fit(state, labels)
        if model is None:
            return []
        store.arrays.write_bytes(path, models.dump(kept_model(model)))
    if not store.arrays.has(f"{folder}/{VALUES}.npy"):
        shards = files.shards(primary.id, name)
        predictions = predicting.predict(cycle, hold, primary, path, shards).predictions
        kept = arms.reserve_part(cycle, predictions)
        packed = task.pack(kept.predictions, version=version)
        store.arrays.write_bundle(of_reserve, {ITEMS: kept.item_idx, **packed})
        parts = task.pack(predictions, version=version)
        for part in sorted(parts, key=lambda part: part == VALUES):
            store.arrays.write(f"{folder}/{part}.npy", parts[part])
    return [path, of_reserve, *store.arrays.files(folder)]
