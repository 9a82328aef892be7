"""Look whether the data have changed, where enough is new since the last look."""

from __future__ import annotations

from typing import ClassVar

from labelwright.engine.cycle import Cycle
from labelwright.engine.drifting import looking, schedule
from labelwright.engine.steps.base import Hold, Step
from labelwright.loop.state import RESERVE
from labelwright.store.clock import new_id
from labelwright.store.record.drift import DriftLooked


class Drift(Step):
    """Record what the look finds, and alarms; after the order is served, so that nobody waits for it."""

    name: ClassVar[str] = "drift"
    after: ClassVar[str] = "control"
    inputs: ClassVar[tuple[str, ...]] = ("inputs", "encode", "resolve", "fit", "predict")

    def done(self, cycle: Cycle) -> bool:
        if cycle.inputs.is_cold:
            return True
        with cycle.store.read() as rows:
            last = schedule.last_look(rows, cycle.inputs.primary.id)
            if last is not None and last.cycle >= cycle.id:
                return True
            before = None if last is None else (last.n_items, last.n_labels)
            if not schedule.is_due(cycle.layout.n_items, _n_labels(cycle), before):
                return True
        return False

    def run(self, cycle: Cycle, hold: Hold) -> None:
        findings = looking.look(cycle)
        if findings is None:
            return
        question = cycle.inputs.primary.id
        body = DriftLooked(
            cycle.id, question, cycle.layout.n_items, _n_labels(cycle), tuple(one.dump() for one in findings)
        )
        with hold.write() as transaction:
            transaction.record(body, actor="system")
            known = looking.raised(transaction.rows)
            for one in findings:
                of = one.question or question
                if one.alarm and (one.what, of) not in known:
                    event = looking.found(one, new_id("dr"), of, cycle.id)
                    transaction.record(event, actor="system")


def _n_labels(cycle: Cycle) -> int:
    primary = cycle.inputs.primary
    return len(cycle.labels(primary).of(RESERVE)[0]) if cycle.has_labels(primary) else 0
