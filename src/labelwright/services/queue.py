"""Who gets which item: leases in the published order, renewed, given back, or running out by themselves."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert, select, update

from labelwright.engine import features
from labelwright.engine.publish import HEAD_SLOTS, refill
from labelwright.errors import GoneError, NotFoundError
from labelwright.policy import Head, Rules, assign
from labelwright.services import figures, items, projects
from labelwright.services.plans import QUESTION_ID
from labelwright.services.roles import Actor
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import iso, new_id
from labelwright.store.project import ProjectStore

MIN_LEASE_SECONDS, MAX_LEASE_SECONDS = 600.0, 3600.0
PAGE_SLOTS = 200
GRID_EXCLUDES = frozenset({"reserve", "gold"})


def take(site: Site, actor: Actor, slug: str, *, n: int, similar: bool = False) -> dict[str, Any]:
    """The caller's live leases first, then new ones up to n, in the published order."""
    store = site.project(slug)
    with store.stage() as connection:
        project = projects.ready(store, connection)
        now = time.time()
        _expire(store, connection, now)
        mine = _mine(store, connection, actor, grid=similar)
        short = n - len(mine)
        if short > 0 and project.state == "ready" and project.ranking_id is not None:
            found = _assignable(store, connection, project, actor, n=short, grid=similar)
            if similar:
                found = _alike(store, connection, project, actor, mine, found, short)
            _grant(store, connection, project, actor, found, now, grid=similar)
            mine = _mine(store, connection, actor, grid=similar)
    mine = mine[:n]
    with store.read() as connection:
        views = items.views(store, connection, project, [lease.ordinal for lease in mine], blind=True)
    left = figures.left(site, store)
    return {
        "leases": [
            {
                "id": lease.id, "item": views[lease.ordinal], "question": QUESTION_ID,
                "expires_at": iso(lease.expires_at),
            }
            for lease in mine
        ],
        "ranking": project.ranking_id,
        "left": left,
        "empty_because": None if mine else _why_empty(project, figures.counts(site, store)["left"]),
    }  # fmt: skip


def renew(site: Site, actor: Actor, slug: str, lease_id: str) -> dict[str, Any]:
    """Heartbeat.

    Raises
    ------
    NotFoundError, GoneError
        If it is not the caller's, or has run out.
    """
    store = site.project(slug)
    with store.stage() as connection:
        lease = _own(store, connection, actor, lease_id)
        if lease.state != "live" or lease.expires_at <= time.time():
            raise GoneError("The lease has run out; the item may go to somebody else.", "Ask for new work.")
        expires_at = time.time() + lease_seconds(store, connection, actor)
        connection.execute(
            update(t.lease)
            .where(t.lease.c.project_id == store.project_id, t.lease.c.id == lease_id)
            .values(expires_at=expires_at)
        )
    return {"id": lease_id, "expires_at": iso(expires_at)}


def give_back(site: Site, actor: Actor, slug: str, lease_id: str) -> None:
    """Return an item unanswered; a lease that ended already is fine."""
    store = site.project(slug)
    with store.stage() as connection:
        _own(store, connection, actor, lease_id)
        connection.execute(
            update(t.lease)
            .where(t.lease.c.project_id == store.project_id, t.lease.c.id == lease_id, t.lease.c.state == "live")
            .values(state="returned")
        )


