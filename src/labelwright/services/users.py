"""People with an account, and API tokens."""

from __future__ import annotations

import re
import secrets
from typing import Any

from sqlalchemy import insert, select, update

from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.services import sessions
from labelwright.services.roles import ROLES, SYSTEM, Actor
from labelwright.services.site import Site
from labelwright.store import site_tables as t
from labelwright.store.clock import new_id, now

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def add(site: Site, actor: Actor, *, email: str, name: str = "", role: str, simulated: bool = False) -> dict[str, Any]:
    """Make an account; return it with a one-time link.

    Raises
    ------
    InputError, ConflictError
        If e-mail or role do not fit, or the e-mail is taken.
    """
    email = email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise InputError(f"users add: EMAIL must look like name@host, got '{email}'.")
    if role not in ROLES:
        raise InputError(f"users add: --role must be one of {', '.join(ROLES)}, got '{role}'.")
    person = {
        "id": new_id("p"), "email": email, "name": name.strip(), "role": role, "password_hash": None,
        "simulated": simulated, "active": True, "created_at": now(),
    }  # fmt: skip
    with site.store.write() as connection:
        if connection.scalar(select(t.person.c.id).where(t.person.c.email == email)) is not None:
            raise ConflictError(f"users add: there is an account for {email} already.")
        connection.execute(insert(t.person).values(**person))
        site.store.record(connection, "role", {"person": person["id"], "role": role}, actor=actor.person_id)
    return {"user": _view(person), "link": link_url(site, sessions.make_link(site, str(person["id"])))}


def link_url(site: Site, secret: str) -> str:
    """The address of a one-time link; the secret stands after '#', so that no server logs it."""
    base = (site.settings.base_url or "").rstrip("/")
    return f"{base}/link#{secret}"


def ensure_admin(site: Site) -> tuple[Actor, str | None]:
    """The first admin; makes one with a one-time link where nobody could sign in yet."""
    with site.store.read() as connection:
        row = connection.execute(
            select(t.person.c.id, t.person.c.email, t.person.c.password_hash)
            .where(t.person.c.role == "admin", t.person.c.active, t.person.c.simulated == False)  # noqa: E712
            .order_by(t.person.c.created_at)
        ).first()
    if row is None:
        made = add(site, SYSTEM, email="admin@localhost", name="Admin", role="admin")
        return Actor(made["user"]["id"], "admin", "Admin"), made["link"].partition("#")[2]
    secret = None if row.password_hash else sessions.make_link(site, row.id)
    return Actor(row.id, "admin", row.email), secret


def by_email(site: Site, email: str) -> Actor:
    """The account of an e-mail address; ``NotFoundError`` if there is none."""
    with site.store.read() as connection:
        row = connection.execute(select(t.person).where(t.person.c.email == email.strip().lower())).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no account for '{email}'.", "Make one: labelwright users add EMAIL --role ROLE")
    return Actor(row.id, row.role, row.name or row.email)


def listing(site: Site, *, cursor: str | None = None, limit: int = 100) -> dict[str, Any]:
    """A page of accounts, by e-mail."""
    with site.store.read() as connection:
        query = select(t.person).order_by(t.person.c.email).limit(limit + 1)
        if cursor:
            query = query.where(t.person.c.email > cursor)
        rows = connection.execute(query).all()
    items = [_view(row._mapping) for row in rows[:limit]]
    return {"items": items, "next_cursor": items[-1]["email"] if len(rows) > limit else None}


def make_token(site: Site, actor: Actor, *, name: str = "") -> dict[str, Any]:
    """Make an API token; its secret is in the answer and nowhere else."""
    secret = "lw_" + secrets.token_urlsafe(32)
    row = {
        "id": new_id("t"), "person_id": actor.person_id, "name": name, "prefix": secret[:9],
        "secret_hash": sessions.digest(secret), "created_at": now(), "revoked_at": None,
    }  # fmt: skip
    with site.store.write() as connection:
        connection.execute(insert(t.token).values(**row))
        site.store.record(connection, "token", {"token": row["id"], "made": True}, actor=actor.person_id)
    return {k: row[k] for k in ("id", "name", "prefix", "created_at")} | {"secret": secret}


def tokens(site: Site, actor: Actor) -> dict[str, Any]:
    """The caller's live tokens."""
    with site.store.read() as connection:
        rows = connection.execute(
            select(t.token.c.id, t.token.c.name, t.token.c.prefix, t.token.c.created_at)
            .where(t.token.c.person_id == actor.person_id, t.token.c.revoked_at.is_(None))
            .order_by(t.token.c.created_at)
        ).all()
    return {"items": [dict(row._mapping) for row in rows]}


def revoke_token(site: Site, actor: Actor, token_id: str) -> None:
    """Revoke one of the caller's tokens; ``NotFoundError`` if it is not theirs."""
    with site.store.write() as connection:
        done = connection.execute(
            update(t.token)
            .where(t.token.c.id == token_id, t.token.c.person_id == actor.person_id, t.token.c.revoked_at.is_(None))
            .values(revoked_at=now())
        )
        if done.rowcount == 0:
            raise NotFoundError(f"There is no token '{token_id}' of yours.")
        site.store.record(connection, "token", {"token": token_id, "made": False}, actor=actor.person_id)


def _view(person: Any) -> dict[str, Any]:
    return {
        "id": person["id"], "email": person["email"], "name": person["name"] or person["email"],
        "role": person["role"], "simulated": person["simulated"],
    }  # fmt: skip
