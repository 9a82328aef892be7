"""Opening a session on items that the lead chose, and opening it again on fresh items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labelwright.check import check_between, check_one_of
from labelwright.engine import answers
from labelwright.engine.gold import known_answers
from labelwright.engine.layout import POOL, layout
from labelwright.engine.project import Project, Question
from labelwright.errors import ConflictError, InputError
from labelwright.services.calibration import sessions, strata
from labelwright.services.calibration.sessions import CALIBRATION, TRAINING, labelers
from labelwright.services.labeling import leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.site import Site
from labelwright.store.clock import new_id
from labelwright.store.project import ProjectStore, Transaction
from labelwright.store.record.calibration import CalibrationOpened
from labelwright.store.rows import Rows

MOST_ITEMS = 200
FEWEST_AGAIN = 2


@dataclass(frozen=True)
class NewSession:
    """What the lead asks for.

    Attributes
    ----------
    purpose : str
        "calibration" or "training".
    question : str, optional
        The primary question where none is named.
    items : sequence of str
        Ids.
    people : sequence of str
        Ids; everybody who labels, now or later, where there is none.
    pass_mark : float, optional
        Of a training, in (0, 1].
    """

    title: str
    items: Sequence[str]
    purpose: str = CALIBRATION
    question: str | None = None
    people: Sequence[str] = ()
    pass_mark: float | None = None


@dataclass(frozen=True)
class Again:
    """A session that was opened on fresh items.

    Attributes
    ----------
    n_wanted : int
        Items of the earlier session.
    n_found : int
        Fresh items of the same strata; fewer where a stratum ran out.
    """

    session: str
    n_wanted: int
    n_found: int


def open_session(site: Site, actor: Actor, slug: str, wanted: NewSession) -> str:
    """Ask people to answer the same items, each without seeing the others' answers; return the session's id.

    Raises
    ------
    InputError
        If there is no title, no item or no such person, an item is excluded or kept for measuring, a training has no
        pass mark or an item whose answer is not known.
    NotFoundError
        If there is no such item.
    ConflictError
        If the caller holds one of the items, and would be told whether it is kept for measuring.
    """
    check_one_of("session", "purpose", wanted.purpose, (CALIBRATION, TRAINING))
    people = labelers(site, slug)
    if unknown := sorted(set(wanted.people) - set(people)):
        raise InputError(f"session: people must be some who may label here, got '{unknown[0]}'.", "Invite them first.")
    _check_title(wanted.title)
    if not 1 <= len(set(wanted.items)) == len(wanted.items) <= MOST_ITEMS:
        raise InputError(
            f"session: items must be 1 to {MOST_ITEMS} different ones, got {len(wanted.items)}.", "Pick some items."
        )
    if wanted.purpose == TRAINING and wanted.pass_mark is None:
        raise InputError("session: a training must have a pass mark.", "Say which share of the answers must be right.")
    if wanted.pass_mark is not None:
        check_between("session", "pass_mark", wanted.pass_mark, 1e-9, 1)
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        question = project.question(wanted.question)
        ordinals = [shown.existing(project, item) for item in wanted.items]
        if leases.leased_to(transaction.rows, actor, ordinals):
            raise ConflictError("You hold one of these items yourself.", "Answer it or give it back first.")
        _check(store, transaction.rows, project, question, ordinals, wanted.purpose)
        return _record(
            transaction, project, actor, question, ordinals, title=wanted.title.strip(), purpose=wanted.purpose,
            people=tuple(dict.fromkeys(wanted.people)), repeats=None,
            pass_mark=wanted.pass_mark if wanted.purpose == TRAINING else None,
        )  # fmt: skip


def again(site: Site, actor: Actor, slug: str, session_id: str, title: str) -> Again:
    """Open a session for the same people with fresh items of the same strata, to compare agreement.

    Raises
    ------
    InputError
        If the title is blank.
    ConflictError
        If the earlier one is not revealed, or fewer than two fresh items are left.
    """
    _check_title(title)
    store = site.project(slug)
    with store.read() as rows:  # what takes long does not hold the writer
        project = access.changeable(store, rows)
        session = sessions.visible(rows, actor, session_id)
        if not session.is_revealed:
            raise ConflictError("session: only a revealed session can be repeated.", "Reveal its answers first.")
        question = project.question(session.question)
        rng = np.random.default_rng([project.seed, session.number])
        fresh = strata.read(store, rows, project, question).fresh(session.items, _used(rows), rng)
    if len(fresh) < FEWEST_AGAIN:
        raise ConflictError(
            f"session: {len(fresh)} fresh items are left in the strata of session {session.number}.",
            "Open a new session on other items; it cannot be compared with this one.",
        )
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        if set(fresh) & _used(transaction.rows):
            raise ConflictError("session: another session has just taken these items.", "Try again.")
        made = _record(
            transaction, project, actor, question, fresh, title=title.strip(), purpose=CALIBRATION,
            people=session.people, repeats=session.id, pass_mark=None,
        )  # fmt: skip
    return Again(made, len(session.items), len(fresh))


def _used(rows: Rows) -> set[int]:
    """The items of all sessions."""
    return {ordinal for one in sessions.all_of(rows) for ordinal in one.items}


def _check_title(title: str) -> None:
    if not title.strip():
        raise InputError("session: title must not be blank.")


def _record(
    transaction: Transaction, project: Project, actor: Actor, question: Question, ordinals: list[int], *, title: str,
    purpose: str, people: tuple[str, ...], repeats: str | None, pass_mark: float | None,
) -> str:  # fmt: skip
    number = max((one.number for one in sessions.all_of(transaction.rows)), default=0) + 1
    if purpose == CALIBRATION:  # so that the place of an item does not tell why it was picked
        ordinals = np.random.default_rng([project.seed, number]).permutation(ordinals).tolist()
    body = CalibrationOpened(
        new_id("cs"), number, title, purpose, question.id, tuple(ordinals), people, pass_mark, repeats
    )
    transaction.record(body, actor=actor.person_id)
    return body.id


def _check(
    store: ProjectStore, rows: Rows, project: Project, question: Question, ordinals: list[int], purpose: str
) -> None:
    known = {ordinal for ordinal, _ in known_answers(rows, question.id)}
    gone = set(answers.excluded(rows, project.row.n_items))
    split = layout(store, rows, project.row.n_items).split
    for ordinal in ordinals:
        name = shown.item_id_of(ordinal)
        if ordinal in gone:
            raise InputError(f"session: items must not be excluded, got '{name}'.", "Include it again first.")
        if purpose == TRAINING and ordinal not in known:
            raise InputError(
                f"session: the answer to '{name}' is not known, which a training needs.", "Mark it as gold first."
            )
        if split[ordinal] != POOL and ordinal not in known:
            raise InputError(
                f"session: '{name}' is kept for measuring, so it is not discussed.", "Pick items of the pool."
            )
