"""Answers: stored durably and exactly once, corrected and undone by new events, never altered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from labelwright.engine.layout import POOL
from labelwright.engine.project import Project, Question
from labelwright.errors import ConflictError, ForbiddenError, InputError
from labelwright.plain import JsonObject
from labelwright.policy.kinds.repeat import Repeat
from labelwright.services.labeling import exposure, leases
from labelwright.services.labeling.feedback import came_after
from labelwright.services.labeling.given import FIELDS_1, Given, Receipt, Stored, hash_of
from labelwright.services.labeling.leases import Lease
from labelwright.services.labeling.settling import NotHeldError, Shown, settle
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.quality.opening import after_answer
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.project import ProjectStore, Transaction
from labelwright.store.record.annotations import AnnotationGiven
from labelwright.store.record.standing import ABOUT_ITEM, ANSWERING, CORRECT, REOPEN, REPEAT, UNDO
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class _Standing:
    """What the person says of an item now, on a question or on the item."""

    id: str
    seq: int
    kind: str
    question_id: str | None
    shown: Shown


def give(site: Site, actor: Actor, slug: str, given: Sequence[Given]) -> Stored:
    """Store annotations in one durable transaction, all or none.

    When this returns, the events are on disk.

    Raises
    ------
    InputError
        If an answer does not fit its question or its kind.
    ConflictError
        If an answer_id was used for another body, or a question has a standing answer of the caller's.
    ForbiddenError
        If the item is not the caller's to answer.
    """
    ids = [one.answer_id.lower() for one in given]
    if len(set(ids)) < len(ids):
        raise ConflictError("annotations: answer_ids must be distinct within a batch.", "Send a new UUID each.")
    store = site.project(slug)
    if len(given) == 1 and given[0].kind != UNDO:
        with suppress(NotHeldError):
            return _store(store, actor, given, leases_too=False)
    return _store(store, actor, given, leases_too=True)


def _store(store: ProjectStore, actor: Actor, given: Sequence[Given], *, leases_too: bool) -> Stored:
    """Store annotations; without ``leases_too`` items are lent meanwhile, so only on what the caller holds.

    Raises
    ------
    NotHeldError
        Without ``leases_too``, if the item has gone back, so that it may be on its way to somebody else.
    """
    receipts, n_new = list[Receipt](), 0
    with store.write(leases_too=leases_too) as transaction:
        project = access.ready(store, transaction.rows)
        for sent in given:
            one = _One(store, transaction, project, actor, sent, leases_too=leases_too)
            known = one.known()
            receipts.append(known or one.record())
            n_new += known is None
    return Stored(receipts, repeated=n_new == 0)


class _One:
    """One annotation on its way into the record."""

    def __init__(
        self, store: ProjectStore, transaction: Transaction, project: Project, actor: Actor, given: Given, *,
        leases_too: bool,
    ) -> None:  # fmt: skip
        self._store, self._transaction, self._project, self._actor, self._given = (
            store, transaction, project, actor, given,
        )  # fmt: skip
        self._leases_too = leases_too
        self._rows: Rows = transaction.rows
        self._answer_id = given.answer_id.lower()
        self._hash = hash_of(given.sent, actor)

    def known(self) -> Receipt | None:
        """The receipt of the same answer if it was stored before."""
        table, event = t.annotation, t.event
        row = self._rows.first(
            self._rows.select(table.c.id, table.c.seq, table.c.body_hash, event.c.hash).where(
                event.c.seq == table.c.seq, table.c.answer_id == self._answer_id
            )
        )
        if row is None:
            return None
        hash_1 = hash_of({name: getattr(self._given, name) for name in FIELDS_1}, self._actor)
        if row.body_hash not in (self._hash, hash_1):
            raise ConflictError(
                f"annotations: the answer_id '{self._answer_id}' was used for another answer already.",
                "Send a new UUID for a new answer.",
            )
        return Receipt(row.id, row.seq, row.hash)

    def record(self) -> Receipt:
        """Check and record."""
        given = self._given
        if given.seconds is not None and not math.isfinite(given.seconds):
            raise InputError(f"annotations: seconds must be finite, got {given.seconds}.")
        ordinal, lease = self._item()
        standing = self._standing(ordinal)
        target = self._target(standing)
        question = self._question(target)
        answer = self._checked_answer(question)
        why = target.shown if target is not None else self._why(ordinal, lease)
        if why.late and not self._leases_too:
            raise NotHeldError
        if target is None and why.kind != Repeat.name:
            self._refuse_second_answer(ordinal, standing, question)
        version_of = question or self._project.primary
        body = AnnotationGiven(
            id=new_id("a"), answer_id=self._answer_id, body_hash=self._hash,
            question=question.id if question is not None else None, what=self._what(ordinal, target, why),
            answer=answer,
            reason=self._transaction.seal(given.reason) if given.reason else None,
            replaces=target.id if target is not None else None, seconds=given.seconds, lease=why.lease,
            ranking=why.ranking, position=why.position, slot=why.kind, propensity=why.propensity,
            schema_version=version_of.schema_version, guideline_version=version_of.guideline_version, late=why.late,
            grid=why.grid, exposed=exposure.is_exposed(self._rows, self._actor, ordinal),
            prompted=came_after(self._project, why.kind, given.after) if given.kind == CORRECT else None,
        )  # fmt: skip
        event = self._transaction.record(body, actor=self._actor.person_id, ordinal=ordinal)
        settle(self._rows, self._project, self._actor, given.kind, ordinal, why)
        if question is not None and body.answer is not None:
            after_answer(self._transaction, self._project, ordinal, self._actor.person_id, question.id)
        return Receipt(body.id, event.seq, event.hash)

    def _item(self) -> tuple[int, Lease | None]:
        """The item meant, by the token of a lease or by its id, and the lease that was named."""
        given = self._given
        token = leases.own(self._rows, self._actor, given.item_id) if given.item_id.startswith("le_") else None
        ordinal = token.ordinal if token is not None else shown.existing(self._project, given.item_id)
        if given.lease_id is None:
            return ordinal, token
        if token is not None and token.id == given.lease_id:
            return ordinal, token
        lease = leases.own(self._rows, self._actor, given.lease_id)
        if lease.ordinal != ordinal:
            raise self._not_lent()
        return ordinal, lease

    def _standing(self, ordinal: int) -> list[_Standing]:
        table = t.annotation
        return [
            _Standing(
                row.id, row.seq, row.kind, row.question_id,
                Shown(row.lease_id, row.ranking_id, row.position, row.slot_kind, row.propensity, False, False),
            )
            for row in self._rows.all(
                self._rows.select(table)
                .where(
                    table.c.ordinal == ordinal, table.c.person_id == self._actor.person_id, table.c.standing
                )
                .order_by(table.c.seq)
            )
        ]  # fmt: skip

    def _target(self, standing: list[_Standing]) -> _Standing | None:
        """What is undone or corrected; None for what stands on its own."""
        given = self._given
        if given.kind not in (UNDO, CORRECT):
            return None
        target = next((one for one in standing if one.id == given.replaces), None) or self._repeat(given.replaces)
        if target is None:
            raise ConflictError(
                f"annotations: 'replaces' must be your standing annotation of this item, got {given.replaces!r}.",
                "It was corrected or undone already; reload the item.",
            )
        self._refuse_alone(target)
        if given.kind == CORRECT and target.kind not in (*ANSWERING, REPEAT):
            raise ConflictError("annotations: only an answer can be corrected.", "Undo it, then answer.")
        return target

    def _refuse_alone(self, target: _Standing) -> None:
        """Under strict rules nobody changes a label alone, once a label version holds it."""
        if not self._project.quality.strict or target.kind not in ANSWERING:
            return
        table = t.label_version
        if self._rows.first(self._rows.select(table.c.id).where(table.c.upto_seq >= target.seq)) is not None:
            raise ConflictError(
                "annotations: this answer is part of a label version, so another person has to approve its change.",
                "Ask for the change, with a reason; a reviewer decides.",
            )

    def _repeat(self, annotation_id: str | None) -> _Standing | None:
        """The caller's repeated answer of that id, which looks like any other to them."""
        table = t.annotation
        row = self._rows.first(
            self._rows.select(table).where(
                table.c.id == annotation_id, table.c.person_id == self._actor.person_id, table.c.kind == REPEAT
            )
        )
        if row is None:
            return None
        why = Shown(row.lease_id, row.ranking_id, row.position, row.slot_kind, row.propensity, False, False)
        return _Standing(row.id, row.seq, row.kind, row.question_id, why)

    def _what(self, ordinal: int, target: _Standing | None, why: Shown) -> str:
        """What is recorded: whoever undoes an answer about an item of the reserve has given a first answer already."""
        kind = self._given.kind
        if why.kind == Repeat.name and kind not in ABOUT_ITEM:
            return REPEAT
        if kind != UNDO or target is None or target.kind not in ANSWERING:
            return kind
        split = self._rows.scalar(self._rows.select(t.item.c.split).where(t.item.c.ordinal == ordinal))
        return UNDO if split == POOL else REOPEN

    def _question(self, target: _Standing | None) -> Question | None:
        """The question that is answered; None where the annotation concerns the item."""
        given = self._given
        if target is None:
            return None if given.kind in ABOUT_ITEM else self._project.question(given.question)
        if given.question is not None and target.question_id is not None and given.question != target.question_id:
            raise ConflictError(
                f"annotations: 'replaces' answers the question '{target.question_id}', got '{given.question}'."
            )
        return None if target.question_id is None else self._project.question(target.question_id)

    def _checked_answer(self, question: Question | None) -> JsonObject | None:
        given = self._given
        if given.kind not in ANSWERING:
            if given.answer is not None:
                raise InputError(f"annotations: a {given.kind} carries no answer, got {given.answer}.")
            return None
        if given.answer is None or question is None:
            raise InputError(f"annotations: {given.kind} must carry an answer, got none.")
        question.task.validate(dict(given.answer))
        return given.answer

    def _refuse_second_answer(self, ordinal: int, standing: list[_Standing], question: Question | None) -> None:
        if question is not None:
            double = next((one for one in standing if one.question_id == question.id), None)
        else:
            answered = {one.question_id for one in standing if one.kind in ANSWERING}
            complete = bool(answered) and answered.issuperset(self._project.required)
            double = next((one for one in standing if one.kind in ANSWERING), None) if complete else None
        if double is not None:
            raise ConflictError(
                "annotations: you have answered this item already.",
                f"Correct the answer with kind 'correct' and replaces '{double.id}'.",
            )

    def _why(self, ordinal: int, lease: Lease | None) -> Shown:
        """Why the item was shown: by the lease named, else by the caller's last one on the item."""
        lease = lease or leases.last_of(self._rows, self._actor, ordinal)
        if lease is None:
            raise self._not_lent()
        return Shown(
            lease.id, lease.ranking_id, lease.position, lease.slot_kind, lease.propensity, lease.is_late, lease.grid,
            held=not self._leases_too and lease.state == leases.LIVE,
        )  # fmt: skip

    def _not_lent(self) -> ForbiddenError:
        return ForbiddenError(
            f"annotations: the item '{self._given.item_id}' was not lent to you.", "Ask the queue for work."
        )


__all__ = ["Given", "Receipt", "Stored", "give"]
