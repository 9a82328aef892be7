"""Figures about a project that many pages show: counts, the worker's state, one's own progress."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from sqlalchemy import func

from labelwright.engine import answers, done
from labelwright.engine.gold import known_answers
from labelwright.engine.heartbeat import live_workers
from labelwright.engine.layout import OPEN_RESERVE, POOL, SEALED, SOURCE, layout
from labelwright.engine.pinned import pinned
from labelwright.engine.predicting import ShardsDone, how_far
from labelwright.engine.project import load
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
class Counts:
    """How many items and answers there are; excluded items are left out of all but ``excluded``.

    Attributes
    ----------
    labeled, reserve_labeled : int
        Items of the pool, and of the reserve, with an answer to a question or labels of the data that count.
    left : int
        Items without an answer to all required questions.
    source : int
        Labeled items of another domain that the model may learn from; they are in no other count.
    """

    items: int
    pool: int
    reserve: int
    labeled: int
    reserve_labeled: int
    answers: int
    skipped: int
    flagged: int
    duplicates: int
    excluded: int
    left: int
    source: int = 0


@dataclass(frozen=True)
class _OfItems:
    pool: int
    reserve: int
    duplicates: int
    source: int


@dataclass(frozen=True)
class _OfAnswers:
    labeled: int
    reserve_labeled: int
    complete: int
    answers: int
    skipped: int
    flagged: int
    excluded: int
    excluded_pool: int
    excluded_source: int
    no_work: int


@dataclass(frozen=True)
class _GivenItems:
    """Items that labels of the data answer, sorted, and which of them are in the pool."""

    item_idx: npt.NDArray[np.int64]
    is_pool: npt.NDArray[np.bool_]


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


NO_COUNTS = Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def counts(site: Site, store: ProjectStore) -> Counts:
    """How many items and answers there are, counted once for each state of the record."""
    with store.read() as rows:
        project, head = store.row(rows), store.head_seq(rows)
    of_items: _OfItems = site.cache.get(
        ("items", store.project_id, project.n_items), lambda: _count_items(store, project.n_items)
    )
    given: _GivenItems = site.cache.get(
        ("given", store.project_id, project.n_items), lambda: _given_items(store, project.n_items)
    )
    found: _OfAnswers = site.cache.get(
        ("answers", store.project_id, head), lambda: _count_answers(store, project.n_items, given)
    )
    pool, total = of_items.pool - found.excluded_pool, of_items.pool + of_items.reserve - found.excluded
    return Counts(
        items=total, pool=pool, reserve=total - pool, labeled=found.labeled, reserve_labeled=found.reserve_labeled,
        answers=found.answers, skipped=found.skipped, flagged=found.flagged, duplicates=of_items.duplicates,
        excluded=found.excluded, left=total - found.complete - found.no_work,
        source=of_items.source - found.excluded_source,
    )  # fmt: skip


def left(site: Site, store: ProjectStore) -> int:
    """How many items have no answer; up to ten seconds old, for what is asked many times a second."""
    key = ("left", store.project_id, int(time.time() / 10))
    return int(site.cache.get(key, lambda: counts(site, store).left))


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


def _count_items(store: ProjectStore, n_items: int) -> _OfItems:
    """What changes only when rows are added."""
    item = t.item
    with store.read() as rows:
        of_split = rows.select(item.c.split, func.count()).where(item.c.ordinal < n_items).group_by(item.c.split)
        splits = {split: n for split, n in rows.all(of_split)}
        sizes = (
            rows.select(func.count().label("n"), of=item)
            .where(item.c.ordinal < n_items)
            .group_by(item.c.dup_group)
            .having(func.count() > 1)
        )
        duplicates = sum(rows.scalars(sizes))
    reserve = splits.get(OPEN_RESERVE, 0) + splits.get(SEALED, 0)
    return _OfItems(splits.get(POOL, 0), reserve, duplicates, splits.get(SOURCE, 0))


def _given_items(store: ProjectStore, n_items: int) -> _GivenItems:
    with store.read() as rows:
        where = layout(store, rows, n_items)
        item_idx = answers.labeled_by_data(rows, where, load(store, rows).required)
    return _GivenItems(item_idx, where.split[item_idx] == POOL)


def _count_answers(store: ProjectStore, n_items: int, given: _GivenItems) -> _OfAnswers:
    """What changes with every annotation."""
    item, annotation, exclusion = t.item, t.annotation, t.exclusion
    with store.read() as rows:
        project = load(store, rows)
        gone = rows.select(exclusion.c.ordinal)
        answered = {
            split: n
            for split, n in rows.all(
                rows.select(item.c.split, func.count(func.distinct(annotation.c.ordinal)))
                .where(
                    item.c.ordinal == annotation.c.ordinal, annotation.c.standing, annotation.c.kind.in_(ANSWERING),
                    annotation.c.ordinal.not_in(gone),
                )
                .group_by(item.c.split)
            )
        }  # fmt: skip
        kinds = {
            kind: n
            for kind, n in rows.all(
                rows.select(annotation.c.kind, func.count()).where(annotation.c.standing).group_by(annotation.c.kind)
            )
        }
        excluded = {
            split: n
            for split, n in rows.all(
                rows.select(item.c.split, func.count())
                .where(item.c.ordinal == exclusion.c.ordinal, item.c.ordinal < n_items)
                .group_by(item.c.split)
            )
        }
        complete = sum(answered.values())
        if len(project.questions) > 1:
            wanted = set(rows.scalars(rows.select(func.distinct(annotation.c.ordinal)).where(annotation.c.standing)))
            wanted -= set(rows.scalars(gone))
            complete = len(done.people_done(rows, project.required, sorted(wanted)).complete)
        no_work = _count_no_work(rows, given)
        of_data = given.is_pool[:0]
        if len(given.item_idx):
            said = (annotation.c.standing, annotation.c.kind.in_(ANSWERING))
            by_people = rows.scalars(rows.select(func.distinct(annotation.c.ordinal)).where(*said)).all()
            elsewhere = np.array([*by_people, *rows.scalars(gone).all()], dtype=np.int64)
            of_data = given.is_pool[~np.isin(given.item_idx, elsewhere)]
    n_pool = int(of_data.sum())
    return _OfAnswers(
        labeled=answered.get(POOL, 0) + n_pool,
        reserve_labeled=answered.get(OPEN_RESERVE, 0) + answered.get(SEALED, 0) + len(of_data) - n_pool,
        complete=complete + len(of_data),
        answers=sum(kinds.get(kind, 0) for kind in ANSWERING),
        skipped=kinds.get("skip", 0),
        flagged=kinds.get("flag", 0),
        excluded=sum(n for split, n in excluded.items() if split != SOURCE),
        excluded_pool=excluded.get(POOL, 0),
        excluded_source=excluded.get(SOURCE, 0),
        no_work=no_work,
    )


def _count_no_work(rows: Rows, given: _GivenItems) -> int:
    """Items that nobody is asked about and nobody has answered: their answer is known, or shown as an example."""
    annotation = t.annotation
    kept = ({ordinal for ordinal, _ in known_answers(rows)} | pinned(rows)) - set(given.item_idx.tolist())
    kept -= set(rows.scalars(rows.select(t.exclusion.c.ordinal).where(t.exclusion.c.ordinal.in_(kept))))
    said = rows.select(annotation.c.ordinal).where(
        annotation.c.ordinal.in_(kept), annotation.c.standing, annotation.c.kind.in_(ANSWERING)
    )
    return len(kept - set(rows.scalars(said)))
