"""The sessions that a person may know of, and how far they are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from labelwright.engine import trainings
from labelwright.engine.project import Project
from labelwright.engine.trainings import Result
from labelwright.plain import JsonObject
from labelwright.services.calibration import sessions
from labelwright.services.calibration.sessions import Session
from labelwright.services.calibration.views import ResultView, SessionLine
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.rows import Rows

Names = dict[str, tuple[str, bool]]


def listing(site: Site, actor: Actor, slug: str) -> list[SessionLine]:
    """The sessions that the caller may know of: those that wait for an answer of theirs first, then the newest."""
    store, names = site.project(slug), site.names()
    with store.read() as rows:
        project = access.ready(store, rows)
        found = [one for one in sessions.all_of(rows) if sessions.may_see(actor, one)]
        lines = [line(rows, project, actor, one, names) for one in found]
    return sorted(lines, key=lambda one: not (one.invited and one.state == "open" and one.n_answered < one.n_items))


def line(rows: Rows, project: Project, actor: Actor, session: Session, names: Names) -> SessionLine:
    """One line."""
    own = own_answers(rows, session, actor.person_id)
    invited = session.invites(actor)
    return SessionLine(
        session.id, session.number, session.title, session.purpose, session.question, session.state,
        session.is_revealed, len(session.items), invited, len(own), session.opened_at,
        name_of(names, session.opened_by), session.repeats, session.pass_mark,
        result(rows, project, session, own) if session.is_training and invited else None,
        project.quality.training == session.id,
    )  # fmt: skip


def own_answers(rows: Rows, session: Session, person_id: str) -> dict[int, JsonObject]:
    """What somebody answered in a session, by ordinal."""
    table = t.calibration_answer
    query = rows.select(table.c.ordinal, table.c.answer).where(
        table.c.session_id == session.id, table.c.person_id == person_id
    )
    return {row.ordinal: row.answer for row in rows.all(query)}


def counts(rows: Rows, session: Session) -> Counter[str]:
    """How many items each person answered in a session."""
    table = t.calibration_answer
    return Counter(rows.scalars(rows.select(table.c.person_id).where(table.c.session_id == session.id)))


def result(rows: Rows, project: Project, session: Session, answers: Mapping[int, JsonObject]) -> ResultView:
    """How some answers fare in a training."""
    expected = trainings.expected_answers(rows, session.question, session.items)
    return as_view(trainings.result(project, session.question, expected, answers, session.pass_mark or 1.0))


def as_view(found: Result) -> ResultView:
    """A result as people see it."""
    needed = math.ceil(found.pass_mark * found.n_known - 1e-9)
    return ResultView(found.n_right, found.n_answered, found.n_known, needed, found.is_finished, found.has_passed)


def name_of(names: Names, person_id: str) -> str:
    """The name of a person; their id if the account is gone."""
    return names.get(person_id, (person_id, False))[0]
