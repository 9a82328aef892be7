"""Figures about a project that many pages show: the worker's state, one's own progress."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func

from labelwright.engine.heartbeat import live_workers
from labelwright.engine.predicting import ShardsDone, how_far
from labelwright.engine.runner import FAILED, RUNNING, WAITING
from labelwright.services.people.roles import Actor
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWERING, REPEAT
from labelwright.store.rows import Rows

PACE_SECONDS, PACE_BINS = 300, 12
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class RunningView:
    """What the worker does for a project, or did last.

    Attributes
    ----------
    state : str
        "idle", "waiting", "running", "failed" or "no-worker".
    shards : ShardsDone, optional
        How far it is, while it predicts a large pool.
    """

    state: str
    step: str | None = None
    since: str | None = None
    n_labels: int | None = None
    error: str | None = None
    last_published: str | None = None
    shards: ShardsDone | None = None


@dataclass(frozen=True)
class Mine:
    """The caller's own progress; items answered, whatever the number of questions."""

    today: int
    total: int
    seconds_median: float | None
    pace: list[int]


def running(site: Site, store: ProjectStore) -> RunningView:
    """What the worker does for this project, or did last."""
    cycle, ranking = t.cycle, t.ranking
    with store.read() as rows:
        project = store.row(rows)
        newest = rows.first(rows.select(cycle).order_by(cycle.c.id.desc()))
        published = rows.scalar(rows.select(ranking.c.at).where(ranking.c.id == project.ranking_id))
    wants = project.wanted_seq > project.trained_seq or project.awaits_features
    state, error = "idle", None
    if newest is not None and newest.state in (RUNNING, WAITING, FAILED):
        state, error = newest.state, newest.error
    elif wants and project.state == "ready":
        state = WAITING
    if state in (WAITING, RUNNING) and not live_workers(site.store):
        state = "no-worker"
    if newest is None:
        return RunningView(state, last_published=published)
    shards = how_far(store, newest.id, newest.step) if state == RUNNING else None
    return RunningView(state, newest.step, newest.started_at, newest.n_labels, error, published, shards)


def mine(rows: Rows, actor: Actor, utc_offset: int = 0) -> Mine:
    """What the caller did today and in all, and the pace of the last hour.

    The day begins at midnight where the clock is ``utc_offset`` minutes ahead of UTC.
    """
    table = t.annotation
    item = func.distinct(table.c.ordinal)
    own = (table.c.person_id == actor.person_id, table.c.standing, table.c.kind.in_(ANSWERING))
    now = time.time()
    midnight = iso(now - (now + 60 * utc_offset) % DAY_SECONDS)
    again = (table.c.person_id == actor.person_id, table.c.kind == REPEAT, table.c.replaces.is_(None))
    repeats, of_today = rows.select(func.count(), of=table).where(*again), table.c.at >= midnight
    total = (rows.scalar(rows.select(func.count(item)).where(*own)) or 0) + (rows.scalar(repeats) or 0)
    today = rows.scalar(rows.select(func.count(item)).where(*own, of_today)) or 0
    today += rows.scalar(repeats.where(of_today)) or 0
    recent = rows.all(
        rows.select(table.c.ordinal, table.c.at, table.c.seconds)
        .where(*own, table.c.at >= iso(now - PACE_SECONDS * PACE_BINS))
        .order_by(table.c.seq.desc())
        .limit(5000)
    )
    pace, seen = [0] * PACE_BINS, set[int]()
    for row in recent:
        age = now - datetime.fromisoformat(row.at).timestamp()
        if row.ordinal not in seen and 0 <= age < PACE_SECONDS * PACE_BINS:
            pace[PACE_BINS - 1 - int(age / PACE_SECONDS)] += 1
        seen.add(row.ordinal)
    by_item: dict[int, float] = {}  # the questions of an item share its seconds
    for row in recent:
        if row.seconds is not None:
            by_item[row.ordinal] = by_item.get(row.ordinal, 0.0) + row.seconds
    seconds = sorted(by_item.values())
    return Mine(today, total, seconds[len(seconds) // 2] if seconds else None, pace)
