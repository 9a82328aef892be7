"""The head of a ranking: its next slots as rows, which people get items from; refilled from the array."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import ColumnElement, and_, or_

from labelwright.engine.cycle import Cycle
from labelwright.engine.done import least_people, people_done
from labelwright.policy import Policy, Slots, enough_answers
from labelwright.policy.kinds.relabel import Relabel
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows
from labelwright.strategies.shared.selection import ANYONE, EXPERTS

EXPERTS_FIRST: Final = "experts"  # whom a slot is for, in place of the id of a person
HEAD_SLOTS: Final = 2000
SLOTS_AT_ONCE: Final = 250  # people wait while they are written
TURN_SECONDS: Final = 0.005


@dataclass(frozen=True)
class SlotValues:
    """One slot, as its row holds it."""

    ordinal: int
    kind: str
    score: float | None
    propensity: float | None
    n_before: int = 0
    whom: str = ""


def slot_values(slots: Slots, position: int, n_before: int = 0, people: Sequence[str] = ()) -> SlotValues:
    """One slot of a published order; ``people`` names those whom its codes mean."""
    code = ANYONE if slots.whom is None else int(slots.whom[position])
    whom = EXPERTS_FIRST if code == EXPERTS else "" if code == ANYONE else people[code]
    return SlotValues(
        int(slots.item_idx[position]), str(slots.kind[position]), _number(float(slots.score[position])),
        _number(float(slots.propensity[position])), n_before, whom,
    )  # fmt: skip


@dataclass(frozen=True)
class Part:
    """The next slots of a ranking, read from its file; made before a transaction begins, since others wait for it.

    Attributes
    ----------
    n_slots : int
        How many the ranking has in all.
    """

    ranking_id: str
    start: int
    slots: tuple[SlotValues, ...]
    n_slots: int

    @classmethod
    def read(cls, cycle: Cycle, ranking_id: str, *, start: int) -> Part:
        """From the file of a cycle."""
        slots = cycle.slots()
        assert slots is not None
        stop = min(start + HEAD_SLOTS, len(slots))
        before = people_before(cycle, slots, start, stop)
        people = list(cycle.inputs.people)
        made = (slot_values(slots, i, before.get(int(slots.item_idx[i]), 0), people) for i in range(start, stop))
        return cls(ranking_id, start, tuple(made), len(slots))

    def split(self) -> Iterator[Part]:
        """Smaller parts, with time between them in which others get their turn at the database."""
        for k in range(0, max(1, len(self.slots)), SLOTS_AT_ONCE):
            if k:
                time.sleep(TURN_SECONDS)
            yield replace(self, start=self.start + k, slots=self.slots[k : k + SLOTS_AT_ONCE])


def fill(rows: Rows, part: Part) -> None:
    """Put slots into the table."""
    table, stop = t.slot, part.start + len(part.slots)
    rows.delete(table, table.c.ranking_id == part.ranking_id, table.c.position >= part.start, table.c.position < stop)
    rows.insert(
        table,
        *(
            {"ranking_id": part.ranking_id, "position": position, "done": False, **vars(values)}
            for position, values in enumerate(part.slots, part.start)
        ),
    )


def close_answered(rows: Rows, cycle: Cycle, ranking_id: str) -> None:
    """Close slots whose items got enough answers while the ranking was made, and those excluded since."""
    frozen, table = cycle.inputs, t.annotation
    since = set(rows.scalars(rows.select(table.c.ordinal).where(table.c.seq > frozen.upto_seq, table.c.standing)))
    required = tuple(question.id for question in frozen.questions if question.required)
    people = people_done(rows, required, sorted(since)).complete
    close(rows, cycle.policy, people, ranking_id)
    excluded = rows.select(t.exclusion.c.ordinal).where(t.exclusion.c.seq > frozen.upto_seq)
    rows.update(t.slot, t.slot.c.ranking_id == ranking_id, t.slot.c.ordinal.in_(excluded), done=True)


def close(rows: Rows, policy: Policy, people: Mapping[int, set[str]], ranking_id: str | None = None) -> None:
    """Close the slots and pins of items that have enough answers, and open those that have not.

    Parameters
    ----------
    people : mapping of int to set of str
        By item, who answered it; the items whose slots are looked at.
    ranking_id : str, optional
        Slots of that ranking only.
    """
    slot, rules = t.slot, policy.answer_rules()
    query = rows.select(slot.c.ranking_id, slot.c.position, slot.c.ordinal, slot.c.kind, slot.c.n_before, slot.c.done)
    query = query.where(slot.c.ordinal.in_(sorted(people)))
    if ranking_id is not None:
        query = query.where(slot.c.ranking_id == ranking_id)
    least = least_people(rows, policy, sorted(people))
    changed: dict[bool, list[ColumnElement[bool]]] = {}
    for row in rows.all(query):
        n_people = len(people[row.ordinal]) - row.n_before
        done = enough_answers(row.kind, n_people, rules, least=least.get(row.ordinal, 0))
        if done != row.done:
            here = and_(slot.c.ranking_id == row.ranking_id, slot.c.position == row.position)
            changed.setdefault(done, []).append(here)
    for done, places in changed.items():
        for start in range(0, len(places), SLOTS_AT_ONCE):
            rows.update(slot, or_(*places[start : start + SLOTS_AT_ONCE]), done=done)
    pin = t.pin
    for row in rows.all(
        rows.select(pin.c.ordinal, pin.c.kind, pin.c.n_before, pin.c.done).where(pin.c.ordinal.in_(sorted(people)))
    ):
        done = enough_answers(row.kind, len(people[row.ordinal]) - row.n_before, rules, least=least.get(row.ordinal, 0))
        if done != row.done:
            rows.update(pin, pin.c.ordinal == row.ordinal, done=done)


def people_before(cycle: Cycle, slots: Slots, start: int, stop: int) -> Counter[int]:
    """How many people had answered the items that are asked about again, when the cycle began."""
    again = set(slots.item_idx[start:stop][slots.kind[start:stop] == Relabel.name].tolist())
    return (
        Counter(one.ordinal for one in cycle.answers(cycle.inputs.primary) if one.ordinal in again)
        if again
        else Counter()
    )


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
