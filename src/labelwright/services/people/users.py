"""People with an account, and API tokens."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import insert, select, update

from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.services.people import accounts, memberships, sessions
from labelwright.services.people.accounts import check_role
from labelwright.services.people.credentials import end_all, issue_link
from labelwright.services.people.digests import digest
from labelwright.services.people.roles import MEMBER, PROJECT_ROLES, SITE_ROLES, SYSTEM, Actor
from labelwright.services.people.views import Invited, Person, ProjectGiven
from labelwright.services.site import Site
from labelwright.store import site_tables as t
from labelwright.store.clock import new_id, now
from labelwright.store.record.people import LinkMade, RoleGiven, TokenChanged

FIRST_ADMIN = "admin@localhost"


@dataclass(frozen=True)
class TokenView:
    """An API token as its owner sees it; ``secret`` is there once, when it is made."""

    id: str
    name: str
    prefix: str
    created_at: str
    secret: str | None = None


@dataclass(frozen=True)
class TokenPage:
    """The live tokens of a person."""

    items: list[TokenView]


def add(
    site: Site, actor: Actor, *, email: str, name: str = "", role: str, simulated: bool = False,
    projects: Sequence[ProjectGiven] = (),
) -> Invited:  # fmt: skip
    """Make an account; return it with a one-time link.

    Parameters
    ----------
    projects : sequence of ProjectGiven
        What a member of the site is given at once.

    Raises
    ------
    InputError, ConflictError
        If e-mail or roles do not fit, or the e-mail is taken.
    NotFoundError
        If there is no such project.
    """
    email = accounts.normal_email(email)
    check_role(role, SITE_ROLES, "users add: --role")
    if projects and role != MEMBER:
        raise InputError(
            f"users add: the role of somebody who is given single projects must be '{MEMBER}', got '{role}'.",
            "Another role holds in every project.",
        )
    for one in projects:
        check_role(one.role, PROJECT_ROLES, f"users add: the role in '{one.slug}'")
    with site.store.write() as connection:
        made = accounts.make(site, connection, actor, email=email, name=name, role=role, simulated=simulated)
        person = accounts.find(connection, made.user.id)
        for one in projects:
            project = memberships.project_id(connection, one.slug)
            memberships.change(site, connection, actor, project, person, one.role)
    return made


def new_link(site: Site, actor: Actor, person_id: str) -> Invited:
    """A new one-time link for an account whose password was lost; earlier links are void, sessions and tokens stay.

    Raises
    ------
    NotFoundError, ConflictError
        If there is no such account, or it is closed.
    """
    with site.store.write() as connection:
        person = accounts.find(connection, person_id)
        if not person.active:
            raise ConflictError(f"users link: the account {person.email} is closed.", "Reopen it first.")
        link = issue_link(connection, person_id)
        site.store.record(connection, LinkMade(person_id), actor=actor.person_id)
    return accounts.invited(site, person._mapping, link)


def change(site: Site, actor: Actor, person_id: str, *, role: str | None = None, active: bool | None = None) -> Person:
    """Give an account another role, or close or reopen it.

    Closing ends the account's sessions, tokens and links for good; a reopened account needs a new link or its password.
    A change to what it is already does nothing.

    Raises
    ------
    InputError, ConflictError
        If the role does not exist, or no active admin would be left.
    """
    if role is not None:
        check_role(role, SITE_ROLES, "users: role")
    with site.store.write() as connection:
        person = accounts.find(connection, person_id)
        values = {"role": role or person.role, "active": person.active if active is None else active}
        if values == {"role": person.role, "active": person.active}:
            return accounts.view(person._mapping)
        if accounts.is_erased(person.email):
            raise ConflictError("users: this person was erased, so the account stays closed.")
        if not (values["role"] == "admin" and values["active"]):
            accounts.keep_an_admin(connection, person_id)
        connection.execute(update(t.person).where(t.person.c.id == person_id).values(**values))
        if not (person.active and values["active"]):  # also when it is reopened: earlier versions left tokens alive
            end_all(site, connection, person_id, actor=actor.person_id)
        site.store.record(
            connection, RoleGiven(person_id, str(values["role"]), bool(values["active"])), actor=actor.person_id
        )
        return accounts.view(accounts.find(connection, person_id)._mapping)


def ensure_admin(site: Site) -> tuple[Actor, str | None]:
    """The first admin, with a one-time link where nobody could sign in yet."""
    admin = first_admin(site)
    with site.store.read() as connection:
        known = connection.scalar(select(t.person.c.password_hash).where(t.person.c.id == admin.person_id))
    return admin, None if known else sessions.make_link(site, admin.person_id)


def first_admin(site: Site) -> Actor:
    """The oldest active admin; made where there is none. Whoever owns this machine's account acts as them."""
    with site.store.read() as connection:
        row = connection.execute(
            select(t.person.c.id, t.person.c.email)
            .where(t.person.c.role == "admin", t.person.c.active, t.person.c.simulated == False)  # noqa: E712
            .order_by(t.person.c.created_at)
        ).first()
    if row is not None:
        return Actor(row.id, "admin", row.email)
    try:
        made = add(site, SYSTEM, email=FIRST_ADMIN, name="Admin", role="admin")
    except ConflictError:  # another process was faster
        return by_email(site, FIRST_ADMIN)
    return Actor(made.user.id, "admin", "Admin")


def by_email(site: Site, email: str) -> Actor:
    """The account of an e-mail address; ``NotFoundError`` if there is none."""
    with site.store.read() as connection:
        row = connection.execute(select(t.person).where(t.person.c.email == email.strip().lower())).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no account for '{email}'.", "Make one: labelwright users add EMAIL --role ROLE")
    return Actor(row.id, row.role, row.name or row.email)


def on_site(site: Site, actor: Actor) -> Actor:
    """Somebody with the role that they have on the site, whatever it is in the project that they work in."""
    with site.store.read() as connection:
        role = connection.scalar(select(t.person.c.role).where(t.person.c.id == actor.person_id))
    return actor if role is None else replace(actor, role=role)


def make_token(site: Site, actor: Actor, *, name: str = "") -> TokenView:
    """Make an API token; its secret is in the answer and nowhere else."""
    secret = "lw_" + secrets.token_urlsafe(32)
    made = TokenView(new_id("t"), name, secret[:9], now(), secret)
    with site.store.write() as connection:
        connection.execute(
            insert(t.token).values(
                id=made.id, person_id=actor.person_id, name=name, prefix=made.prefix,
                secret_hash=digest(secret), created_at=made.created_at, revoked_at=None,
            )
        )  # fmt: skip
        site.store.record(connection, TokenChanged(made.id, made=True), actor=actor.person_id)
    return made


def tokens(site: Site, actor: Actor) -> TokenPage:
    """The caller's live tokens."""
    with site.store.read() as connection:
        rows = connection.execute(
            select(t.token.c.id, t.token.c.name, t.token.c.prefix, t.token.c.created_at)
            .where(t.token.c.person_id == actor.person_id, t.token.c.revoked_at.is_(None))
            .order_by(t.token.c.created_at)
        ).all()
    return TokenPage([TokenView(row.id, row.name, row.prefix, row.created_at) for row in rows])


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
        site.store.record(connection, TokenChanged(token_id, made=False), actor=actor.person_id)
