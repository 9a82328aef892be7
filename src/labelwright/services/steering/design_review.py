"""A reminder for the lead: every so many rounds, look at the criterion of doubt, the dial and the stop rules."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func

from labelwright.engine.project import Project
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.steering import criteria, spread
from labelwright.services.stopping import advice
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.rounds import DesignReviewed
from labelwright.store.rows import AnyRow, Rows


@dataclass(frozen=True)
class Part:
    """One thing to look at.

    Attributes
    ----------
    name : str
        "criterion", "dial" or "stop".
    sentences : list of str
        What the data say about it.
    """

    name: str
    sentences: list[str]


@dataclass(frozen=True)
class DesignReview:
    """Whether it is time to look, and what the data say.

    Attributes
    ----------
    every : int
        Rounds between two reviews; 0 for never.
    rounds : int
        Ended since the last review.
    last_at : str, optional
        When somebody looked last.
    """

    every: int
    rounds: int
    due: bool
    last_at: str | None
    parts: list[Part]


@dataclass(frozen=True)
class Window:
    """The rounds that are looked at.

    Attributes
    ----------
    from_seq : int
        Answers after this event are of them.
    cycle : int, optional
        The model that served when they began.
    """

    from_seq: int
    cycle: int | None


def show(site: Site, actor: Actor, slug: str) -> DesignReview:
    """What the data say about how items are chosen, over the rounds since the last review."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        last = _last(rows)
        n_rounds = _ended(rows) - (0 if last is None else int(last.data["rounds"]))
        window = _window(rows, project.quality.remind_rounds, n_rounds)
    every = project.quality.remind_rounds
    due = bool(every) and n_rounds >= every
    key = ("design", store.project_id, project.row.cycle, window)
    parts: list[Part] = site.cache.get(key, lambda: _parts(store, project, window))
    stop = advice.show(site, actor, slug)
    said = [
        stop.text,
        *([] if stop.forecast is None else [stop.forecast.text]),
        *(f"{rule.rule.capitalize()}: {rule.text}" for rule in stop.rules),
    ]
    return DesignReview(every, n_rounds, due, None if last is None else last.at, [*parts, Part("stop", said)])


def record(site: Site, actor: Actor, slug: str, note: str = "") -> DesignReview:
    """Record that the actor has looked; the reminder begins anew.

    Raises
    ------
    ConflictError
        If the project is archived.
    """
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        sealed = transaction.seal(note) if note else None
        body = DesignReviewed(project.primary.id, _ended(transaction.rows), sealed)
        transaction.record(body, actor=actor.person_id)
    return show(site, actor, slug)


def _parts(store: ProjectStore, project: Project, window: Window) -> list[Part]:
    doubts = [*criteria.on_reserve(store, project), *criteria.as_asked(store, project, window.cycle, window.from_seq)]
    return [Part("criterion", doubts), Part("dial", spread.of_chosen(store, project, window.from_seq))]


def _ended(rows: Rows) -> int:
    table = t.round_
    return int(rows.scalar(rows.select(func.count(), of=table).where(table.c.state == "ended")) or 0)


def _last(rows: Rows) -> AnyRow | None:
    table = t.decision
    return rows.first(
        rows.select(table.c.data, table.c.at).where(table.c.kind == DesignReviewed.kind).order_by(table.c.seq.desc())
    )


def _window(rows: Rows, every: int, n_rounds: int) -> Window:
    """The ended rounds since the last review, or as many as lie between two reviews where there are fewer."""
    table = t.round_
    found = rows.all(
        rows.select(table.c.from_seq, table.c.outcome)
        .where(table.c.state == "ended")
        .order_by(table.c.number.desc())
        .limit(max(n_rounds, every, 1))
    )
    return Window(found[-1].from_seq, found[-1].outcome["cycle_before"]) if found else Window(0, None)
