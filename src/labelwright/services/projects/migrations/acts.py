"""Merging and splitting labels for good: at once, or, where every change needs two people, by a proposal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from labelwright.engine import done, heads
from labelwright.engine.project import Project, Question, load
from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects.migrations.wanted import MERGE, Wanted, What, planned
from labelwright.services.projects.questions import QuestionView, view
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.project import ProjectStore, Transaction
from labelwright.store.record.label_changes import (
    APPROVED,
    PROPOSED,
    LabelsChanged,
    LabelsProposed,
    LabelsRefused,
)
from labelwright.store.record.withdrawn import withdrawn_items
from labelwright.store.rows import AnyRow, Rows

CHUNK = 500


@dataclass(frozen=True)
class Migrated:
    """What came of a change.

    Attributes
    ----------
    change : str
        Its id.
    state : {"approved", "proposed", "refused"}
        "approved" where it is in force.
    question : QuestionView
        As it is now.
    """

    change: str
    state: Literal["approved", "proposed", "refused"]
    question: QuestionView


def migrate(
    site: Site, actor: Actor, slug: str, question_id: str, wanted: Wanted, *, reason: str,
    settings_version: int | None = None,
) -> Migrated:  # fmt: skip
    """Merge or split a label, with a reason; under strict rules propose it to another person.

    Raises
    ------
    InputError
        If there is no reason, or the change does not fit the labels.
    ConflictError
        If a setting names the label, the settings have changed since, or the label waits for a decision already.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        access.check_settings_version(project, settings_version)
        asked = project.question(question_id)
        planned(rows, project, asked, wanted)
        if not reason.strip():
            raise InputError("labels: a reason must be given, since others read these answers under other names.")
        change = new_id("lc")
        if project.quality.strict:
            _propose(transaction, actor, asked, wanted, change, reason)
        else:
            _apply(transaction, actor, project, asked, wanted, change, reason)
        return _migrated(store, rows, change, asked.id)


def approve(site: Site, actor: Actor, slug: str, question_id: str, change: str, *, reason: str) -> Migrated:
    """Apply what another person proposed.

    Raises
    ------
    NotFoundError, ConflictError, InputError
        If there is no such proposal, it is decided or the caller's own, a reason is missing, or it fits no more.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        asked = project.question(question_id)
        row = _waiting(rows, asked, change)
        if row.by == actor.person_id:
            raise ConflictError("labels: you proposed this change; another person has to approve it.")
        if not reason.strip():
            raise InputError("labels: a reason must be given for approving a change of labels.")
        _apply(transaction, actor, project, asked, wanted_of(row), change, reason)
        return _migrated(store, rows, change, asked.id)


def refuse(site: Site, actor: Actor, slug: str, question_id: str, change: str, *, reason: str) -> Migrated:
    """Refuse what was proposed, or take an own proposal back.

    Raises
    ------
    NotFoundError, ConflictError, InputError
        If there is no such proposal, it is decided, or a reason is missing.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        asked = access.changeable(store, rows).question(question_id)
        _waiting(rows, asked, change)
        if not reason.strip():
            raise InputError("labels: a reason must be given for refusing a change of labels.")
        transaction.record(LabelsRefused(change, transaction.seal(reason.strip())), actor=actor.person_id)
        return _migrated(store, rows, change, asked.id)


def wanted_of(row: AnyRow) -> Wanted:
    """The change that a row of the table says."""
    return Wanted(cast("What", row.what), row.label, tuple(row.became))


def _propose(
    transaction: Transaction, actor: Actor, asked: Question, wanted: Wanted, change: str, reason: str
) -> None:  # fmt: skip
    table = t.label_change
    query = transaction.rows.select(table.c.id).where(
        table.c.question_id == asked.id, table.c.label == wanted.label, table.c.state == PROPOSED
    )
    if transaction.rows.first(query) is not None:
        raise ConflictError(
            "labels: a change of this label waits for a decision already.", "Have it approved or refused first."
        )
    sealed = transaction.seal(reason.strip())
    body = LabelsProposed(change, asked.id, wanted.what, wanted.label, wanted.into, asked.schema_version, sealed)
    transaction.record(body, actor=actor.person_id)


def _apply(
    transaction: Transaction, actor: Actor, project: Project, asked: Question, wanted: Wanted, change: str, reason: str
) -> None:
    rows = transaction.rows
    plan = planned(rows, project, asked, wanted)
    body = LabelsChanged(
        question=asked.id, what=wanted.what, label=wanted.label, into=plan.into, version=asked.schema_version + 1,
        body=plan.schema, withdrawn=plan.withdrawn, reason=transaction.seal(reason.strip()), change=change,
    )  # fmt: skip
    event = transaction.record(body, actor=actor.person_id)
    if wanted.what != MERGE:
        _ask_again(rows, project, withdrawn_items(rows, since=event.seq))


def _ask_again(rows: Rows, project: Project, ordinals: list[int]) -> None:
    """Open the slots of items that have too few answers now; excluded items stay closed."""
    gone = set(rows.scalars(rows.select(t.exclusion.c.ordinal)))
    open_ = [ordinal for ordinal in ordinals if ordinal not in gone]
    for start in range(0, len(open_), CHUNK):
        part = open_[start : start + CHUNK]
        complete = done.people_done(rows, project.required, part).complete
        heads.close(rows, project.policy, {ordinal: complete.get(ordinal, set()) for ordinal in part})


def _waiting(rows: Rows, asked: Question, change: str) -> AnyRow:
    table = t.label_change
    row = rows.first(rows.select(table).where(table.c.id == change, table.c.question_id == asked.id))
    if row is None:
        raise NotFoundError(f"There is no change '{change}' of the labels of '{asked.id}'.")
    if row.state != PROPOSED:
        words = "in force" if row.state == APPROVED else row.state
        raise ConflictError(f"labels: this change is {words} already.", "Reload the page.")
    return row


def _migrated(store: ProjectStore, rows: Rows, change: str, question_id: str) -> Migrated:
    table = t.label_change
    state = rows.scalar(rows.select(table.c.state).where(table.c.id == change))
    return Migrated(change, state, view(store, rows, load(store, rows).question(question_id)))
