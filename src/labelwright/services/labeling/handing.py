"""Work that another tool shows: it holds leases, and hands each on to whoever answers there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from labelwright.errors import ForbiddenError
from labelwright.plain import JsonObject
from labelwright.services.labeling import leases
from labelwright.services.labeling.leases import EXPIRED, LIVE, RETURNED, Lease
from labelwright.services.people.roles import Actor
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Held:
    """A lease of one of the tool's seats.

    Attributes
    ----------
    is_live : bool
        Whether the item is still lent.
    """

    id: str
    ordinal: int
    is_live: bool


@dataclass(frozen=True)
class StandingAnswer:
    """What somebody says of an item now: an answer to a question, or a skip or flag of the item."""

    id: str
    kind: str
    question_id: str | None
    answer: JsonObject | None
    at: str

    @property
    def is_answer(self) -> bool:
        """Whether it answers a question."""
        return self.kind in ANSWERING


def held(site: Site, slug: str, seats: Sequence[Actor]) -> list[Held]:
    """All leases that seats have or had, the oldest first."""
    table, now = t.lease, time.time()
    with site.project(slug).read() as rows:
        found = rows.all(
            rows.select(table.c.id, table.c.ordinal, table.c.state, table.c.expires_at)
            .where(table.c.person_id.in_([seat.person_id for seat in seats]))
            .order_by(table.c.granted_at)
        )
    return [Held(row.id, row.ordinal, row.state == LIVE and row.expires_at > now) for row in found]


def hand_on(site: Site, seats: Sequence[Actor], slug: str, ordinal: int, to: Actor) -> str:
    """Give somebody the lease of an item that a seat holds; return the id of their lease.

    The item is lent as often as before: the seat's lease ends where the other begins, with the same ranking, place,
    kind of slot and propensity. Somebody who has, or had, a lease of their own keeps that one where it is live or
    answered. Where no seat's lease is live any more, theirs has ended too, so their answer is late.

    Raises
    ------
    ForbiddenError
        If no seat ever held the item.
    """
    with site.project(slug).lend() as rows:
        leases.expire(rows, time.time())
        own = leases.last_of(rows, to, ordinal)
        if own is not None and own.state not in (EXPIRED, RETURNED):
            return own.id
        lent = [lease for seat in seats if (lease := leases.last_of(rows, seat, ordinal)) is not None]
        source = next((lease for lease in lent if lease.state == LIVE), lent[0] if lent else None)
        if source is None:
            raise ForbiddenError(
                "annotations: the item was not lent to the tool.", "Label only what the bridge pushed."
            )
        if source.state == LIVE:
            rows.update(t.lease, t.lease.c.id == source.id, state=RETURNED)
        elif own is not None:
            return own.id
        return _lend(rows, source, own, to)


def hand_back(site: Site, seats: Sequence[Actor], slug: str, ordinal: int, who: Actor) -> None:
    """Let a seat hold again what somebody undid in the other tool, so that it stays open there for everybody."""
    with site.project(slug).lend() as rows:
        leases.expire(rows, time.time())
        own = leases.last_of(rows, who, ordinal)
        lent = [lease for seat in seats if (lease := leases.last_of(rows, seat, ordinal)) is not None]
        target = next((lease for lease in lent if lease.state == RETURNED), None)
        if own is None or own.state != LIVE or target is None:
            return
        rows.update(t.lease, t.lease.c.id == own.id, state=RETURNED)
        rows.update(t.lease, t.lease.c.id == target.id, state=LIVE, expires_at=own.expires_at)


def standing(site: Site, slug: str, ordinal: int, who: Actor) -> list[StandingAnswer]:
    """What somebody says of an item now, the oldest first."""
    table = t.annotation
    with site.project(slug).read() as rows:
        found = rows.all(
            rows.select(table.c.id, table.c.kind, table.c.question_id, table.c.answer, table.c.at)
            .where(table.c.ordinal == ordinal, table.c.person_id == who.person_id, table.c.standing)
            .order_by(table.c.seq)
        )
    return [StandingAnswer(row.id, row.kind, row.question_id, row.answer, row.at) for row in found]


def _lend(rows: Rows, source: Lease, own: Lease | None, to: Actor) -> str:
    values = {
        "ranking_id": source.ranking_id, "position": source.position, "slot_kind": source.slot_kind,
        "propensity": source.propensity, "granted_at": source.granted_at, "expires_at": source.expires_at,
        "state": LIVE if source.state == LIVE else EXPIRED, "grid": False, "n_before": source.n_before,
    }  # fmt: skip
    if own is not None:
        rows.update(t.lease, t.lease.c.id == own.id, **values)
        return own.id
    lease_id = new_id("le")
    rows.insert(t.lease, {"id": lease_id, "ordinal": source.ordinal, "person_id": to.person_id, **values})
    return lease_id
