"""One session: blind before it is revealed, answers side by side afterwards."""

from __future__ import annotations

from labelwright.engine import trainings
from labelwright.engine.project import Project, Question
from labelwright.engine.reading import changed_labels
from labelwright.services.calibration import measuring, sessions
from labelwright.services.calibration.items import Items
from labelwright.services.calibration.listing import Names, as_view, counts, line, name_of, own_answers
from labelwright.services.calibration.measuring import Figure, Said
from labelwright.services.calibration.sessions import Session, labelers
from labelwright.services.calibration.views import Comparison, ParticipantView, SessionView
from labelwright.services.labeling import exposure
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, questions, shown
from labelwright.services.site import Site
from labelwright.stats import wilson
from labelwright.store import tables as t
from labelwright.store.record.calibration import OPEN, REVEALED
from labelwright.store.rows import Rows


def show(site: Site, actor: Actor, slug: str, session_id: str) -> SessionView:
    """One session as the caller may see it; what it tells of others' answers is noted as seen.

    Raises
    ------
    NotFoundError
        If there is none, or the caller may not know of it.
    """
    store, names, people = site.project(slug), site.names(), labelers(site, slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        session = sessions.visible(rows, actor, session_id)
        question = project.question(session.question)
        manages, told = actor.may("project.manage"), session.is_revealed
        items = Items(store, rows, project, question, session, actor, names)
        found = items.all()
        view = SessionView(
            line=line(rows, project, actor, session, names),
            question=questions.view(store, rows, question),
            items=found,
            people=_people(rows, project, session, names, people, manages) if manages or told else [],
            agreement=measuring.of(question, said(rows, session)) if told else None,
            comparison=_comparison(rows, question, session) if told else None,
            may_answer=session.invites(actor) and session.state == OPEN,
            may_manage=manages,
            may_decide=actor.may("review") and session.state == REVEALED,
        )
    exposure.note(store, actor, items.exposed)
    return view


def media(site: Site, actor: Actor, slug: str, session_id: str, place: str) -> shown.Media:
    """The image of an item of a session that the caller may see.

    Raises
    ------
    NotFoundError
        If the caller may not know of the session, it has no such item, or the item no image.
    """
    store = site.project(slug)
    with store.read() as rows:
        access.ready(store, rows)
        return shown.media(store, rows, sessions.visible(rows, actor, session_id).ordinal_at(place))


def said(rows: Rows, session: Session) -> list[Said]:
    """All answers of a session, in the order they came, as they are read now; without those of split labels."""
    table = t.calibration_answer
    query = rows.select(table.c.ordinal, table.c.person_id, table.c.answer).where(table.c.session_id == session.id)
    changed = changed_labels(rows, session.question)
    return [
        Said(row.ordinal, row.person_id, answer)
        for row in rows.all(query.order_by(table.c.seq))
        if (answer := changed.current(row.answer)) is not None
    ]


def _people(
    rows: Rows, project: Project, session: Session, names: Names, people: dict[str, str], manages: bool
) -> list[ParticipantView]:
    """Those who are asked, and those who answered and are asked no more, by name."""
    done = counts(rows, session)
    asked = session.people or tuple(people)
    expected = trainings.expected_answers(rows, session.question, session.items) if session.is_training else {}

    def one(person_id: str) -> ParticipantView:
        if not session.is_training or not manages:
            return ParticipantView(person_id, name_of(names, person_id), done[person_id], None, None)
        own = own_answers(rows, session, person_id)
        found = trainings.result(project, session.question, expected, own, session.pass_mark or 1.0)
        right = Figure.of(wilson(found.n_right, found.n_answered)) if found.n_answered else None
        return ParticipantView(person_id, name_of(names, person_id), done[person_id], as_view(found), right)

    return sorted((one(person) for person in {*asked, *done}), key=lambda who: who.name)


def _comparison(rows: Rows, question: Question, session: Session) -> Comparison | None:
    if session.repeats is None:
        return None
    earlier = next(one for one in sessions.all_of(rows) if one.id == session.repeats)
    changed = measuring.changes(question, said(rows, earlier), said(rows, session))
    return Comparison(earlier.id, earlier.number, earlier.title, changed)
