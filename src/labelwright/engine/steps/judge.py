"""Judge the history by the project's goal and rules."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.engine import searches
from labelwright.engine.cycle import Cycle
from labelwright.engine.history import history, history_arrays
from labelwright.engine.looks import look
from labelwright.engine.reasons import stored
from labelwright.engine.search_goal import RECORDED
from labelwright.engine.steps.base import Hold, Step
from labelwright.stopping.base import Verdict
from labelwright.store import tables as t
from labelwright.store.record.decisions import LookTaken, RuleVerdict, VerdictReached


class Judge(Step):
    """Enter each rule's verdict on the history that it saw into the record."""

    name: ClassVar[str] = "judge"
    after: ClassVar[str] = "predict"
    inputs: ClassVar[tuple[str, ...]] = ("inputs", "evaluate")

    def done(self, cycle: Cycle) -> bool:
        if not cycle.inputs.rules:
            return True
        with cycle.store.read() as rows:
            recorded = rows.first(
                rows.select(t.decision.c.seq).where(
                    t.decision.c.kind == VerdictReached.kind, t.decision.c.cycle == cycle.id
                )
            )
        return recorded is not None

    def run(self, cycle: Cycle, hold: Hold) -> None:
        store, primary = cycle.store, cycle.inputs.primary
        self._look(cycle, hold)
        with store.read() as rows:
            looks = history(rows, primary, upto_cycle=cycle.id, cost=cycle.inputs.cost, looks=cycle.inputs.looks)
        if not len(looks):
            return
        digests = store.arrays.write_bundle(cycle.files.history, history_arrays(looks))
        verdicts = tuple(_judged(rule.name, rule.make().judge(looks)) for rule in cycle.inputs.rules)
        with hold.write() as transaction:
            store.arrays.remember(transaction.rows, "history", digests)
            transaction.record(
                VerdictReached(cycle.id, primary.id, verdicts, digests[cycle.files.history]), actor="system"
            )

    @staticmethod
    def _look(cycle: Cycle, hold: Hold) -> None:
        """Enter what the rules look at, once, if the cycle has a model of its own."""
        wanted, table = frozenset(cycle.inputs.looks) & RECORDED, t.decision
        with cycle.store.read() as rows:
            query = rows.select(table.c.seq).where(table.c.kind == LookTaken.kind, table.c.cycle == cycle.id)
            is_there = rows.first(query) is not None
        if not wanted or is_there or cycle.model(cycle.inputs.primary) is None:
            return
        found = look(cycle, wanted)
        search, reached = cycle.inputs.search, tuple[int, ...]()
        if search is not None:
            items = searches.reached(cycle, search)
            found, reached = found | searches.search_look(cycle, search, items), tuple(items.tolist())
        columns = {name: _number(value) for name, value in sorted(found.items())}
        with hold.write() as transaction:
            transaction.record(LookTaken(cycle.id, cycle.inputs.primary.id, columns, reached), actor="system")


def _judged(name: str, verdict: Verdict) -> RuleVerdict:
    return RuleVerdict(name, bool(verdict.stop), _number(verdict.value), _number(verdict.limit), stored(verdict.reason))


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
