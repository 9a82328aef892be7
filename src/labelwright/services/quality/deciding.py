"""What ends a review: a label, no change, another answer of its authors; under strict rules by two people."""

from __future__ import annotations

from typing import Final

from labelwright.engine.project import Project
from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.plain import JsonObject
from labelwright.services.labeling import leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.quality import comments, reviews
from labelwright.services.quality.opening import standing_answers
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.project import Transaction
from labelwright.store.record.gold import GoldSet
from labelwright.store.record.reviews import (
    DECIDED,
    LABEL,
    PROPOSED,
    ReviewDecided,
    ReviewOpened,
    ReviewProposed,
)
from labelwright.store.rows import AnyRow, Rows

KEEP: Final = "keep"
SEND_BACK: Final = "send-back"
REFUSED: Final = "refused"
MANUAL, CHANGE, APPEAL = "manual", "change", "appeal"
OF_REVIEW = "review"


def decide(
    site: Site, actor: Actor, slug: str, review_id: str, outcome: str, *, answer: JsonObject | None = None,
    reason: str | None = None, gold: bool = False,
) -> None:  # fmt: skip
    """End a review, or, where every change of a label needs two people, propose how.

    Parameters
    ----------
    outcome : str
        "label" (the item gets ``answer``), "keep" (nothing changes) or "send-back" (its annotators answer again). For
        what another person proposed: "label" approves it with the answer that was proposed, "refused" does not.
    reason : str, optional
        Shown to the annotators; required under strict rules.
    gold : bool
        Whether people are checked with the item from now on, by the answer decided here.

    Raises
    ------
    InputError
        If the answer does not fit, or a reason is missing.
    ConflictError
        If it is decided, or the caller may not decide it.
    """
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        row = reviews.existing(transaction.rows, review_id)
        refusal = reviews.may_not_decide(transaction.rows, project, actor, row)
        if refusal is not None:
            raise ConflictError(f"review: {refusal}", "Reload the page.")
        _End(transaction, project, actor, row, outcome, answer, reason, gold).record()


class _End:
    """One decision on its way into the record."""

    def __init__(
        self, transaction: Transaction, project: Project, actor: Actor, row: AnyRow, outcome: str,
        answer: JsonObject | None, reason: str | None, gold: bool,
    ) -> None:  # fmt: skip
        self._transaction, self._project, self._actor, self._row = transaction, project, actor, row
        self._outcome, self._answer, self._gold = outcome, answer, gold
        self._reason = (reason or "").strip()

    def record(self) -> None:
        """Check and record."""
        row, strict = self._row, self._project.quality.strict
        if self._outcome not in (LABEL, KEEP, SEND_BACK, REFUSED):
            raise InputError(f"review: outcome must be label, keep, send-back or refused, got '{self._outcome}'.")
        if (self._outcome == REFUSED) and row.state != PROPOSED:
            raise InputError("review: only a proposed change can be refused.", "Keep the label instead.")
        if strict and self._outcome != KEEP and not self._reason:
            raise InputError("review: a reason must be given, since every change of a label is explained here.")
        if self._outcome == LABEL:
            self._answer = self._checked()
        elif self._answer is not None:
            raise InputError(f"review: '{self._outcome}' carries no answer.")
        approves = row.state == PROPOSED and self._answer == row.answer
        if strict and self._outcome == LABEL and not approves:
            self._write(ReviewProposed(row.id, LABEL, self._answer, self._transaction.seal(self._reason)))
            return
        reason = self._transaction.seal(self._reason) if self._reason else None
        self._write(ReviewDecided(row.id, row.question_id, self._outcome, self._answer, reason))
        if self._gold and self._outcome == LABEL:
            assert self._answer is not None
            rule = self._transaction.seal(self._reason) if self._reason else None
            self._write(GoldSet(row.question_id, self._answer, rule, OF_REVIEW, True))

    def _checked(self) -> JsonObject:
        answer = self._row.answer if self._answer is None and self._row.state == PROPOSED else self._answer
        if answer is None:
            raise InputError("review: 'label' must carry an answer, got none.")
        self._project.question(self._row.question_id).task.validate(dict(answer))
        decided: JsonObject = answer
        return decided

    def _write(self, body: ReviewProposed | ReviewDecided | GoldSet) -> None:
        self._transaction.record(body, actor=self._actor.person_id, ordinal=self._row.ordinal)


def ask(
    site: Site, actor: Actor, slug: str, item_id: str, *, question: str | None, reason: str | None,
    answer: JsonObject | None = None,
) -> str:  # fmt: skip
    """Ask for a second look at an item, or for another label of it, which another person has to approve.

    Returns
    -------
    review : str
        Its id; of the one that is open already, if there is one.

    Raises
    ------
    NotFoundError
        If the caller may not see the item.
    InputError
        If the answer does not fit, or a change has no reason.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        asked = project.question(question)
        ordinal = _item_of(rows, project, actor, item_id)
        if answer is not None:
            asked.task.validate(dict(answer))
            if not (reason or "").strip():
                raise InputError("review: a reason must be given for another label.")
        table = t.review
        open_ = rows.first(
            rows.select(table.c.id).where(
                table.c.ordinal == ordinal, table.c.question_id == asked.id, table.c.state != DECIDED
            )
        )
        if open_ is not None:
            return str(open_.id)
        about = standing_answers(rows, ordinal, asked.id)
        sealed = transaction.seal(reason.strip()) if reason and reason.strip() else None
        cause = MANUAL if answer is None else CHANGE
        body = ReviewOpened(new_id("rv"), asked.id, cause, {}, about, None, answer, sealed)
        transaction.record(body, actor=actor.person_id, ordinal=ordinal)
    return body.id


def _item_of(rows: Rows, project: Project, actor: Actor, item_id: str) -> int:
    """The item meant, by a lease of the caller's, or by its id where the caller may read items."""
    if item_id.startswith("le_"):
        return leases.own(rows, actor, item_id).ordinal
    if not actor.may("item.read"):
        raise NotFoundError(f"There is no item '{item_id}' of yours.")
    return shown.existing(project, item_id)


def appeal(site: Site, actor: Actor, slug: str, review_id: str, reason: str) -> str:
    """Ask another person to look at a decision about an answer of the caller's, once.

    Raises
    ------
    ConflictError
        If it is not decided, or the caller has appealed already.
    InputError
        If there is no reason, or no answer of the caller's was concerned.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        access.changeable(store, rows)
        row = reviews.existing(rows, review_id)
        if actor.person_id not in reviews.authors(rows, row):
            raise InputError("appeal: the review must be about an answer of yours.")
        if row.state != DECIDED or row.cause == APPEAL:
            raise ConflictError("appeal: it is not decided, or was an appeal already.", "A decision is appealed once.")
        if not reason.strip():
            raise InputError("appeal: a reason must be given.")
        table = t.review
        if rows.first(rows.select(table.c.id).where(table.c.about == review_id)) is not None:
            raise ConflictError("appeal: this decision was appealed already.", "Wait for the second decision.")
        body = ReviewOpened(
            new_id("rv"), row.question_id, APPEAL, {}, tuple(row.annotations), review_id, None,
            transaction.seal(reason.strip()),
        )  # fmt: skip
        transaction.record(body, actor=actor.person_id, ordinal=row.ordinal)
    return body.id


def comment(site: Site, actor: Actor, slug: str, review_id: str, text: str) -> None:
    """Write about a review."""
    store = site.project(slug)
    with store.write() as transaction:
        access.changeable(store, transaction.rows)
        row = reviews.existing(transaction.rows, review_id)
        comments.add(transaction, actor, review_id, text, row.ordinal)
