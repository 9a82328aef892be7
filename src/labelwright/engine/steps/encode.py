"""Make features for items that have none."""

from __future__ import annotations

from typing import ClassVar

from labelwright.engine import encoding
from labelwright.engine.cycle import Cycle
from labelwright.engine.executors.base import stopped
from labelwright.engine.steps.base import Hold, Step


class Encode(Step):
    """Encode the frozen items under the frozen revision; what is there already stays as it is."""

    name: ClassVar[str] = "encode"
    after: ClassVar[str] = "freeze"

    def done(self, cycle: Cycle) -> bool:
        return cycle.inputs.is_cold  # features are not the cycle's own; encoding what is encoded costs one look

    def run(self, cycle: Cycle, hold: Hold) -> None:
        frozen = cycle.inputs
        whole = encoding.encode(
            cycle.store, frozen.kind, frozen.encoder, frozen.revision, frozen.n_items, frozen.upto_seq,
            hold.may_go_on, hold.executor,
        )  # fmt: skip
        if not whole:
            raise stopped(hold.executor.spec)
