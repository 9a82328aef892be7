"""The items of a session with what the caller may see of each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from labelwright.engine.differing import differ
from labelwright.engine.gold import KnownAnswer, known_answers
from labelwright.engine.pinned import pinned
from labelwright.engine.project import Project, Question
from labelwright.services.calibration.listing import Names, name_of
from labelwright.services.calibration.sessions import Session
from labelwright.services.calibration.views import DecisionView, OwnAnswer, SaidView, SessionItem
from labelwright.services.labeling import leases
from labelwright.services.labeling.feedback import KnownView
from labelwright.services.people.roles import Actor
from labelwright.services.projects import shown
from labelwright.services.projects.described import describe_answer
from labelwright.services.projects.shown import ItemView
from labelwright.services.quality import comments
from labelwright.services.quality.comments import CommentView
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import AnyRow, Rows


class Items:
    """Makes the views of one session's items for one person."""

    def __init__(
        self, store: ProjectStore, rows: Rows, project: Project, question: Question, session: Session, actor: Actor,
        names: Names,
    ) -> None:  # fmt: skip
        self._store, self._rows, self._project, self._question = store, rows, project, question
        self._session, self._actor, self._names = session, actor, names
        self._told = session.is_revealed
        table = t.calibration_answer
        answers = rows.all(rows.select(table).where(table.c.session_id == session.id).order_by(table.c.seq))
        if not self._told:  # what others said is not even read
            answers = [row for row in answers if row.person_id == actor.person_id]
        self._answers: dict[int, list[AnyRow]] = defaultdict(list)
        for row in answers:
            self._answers[row.ordinal].append(row)
        self._notes = store.unseal_all(rows, [row.note_id for row in answers if row.note_id is not None])
        tells = self._told or session.is_training
        self._held = leases.leased_to(rows, actor, session.items) if tells else set()
        self._told_of = session.items if self._told else [o for o in self._answers if session.is_training]

    @property
    def exposed(self) -> list[int]:
        """The items of which the caller sees what others said, or the right answer."""
        return [ordinal for ordinal in self._told_of if ordinal not in self._held]

    def all(self) -> list[SessionItem]:
        """All items, in their order."""
        manages = self._actor.may("project.manage")
        known = known_answers(self._rows, self._question.id) if manages or self._session.is_training else {}
        examples = pinned(self._rows) if manages else set()
        views, decisions, talk = self._views(), self._decisions(), self._comments()
        made = []
        for k, ordinal in enumerate(self._session.items, 1):
            answers, hidden = self._answers[ordinal], ordinal in self._held
            own = next((row for row in answers if row.person_id == self._actor.person_id), None)
            one = known.get((ordinal, self._question.id))
            open_ = self._told and not hidden
            made.append(
                SessionItem(
                    str(k), views[ordinal], None if own is None else self._own(own),
                    self._known(one, own) if self._session.is_training and not hidden else None, hidden,
                    open_ and any(differ(self._question, answers[0].answer, row.answer) for row in answers[1:]),
                    [self._said(row) for row in answers] if open_ else [],
                    decisions.get(ordinal) if open_ else None, talk[ordinal] if open_ else [],
                    manages and one is not None and not hidden, ordinal in examples,
                )
            )  # fmt: skip
        return made

    def _known(self, found: KnownAnswer | None, own: AnyRow | None) -> KnownView | None:
        """The right answer, once the caller has given an own one."""
        if found is None or own is None:
            return None
        return KnownView(
            found.answer, describe_answer(self._question, found.answer),
            not differ(self._question, own.answer, found.answer), self._store.unseal(self._rows, found.rule_id),
        )  # fmt: skip

    def _views(self) -> dict[int, ItemView]:
        """Under their places; images come by way of the session."""
        session, slug = self._session, self._store.slug
        places = {ordinal: str(k) for k, ordinal in enumerate(session.items, 1)}
        found = shown.views(self._store, self._rows, self._project, session.items, leases=places)
        base = f"/api/v1/projects/{slug}/calibrations/{session.id}/items"
        return {
            ordinal: view
            if view.content.media is None
            else replace(view, content=replace(view.content, media=f"{base}/{places[ordinal]}/media"))
            for ordinal, view in found.items()
        }

    def _own(self, row: AnyRow) -> OwnAnswer:
        return OwnAnswer(row.answer, describe_answer(self._question, row.answer), self._notes.get(row.note_id))

    def _said(self, row: AnyRow) -> SaidView:
        return SaidView(
            name_of(self._names, row.person_id), row.person_id, row.answer,
            describe_answer(self._question, row.answer), self._notes.get(row.note_id), row.seconds,
        )  # fmt: skip

    def _decisions(self) -> dict[int, DecisionView]:
        table = t.calibration_decision
        if not self._told:
            return {}
        return {
            row.ordinal: DecisionView(
                row.answer, describe_answer(self._question, row.answer),
                self._store.unseal(self._rows, row.reason_id), name_of(self._names, row.person_id), row.at,
            )
            for row in self._rows.all(self._rows.select(table).where(table.c.session_id == self._session.id))
        }  # fmt: skip

    def _comments(self) -> dict[int, list[CommentView]]:
        """By ordinal; an ordinal is hidden in what goes out, as a place is all that people know."""
        found: dict[int, list[CommentView]] = defaultdict(list)
        if self._told:
            for one in comments.of(self._store, self._rows, self._session.id, self._names):
                if one.ordinal is not None:
                    found[one.ordinal].append(replace(one, ordinal=None))
        return found
