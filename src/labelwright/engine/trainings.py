"""Whether a person has passed the training of a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labelwright.engine.differing import differ
from labelwright.engine.gold import known_answers
from labelwright.engine.project import Project
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Result:
    """How somebody fared in a training.

    Attributes
    ----------
    n_right, n_answered, n_known : int
        Of the items whose answer is known: answered right, answered, and how many there are.
    pass_mark : float
        Share of ``n_known`` that has to be right.
    """

    n_right: int
    n_answered: int
    n_known: int
    pass_mark: float

    @property
    def is_finished(self) -> bool:
        """Whether all items whose answer is known are answered."""
        return self.n_answered == self.n_known

    @property
    def has_passed(self) -> bool:
        """Whether all are answered and enough of them are right.

        >>> Result(8, 10, 10, 0.8).has_passed, Result(8, 9, 10, 0.8).has_passed
        (True, False)
        """
        return self.is_finished and self.n_right >= self.pass_mark * self.n_known - 1e-9


def expected_answers(rows: Rows, question_id: str, items: Sequence[int]) -> dict[int, JsonObject]:
    """The known answers of those items of a training that still have one."""
    known = known_answers(rows, question_id)
    return {o: known[o, question_id].answer for o in items if (o, question_id) in known}


def result(
    project: Project, question_id: str, expected: Mapping[int, JsonObject], answers: Mapping[int, JsonObject],
    pass_mark: float,
) -> Result:  # fmt: skip
    """How the answers of one person compare with the expected ones, both by ordinal."""
    question = project.question(question_id)
    answered = [ordinal for ordinal in expected if ordinal in answers]
    right = sum(not differ(question, answers[ordinal], expected[ordinal]) for ordinal in answered)
    return Result(right, len(answered), len(expected), pass_mark)


def has_passed(rows: Rows, project: Project, session_id: str, person_id: str) -> bool:
    """Whether a training lets somebody work: they passed it, or it is not for them.

    A training that is closed or gone locks nobody out, nor do its items whose answers are known no more. It is not for
    people whom it does not invite, nor for those who had answered items of the project before it was opened.
    """
    session = rows.first(rows.select(t.calibration).where(t.calibration.c.id == session_id))
    if session is None or session.state == "closed" or session.pass_mark is None:
        return True
    if session.people and person_id not in session.people:
        return True
    done = t.annotation
    earlier = rows.select(done.c.id).where(done.c.person_id == person_id, done.c.seq < session.seq).limit(1)
    if rows.first(earlier) is not None:
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
    expected = expected_answers(rows, session.question_id, session.items)
    return result(project, session.question_id, expected, answers, session.pass_mark).has_passed
