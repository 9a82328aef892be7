"""Signing in and out: passwords by Argon2id, sessions and tokens in the database by their hash only."""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from pwdlib import PasswordHash
from sqlalchemy import Connection, delete, insert, select, update

from labelwright import __version__
from labelwright.errors import InputError, UnauthenticatedError
from labelwright.services.people.credentials import end_sessions, issue_link, use_link
from labelwright.services.people.digests import digest
from labelwright.services.people.roles import Actor, permissions_of
from labelwright.services.people.views import Person
from labelwright.services.site import Site
from labelwright.store import site_tables as t
from labelwright.store.clock import now
from labelwright.store.record.people import SignedIn
from labelwright.store.rows import AnyRow

LIFETIME_SECONDS = 30 * 24 * 3600
MIN_PASSWORD = 10
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5bm9ib2R5bm9i$UG5tYWpKZkZ0Z2l3QW5zd2Vyc1RoaXNQYXNzd29yZA"


@dataclass(frozen=True)
class SessionView:
    """What the client needs to know about who is signed in."""

    user: Person
    csrf: str
    permissions: list[str]
    has_password: bool
    version: str = __version__


@dataclass(frozen=True)
class Opened:
    """A session just opened: the cookie's secret, and what the client sees."""

    secret: str
    view: SessionView


@dataclass(frozen=True)
class Found:
    """A live session."""

    actor: Actor
    csrf: str


@cache
def hasher() -> PasswordHash:
    """Argon2id with the library's recommended cost."""
    return PasswordHash.recommended()


def same(a: str, b: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(a.encode(), b.encode())


def sign_in(site: Site, email: str, password: str, *, agent: str) -> Opened:
    """Open a session by e-mail and password; the caller paces attempts with ``site.sign_ins``.

    Raises
    ------
    UnauthenticatedError
        If they do not fit; the message does not say which.
    """
    email = email.strip().lower()
    with site.store.read() as connection:
        person = connection.execute(select(t.person).where(t.person.c.email == email, t.person.c.active)).one_or_none()
    known = person is not None and person.password_hash is not None
    try:
        fits = hasher().verify(password, person.password_hash if person is not None and known else _NOBODY)
    except Exception:  # a malformed stored hash counts as a wrong password
        fits = False
    if person is None or not known or not fits:
        raise _wrong()
    with site.store.write() as connection:
        now_there = _active(connection, person.id)
        if now_there is None or now_there.password_hash != person.password_hash:  # changed while it was verified
            raise _wrong()
        opened = open_session(site, connection, now_there, agent)
    site.sign_ins.forget(email)
    return opened


def claim_link(site: Site, secret: str, *, name: str | None, password: str | None, agent: str) -> Opened:
    """Open a session by a one-time link, and set name and password if given.

    The person's other links are void then; a new password also ends the person's other sessions.

    Raises
    ------
    GoneError
        If the link was used, is void, has expired, or never was, or if the account is closed.
    InputError
        If the password is too short.
    """
    if password is not None and len(password) < MIN_PASSWORD:
        raise InputError(f"password must have at least {MIN_PASSWORD} characters, got {len(password)}.")
    with site.store.write() as connection:
        person_id = use_link(connection, secret)
        hashed = hasher().hash(password) if password else None  # costly, so only once the link is known to be good
        values = {k: v for k, v in {"name": name, "password_hash": hashed}.items() if v}
        if values:
            connection.execute(update(t.person).where(t.person.c.id == person_id).values(**values))
        if hashed:
            end_sessions(connection, person_id)
        return open_session(site, connection, _active(connection, person_id), agent)


def make_link(site: Site, person_id: str) -> str:
    """A secret for ``/link#SECRET``, good once within seven days; earlier links of the person are void."""
    with site.store.write() as connection:
        return issue_link(connection, person_id).secret


def by_cookie(site: Site, secret: str) -> Found:
    """The live session of a cookie; ``UnauthenticatedError`` if there is none."""
    with site.store.look() as connection:
        row = connection.execute(
            select(t.session.c.csrf, t.person.c.id, t.person.c.role, t.person.c.name, t.person.c.email)
            .join(t.person, t.person.c.id == t.session.c.person_id)
            .where(t.session.c.secret_hash == digest(secret), t.session.c.expires_at > time.time(), t.person.c.active)
        ).one_or_none()
    if row is None:
        raise UnauthenticatedError("The session has ended.", "Sign in again.")
    return Found(Actor(row.id, row.role, row.name or row.email), row.csrf)


def by_token(site: Site, secret: str) -> Actor:
    """The owner of an API token; ``UnauthenticatedError`` if it is wrong or revoked."""
    with site.store.look() as connection:
        row = connection.execute(
            select(t.person.c.id, t.person.c.role, t.person.c.name, t.person.c.email)
            .join(t.token, t.person.c.id == t.token.c.person_id)
            .where(t.token.c.secret_hash == digest(secret), t.token.c.revoked_at.is_(None), t.person.c.active)
        ).one_or_none()
    if row is None:
        raise UnauthenticatedError(
            "The API token is wrong or was revoked.", "Make one: labelwright tokens create EMAIL"
        )
    return Actor(row.id, row.role, row.name or row.email)


def show(site: Site, actor: Actor, found: Found | None) -> SessionView:
    """What the client needs to know about who is signed in."""
    with site.store.read() as connection:
        person = connection.execute(select(t.person).where(t.person.c.id == actor.person_id)).one()
    return _view(person, found.csrf if found else "")


def sign_out(site: Site, actor: Actor, secret: str) -> None:
    """End this session."""
    with site.store.write() as connection:
        connection.execute(
            delete(t.session).where(t.session.c.secret_hash == digest(secret), t.session.c.person_id == actor.person_id)
        )


def _wrong() -> UnauthenticatedError:
    return UnauthenticatedError("E-mail or password is wrong.", "Ask an admin for a new one-time link.")


def _active(connection: Connection, person_id: str) -> Any:
    return connection.execute(select(t.person).where(t.person.c.id == person_id, t.person.c.active)).one_or_none()


def open_session(site: Site, connection: Connection, person: AnyRow, agent: str) -> Opened:
    """Open a session for the row of an account, whoever vouched for it."""
    secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    connection.execute(delete(t.session).where(t.session.c.expires_at < time.time()))
    connection.execute(
        insert(t.session).values(
            secret_hash=digest(secret), person_id=person.id, csrf=csrf, created_at=now(),
            expires_at=time.time() + LIFETIME_SECONDS, agent=agent,
        )
    )  # fmt: skip
    site.store.record(connection, SignedIn(person.id), actor=person.id)
    return Opened(secret, _view(person, csrf))


def _view(person: Any, csrf: str) -> SessionView:
    user = Person(person.id, person.email, person.name or person.email, person.role, person.simulated, person.active)
    return SessionView(user, csrf, sorted(permissions_of(person.role)), person.password_hash is not None)
