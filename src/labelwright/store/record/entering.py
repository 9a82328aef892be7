"""How events enter the table of decisions, whatever family they are of."""

from __future__ import annotations

from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody
from labelwright.store.rows import Rows


def enter_decision(rows: Rows, event: Event, body: EventBody, *, question: str, cycle: int | None) -> None:
    """One row: what was decided about a question, by whom, when, and in which cycle if in one."""
    rows.insert(
        t.decision,
        {
            "seq": event.seq, "kind": body.kind, "question_id": question, "cycle": cycle, "actor": event.actor,
            "at": event.at, "data": body.data(),
        },
    )  # fmt: skip
