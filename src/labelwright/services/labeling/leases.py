"""Leases: items lent to one person until a time."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Table, and_, case, func, literal, or_

from labelwright.errors import NotFoundError
from labelwright.services.people.roles import Actor
from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.rows import Rows

LIVE, ANSWERED, EXPIRED, RETURNED = "live", "answered", "expired", "returned"
MIN_SECONDS, MAX_SECONDS = 600.0, 3600.0
MARGIN_SECONDS = 30.0  # what a lease may lack of its full time before it is written anew
FEW = 20  # more than this are taken to go on without a network


@dataclass(frozen=True)
class Lease:
    """One lease, as its row holds it."""

    id: str
    ordinal: int
    person_id: str
    ranking_id: str | None
    position: int | None
    slot_kind: str
    propensity: float | None
    granted_at: float
    expires_at: float
    state: str
    grid: bool
    n_before: int = 0

    @property
    def is_late(self) -> bool:
        """Whether an answer on it comes after the item went back."""
        return self.state in (EXPIRED, RETURNED) or (self.state == LIVE and self.expires_at <= time.time())


@dataclass(frozen=True)
class Slot:
    """An open slot of a ranking, or a check of the caller.

    Attributes
    ----------
    position : int, optional
        None for a check, which is in no ranking.
    earlier : str, optional
        The caller's lease of the item that ran out or was given back; it comes to life again.
    ranking : str, optional
        The ranking that asked for the item; None for the published one.
    whom : str
        The person whom it is for, "experts", or "" for anyone.
    """

    position: int | None
    ordinal: int
    kind: str
    propensity: float | None
    n_before: int = 0
    earlier: str | None = None
    ranking: str | None = None
    whom: str = ""


@dataclass(frozen=True)
class ItemLeases:
    """Leases of some items.

    Attributes
    ----------
    live : list of (ordinal, person)
        Everybody's live ones.
    earlier : mapping of int to str
        By ordinal, the caller's lease that ran out or was given back.
    """

    live: list[tuple[int, str]]
    earlier: dict[int, str]


COLUMNS = tuple(column for column in t.lease.c if column.name != "project_id")


def live_of(rows: Rows, actor: Actor, *, grid: bool | None = None) -> list[Lease]:
    """The caller's live leases, the oldest first; of a grid, not of a grid, or all."""
    table = t.lease
    query = (
        rows.select(*COLUMNS)
        .where(table.c.person_id == actor.person_id, table.c.state == LIVE, table.c.expires_at > time.time())
        .order_by(table.c.granted_at)
    )
    if grid is not None:
        query = query.where(table.c.grid == grid)
    return [Lease(**row._mapping) for row in rows.all(query)]


def own(rows: Rows, actor: Actor, lease_id: str) -> Lease:
    """One of the caller's leases, in any state; ``NotFoundError`` if it is not theirs."""
    table = t.lease
    row = rows.first(rows.select(*COLUMNS).where(table.c.id == lease_id, table.c.person_id == actor.person_id))
    if row is None:
        raise NotFoundError(f"There is no lease '{lease_id}' of yours.")
    return Lease(**row._mapping)


def last_of(rows: Rows, actor: Actor, ordinal: int) -> Lease | None:
    """The caller's last lease of an item, in any state."""
    table = t.lease
    row = rows.first(
        rows.select(*COLUMNS)
        .where(table.c.ordinal == ordinal, table.c.person_id == actor.person_id)
        .order_by(table.c.granted_at.desc())
    )
    return None if row is None else Lease(**row._mapping)


def leased_to(rows: Rows, actor: Actor, ordinals: Sequence[int]) -> set[int]:
    """Which of some items are leased to the caller now."""
    table = t.lease
    return set(
        rows.scalars(
            rows.select(table.c.ordinal).where(
                table.c.person_id == actor.person_id, table.c.state == LIVE, table.c.expires_at > time.time(),
                table.c.ordinal.in_(list(ordinals)),
            )
        )
    )  # fmt: skip


def of_items(rows: Rows, actor: Actor, ordinals: Sequence[int]) -> ItemLeases:
    """Who holds some items now, and which of them the caller had before."""
    table = t.lease
    live: list[tuple[int, str]] = []
    earlier: dict[int, str] = {}
    for row in rows.all(
        rows.select(table.c.ordinal, table.c.person_id, table.c.state, table.c.id).where(
            table.c.ordinal.in_(list(ordinals)),
            or_(
                table.c.state == LIVE,
                and_(table.c.person_id == actor.person_id, table.c.state.in_((EXPIRED, RETURNED))),
            ),
        )
    ):
        if row.state == LIVE:
            live.append((row.ordinal, row.person_id))
        else:
            earlier[row.ordinal] = row.id
    return ItemLeases(live, earlier)


