"""What people do in a session: answer, reveal, close, decide, comment."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.engine.gold import known_answer
from labelwright.engine.pinned import pinned
from labelwright.errors import ConflictError, ForbiddenError
from labelwright.plain import JsonObject
from labelwright.services.calibration import sessions
from labelwright.services.calibration.sessions import CALIBRATION
from labelwright.services.labeling import leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, questions, shown
from labelwright.services.projects.questions import NewExample
from labelwright.services.quality import comments
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.record.calibration import (
    CLOSED,
    OPEN,
    REVEALED,
    CalibrationAnswered,
    CalibrationDecided,
    CalibrationMoved,
)
from labelwright.store.record.gold import GoldSet


@dataclass(frozen=True)
class Decision:
    """What the team agreed on about one item.

    Attributes
    ----------
    reason : str, optional
        The rule that it follows.
    example : bool
        Whether to pin it to the guidelines, as a new version; the lead alone may.
    gold : bool
        Whether people are checked with it from now on.
    """

    place: str
    answer: JsonObject
    reason: str | None = None
    example: bool = False
    gold: bool = False


def answer(
    site: Site, actor: Actor, slug: str, session_id: str, place: str, given: JsonObject, *, note: str | None = None,
    seconds: float | None = None,
) -> None:  # fmt: skip
    """Answer an item of a session, once; it is no annotation, so it neither trains nor measures.

    Raises
    ------
    NotFoundError
        If the caller may not know of the session, or it has no such item.
    ConflictError
        If it takes no answers, or the caller has answered the item.
    InputError
        If the answer does not fit the question.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        session = sessions.open_to(rows, actor, session_id)
        ordinal = session.ordinal_at(place)
        project.question(session.question).task.validate(dict(given))
        table = t.calibration_answer
        query = rows.select(table.c.seq).where(
            table.c.session_id == session.id, table.c.ordinal == ordinal, table.c.person_id == actor.person_id
        )
        if rows.first(query) is not None:
            raise ConflictError("session: you have answered this item; the first answer counts.", "Go to the next one.")
        sealed = transaction.seal(note.strip()) if note and note.strip() else None
        body = CalibrationAnswered(session.id, given, sealed, seconds)
        transaction.record(body, actor=actor.person_id, ordinal=ordinal)


def reveal(site: Site, actor: Actor, slug: str, session_id: str) -> None:
    """Let everybody who takes part see all answers; no answer is taken after that.

    Raises
    ------
    ConflictError
        If it is not open, is a training, or nobody has answered.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        access.changeable(store, rows)
        session = sessions.visible(rows, actor, session_id)
        if session.is_training:
            raise ConflictError("session: a training is not revealed, since people take it one after the other.")
        if session.state != OPEN:
            raise ConflictError("session: it is revealed or closed already.", "Reload the page.")
        table = t.calibration_answer
        if rows.first(rows.select(table.c.seq).where(table.c.session_id == session.id).limit(1)) is None:
            raise ConflictError("session: nobody has answered yet.", "Wait for the first answers, or close it.")
        transaction.record(CalibrationMoved(session.id, REVEALED), actor=actor.person_id)


def close(site: Site, actor: Actor, slug: str, session_id: str) -> None:
    """End a session: what was revealed may still be read; a training that is closed locks nobody out.

    Raises
    ------
    ConflictError
        If it is closed already.
    """
    store = site.project(slug)
    with store.write() as transaction:
        access.changeable(store, transaction.rows)
        session = sessions.visible(transaction.rows, actor, session_id)
        if session.state == CLOSED:
            raise ConflictError("session: it is closed already.", "Reload the page.")
        transaction.record(CalibrationMoved(session.id, CLOSED), actor=actor.person_id)


def decide(site: Site, actor: Actor, slug: str, session_id: str, decision: Decision) -> None:
    """Record what the team agreed on; a later decision about the same item replaces it.

    Its known answer and its place in the guidelines follow, if a session gave it them before.

    Raises
    ------
    ConflictError
        If the session is not revealed, or the caller holds the item.
    InputError
        If the answer does not fit.
    ForbiddenError
        If it is to be pinned by somebody who does not lead the project.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        session = sessions.revealed(rows, actor, session_id)
        ordinal = session.ordinal_at(decision.place)
        if leases.leased_to(rows, actor, [ordinal]):
            raise ConflictError("You hold this item yourself.", "Answer it or give it back first.")
        question = project.question(session.question)
        question.task.validate(dict(decision.answer))
        reason = (decision.reason or "").strip()
        leads = actor.may("project.manage")
        if decision.example and not leads:
            raise ForbiddenError("Only whoever leads the project changes the guidelines.", "Ask them to pin it.")
        sealed = transaction.seal(reason) if reason else None
        body = CalibrationDecided(session.id, decision.answer, sealed)
        transaction.record(body, actor=actor.person_id, ordinal=ordinal)
        known = known_answer(rows, ordinal, question.id)
        if decision.gold or (known is not None and known.source == CALIBRATION):
            rule = transaction.seal(reason) if reason else None
            marked = GoldSet(question.id, decision.answer, rule, CALIBRATION, True)
            transaction.record(marked, actor=actor.person_id, ordinal=ordinal)
        if decision.example or (leads and ordinal in pinned(rows)):
            example = NewExample(shown.item_id_of(ordinal), decision.answer, reason or None)
            questions.pin(store, transaction, actor, project, question, example)


def comment(site: Site, actor: Actor, slug: str, session_id: str, place: str, text: str) -> None:
    """Write about an item of a revealed session.

    Raises
    ------
    NotFoundError
        If the caller may not know of the session, or it has no such item.
    ConflictError
        If it is not revealed, or the caller holds the item.
    InputError
        If it is blank.
    """
    store = site.project(slug)
    with store.write() as transaction:
        access.changeable(store, transaction.rows)
        session = sessions.revealed(transaction.rows, actor, session_id)
        ordinal = session.ordinal_at(place)
        if leases.leased_to(transaction.rows, actor, [ordinal]):
            raise ConflictError("You hold this item yourself.", "Answer it or give it back first.")
        comments.add(transaction, actor, session.id, text, ordinal)
