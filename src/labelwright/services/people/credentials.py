"""What lets a person in: one-time links, sessions and tokens; how each begins and ends, within a transaction."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from labelwright.errors import GoneError
from labelwright.services.people.digests import digest
from labelwright.services.site import Site
from labelwright.store import site_tables as t
from labelwright.store.clock import iso, now
from labelwright.store.record.people import TokenChanged

LINK_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class Link:
    """The secret of a one-time link, and until when it works."""

    secret: str
    expires_at: str


def issue_link(connection: Connection, person_id: str) -> Link:
    """A secret for ``/link#SECRET``, good once within seven days; earlier links of the person are void."""
    void_links(connection, person_id)
    secret, expires_at = secrets.token_urlsafe(32), time.time() + LINK_SECONDS
    connection.execute(
        insert(t.link).values(secret_hash=digest(secret), person_id=person_id, expires_at=expires_at, used_at=None)
    )
    return Link(secret, iso(expires_at))


def use_link(connection: Connection, secret: str) -> str:
    """Use up a link and void the others of its person; return the person's id.

    Raises
    ------
    GoneError
        If the link was used, is void, has expired, or never was, or if the account is closed.
    """
    table = t.link
    person_id = connection.scalar(
        update(table)
        .where(table.c.secret_hash == digest(secret), table.c.used_at.is_(None), table.c.expires_at > time.time())
        .where(table.c.person_id.in_(select(t.person.c.id).where(t.person.c.active)))
        .values(used_at=now())
        .returning(table.c.person_id)
    )
    if person_id is None:
        raise GoneError(
            "The link was used already or replaced, or has expired.", "Sign in, or ask an admin for a new one."
        )
    void_links(connection, person_id)
    return str(person_id)


def void_links(connection: Connection, person_id: str) -> None:
    """No link of the person that was made so far opens a session."""
    table = t.link
    connection.execute(
        update(table).where(table.c.person_id == person_id, table.c.used_at.is_(None)).values(used_at=now())
    )


def end_sessions(connection: Connection, person_id: str) -> None:
    """Sign the person out everywhere."""
    connection.execute(delete(t.session).where(t.session.c.person_id == person_id))


def end_all(site: Site, connection: Connection, person_id: str, *, actor: str) -> None:
    """End the sessions, the tokens and the links of a person for good; each token is an event."""
    end_sessions(connection, person_id)
    void_links(connection, person_id)
    table = t.token
    live = connection.scalars(
        select(table.c.id).where(table.c.person_id == person_id, table.c.revoked_at.is_(None)).order_by(table.c.id)
    ).all()
    connection.execute(update(table).where(table.c.id.in_(live)).values(revoked_at=now()))
    for token_id in live:
        site.store.record(connection, TokenChanged(token_id, made=False), actor=actor)
