"""Who gets which item: slots of the published ranking in their order, by the pure function `assign`."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from labelwright.engine import answers, features, heads
from labelwright.engine.cycle import Cycle
from labelwright.engine.project import Project
from labelwright.plain import JsonObject
from labelwright.policy import Head, Rules, assign, kinds
from labelwright.services.labeling import leases
from labelwright.services.labeling.leases import Lease, Slot
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.site import Site
from labelwright.services.steering import figures
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWER, ANSWERING
from labelwright.store.rows import Rows

PAGE_SLOTS = 200


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
        A code: "done", "all-leased", "next-ranking", "not-yours", "paused", "archived" or "starting".
    """

    leases: list[LeaseView]
    ranking: str | None
    left: int
    empty_because: str | None


def take(site: Site, actor: Actor, slug: str, *, n: int, similar: bool = False) -> Work:
    """The caller's live leases first, which then last longer, and new ones up to n, in the published order."""
    store = site.project(slug)
    with store.stage() as rows:
        project = access.ready(store, rows)
        row = project.row
        leases.expire(rows, time.time())
        until = time.time() + leases.seconds_for(rows, actor, n)
        own = leases.extend(rows, leases.live_of(rows, actor, grid=similar)[:n], until)
        short = n - len(own)
        if short > 0 and row.state == "ready" and row.ranking_id is not None:
            queue = _Queue(store, rows, project, actor, grid=similar)
            slots = queue.alike(own, short) if similar else queue.open(short)
            own += leases.grant(rows, actor, row.ranking_id, slots, until, grid=similar)
    with store.read() as rows:
        listed = _views(store, rows, project, actor, own)
        n_leased = 0 if own else leases.count_live(rows)
    empty = None if own else _why_empty(project, figures.counts(site, store).left, n_leased)
    return Work(listed, row.ranking_id, figures.left(site, store), empty)


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
            answered.setdefault(row.ordinal, {})[row.question_id] = OwnAnswer(row.id, row.answer)
    questions = tuple(question.id for question in project.questions)
    return [
        LeaseView(
            lease.id, items[lease.ordinal], project.primary.id, questions, answered.get(lease.ordinal, {}),
            iso(lease.expires_at),
        )
        for lease in own
        if lease.ordinal in items
    ]  # fmt: skip


class _Queue:
    """Open slots that the caller may get, page by page."""

    def __init__(self, store: ProjectStore, rows: Rows, project: Project, actor: Actor, *, grid: bool) -> None:
        self._store, self._rows, self._project, self._actor = store, rows, project, actor
        self._excluded = frozenset(kind.name for kind in kinds.all() if not kind.in_grid) if grid else frozenset[str]()
        self._n_slots: int | None = None

    def open(self, n: int) -> list[Slot]:
        """The first ``n`` in the published order; where they are too few, what came back since they were ranked."""
        found: list[Slot] = []
        position = -1
        while len(found) < n:
            page = self._page(position)
            if not page:
                if not self._refill():
                    break
                continue
            position = page[-1].position
            found += self._assigned(page, n - len(found))
        else:
            return found
        returned = leases.ended_outside(self._rows, str(self._project.row.ranking_id))
        for start in range(0, len(returned), PAGE_SLOTS):
            found += self._assigned(returned[start : start + PAGE_SLOTS], n - len(found))
            if len(found) == n:
                break
        return found

    def alike(self, own: list[Lease], n: int) -> list[Slot]:
        """Those of the head most alike to the first one that the caller may get; the first ones without features."""
        if self._project.row.awaits_features:
            return self.open(n)
        wide = self.open(heads.HEAD_SLOTS)
        if not wide:
            return []
        cycle = Cycle(self._store, self._project.row.cycle)
        revision = cycle.inputs.revision
        ordinals = np.array([slot.ordinal for slot in wide], dtype=np.int64)
        centre = np.array([own[0].ordinal if own else wide[0].ordinal], dtype=np.int64)
        apart = features.rows_of(self._store, revision, ordinals) - features.rows_of(self._store, revision, centre)
        order = np.argsort((apart**2).sum(axis=1), kind="stable")[:n]
        return [wide[int(k)] for k in order]

    def _assigned(self, page: list[Slot], n: int) -> list[Slot]:
        rows = self._rows
        ordinals = [slot.ordinal for slot in page]
        lent = leases.of_items(rows, self._actor, ordinals)
        done = answers.people_done(rows, self._project.required, ordinals)
        answered = [(ordinal, person, ANSWER) for ordinal, people in done.complete.items() for person in sorted(people)]
        head = Head(np.array(ordinals, dtype=np.int64), np.array([slot.kind for slot in page]))
        rules = Rules(overlap=self._project.policy.overlap, limit=n, exclude_kinds=self._excluded)
        positions = assign(head, self._actor.person_id, lent.live, answered + done.set_aside, rules)
        return [replace(page[k], earlier=lent.earlier.get(page[k].ordinal)) for k in positions]

    def _page(self, after: int) -> list[Slot]:
        slot = t.slot
        return [
            Slot(*row)
            for row in self._rows.all(
                self._rows.select(slot.c.position, slot.c.ordinal, slot.c.kind, slot.c.propensity)
                .where(
                    slot.c.ranking_id == self._project.row.ranking_id, slot.c.position > after,
                    slot.c.done == False,  # noqa: E712
                    slot.c.ordinal.not_in(self._rows.select(t.exclusion.c.ordinal)),
                )
                .order_by(slot.c.position)
                .limit(PAGE_SLOTS)
            )
        ]  # fmt: skip

    def _refill(self) -> bool:
        """Bring in the next slots of the ranking from its file, also where all of the head are answered."""
        rows, slot, ranking_id = self._rows, t.slot, self._project.row.ranking_id
        if self._n_slots is None:
            self._n_slots = int(rows.scalar(rows.select(t.ranking.c.n_slots).where(t.ranking.c.id == ranking_id)) or 0)
        last = rows.scalar(
            rows.select(slot.c.position)
            .where(slot.c.ranking_id == ranking_id)
            .order_by(slot.c.position.desc())
            .limit(1)
        )
        start = -1 if last is None else int(last)
        if start + 1 >= self._n_slots:
            return False
        cycle = Cycle(self._store, self._project.row.cycle)
        heads.fill(rows, heads.Part.read(cycle, str(ranking_id), start=start + 1))
        return True


def _why_empty(project: Project, left: int, n_leased: int) -> str:
    if project.row.state != "ready":
        return project.row.state
    if project.row.ranking_id is None:
        return "starting"
    if not left:
        return "done"
    if n_leased:
        return "all-leased"
    return "next-ranking" if project.row.wanted_seq > project.row.trained_seq else "not-yours"
