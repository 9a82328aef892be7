"""Who gets which item: slots of the published ranking in their order, by the pure function `assign`."""

from __future__ import annotations

import time
from dataclasses import dataclass

from labelwright.engine.project import Project
from labelwright.plain import JsonObject
from labelwright.services.labeling import checks, empty, leases
from labelwright.services.labeling.empty import Waiting
from labelwright.services.labeling.leases import Lease
from labelwright.services.labeling.limits import Limits
from labelwright.services.labeling.open_slots import OpenSlots
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.site import Site
from labelwright.services.steering import counting
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class OwnAnswer:
    """The caller's answer so far to one question of an item."""

    id: str
    answer: JsonObject


@dataclass(frozen=True)
class LeaseView:
    """An item lent to the caller, with the questions that are asked about it.

    Attributes
    ----------
    question : str
        The primary question, for clients that know only one.
    answered : mapping of str to OwnAnswer
        By question, the caller's answers so far.
    """

    id: str
    item: shown.ItemView
    question: str
    questions: tuple[str, ...]
    answered: dict[str, OwnAnswer]
    expires_at: str


@dataclass(frozen=True)
class Work:
    """The caller's live leases.

    Attributes
    ----------
    left : int
        Items without an answer.
    empty_because : str, optional
        A code: "done", "all-leased", "next-ranking", "not-yours", "paused", "archived", "starting", "training",
        "you-paused", "day-done" or "awaiting-approval".
    empty : Waiting
        The figures of that reason.
    """

    leases: list[LeaseView]
    ranking: str | None
    left: int
    empty_because: str | None
    empty: Waiting | None


def take(site: Site, actor: Actor, slug: str, *, n: int, similar: bool = False) -> Work:
    """The caller's live leases first, which then last longer, and new ones up to n, in the published order."""
    store = site.project(slug)
    with store.lend() as rows:
        project = access.ready(store, rows)
        row = project.row
        leases.expire(rows, time.time())
        until = time.time() + leases.seconds_for(rows, actor, n)
        own = leases.extend(rows, leases.live_of(rows, actor, grid=similar)[:n], until)
        short = n - len(own)
        limits = Limits.of(rows, project, actor)
        if short > 0 and row.state == "ready" and row.ranking_id is not None and limits.refused is None:
            queue = OpenSlots(store, rows, project, actor, limits, grid=similar)
            short = limits.at_most(short)
            slots = queue.alike(own, short) if similar else checks.mixed_in(rows, project, actor, queue, short)
            own += leases.grant(rows, actor, row.ranking_id, slots, until, grid=similar)
    listed, waiting = list[LeaseView](), None
    if own:
        with store.look() as rows:
            listed = _views(store, rows, project, actor, own)
    else:
        with store.read() as rows:
            waiting = empty.waiting(rows, project, actor)
    because = None
    if waiting is not None:
        because = empty.why(project, limits, counting.counts(site, store).left, waiting)
    return Work(listed, row.ranking_id, counting.left(site, store, row.n_items), because, waiting)


def _views(store: ProjectStore, rows: Rows, project: Project, actor: Actor, own: list[Lease]) -> list[LeaseView]:
    tokens = {lease.ordinal: lease.id for lease in own}
    items = shown.views(store, rows, project, list(tokens), leases=tokens)
    table = t.annotation
    answered: dict[int, dict[str, OwnAnswer]] = {}
    if len(project.questions) > 1:
        for row in rows.all(
            rows.select(table.c.ordinal, table.c.question_id, table.c.id, table.c.answer).where(
                table.c.ordinal.in_(list(tokens)), table.c.person_id == actor.person_id, table.c.standing,
                table.c.kind.in_(ANSWERING),
            )
        ):  # fmt: skip
            said = project.question(row.question_id).task.current(row.answer) or row.answer
            answered.setdefault(row.ordinal, {})[row.question_id] = OwnAnswer(row.id, said)
    questions = tuple(question.id for question in project.questions)
    return [
        LeaseView(
            lease.id, items[lease.ordinal], project.primary.id, questions, answered.get(lease.ordinal, {}),
            iso(lease.expires_at),
        )
        for lease in own
        if lease.ordinal in items
    ]  # fmt: skip
