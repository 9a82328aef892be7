"""What people do with the items that they hold: keep them longer, give them back, look at them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from labelwright.errors import GoneError
from labelwright.services.labeling import leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.project import ProjectStore


@dataclass(frozen=True)
class Renewed:
    """A lease's new end."""

    id: str
    expires_at: str


def renew(site: Site, actor: Actor, slug: str, lease_id: str) -> Renewed:
    """Heartbeat.

    Raises
    ------
    NotFoundError, GoneError
        If it is not the caller's, or has run out.
    """
    store = site.project(slug)
    with store.lend() as rows:
        lease = leases.own(rows, actor, lease_id)
        if lease.state != leases.LIVE or lease.expires_at <= time.time():
            raise GoneError("The lease has run out; the item may go to somebody else.", "Ask for new work.")
        expires_at = time.time() + leases.seconds_for(rows, actor)
        rows.update(t.lease, t.lease.c.id == lease_id, expires_at=expires_at)
    return Renewed(lease_id, iso(expires_at))


def give_back(site: Site, actor: Actor, slug: str, lease_id: str) -> None:
    """Return an item unanswered; a lease that ended already is fine."""
    with site.project(slug).lend() as rows:
        leases.own(rows, actor, lease_id)
        rows.update(t.lease, t.lease.c.id == lease_id, t.lease.c.state == leases.LIVE, state=leases.RETURNED)


def return_all(site: Site, person_id: str, slug: str) -> None:
    """Return everything that somebody holds in a project, unanswered."""
    table = t.lease
    with site.project(slug).lend() as rows:
        rows.update(table, table.c.person_id == person_id, table.c.state == leases.LIVE, state=leases.RETURNED)


def media(site: Site, actor: Actor, slug: str, lease_id: str) -> shown.Media:
    """The image of the item of one of the caller's leases.

    Raises
    ------
    NotFoundError, GoneError
        If the lease is not the caller's, or ended without an annotation.
    """
    store: ProjectStore = site.project(slug)
    with store.read() as rows:
        access.ready(store, rows)
        ordinal = leases.own(rows, actor, lease_id).ordinal
        if not leases.may_see(rows, actor, ordinal):
            raise GoneError("The lease has ended; the item may go to somebody else.", "Ask for new work.")
        return shown.media(store, rows, ordinal)
