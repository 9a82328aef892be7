"""The head of a ranking: its next slots as rows, which people get items from; refilled from the array."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from labelwright.engine import answers
from labelwright.engine.cycle import Cycle
from labelwright.policy import Slots
from labelwright.policy.rules import Rules, enough_answers
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

HEAD_SLOTS: Final = 2000


@dataclass(frozen=True)
class SlotValues:
    """One slot, as its row holds it."""

    ordinal: int
    kind: str
    score: float | None
    propensity: float | None


def slot_values(slots: Slots, position: int) -> SlotValues:
    """One slot of a published order."""
    return SlotValues(
        int(slots.item_idx[position]), str(slots.kind[position]), _number(float(slots.score[position])),
        _number(float(slots.propensity[position])),
    )  # fmt: skip


def fill(rows: Rows, cycle: Cycle, ranking_id: str, *, start: int) -> int:
    """Copy the next slots of a ranking from its file into the table; return how many the ranking has."""
    slots = cycle.slots()
    assert slots is not None
    stop = min(start + HEAD_SLOTS, len(slots))
    rows.delete(t.slot, t.slot.c.ranking_id == ranking_id, t.slot.c.position >= start, t.slot.c.position < stop)
    rows.insert(
        t.slot,
        *(
            {"ranking_id": ranking_id, "position": i, "done": False, **vars(slot_values(slots, i))}
            for i in range(start, stop)
        ),
    )
    return len(slots)


def close_answered(rows: Rows, cycle: Cycle, ranking_id: str) -> None:
    """Close slots whose items got enough answers while the ranking was made, and those excluded since."""
    frozen, table = cycle.inputs, t.annotation
    since = set(rows.scalars(rows.select(table.c.ordinal).where(table.c.seq > frozen.upto_seq, table.c.standing)))
    required = tuple(question.id for question in frozen.questions if question.required)
    people = answers.people_done(rows, required, sorted(since)).complete
    rules = Rules(overlap=cycle.policy.overlap)
    for row in rows.all(
        rows.select(t.slot.c.position, t.slot.c.ordinal, t.slot.c.kind).where(
            t.slot.c.ranking_id == ranking_id, t.slot.c.ordinal.in_(sorted(people))
        )
    ):
        if enough_answers(row.kind, len(people[row.ordinal]), rules):
            rows.update(t.slot, t.slot.c.ranking_id == ranking_id, t.slot.c.position == row.position, done=True)
    excluded = rows.select(t.exclusion.c.ordinal).where(t.exclusion.c.seq > frozen.upto_seq)
    rows.update(t.slot, t.slot.c.ranking_id == ranking_id, t.slot.c.ordinal.in_(excluded), done=True)


def drop_old(store: ProjectStore, ranking_id: str) -> None:
    """Take the slots of earlier rankings out of the table, but for the last one, which an open page may still hold."""
    with store.stage() as rows:
        old = rows.scalars(
            rows.select(t.ranking.c.id)
            .where(t.ranking.c.id != ranking_id)
            .order_by(t.ranking.c.cycle.desc())
            .offset(1)
            .limit(10)
        ).all()
        rows.delete(t.slot, t.slot.c.ranking_id.in_(old))


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
