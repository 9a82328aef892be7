"""Figures about a project that many pages show: counts, the worker's state, one's own progress."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from labelwright.engine.worker import live_workers
from labelwright.services.roles import Actor
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.project import ProjectStore
from labelwright.store.tables import ANSWERING

__all__ = ["ANSWERING", "PACE_BINS", "PACE_SECONDS", "counts", "left", "mine", "running"]

PACE_SECONDS, PACE_BINS = 300, 12


def counts(site: Site, store: ProjectStore) -> dict[str, int]:
    """How many items and answers there are, counted once for each state of the record."""
    with store.read() as connection:
        project = store.row(connection)
    of_items = site.cache.get(("items", store.project_id, project.n_items), lambda: _count_items(store))
    key = ("answers", store.project_id, project.wanted_seq, project.n_items)
    found = {**of_items, **site.cache.get(key, lambda: _count_answers(store))}
    found["left"] = found["items"] - found["labeled"] - found["reserve_labeled"]
    return found


def left(site: Site, store: ProjectStore) -> int:
    """How many items have no answer; up to ten seconds old, for what is asked many times a second."""
    key = ("left", store.project_id, int(time.time() / 10))
    return int(site.cache.get(key, lambda: counts(site, store)["left"]))


def running(site: Site, store: ProjectStore) -> dict[str, Any]:
    """What the worker does for this project, or did last."""
    with store.read() as connection:
        project = store.row(connection)
        newest = connection.execute(
            select(t.cycle).where(t.cycle.c.project_id == store.project_id).order_by(t.cycle.c.id.desc()).limit(1)
        ).one_or_none()
        published = connection.scalar(
            select(t.ranking.c.at).where(
                t.ranking.c.project_id == store.project_id, t.ranking.c.id == project.ranking_id
            )
        )
    view: dict[str, Any] = {"state": "idle", "last_published": published}
    wants = project.wanted_seq > project.trained_seq or project.ranking_id is None
    if newest is not None:
        view |= {"step": newest.step, "since": newest.started_at, "n_labels": newest.n_labels}
        if newest.state in ("running", "failed"):
            view |= {"state": newest.state, "error": newest.error}
        elif newest.state == "waiting":
            view["state"] = "waiting"
    if view["state"] == "idle" and wants and project.state == "ready":
        view["state"] = "waiting"
    if view["state"] in ("waiting", "running") and not live_workers(site.store):
        view["state"] = "no-worker"
    return view


def mine(store: ProjectStore, connection: Connection, actor: Actor) -> dict[str, Any]:
    table = t.annotation
    own = (
        table.c.project_id == store.project_id,
        table.c.person_id == actor.person_id,
        table.c.standing,
        table.c.kind.in_(ANSWERING),
    )
    now = time.time()
    midnight = datetime.now(UTC).strftime("%Y-%m-%dT00:00:00")
    total = connection.scalar(select(func.count()).select_from(table).where(*own)) or 0
    today = connection.scalar(select(func.count()).select_from(table).where(*own, table.c.at >= midnight)) or 0
    since = now - PACE_SECONDS * PACE_BINS
    recent = connection.execute(
        select(table.c.at, table.c.seconds)
        .where(*own, table.c.at >= iso(since))
        .order_by(table.c.seq.desc())
        .limit(5000)
    ).all()
    pace = [0] * PACE_BINS
    for row in recent:
        age = now - datetime.fromisoformat(row.at).timestamp()
        if 0 <= age < PACE_SECONDS * PACE_BINS:
            pace[PACE_BINS - 1 - int(age / PACE_SECONDS)] += 1
    seconds = sorted(r.seconds for r in recent if r.seconds is not None)
    return {
        "today": today, "total": total, "pace": pace,
        "seconds_median": seconds[len(seconds) // 2] if seconds else None,
    }  # fmt: skip


def _count_items(store: ProjectStore) -> dict[str, int]:
    """What changes only when rows are added."""
    item = t.item
    with store.read() as connection:
        visible = (item.c.project_id == store.project_id, item.c.ordinal < store.row(connection).n_items)
        rows = connection.execute(select(item.c.split, func.count().label("n")).where(*visible).group_by(item.c.split))
        splits = {r.split: r.n for r in rows}
        sizes = select(func.count().label("n")).where(*visible).group_by(item.c.dup_group).having(func.count() > 1)
        duplicates = connection.scalar(select(func.sum(sizes.subquery().c.n)))
    pool, reserve = splits.get("pool", 0), splits.get("reserve", 0) + splits.get("sealed", 0)
    return {"items": pool + reserve, "pool": pool, "reserve": reserve, "duplicates": int(duplicates or 0)}


def _count_answers(store: ProjectStore) -> dict[str, int]:
    """What changes with every annotation."""
    item, annotation = t.item, t.annotation
    mine = annotation.c.project_id == store.project_id
    with store.read() as connection:
        rows = connection.execute(
            select(item.c.split, func.count(func.distinct(annotation.c.ordinal)).label("n"))
            .join(item, (item.c.project_id == annotation.c.project_id) & (item.c.ordinal == annotation.c.ordinal))
            .where(mine, annotation.c.standing, annotation.c.kind.in_(ANSWERING))
            .group_by(item.c.split)
        )
        answered = {r.split: r.n for r in rows}
        rows = connection.execute(
            select(annotation.c.kind, func.count().label("n"))
            .where(mine, annotation.c.standing)
            .group_by(annotation.c.kind)
        )
        kinds = {r.kind: r.n for r in rows}
    return {
        "labeled": answered.get("pool", 0),
        "reserve_labeled": answered.get("reserve", 0) + answered.get("sealed", 0),
        "answers": sum(kinds.get(k, 0) for k in ANSWERING),
        "skipped": kinds.get("skip", 0),
        "flagged": kinds.get("flag", 0),
    }
