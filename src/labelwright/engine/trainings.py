"""Whether a person has passed the training of a project."""

from __future__ import annotations

from labelwright.engine.gold import known_answers
from labelwright.store import tables as t
from labelwright.store.rows import Rows


def has_passed(rows: Rows, session_id: str, person_id: str) -> bool:
    """Whether somebody answered all items of a training and enough of them right.

    A training that is closed or gone locks nobody out, nor do its items whose answers are known no more.
    """
    session = rows.first(rows.select(t.calibration).where(t.calibration.c.id == session_id))
    if session is None or session.state == "closed" or session.pass_mark is None:
        return True
    table = t.calibration_answer
    answers = {
        row.ordinal: row.answer
        for row in rows.all(
            rows.select(table.c.ordinal, table.c.answer).where(
                table.c.session_id == session_id, table.c.person_id == person_id
            )
        )
    }
    known = known_answers(rows, session.question_id)
    expected = {o: known[o, session.question_id].answer for o in session.items if (o, session.question_id) in known}
    right = sum(answers.get(ordinal) == answer for ordinal, answer in expected.items())
    return set(answers) >= set(expected) and right >= session.pass_mark * len(expected)
