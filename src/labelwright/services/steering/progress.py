"""Where a project stands, and changes as they happen."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass

from sqlalchemy import func

from labelwright.engine.contents import current_bodies
from labelwright.engine.goals import RECALL
from labelwright.engine.project import Project
from labelwright.loop.steps import ENOUGH
from labelwright.policy.kinds.reserve import Reserve
from labelwright.services.bridges import state as bridges
from labelwright.services.labeling import leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects import goal as goals
from labelwright.services.projects.goal import GoalView
from labelwright.services.site import Site
from labelwright.services.site.waiting import Waiting
from labelwright.services.steering import control, counting, curves, estimates, falls, figures, source
from labelwright.services.steering.counting import Counts
from labelwright.services.steering.estimates import CurvePoint, EstimateView
from labelwright.services.steering.figures import RunningView
from labelwright.services.steering.source import SourceView
from labelwright.services.steering.spending import CostShare, spent
from labelwright.services.webhooks import hooks
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.project import ProjectStore
from labelwright.store.record.label_changes import last_change
from labelwright.store.record.standing import ANSWER, UNDOING
from labelwright.store.rows import Rows
from labelwright.words import Figure, Reason, in_words

NEXT_SLOTS = 12
POLL_SECONDS, PING_SECONDS = 1.0, 15.0


@dataclass(frozen=True)
class PersonAtWork:
    """Somebody who answered within the last hour, or holds a lease."""

    id: str
    name: str
    simulated: bool
    answers: int
    last_at: str | None
    leases: int


@dataclass(frozen=True)
class NextItem:
    """One of the next slots."""

    position: int
    kind: str
    item_id: str
    key: str
    preview: str
    score: float | None


@dataclass(frozen=True)
class Progress:
    """What the lead opens every morning.

    Attributes
    ----------
    warnings : list of str
        What needs the lead now, such as a figure that fell.
    curve : list of CurvePoint
        All kept models on the reserve labels of today; empty below 30 labels.
    labels_changed_at : str, optional
        When labels were last merged or split: the curve begins anew then.
    baseline : list of EstimateView
        Models of the control arm on the same labels.
    source : SourceView, optional
        What labels of another domain brought, where the project started from some.
    """

    sentence: str
    warnings: list[str]
    metric: str
    higher_is_better: bool
    target: float | None
    curve: list[CurvePoint]
    latest: EstimateView | None
    running: RunningView
    counts: Counts
    cost: list[CostShare]
    people: list[PersonAtWork]
    next: list[NextItem]
    ranking: str | None
    baseline: list[EstimateView]
    labels_changed_at: str | None
    source: SourceView | None


@dataclass(frozen=True)
class Fingerprint:
    """What open pages watch for a change."""

    state: str
    wanted_seq: int = 0
    ranking_id: str | None = None
    n_items: int = 0
    running: str = ""
    step: str | None = None
    shards: int = 0


def show(site: Site, actor: Actor, slug: str) -> Progress:
    """Where things stand: sentence, curve, running work, queue, people, cost."""
    store, names = site.project(slug), site.names()
    with store.read() as rows:
        project = access.ready(store, rows)
        question = project.primary
        latest = estimates.latest(rows, question)
        model = t.model
        trained = rows.scalar(
            rows.select(model.c.n_labels)
            .where(model.c.question_id == question.id)
            .order_by(model.c.cycle.desc())
            .limit(1)
        )
        changed = last_change(rows, question.id, question.schema_version)
        people = _people(rows, names)
        upcoming = _next(store, rows, project, actor) if actor.may("item.read") else []
        cost, of_source = _cost(rows), source.show(store, rows, question.id)
    counted, waiting = counting.counts(site, store), Waiting(store)
    points = waiting.read(lambda: curves.measured(site, store, project).points)
    baseline = waiting.read(lambda: control.measured(site, store, project).points)
    warnings = waiting.read(lambda: falls.reasons(site, store, project))
    with store.read() as rows:
        curve = spent(rows, project, points)
    goal = goals.view(project)
    target = None if goal is None or goal.metric == RECALL else goal.value
    higher = question.task.higher_is_better(question.metric)
    reason = standing(latest, counted, target, higher, int(trained or 0))
    if goal is not None and goal.metric == RECALL:
        reason = Reason("search-standing", {"recall": goal.value, "n_answers": counted.answers, "left": counted.left})
    left = [] if goal is None else left_of(goal, counted.answers)
    return Progress(
        sentence=" ".join(map(in_words, [reason, *left])),
        warnings=[
            in_words(why)
            for why in (*waiting.reasons(), *warnings, *hooks.waiting(site, store), *bridges.waiting(site, slug))
        ],
        metric=question.metric,
        higher_is_better=higher,
        target=target,
        curve=curve,
        latest=latest,
        running=figures.running(site, store),
        counts=counted,
        cost=cost,
        people=people,
        next=upcoming,
        ranking=project.row.ranking_id,
        baseline=baseline,
        labels_changed_at=None if changed is None else changed[1],
        source=of_source,
    )


async def changes(site: Site, actor: Actor, slug: str, gone: Callable[[], Awaitable[bool]]) -> AsyncIterator[str]:
    """Server-sent events: one at the start, one at each change, a comment now and then to keep the line open."""
    last: Fingerprint | None = None
    sent_at = time.monotonic()
    while not await gone():
        state = await asyncio.to_thread(_fingerprint, site, slug)
        if state != last:
            yield f"event: state\ndata: {json.dumps(asdict(state))}\n\n"
            last, sent_at = state, time.monotonic()
        elif time.monotonic() - sent_at > PING_SECONDS:
            yield ": still here\n\n"
            sent_at = time.monotonic()
        await asyncio.sleep(POLL_SECONDS)


def standing(
    latest: EstimateView | None, counted: Counts, target: float | None, higher: bool, trained: int = 0
) -> Reason:
    """Where things stand; ``trained`` counts labels that came with the data too."""
    n_labels = max(counted.labeled, trained)
    if latest is None:
        nothing = not n_labels and not counted.answers
        return Reason("progress-empty") if nothing else Reason("progress-unmeasured", {"n_labels": n_labels})
    if not latest.enough:
        figures = {"n_labels": n_labels, "n_reserve": latest.n, "min_reserve": ENOUGH}
        return Reason("progress-too-few", figures)
    measured: dict[str, Figure] = {
        "metric": latest.metric, "value": latest.value, "low": latest.low, "high": latest.high,
        "n_labels": latest.n_labels, "n_reserve": latest.n,
    }  # fmt: skip
    if target is None:
        return Reason("progress-measured", measured)
    reached = latest.low >= target if higher else latest.high <= target
    return Reason("progress-target-reached" if reached else "progress-target-open", {**measured, "target": target})


def left_of(goal: GoalView, n_answers: int) -> list[Reason]:
    """What is left of a goal's budget and time."""
    left: list[Reason] = []
    if goal.budget is not None:
        spent: dict[str, Figure] = {"n_answers": n_answers, "budget": goal.budget}
        left.append(Reason("goal-budget" if n_answers < goal.budget else "goal-budget-spent", spent))
    if goal.deadline is not None and goal.days_left is not None:
        days: dict[str, Figure] = {"deadline": goal.deadline.isoformat(), "days": abs(goal.days_left)}
        word = "today" if goal.days_left == 0 else "ahead" if goal.days_left > 0 else "past"
        left.append(Reason(f"goal-deadline-{word}", days))
    return left


