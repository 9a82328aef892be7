"""Who is done with an item, and how many people it needs where its slice has an overlap of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from labelwright.engine.layout import COLUMNS
from labelwright.policy import Policy
from labelwright.store import tables as t
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows


def least_people(rows: Rows, policy: Policy, ordinals: Sequence[int]) -> dict[int, int]:
    """By item, the overlap of its slice, where it has one of its own."""
    item, least = t.item, dict[int, int]()
    for column, values in policy.overlap_by_slice.items():
        name = item.c[COLUMNS[column]]
        for start in range(0, len(ordinals), 500):
            for ordinal, value in rows.all(
                rows.select(item.c.ordinal, name).where(
                    item.c.ordinal.in_(list(ordinals[start : start + 500])), name.in_(list(values))
                )
            ):
                least[ordinal] = max(least.get(ordinal, 0), values[value])
    return least


@dataclass(frozen=True)
class PeopleDone:
    """Who is done with items.

    Attributes
    ----------
    complete : mapping of int to set of str
        Who has standing answers to all required questions, by ordinal.
    set_aside : list of (ordinal, person, kind)
        Who skipped or flagged.
    """

    complete: dict[int, set[str]]
    set_aside: list[tuple[int, str, str]]


def people_done(rows: Rows, required: tuple[str, ...], ordinals: list[int]) -> PeopleDone:
    """Who is done with the items named."""
    table = t.annotation
    answered: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    set_aside: list[tuple[int, str, str]] = []
    for start in range(0, len(ordinals), 500):
        for row in rows.all(
            rows.select(table.c.ordinal, table.c.person_id, table.c.question_id, table.c.kind).where(
                table.c.ordinal.in_(ordinals[start : start + 500]), table.c.standing
            )
        ):
            if row.kind in ANSWERING:
                answered[row.ordinal, row.person_id].add(row.question_id)
            else:
                set_aside.append((row.ordinal, row.person_id, row.kind))
    complete: defaultdict[int, set[str]] = defaultdict(set)
    for (ordinal, person), questions in answered.items():
        if questions.issuperset(required):
            complete[ordinal].add(person)
    return PeopleDone(complete, set_aside)
