"""Moments in an item's life: what reviews, known answers and comments add to its history."""

from __future__ import annotations

from dataclasses import dataclass, field

from labelwright.engine.project import Project
from labelwright.services.projects.described import describe_answer
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.reviews import DECIDED
from labelwright.store.rows import Rows
from labelwright.words import Reason

OUTCOMES = {"keep": "the label stays", "send-back": "sent back to the annotators", "refused": "the change was refused"}


@dataclass(frozen=True)
class HistoryEntry:
    """One moment in an item's life."""

    at: str
    seq: int | None
    kind: str
    summary: str
    by: str | None = None
    question: str | None = None
    detail: dict[str, object] = field(default_factory=dict)


def reviewed(
    store: ProjectStore, rows: Rows, project: Project, ordinal: int, names: dict[str, tuple[str, bool]]
) -> list[HistoryEntry]:
    """Reviews that were opened and decided, comments, and the known answer of an item."""
    review, comment, gold, event = t.review, t.comment, t.gold, t.event

    def who(person: str | None) -> str | None:
        return None if person is None else names.get(person, (person, False))[0]

    entries = []
    for row in rows.all(rows.select(review).where(review.c.ordinal == ordinal).order_by(review.c.seq)):
        why = str(Reason(f"review-{row.cause}", row.figures))
        opened = HistoryEntry(row.opened_at, row.seq, "review", f"Review: {why}", who(row.opened_by), row.question_id)
        entries.append(opened)
        if row.state == DECIDED:
            label = None if row.answer is None else describe_answer(project.question(row.question_id), row.answer)
            outcome = OUTCOMES.get(row.outcome) or f"the label is {label}"
            detail: dict[str, object] = {"reason": store.unseal(rows, row.reason_id)}
            entries.append(
                HistoryEntry(
                    row.decided_at, row.last_seq, "decided", f"Review: {outcome}", who(row.decided_by),
                    row.question_id, detail,
                )
            )  # fmt: skip
    for row in rows.all(rows.select(comment).where(comment.c.ordinal == ordinal).order_by(comment.c.seq)):
        text: dict[str, object] = {"reason": store.unseal(rows, row.text_id)}
        entries.append(HistoryEntry(row.at, row.seq, "comment", "Comment", who(row.person_id), None, text))
    known = rows.select(gold, event.c.at, event.c.actor).where(gold.c.ordinal == ordinal, event.c.seq == gold.c.seq)
    for row in rows.all(known):
        label = describe_answer(project.question(row.question_id), row.answer)
        words = f"Known answer: {label}" if row.active else "Its answer is known no more"
        entries.append(HistoryEntry(row.at, row.seq, "gold", words, who(row.actor), row.question_id))
    return entries
