"""Accounts within a transaction: find one, make one, and the address of its one-time link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, select

from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.services.people.credentials import Link, issue_link
from labelwright.services.people.roles import Actor
from labelwright.services.people.views import Invited, Person
from labelwright.services.site import Site
from labelwright.store import site_tables as t
from labelwright.store.clock import new_id, now
from labelwright.store.record.people import RoleGiven

_ERASED = "@erased.invalid"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def normal_email(email: str) -> str:
    """An e-mail address as it is stored.

    Raises
    ------
    InputError
        If it does not look like one.
    """
    email = email.strip().lower()
    if not _EMAIL.fullmatch(email) or is_erased(email):
        raise InputError(f"users add: EMAIL must look like name@host, got '{email}'.")
    return email


def check_role(role: str, roles: tuple[str, ...], who: str) -> None:
    """Refuse a role that is not in a list.

    Raises
    ------
    InputError
    """
    if role not in roles:
        raise InputError(f"{who} must be one of {', '.join(roles)}, got '{role}'.")


def make(
    site: Site, connection: Connection, actor: Actor, *, email: str, name: str, role: str, simulated: bool = False
) -> Invited:
    """Make an account whose e-mail and role were checked; return it with its one-time link.

    Raises
    ------
    ConflictError
        If the e-mail is taken.
    """
    person = {
        "id": new_id("p"), "email": email, "name": name.strip(), "role": role, "password_hash": None,
        "simulated": simulated, "active": True, "created_at": now(),
    }  # fmt: skip
    if connection.scalar(select(t.person.c.id).where(t.person.c.email == email)) is not None:
        raise ConflictError(f"users add: there is an account for {email} already.")
    connection.execute(insert(t.person).values(**person))
    site.store.record(connection, RoleGiven(str(person["id"]), role), actor=actor.person_id)
    return invited(site, person, issue_link(connection, str(person["id"])))


def find(connection: Connection, person_id: str) -> Any:
    """The row of an account.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    person = connection.execute(select(t.person).where(t.person.c.id == person_id)).one_or_none()
    if person is None:
        raise NotFoundError(f"There is no account '{person_id}'.")
    return person


def keep_an_admin(connection: Connection, without: str) -> None:
    """Refuse what would leave the site without an active admin.

    Raises
    ------
    ConflictError
    """
    others = connection.scalar(
        select(func.count())
        .select_from(t.person)
        .where(t.person.c.role == "admin", t.person.c.active, t.person.c.id != without)
    )
    if not others:
        raise ConflictError("users: an active admin must be left.", "Make another admin first.")


def erased_email(person_id: str) -> str:
    """What stands in the place of an erased person's address.

    >>> is_erased(erased_email("p_1")), is_erased("ann@example.com")
    (True, False)
    """
    return f"{person_id}{_ERASED}"


def is_erased(email: str) -> bool:
    """Whether an account is that of an erased person."""
    return email.endswith(_ERASED)


def view(person: Mapping[Any, Any]) -> Person:
    """An account as others see it."""
    return Person(
        person["id"], person["email"], person["name"] or person["email"], person["role"], person["simulated"],
        person["active"],
    )  # fmt: skip


def invited(site: Site, person: Mapping[Any, Any], link: Link) -> Invited:
    """An account with the address of its one-time link."""
    return Invited(view(person), link_url(site, link.secret), link.expires_at)


def link_url(site: Site, secret: str) -> str:
    """The address of a one-time link; the secret stands after '#', so that no server logs it.

    Without a base URL it has no host, and the web app puts its own origin in front: a request's Host header is never
    believed.
    """
    base = (site.settings.base_url or "").rstrip("/")
    return f"{base}/link#{secret}"