def _cost(rows: Rows) -> list[CostShare]:
    table = t.annotation
    found = rows.all(
        rows.select(table.c.slot_kind, func.count(), func.coalesce(func.sum(table.c.seconds), 0.0))
        .where(table.c.kind.not_in(UNDOING))
        .group_by(table.c.slot_kind)
        .order_by(table.c.slot_kind)
    )
    return [CostShare(kind or "other", n, float(seconds), kind == Reserve.name) for kind, n, seconds in found]


def _people(rows: Rows, names: dict[str, tuple[str, bool]]) -> list[PersonAtWork]:
    table, lease, hour_ago = t.annotation, t.lease, iso(time.time() - 3600)
    worked = {
        row.person_id: row
        for row in rows.all(
            rows.select(table.c.person_id, func.count().label("n"), func.max(table.c.at).label("at"))
            .where(table.c.kind == ANSWER, table.c.at >= hour_ago)
            .group_by(table.c.person_id)
        )
    }
    held = {
        person: n
        for person, n in rows.all(
            rows.select(lease.c.person_id, func.count())
            .where(lease.c.state == leases.LIVE, lease.c.expires_at > time.time())
            .group_by(lease.c.person_id)
        )
    }
    return [
        PersonAtWork(
            who, *_name(names, who), worked[who].n if who in worked else 0,
            worked[who].at if who in worked else None, held.get(who, 0),
        )
        for who in sorted(worked.keys() | held.keys())
    ]  # fmt: skip


def _name(names: dict[str, tuple[str, bool]], who: str) -> tuple[str, bool]:
    return names.get(who, (who, False))


def _next(store: ProjectStore, rows: Rows, project: Project, actor: Actor) -> list[NextItem]:
    """The next slots, without those leased to the caller: their kind would tell what they are for."""
    slot, item = t.slot, t.item
    found = rows.all(
        rows.select(slot.c.position, slot.c.kind, slot.c.ordinal, slot.c.score, item.c.key)
        .where(
            item.c.ordinal == slot.c.ordinal, slot.c.ranking_id == project.row.ranking_id,
            slot.c.done == False,  # noqa: E712
        )
        .order_by(slot.c.position)
        .limit(2 * NEXT_SLOTS)
    )  # fmt: skip
    own = leases.leased_to(rows, actor, [row.ordinal for row in found])
    found = [row for row in found if row.ordinal not in own][:NEXT_SLOTS]
    ordinals = [row.ordinal for row in found]
    contents = current_bodies(rows, ordinals)
    return [
        NextItem(
            row.position + 1, row.kind, shown.item_id_of(row.ordinal), row.key,
            shown.preview(store, project, row.ordinal, contents[row.ordinal]), row.score,
        )
        for row in found
    ]  # fmt: skip


def _fingerprint(site: Site, slug: str) -> Fingerprint:
    store = site.project(slug)
    with store.read() as rows:
        row = store.row_if_any(rows)
    if row is None:
        return Fingerprint("importing")
    running = figures.running(site, store)
    return Fingerprint(
        row.state, row.wanted_seq, row.ranking_id, row.n_items, running.state, running.step,
        0 if running.shards is None else running.shards.done,
    )  # fmt: skip
