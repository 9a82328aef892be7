"""Freeze everything that the cycle depends on."""

from __future__ import annotations

from typing import ClassVar

from labelwright.engine.cycle import Cycle
from labelwright.engine.freezing import freeze
from labelwright.engine.steps.base import Hold, Step


class Freeze(Step):
    """Write the inputs: the arrays first, then the file whose presence says that both are whole."""

    name: ClassVar[str] = "freeze"
    after: ClassVar[str] = ""
    inputs: ClassVar[tuple[str, ...]] = ()

    def done(self, cycle: Cycle) -> bool:
        return cycle.is_frozen

    def run(self, cycle: Cycle, hold: Hold) -> None:
        store, files = cycle.store, cycle.files
        with store.read() as rows:
            hold.check(rows)
            store.arrays.check_there(rows)
            frozen = freeze(store, rows, cycle.id, hold.fence)
        store.arrays.write_bundle(f"{files.folder}/{frozen.inputs.arrays}", frozen.arrays())
        store.arrays.write_bytes(files.inputs, frozen.inputs.dump())