def ended_outside(rows: Rows, ranking_id: str) -> list[Slot]:
    """Slots of ended leases whose items a ranking leaves out, the one of an item's last lease, the oldest first.

    A ranking gives no slot to what is leased when it is made. Where such a lease ends without an answer, the item is
    asked for as it was before, until another ranking is made.
    """
    lease, slot = t.lease, t.slot
    last: dict[int, Slot] = {}
    for row in rows.all(
        rows.select(
            lease.c.position, lease.c.ordinal, lease.c.slot_kind, lease.c.propensity, lease.c.n_before,
            lease.c.ranking_id,
        )
        .where(
            lease.c.state.in_((EXPIRED, RETURNED)), lease.c.position.is_not(None),
            lease.c.ordinal.not_in(rows.select(slot.c.ordinal).where(slot.c.ranking_id == ranking_id)),
            lease.c.ordinal.not_in(rows.select(t.exclusion.c.ordinal)),
        )
        .order_by(lease.c.granted_at)
    ):  # fmt: skip
        last[row.ordinal] = Slot(
            row.position, row.ordinal, row.slot_kind, row.propensity, row.n_before, ranking=row.ranking_id
        )
    return list(last.values())


def has_place(rows: Rows, slot: Table, most_people: Mapping[str, int]) -> ColumnElement[bool]:
    """Whether fewer people hold the item of a slot than may, as a condition of a query on slots or pins.

    The items that enough people hold are found once for the query. Counting them for each slot takes a time that grows
    with the square of the live leases wherever the database takes the index of live leases for that, as PostgreSQL
    does while it knows little of the table. Slots that people had answered before are few; theirs are counted.

    Parameters
    ----------
    most_people : mapping of str to int
        The largest number of people that a slot of a kind may need, those who had answered before aside.
    """
    table = t.lease
    kinds_of: dict[int, list[str]] = {}
    for kind, most in most_people.items():
        kinds_of.setdefault(most, []).append(kind)
    is_free = [
        and_(
            slot.c.kind.in_(kinds),
            slot.c.ordinal.not_in(
                rows.select(table.c.ordinal)
                .where(table.c.state == LIVE)
                .group_by(table.c.ordinal)
                .having(func.count() >= literal(most, BigInteger))
            ),
        )
        for most, kinds in kinds_of.items()
    ]
    n_live = (
        rows.select(func.count(), of=table)
        .where(table.c.ordinal == slot.c.ordinal, table.c.state == LIVE)
        .correlate(slot)
        .scalar_subquery()
    )
    may_hold = slot.c.n_before + case(dict(most_people), value=slot.c.kind)
    return or_(and_(slot.c.n_before == 0, or_(*is_free)), and_(slot.c.n_before > 0, n_live < may_hold))


def count_live(rows: Rows) -> int:
    """How many items are lent out now."""
    is_live = (t.lease.c.state == LIVE, t.lease.c.expires_at > time.time())
    return int(rows.scalar(rows.select(func.count(), of=t.lease).where(*is_live)) or 0)


def expire(rows: Rows, now: float) -> None:
    """End what has run out."""
    rows.update(t.lease, t.lease.c.state == LIVE, t.lease.c.expires_at <= now, state=EXPIRED)


def extend(rows: Rows, leases: Sequence[Lease], until: float) -> list[Lease]:
    """Let live leases last until then if they would end clearly earlier: whoever asks for work is there."""
    short = [one.id for one in leases if one.expires_at < until - MARGIN_SECONDS]
    if short:
        rows.update(t.lease, t.lease.c.id.in_(short), expires_at=until)
    return [replace(one, expires_at=until) if one.id in short else one for one in leases]


def grant(
    rows: Rows, actor: Actor, ranking_id: str | None, slots: Sequence[Slot], until: float, *, grid: bool
) -> list[Lease]:
    """Lend items to the caller until a time, in the order of the slots; return the leases.

    A lease that ran out or was given back comes to life again, so that an item keeps its token for a person.
    """
    if not slots:
        return []
    now, table = time.time(), t.lease
    granted, new = [], []
    for k, slot in enumerate(slots):
        values: dict[str, Any] = {
            "ranking_id": slot.ranking or ranking_id, "position": slot.position, "slot_kind": slot.kind,
            "propensity": slot.propensity, "granted_at": now + k * 1e-6, "expires_at": until, "state": LIVE,
            "grid": grid, "n_before": slot.n_before,
        }  # fmt: skip
        lease_id = slot.earlier or new_id("le")
        lease = {"id": lease_id, "ordinal": slot.ordinal, "person_id": actor.person_id, **values}
        granted.append(Lease(**lease))
        if slot.earlier:
            rows.update(table, table.c.id == lease_id, **values)
        else:
            new.append(lease)
    rows.insert(table, *new)
    return granted


def seconds_for(rows: Rows, actor: Actor, n: int = 1) -> float:
    """How long ``n`` items are lent.

    Ten times the caller's median seconds an item, for the few that are prefetched; ten minutes to an hour. Many are
    taken to go on without a network, where nothing can be renewed: an hour.
    """
    if n > FEW:
        return MAX_SECONDS
    table = t.annotation
    seconds = sorted(
        rows.scalars(
            rows.select(table.c.seconds)
            .where(table.c.person_id == actor.person_id, table.c.seconds.is_not(None))
            .order_by(table.c.seq.desc())
            .limit(20)
        )
    )
    median = seconds[len(seconds) // 2] if seconds else 0.0
    return float(min(max(MIN_SECONDS, 10 * median), MAX_SECONDS))


def may_see(rows: Rows, actor: Actor, ordinal: int) -> bool:
    """Whether an item is leased to the caller now, or the caller has annotated it."""
    table = t.annotation
    annotated = rows.select(table.c.id).where(table.c.ordinal == ordinal, table.c.person_id == actor.person_id)
    return bool(leased_to(rows, actor, [ordinal])) or rows.first(annotated) is not None
