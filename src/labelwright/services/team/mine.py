"""What a person may know of their own work.

Figures are those of finished days, and quality is told in spans of twenty comparisons: a figure that moved with a
single answer would tell which kind of item it was about, such as one of the reserve or one whose answer is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.engine.gold import known_answers
from labelwright.engine.project import Question
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.team.figure import FigureView
from labelwright.services.team.over_time import Span, spans
from labelwright.services.team.pace import HOUR, item_seconds, median_seconds
from labelwright.services.team.said import Bools, Said, read
from labelwright.services.team.skill import Known, agreements, gold_accuracy
from labelwright.store.clock import today
from labelwright.store.record.standing import REPEAT
from labelwright.words import Reason

ENOUGH: Final = 20  # comparisons from which a person is told a figure of quality
NOT_YET: Final = Reason("feedback-later")


@dataclass(frozen=True)
class OwnWork:
    """A person's own figures.

    Attributes
    ----------
    until : str
        The day before which answers count for all but ``n_items``, ``n_skipped`` and ``n_flagged``.
    n_items, n_skipped, n_flagged : int
        Items answered and set aside, until now.
    hours : float
    seconds : FigureView
        The median for an item.
    agreement : FigureView
        With others, of items that nobody chose.
    gold : FigureView, optional
        The accuracy on known answers; None where the lead does not let people know which they are.
    over_time : list of Span
    """

    until: str
    n_items: int
    n_skipped: int
    n_flagged: int
    hours: float
    seconds: FigureView
    agreement: FigureView
    gold: FigureView | None
    over_time: list[Span]


def show(site: Site, actor: Actor, slug: str) -> OwnWork:
    """The caller's own figures about the primary question."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        known: Known = known_answers(rows, project.primary.id) if project.quality.feedback else {}
    said, head = read(site, store)
    until = today().isoformat()
    key = ("mine", store.project_id, head, until, actor.person_id)
    found: OwnWork = site.cache.get(
        key, lambda: _own_work(said, project.primary, known, project.quality.feedback, actor.person_id, until)
    )
    return found


def _own_work(said: Said, question: Question, known: Known, tells: bool, person: str, until: str) -> OwnWork:
    own, finished = said.own(person), said.day < until if len(said.seq) else np.zeros(0, dtype=bool)
    now, again = own & said.standing, own & (said.kind == REPEAT)  # a repeat counts: it looks like any other item
    return OwnWork(
        until=until,
        n_items=len(np.unique(said.ordinal[now & said.answering])) + len(np.unique(said.ordinal[again])),
        n_skipped=int((now & (said.kind == "skip")).sum()),
        n_flagged=int((now & (said.kind == "flag")).sum()),
        hours=float(np.nansum(said.seconds[own & finished])) / HOUR,
        seconds=median_seconds(item_seconds(said, own & finished)[1]),
        agreement=_agreement(said, question, person, finished),
        gold=_once_enough(gold_accuracy(said, question, known, own & finished)) if tells else None,
        over_time=[_told(span, tells) for span in spans(said, question, known, own, among=finished, at_least=ENOUGH)],
    )


def _agreement(said: Said, question: Question, person: str, finished: Bools) -> FigureView:
    found = agreements(said, question, finished).get(person)
    return FigureView.none(NOT_YET) if found is None else _once_enough(FigureView.of(found.estimate, found.reason))


def _once_enough(figure: FigureView) -> FigureView:
    return figure if figure.n >= ENOUGH else FigureView.none(NOT_YET)


def _told(span: Span, tells: bool) -> Span:
    """Without what the person may not know."""
    gold = span.gold if tells else FigureView.none(NOT_YET)
    return Span(span.since, span.until, span.n_items, span.seconds, span.agreement, gold)
