"""Reviews: the queue, one with its whole history, and what is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func

from labelwright.engine import labels as labeling
from labelwright.engine.contents import current_bodies
from labelwright.engine.layout import layout
from labelwright.engine.project import Project
from labelwright.errors import ConflictError, NotFoundError
from labelwright.plain import JsonObject
from labelwright.services.cursors import seq_of
from labelwright.services.labeling import exposure, leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects.described import as_read, describe_answer
from labelwright.services.projects.questions import GuidelinesView, guidelines
from labelwright.services.quality import comments
from labelwright.services.quality.comments import CommentView
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.reviews import DECIDED
from labelwright.store.rows import AnyRow, Rows
from labelwright.words import Reason


@dataclass(frozen=True)
class ReviewLine:
    """One line of the queue of reviews.

    Attributes
    ----------
    cause : str
        A code; ``why`` says it in words.
    state : str
        "open", "proposed" (a second person has to approve) or "decided".
    """

    id: str
    item: str
    question: str
    preview: str
    cause: str
    why: str
    state: str
    outcome: str | None
    opened_at: str
    opened_by: str
    decided_by: str | None


@dataclass(frozen=True)
class ReviewPage:
    """A page of the queue, and how many there are in each state and for each open cause."""

    items: list[ReviewLine]
    next_cursor: str | None
    states: dict[str, int]
    causes: dict[str, int]


@dataclass(frozen=True)
class ReviewedAnswer:
    """What one person said.

    Attributes
    ----------
    annotation : str
    kind : str
        "answer", "correct", "repeat", "skip", "flag", "undo" or "reopen".
    concerned : bool
        Whether the review is about it.
    """

    annotation: str
    person: str
    person_id: str
    kind: str
    answer: JsonObject | None
    label: str | None
    note: str | None
    seconds: float | None
    at: str
    guideline_version: int
    standing: bool
    concerned: bool


@dataclass(frozen=True)
class ReviewView:
    """One review with all that is needed to decide.

    Attributes
    ----------
    label, label_confidence
        The item's label now, None without one.
    proposed : JSON object, optional
        The answer that waits for approval, or was decided.
    may_decide : bool
        Whether the caller may decide it now; ``may_not`` says why not.
    about : str, optional
        The review that is appealed.
    """

    line: ReviewLine
    item: shown.ItemView
    answers: list[ReviewedAnswer]
    label: str | None
    label_confidence: float | None
    proposed: JsonObject | None
    proposed_label: str | None
    proposed_by: str | None
    reason: str | None
    comments: list[CommentView]
    guidelines: GuidelinesView
    about: str | None
    strict: bool
    may_decide: bool
    may_not: str | None


def listing(
    site: Site, actor: Actor, slug: str, *, state: str | None = None, cause: str | None = None,
    cursor: str | None = None, limit: int = 50,
) -> ReviewPage:  # fmt: skip
    """A page of reviews, the oldest first; decided ones the newest first."""
    store, table, names = site.project(slug), t.review, site.names()
    newest_first = state == DECIDED
    with store.read() as rows:
        project = access.ready(store, rows)
        query = rows.select(table).order_by(table.c.seq.desc() if newest_first else table.c.seq).limit(limit + 1)
        if state is not None:
            query = query.where(table.c.state == state)
        if cause is not None:
            query = query.where(table.c.cause == cause)
        if cursor is not None:
            query = query.where(
                table.c.seq < seq_of(cursor, "reviews") if newest_first else table.c.seq > seq_of(cursor, "reviews")
            )
        found = rows.all(query)
        lines = _lines(store, rows, project, found[:limit], names)
        states = rows.all(rows.select(table.c.state, func.count()).group_by(table.c.state))
        causes = rows.all(
            rows.select(table.c.cause, func.count()).where(table.c.state != DECIDED).group_by(table.c.cause)
        )
    cursor = str(found[limit - 1].seq) if len(found) > limit else None
    return ReviewPage(lines, cursor, {s: n for s, n in states}, {c: n for c, n in causes})


def show(site: Site, actor: Actor, slug: str, review_id: str) -> ReviewView:
    """One review; noted as seen by the caller.

    Raises
    ------
    NotFoundError
        If there is none of that id.
    ConflictError
        If the item is leased to the caller, who would see what others say before an own answer.
    """
    store, names = site.project(slug), site.names()
    with store.read() as rows:
        project = access.ready(store, rows)
        row = existing(rows, review_id)
        if leases.leased_to(rows, actor, [row.ordinal]):
            raise ConflictError("You hold this item yourself.", "Answer it or give it back, then review it.")
        question = project.question(row.question_id)
        where = layout(store, rows, project.row.n_items)
        label = labeling.labels(store, rows, where, question, ordinals=[row.ordinal]).get(row.ordinal)
        refusal = may_not_decide(rows, project, actor, row)
        seen = ReviewView(
            line=_lines(store, rows, project, [row], names)[0],
            item=shown.views(store, rows, project, [row.ordinal])[row.ordinal],
            answers=_said(store, rows, project, row, names),
            label=None if label is None else describe_answer(question, label.answer),
            label_confidence=None if label is None else label.confidence,
            proposed=as_read(project, row.question_id, row.answer),
            proposed_label=None if row.answer is None else describe_answer(question, row.answer),
            proposed_by=_name(names, row.proposed_by),
            reason=store.unseal(rows, row.reason_id),
            comments=comments.of(store, rows, review_id, names),
            guidelines=guidelines(store, rows, question),
            about=row.about,
            strict=project.quality.strict,
            may_decide=refusal is None,
            may_not=refusal,
        )
    exposure.note(store, actor, [row.ordinal])
    return seen


def existing(rows: Rows, review_id: str) -> AnyRow:
    """The row of a review; ``NotFoundError`` if there is none."""
    row = rows.first(rows.select(t.review).where(t.review.c.id == review_id))
    if row is None:
        raise NotFoundError(f"There is no review '{review_id}'.")
    return row


def authors(rows: Rows, row: AnyRow) -> set[str]:
    """Whose annotations a review is about."""
    table = t.annotation
    return set(rows.scalars(rows.select(table.c.person_id).where(table.c.id.in_(list(row.annotations)))))


def may_not_decide(rows: Rows, project: Project, actor: Actor, row: AnyRow) -> str | None:
    """Why somebody may not decide a review, None where they may."""
    if row.state == DECIDED:
        return "It is decided."
    if row.proposed_by == actor.person_id:
        return "You proposed this change; another person has to approve it."
    if row.about is not None and existing(rows, row.about).decided_by == actor.person_id:
        return "It appeals against your own decision; another person has to look at it."
    if project.quality.strict and actor.person_id in authors(rows, row):
        return "It is about an answer of yours; another person has to decide it."
    return None


def _lines(
    store: ProjectStore, rows: Rows, project: Project, found: Sequence[AnyRow],
    names: dict[str, tuple[str, bool]],
) -> list[ReviewLine]:  # fmt: skip
    contents = current_bodies(rows, sorted({row.ordinal for row in found}))
    return [
        ReviewLine(
            row.id, shown.item_id_of(row.ordinal), row.question_id, 
            shown.preview(store, project, row.ordinal, contents[row.ordinal]), row.cause,
            str(Reason(f"review-{row.cause}", row.figures)), row.state, row.outcome, row.opened_at,
            _name(names, row.opened_by) or "", _name(names, row.decided_by),
        )
        for row in found
    ]  # fmt: skip


def _said(
    store: ProjectStore, rows: Rows, project: Project, review: AnyRow, names: dict[str, tuple[str, bool]]
) -> list[ReviewedAnswer]:
    table = t.annotation
    concerned = set(review.annotations)
    return [
        ReviewedAnswer(
            row.id, _name(names, row.person_id) or "", row.person_id, row.kind,
            as_read(project, row.question_id, row.answer),
            None if row.answer is None else describe_answer(project.question(review.question_id), row.answer),
            store.unseal(rows, row.reason_id), row.seconds, row.at, row.guideline_version, row.standing,
            row.id in concerned,
        )
        for row in rows.all(rows.select(table).where(table.c.ordinal == review.ordinal).order_by(table.c.seq))
        if row.question_id in (None, review.question_id)
    ]  # fmt: skip


def _name(names: dict[str, tuple[str, bool]], person_id: str | None) -> str | None:
    return None if person_id is None else names.get(person_id, (person_id, False))[0]
