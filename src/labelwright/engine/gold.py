"""Items whose answer is known: imported as gold, or marked since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from labelwright.engine.reading import Reading, changed_labels
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows

IMPORTED: Final = "import"


@dataclass(frozen=True)
class KnownAnswer:
    """An item's known answer to a question.

    Attributes
    ----------
    rule_id : str, optional
        The sealed text that says why.
    source : str
        "import", "review", "calibration" or "lead".
    """

    ordinal: int
    question: str
    answer: JsonObject
    rule_id: str | None
    source: str


def known_answers(rows: Rows, question_id: str | None = None) -> dict[tuple[int, str], KnownAnswer]:
    """Known answers by item and question, as they are read now.

    Those of excluded items are left out, and those that name a label which was split since.
    """
    given, gold, gone = t.given, t.gold, rows.select(t.exclusion.c.ordinal)
    imported = rows.select(given.c.ordinal, given.c.question_id, given.c.answer).where(
        given.c.labels_are == "gold", given.c.ordinal.not_in(gone)
    )
    marked = rows.select(gold).where(gold.c.ordinal.not_in(gone))
    if question_id is not None:
        imported = imported.where(given.c.question_id == question_id)
        marked = marked.where(gold.c.question_id == question_id)
    known = {
        (row.ordinal, row.question_id): KnownAnswer(row.ordinal, row.question_id, row.answer, None, IMPORTED)
        for row in rows.all(imported)
    }
    for row in rows.all(marked):
        key = (row.ordinal, row.question_id)
        if row.active:
            known[key] = KnownAnswer(row.ordinal, row.question_id, row.answer, row.rule_id, row.source)
        else:
            known.pop(key, None)
    reading = Reading(rows)
    said = {key: reading(one.question, one.answer) for key, one in known.items()}
    return {key: replace(one, answer=answer) for key, one in known.items() if (answer := said[key]) is not None}


def known_answer(rows: Rows, ordinal: int, question_id: str) -> KnownAnswer | None:
    """The known answer of one item, as it is read now."""
    gold, given = t.gold, t.given
    row = rows.first(rows.select(gold).where(gold.c.ordinal == ordinal, gold.c.question_id == question_id))
    if row is not None:
        said = changed_labels(rows, question_id).current(row.answer) if row.active else None
        return None if said is None else KnownAnswer(ordinal, question_id, said, row.rule_id, row.source)
    answer = rows.scalar(
        rows.select(given.c.answer).where(
            given.c.ordinal == ordinal, given.c.question_id == question_id, given.c.labels_are == "gold"
        )
    )
    said = None if answer is None else changed_labels(rows, question_id).current(answer)
    return None if said is None else KnownAnswer(ordinal, question_id, said, None, IMPORTED)


def error_rates(rows: Rows, question_id: str, known: dict[tuple[int, str], KnownAnswer]) -> dict[int, tuple[int, int]]:
    """By item, how many first answers of people were wrong, and how many there were."""
    table = t.annotation
    counted: dict[int, tuple[int, int]] = {}
    changed = changed_labels(rows, question_id)
    for row in rows.stream(
        rows.select(table.c.ordinal, table.c.answer).where(
            table.c.question_id == question_id, table.c.slot_kind == "gold", table.c.first,
            table.c.kind.in_(ANSWERING),
        )
    ):  # fmt: skip
        one = known.get((row.ordinal, question_id))
        if one is not None:
            wrong, n = counted.get(row.ordinal, (0, 0))
            counted[row.ordinal] = (wrong + (changed.current(row.answer) != one.answer), n + 1)
    return counted
