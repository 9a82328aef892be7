"""Roles in projects, within a transaction: who may change which, and the change with its event."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from labelwright.errors import ConflictError, ForbiddenError
from labelwright.services.people.roles import ADMIN, Actor, permissions_of
from labelwright.services.site import Site
from labelwright.store import site_tables as t
from labelwright.store.record.people import MembershipGiven
from labelwright.store.slugs import no_project


def project_id(connection: Connection, slug: str) -> str:
    """The id of a project.

    Raises
    ------
    NotFoundError
        If there is none of that name.
    """
    found = connection.scalar(
        select(t.catalogue.c.id).where(t.catalogue.c.slug == slug, t.catalogue.c.deleted_at.is_(None))
    )
    if found is None:
        raise no_project(slug)
    return str(found)


def given(connection: Connection, project: str, person: str) -> str | None:
    """The role that somebody was given in a project."""
    member = t.membership
    role = connection.scalar(select(member.c.role).where(member.c.project_id == project, member.c.person_id == person))
    return None if role is None else str(role)


def change(site: Site, connection: Connection, actor: Actor, project: str, person: Any, role: str | None) -> bool:
    """Give an account another role in a project, or take it away; whether that changed anything.

    Parameters
    ----------
    person : row of an account

    Raises
    ------
    ConflictError
        If it is an admin's, or closed, and a role is given.
    ForbiddenError
        If the actor is no admin and it would have fewer rights here than its role on the site gives, or an admin has
        arranged that.
    """
    connection.execute(select(t.person.c.id).where(t.person.c.id == person.id).with_for_update())  # one after the other
    before = given(connection, project, person.id)
    if before == role:
        return False
    if role is not None:
        if person.role == ADMIN:
            raise ConflictError(f"{person.email} is an admin, who may do everything in every project.")
        if not person.active:
            raise ConflictError(f"The account {person.email} is closed.", "Ask an admin to reopen it.")
    if not actor.may("user.manage") and any(_lowers(person.role, one) for one in (before, role)):
        raise ForbiddenError(
            f"Only an admin may decide that {person.email} has fewer rights here than '{person.role}' on the site.",
            "Ask an admin of this site.",
        )
    member = t.membership
    connection.execute(delete(member).where(member.c.project_id == project, member.c.person_id == person.id))
    if role is not None:
        connection.execute(insert(member).values(project_id=project, person_id=person.id, role=role))
    site.store.record(connection, MembershipGiven(project, person.id, role), actor=actor.person_id)
    return True


def _lowers(site_role: str, role: str | None) -> bool:
    return role is not None and not permissions_of(role) >= permissions_of(site_role)