def lease_seconds(store: ProjectStore, connection: Connection, actor: Actor) -> float:
    """Ten times the caller's median seconds an item, for the few that are prefetched; ten minutes to an hour."""
    table = t.annotation
    seconds = sorted(
        connection.scalars(
            select(table.c.seconds)
            .where(
                table.c.project_id == store.project_id, table.c.person_id == actor.person_id,
                table.c.seconds.is_not(None),
            )
            .order_by(table.c.seq.desc())
            .limit(20)
        )
    )  # fmt: skip
    median = seconds[len(seconds) // 2] if seconds else 0.0
    return float(min(max(MIN_LEASE_SECONDS, 10 * median), MAX_LEASE_SECONDS))


def _assignable(
    store: ProjectStore, connection: Connection, project: Any, actor: Actor, *, n: int, grid: bool
) -> list[Any]:
    """Open slots that the caller may get, in the published order, page by page."""
    found: list[Any] = []
    position = -1
    excluded = GRID_EXCLUDES if grid else frozenset[str]()
    while len(found) < n:
        page = _page(store, connection, project, position)
        if not page:
            if position < 0 or not _refill(store, connection, project, position):
                return found
            continue
        position = page[-1].position
        ordinals = [slot.ordinal for slot in page]
        live = connection.execute(
            select(t.lease.c.ordinal, t.lease.c.person_id).where(
                t.lease.c.project_id == store.project_id, t.lease.c.state == "live", t.lease.c.ordinal.in_(ordinals)
            )
        ).all()
        standing = connection.execute(
            select(t.annotation.c.ordinal, t.annotation.c.person_id, t.annotation.c.kind).where(
                t.annotation.c.project_id == store.project_id, t.annotation.c.standing,
                t.annotation.c.ordinal.in_(ordinals),
            )
        ).all()  # fmt: skip
        head = Head(np.array(ordinals, dtype=np.int64), np.array([slot.kind for slot in page]))
        answers = [(o, who, "answer" if kind == "correct" else kind) for o, who, kind in standing]
        rules = Rules(overlap=project.config["policy"]["overlap"], limit=n - len(found), exclude_kinds=excluded)
        leases = [(lease.ordinal, lease.person_id) for lease in live]
        found += [page[k] for k in assign(head, actor.person_id, leases, answers, rules)]
    return found


def _page(store: ProjectStore, connection: Connection, project: Any, after: int) -> list[Any]:
    slot = t.slot
    return list(
        connection.execute(
            select(slot.c.position, slot.c.ordinal, slot.c.kind)
            .where(
                slot.c.project_id == store.project_id, slot.c.ranking_id == project.ranking_id,
                slot.c.done == False, slot.c.position > after,  # noqa: E712
            )
            .order_by(slot.c.position)
            .limit(PAGE_SLOTS)
        )
    )  # fmt: skip


def _refill(store: ProjectStore, connection: Connection, project: Any, after: int) -> bool:
    """Bring in the next slots of the ranking from its arrays; whether there were any."""
    ranking = connection.execute(
        select(t.ranking.c.n_slots, t.ranking.c.cycle).where(
            t.ranking.c.project_id == store.project_id, t.ranking.c.id == project.ranking_id
        )
    ).one()
    if after + 1 >= ranking.n_slots:
        return False
    refill(connection, store, project.ranking_id, f"cycles/{ranking.cycle:06d}", start=after + 1)
    return True


def _alike(
    store: ProjectStore, connection: Connection, project: Any, actor: Actor, mine: list[Any], found: list[Any], n: int
) -> list[Any]:
    """Slots of items most alike to the first one that the caller may get."""
    wide = _assignable(store, connection, project, actor, n=HEAD_SLOTS, grid=True)
    if not wide:
        return []
    ordinals = np.array([slot.ordinal for slot in wide], dtype=np.int64)
    centre = np.array([mine[0].ordinal if mine else wide[0].ordinal], dtype=np.int64)
    near = features.rows(store, ordinals) - features.rows(store, centre)
    order = np.argsort((near**2).sum(axis=1), kind="stable")[:n]
    return [wide[int(k)] for k in order]


def _grant(
    store: ProjectStore, connection: Connection, project: Any, actor: Actor, slots: list[Any], now: float, *, grid: bool
) -> None:
    if not slots:
        return
    expires_at = now + lease_seconds(store, connection, actor)
    connection.execute(
        insert(t.lease),
        [
            {
                "project_id": store.project_id, "id": new_id("le"), "ordinal": slot.ordinal,
                "person_id": actor.person_id, "ranking_id": project.ranking_id, "position": slot.position,
                "slot_kind": slot.kind, "granted_at": now + k * 1e-6, "expires_at": expires_at, "state": "live",
                "grid": grid,
            }
            for k, slot in enumerate(slots)
        ],
    )  # fmt: skip


def _mine(store: ProjectStore, connection: Connection, actor: Actor, *, grid: bool) -> list[Any]:
    return list(
        connection.execute(
            select(t.lease)
            .where(
                t.lease.c.project_id == store.project_id, t.lease.c.person_id == actor.person_id,
                t.lease.c.state == "live", t.lease.c.expires_at > time.time(), t.lease.c.grid == grid,
            )
            .order_by(t.lease.c.granted_at)
        )
    )  # fmt: skip


def _own(store: ProjectStore, connection: Connection, actor: Actor, lease_id: str) -> Any:
    lease = connection.execute(
        select(t.lease).where(
            t.lease.c.project_id == store.project_id, t.lease.c.id == lease_id,
            t.lease.c.person_id == actor.person_id,
        )
    ).one_or_none()  # fmt: skip
    if lease is None:
        raise NotFoundError(f"There is no lease '{lease_id}' of yours.")
    return lease


def _expire(store: ProjectStore, connection: Connection, now: float) -> None:
    connection.execute(
        update(t.lease)
        .where(t.lease.c.project_id == store.project_id, t.lease.c.state == "live", t.lease.c.expires_at <= now)
        .values(state="expired")
    )


def _why_empty(project: Any, left: int) -> str:
    if project.state == "paused":
        return "paused"
    if project.ranking_id is None:
        return "starting"
    return "all-leased" if left else "done"
