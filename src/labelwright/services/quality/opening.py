"""Reviews that open by themselves when somebody answers: people disagree, or somebody disagrees with themselves."""

from __future__ import annotations

from collections.abc import Sequence

from labelwright.engine.differing import differ
from labelwright.engine.project import Project, Question
from labelwright.engine.quality import ALL, SAMPLE
from labelwright.plain import JsonObject
from labelwright.policy.checks import is_sampled
from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.project import Transaction
from labelwright.store.record.reviews import DECIDED, ReviewOpened
from labelwright.store.record.standing import ANSWERING, REPEAT
from labelwright.store.rows import AnyRow, Rows

CONFLICT, SELF, POLICY = "conflict", "self", "policy"


def after_answer(transaction: Transaction, project: Project, ordinal: int, person_id: str, question_id: str) -> None:
    """Open the reviews that an answer gives cause for, each once."""
    rules, question = project.quality, project.question(question_id)
    rows = transaction.rows
    answers = _answers(rows, ordinal, question_id)
    standing = [row for row in answers if row.standing]
    if rules.conflicts:
        repeated = [row for row in answers if row.kind == REPEAT and row.person_id == person_id]
        own = [row for row in standing if row.person_id == person_id]
        says = repeated and question.task.current(dict(repeated[-1].answer)) is not None
        if says and own and differ(question, repeated[-1].answer, own[-1].answer):
            open_review(transaction, ordinal, question_id, SELF, {}, (own[-1].id, repeated[-1].id))
            return
        if _disagree(question, standing):
            people = len({row.person_id for row in standing})
            open_review(transaction, ordinal, question_id, CONFLICT, {"n": people}, tuple(row.id for row in standing))
            return
    sampled = rules.review == SAMPLE and is_sampled(ordinal, rules.review_share, project.seed)
    if standing and (rules.review == ALL or sampled):
        open_review(transaction, ordinal, question_id, POLICY, {}, tuple(row.id for row in standing))


def standing_answers(rows: Rows, ordinal: int, question_id: str) -> tuple[str, ...]:
    """Ids of the answers of an item that count now, in the order they came."""
    return tuple(row.id for row in _answers(rows, ordinal, question_id) if row.standing)


def open_review(
    transaction: Transaction, ordinal: int, question_id: str, cause: str, figures: JsonObject,
    annotations: tuple[str, ...], *, again: bool = False,
) -> bool:  # fmt: skip
    """Open a review by the machine, unless one is open or, but for ``again``, has looked at the same answers."""
    table = t.review
    for row in transaction.rows.all(
        transaction.rows.select(table.c.state, table.c.annotations).where(
            table.c.ordinal == ordinal, table.c.question_id == question_id
        )
    ):
        if row.state != DECIDED or (not again and set(annotations) <= set(row.annotations)):
            return False
    body = ReviewOpened(new_id("rv"), question_id, cause, figures, annotations, None, None, None)
    transaction.record(body, actor="system", ordinal=ordinal)
    return True


def _disagree(question: Question, standing: Sequence[AnyRow]) -> bool:
    if len({row.person_id for row in standing}) < 2:
        return False
    return any(differ(question, standing[0].answer, row.answer) for row in standing[1:])


def _answers(rows: Rows, ordinal: int, question_id: str) -> Sequence[AnyRow]:
    table = t.annotation
    return rows.all(
        rows.select(table.c.id, table.c.person_id, table.c.kind, table.c.answer, table.c.standing)
        .where(
            table.c.ordinal == ordinal, table.c.question_id == question_id, table.c.kind.in_((*ANSWERING, REPEAT))
        )
        .order_by(table.c.seq)
    )  # fmt: skip
