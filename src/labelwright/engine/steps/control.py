"""Train on the control arm alone, for comparison with the models that are served."""

from __future__ import annotations

from typing import ClassVar

from labelwright.engine import controls
from labelwright.engine.cycle import Cycle
from labelwright.engine.cycle_files import ITEMS
from labelwright.engine.steps.base import Hold, Step
from labelwright.store.record.decisions import ControlFitted


class Control(Step):
    """Keep what a model of the arm predicts of the reserve; after the order is served, so that nobody waits for it."""

    name: ClassVar[str] = "control"
    after: ClassVar[str] = "publish"
    inputs: ClassVar[tuple[str, ...]] = ("inputs", "encode", "resolve", "fit")

    def done(self, cycle: Cycle) -> bool:
        primary = cycle.inputs.primary
        if (
            primary.same_as is not None
            or not len(cycle.frozen.arm)
            or not cycle.store.arrays.has(cycle.model_path(primary))
        ):
            return True
        with cycle.store.read() as rows:
            models = controls.recorded(rows, primary.id)
        last = models[-1] if models else None
        if last is not None and last.cycle >= cycle.id:
            return True
        return not controls.is_due(len(controls.arm_labels(cycle)), last.n_labels if last else 0)

    def run(self, cycle: Cycle, hold: Hold) -> None:
        store, primary = cycle.store, cycle.inputs.primary
        found = controls.predicted(cycle, primary)
        if found is None:
            return
        parts = primary.make_task().pack(found.predictions, version=cycle.inputs.quantiser)
        digests = store.arrays.write_bundle(cycle.files.control(primary.id), {ITEMS: found.item_idx, **parts})
        body = ControlFitted(cycle.id, primary.id, primary.model, len(controls.arm_labels(cycle)), digests)
        with hold.write() as transaction:
            store.arrays.remember(transaction.rows, "control", digests)
            transaction.record(body, actor="system")
