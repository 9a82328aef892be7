"""Compare chosen with random labels, if a check is due."""

from __future__ import annotations

from typing import ClassVar

from labelwright.engine.cycle import Cycle
from labelwright.engine.reasons import stored
from labelwright.engine.steps.base import Hold, Step
from labelwright.loop import steps as pure
from labelwright.store import tables as t
from labelwright.store.record.decisions import GuardLooked


class Watch(Step):
    """Record the guard's verdict; the ranking follows it."""

    name: ClassVar[str] = "watch"
    after: ClassVar[str] = "judge"
    inputs: ClassVar[tuple[str, ...]] = ("inputs", "encode", "resolve", "fit")

    def done(self, cycle: Cycle) -> bool:
        with cycle.store.read() as rows:
            recorded = rows.first(
                rows.select(t.decision.c.seq).where(
                    t.decision.c.kind == GuardLooked.kind, t.decision.c.cycle == cycle.id
                )
            )
        return recorded is not None

    def run(self, cycle: Cycle, hold: Hold) -> None:
        primary = cycle.inputs.primary
        if not cycle.store.arrays.has(cycle.model_path(primary)):
            return
        verdict = pure.watch(cycle.state(primary), cycle.labels(primary))
        if verdict is None:
            return
        body = GuardLooked(
            cycle=cycle.id, question=primary.id, look=verdict.look, n_random=verdict.n_drawn,
            n_chosen=verdict.n_chosen, effect=verdict.effect, low=verdict.low, random_share=verdict.random_share,
            reason=stored(verdict.reason),
        )  # fmt: skip
        with hold.write() as transaction:
            transaction.record(body, actor="system")
