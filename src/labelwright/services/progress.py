"""Where a project stands, and changes as they happen."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from sqlalchemy import Connection, func, select

from labelwright.services import figures, items, projects
from labelwright.services.roles import Actor
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.project import ProjectStore

NEXT_SLOTS = 12
POLL_SECONDS, PING_SECONDS = 1.0, 15.0


def show(site: Site, slug: str) -> dict[str, Any]:
    """What the lead opens every morning."""
    store = site.project(slug)
    names = site.names()
    with store.read() as connection:
        project = projects.ready(store, connection)
        task = projects.task_of(store, connection, project)
        metric = project.config["metric"]
        curve = _curve(store, connection, metric)
        trained = connection.scalar(
            select(t.model.c.n_labels)
            .where(t.model.c.project_id == store.project_id)
            .order_by(t.model.c.cycle.desc())
            .limit(1)
        )
        people = _people(store, connection, names)
        upcoming = _next(store, connection, project)
        cost = _cost(store, connection)
    counted, running = figures.counts(site, store), figures.running(site, store)
    latest = next((p["estimate"] for p in reversed(curve) if p["estimate"]), None)
    target = project.config.get("target")
    said = sentence(latest, counted, target, task.higher_is_better(metric), int(trained or 0))
    return {
        "sentence": said, "metric": metric,
        "higher_is_better": task.higher_is_better(metric), "target": target, "curve": curve, "latest": latest,
        "running": running, "counts": counted, "cost": cost, "people": people, "next": upcoming,
        "ranking": project.ranking_id, "baseline": [],
    }  # fmt: skip


async def changes(site: Site, actor: Actor, slug: str, gone: Callable[[], Awaitable[bool]]) -> AsyncIterator[str]:
    """Server-sent events: one at the start, one at each change, a comment now and then to keep the line open."""
    last: dict[str, Any] | None = None
    said = time.monotonic()
    while not await gone():
        state = await asyncio.to_thread(_fingerprint, site, slug)
        if state != last:
            yield f"event: state\ndata: {json.dumps(state)}\n\n"
            last, said = state, time.monotonic()
        elif time.monotonic() - said > PING_SECONDS:
            yield ": still here\n\n"
            said = time.monotonic()
        await asyncio.sleep(POLL_SECONDS)


def sentence(
    latest: dict[str, Any] | None, counted: dict[str, int], target: float | None, higher: bool, trained: int = 0
) -> str:
    """Where things stand, in one sentence; ``trained`` counts labels that came with the data too."""
    n = max(counted["labeled"], trained)
    if latest is None:
        if not n and not counted["answers"]:
            return "Nothing is labeled yet; the first items are waiting."
        return f"{n} labels so far; no reserve item is labeled yet, so nothing can be measured."
    if not latest["enough"]:
        return (
            f"{n} labels so far. {latest['n']} of 30 reserve labels: too few to judge; they are mixed into the queue."
        )
    figure = (
        f"{latest['metric'].capitalize()} {latest['value']:.3f} [{latest['low']:.3f}, {latest['high']:.3f}] "
        f"at {latest['n_labels']} labels, measured on {latest['n']} reserve items"
    )
    if target is None:
        return figure + "."
    reached = latest["low"] >= target if higher else latest["high"] <= target
    return figure + (f"; the target {target:g} is reached." if reached else f"; the target is {target:g}.")


def _curve(store: ProjectStore, connection: Connection, metric: str) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(t.metric)
        .where(t.metric.c.project_id == store.project_id, t.metric.c.metric == metric)
        .order_by(t.metric.c.cycle)
    ).all()
    step = max(1, len(rows) // 500)
    kept = [row for i, row in enumerate(rows) if i % step == 0 or i == len(rows) - 1]
    return [{"cycle": r.cycle, "at": r.at, "n_labels": r.n_labels, "estimate": projects.estimate(r)} for r in kept]


def _cost(store: ProjectStore, connection: Connection) -> list[dict[str, Any]]:
    table = t.annotation
    rows = connection.execute(
        select(table.c.slot_kind, func.count().label("n"), func.coalesce(func.sum(table.c.seconds), 0.0).label("s"))
        .where(table.c.project_id == store.project_id, table.c.kind.in_(("answer", "correct", "skip", "flag")))
        .group_by(table.c.slot_kind)
        .order_by(table.c.slot_kind)
    )
    return [{"kind": r.slot_kind or "other", "answers": r.n, "seconds": float(r.s)} for r in rows]


def _people(store: ProjectStore, connection: Connection, names: dict[str, tuple[str, bool]]) -> list[dict[str, Any]]:
    table, hour_ago = t.annotation, iso(time.time() - 3600)
    worked = connection.execute(
        select(table.c.person_id, func.count().label("n"), func.max(table.c.at).label("at"))
        .where(table.c.project_id == store.project_id, table.c.kind == "answer", table.c.at >= hour_ago)
        .group_by(table.c.person_id)
    ).all()
    leases = {
        r.person_id: r.n
        for r in connection.execute(
            select(t.lease.c.person_id, func.count().label("n"))
            .where(
                t.lease.c.project_id == store.project_id, t.lease.c.state == "live", t.lease.c.expires_at > time.time()
            )
            .group_by(t.lease.c.person_id)
        )
    }
    answers = {r.person_id: r for r in worked}
    return [
        {
            "id": who, "name": names.get(who, (who, False))[0], "simulated": names.get(who, (who, False))[1],
            "answers": answers[who].n if who in answers else 0, "last_at": answers[who].at if who in answers else None,
            "leases": leases.get(who, 0),
        }
        for who in sorted(answers.keys() | leases.keys())
    ]  # fmt: skip


def _next(store: ProjectStore, connection: Connection, project: Any) -> list[dict[str, Any]]:
    slot = t.slot
    rows = connection.execute(
        select(slot.c.position, slot.c.kind, slot.c.ordinal, slot.c.score, t.item.c.key, t.content.c.body)
        .join(t.item, (t.item.c.project_id == slot.c.project_id) & (t.item.c.ordinal == slot.c.ordinal))
        .join(t.content, (t.content.c.project_id == slot.c.project_id) & (t.content.c.ordinal == slot.c.ordinal))
        .where(
            slot.c.project_id == store.project_id, slot.c.ranking_id == project.ranking_id,
            slot.c.done == False,  # noqa: E712
        )
        .order_by(slot.c.position)
        .limit(NEXT_SLOTS)
    ).all()  # fmt: skip
    return [
        {
            "position": r.position + 1, "kind": r.kind, "item_id": items.item_id_of(r.ordinal), "key": r.key,
            "preview": items.preview(store, project, r.ordinal, r.body), "score": r.score,
        }
        for r in rows
    ]  # fmt: skip


def _fingerprint(site: Site, slug: str) -> dict[str, Any]:
    store = site.project(slug)
    with store.read() as connection:
        project = connection.execute(
            select(t.project.c.state, t.project.c.wanted_seq, t.project.c.ranking_id, t.project.c.n_items).where(
                t.project.c.project_id == store.project_id
            )
        ).one_or_none()
    if project is None:
        return {"state": "importing"}
    running = figures.running(site, store)
    return dict(project._mapping) | {"running": running["state"], "step": running.get("step")}
