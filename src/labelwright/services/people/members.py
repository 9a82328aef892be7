"""The people of a project: who may do what in it, invitations, other roles, removal."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, or_, select
from sqlalchemy.exc import DatabaseError

from labelwright.errors import ConflictError, LabelwrightError, NotFoundError
from labelwright.services.people import accounts, memberships
from labelwright.services.people.accounts import check_role, normal_email
from labelwright.services.people.roles import MEMBER, PROJECT_ROLES, Actor, permissions_of, role_in
from labelwright.services.people.views import Person
from labelwright.services.site import Site
from labelwright.store import site_tables as t

log = logging.getLogger("labelwright.people")


@dataclass(frozen=True)
class Member:
    """Somebody who may do something in a project.

    Attributes
    ----------
    role : str
        Theirs in this project.
    everywhere : bool
        Whether it is the one that they have on the whole site; False if it was given to them here.
    """

    user: Person
    role: str
    everywhere: bool


@dataclass(frozen=True)
class Added:
    """Somebody new in a project.

    Attributes
    ----------
    link, expires_at : str, optional
        The one-time link to send to its owner, and until when it works; None if the account was there already.
    """

    member: Member
    link: str | None
    expires_at: str | None


@dataclass(frozen=True)
class MemberPage:
    """A page of the people of a project; those who were given a role in it first, then by e-mail."""

    items: list[Member]
    next_cursor: str | None


def listing(site: Site, slug: str, *, cursor: str | None = None, limit: int = 100) -> MemberPage:
    """The people who may do something in a project, those who were given a role in it first, then by e-mail.

    Closed accounts are among them only if a role was given to them here.

    Raises
    ------
    NotFoundError
        If there is no such project.
    """
    person, member = t.person, t.membership
    with site.store.read() as connection:
        project = memberships.project_id(connection, slug)
        place = case((member.c.role.is_not(None), "0"), else_="1") + person.c.email
        is_here = and_(member.c.person_id == person.c.id, member.c.project_id == project)
        query = (
            select(*person.c, member.c.role.label("given"), place.label("place"))
            .select_from(person.outerjoin(member, is_here))
            .where(or_(member.c.role.is_not(None), and_(person.c.role != MEMBER, person.c.active)))
            .order_by(place)
            .limit(limit + 1)
        )
        if cursor:
            query = query.where(place > cursor)
        rows = connection.execute(query).all()
    items = [_view(row, row.given) for row in rows[:limit]]
    return MemberPage(items, rows[limit - 1].place if len(rows) > limit else None)


def add(site: Site, actor: Actor, slug: str, *, email: str, name: str = "", role: str) -> Added:
    """Give a role in a project to the account of an e-mail address; make the account if there is none.

    Only an account that is made here comes with a link: whoever opens the link of an account that exists could take it
    over.

    Raises
    ------
    NotFoundError, InputError
        If there is no such project, or e-mail or role do not fit.
    ConflictError
        If they have another role here already, or are an admin, or their account is closed.
    ForbiddenError
        See `memberships.change`.
    """
    email = normal_email(email)
    check_role(role, PROJECT_ROLES, "members: role")
    link = expires_at = None
    with site.store.write() as connection:
        project = memberships.project_id(connection, slug)
        person = connection.execute(select(t.person).where(t.person.c.email == email)).one_or_none()
        if person is None:
            made = accounts.make(site, connection, actor, email=email, name=name, role=MEMBER)
            link, expires_at = made.link, made.expires_at
            person = accounts.find(connection, made.user.id)
        elif memberships.given(connection, project, person.id) not in (None, role):
            raise ConflictError(f"{email} is in this project already.", "Change their role in the list.")
        memberships.change(site, connection, actor, project, person, role)
    return Added(_view(person, role), link, expires_at)


def give(site: Site, actor: Actor, slug: str, person_id: str, role: str) -> Member:
    """Give somebody another role in a project; the role that they have already is fine.

    Leases of somebody who may not label any more go back.

    Raises
    ------
    NotFoundError
        If there is no such project, or nobody of that id that the actor may know of.
    InputError, ConflictError, ForbiddenError
        If the role does not exist, or they are an admin, or their account is closed; see `memberships.change`.
    """
    check_role(role, PROJECT_ROLES, "members: role")
    with site.store.write() as connection:
        project = memberships.project_id(connection, slug)
        person = accounts.find(connection, person_id)
        before = memberships.given(connection, project, person_id)
        if person.role == MEMBER and before is None and not actor.may("user.manage"):  # of other projects alone
            raise NotFoundError(f"There is no account '{person_id}'.")
        memberships.change(site, connection, actor, project, person, role)
    _return_leases(site, slug, person, role)
    return _view(person, role)


def take(site: Site, actor: Actor, slug: str, person_id: str) -> None:
    """Take the role away that somebody was given in a project; what they have on the site holds again.

    Their leases go back unless they may still label. Their sessions and their answers stay.

    Raises
    ------
    NotFoundError
        If there is no such project, or no role was given to them in it.
    ForbiddenError
        See `memberships.change`.
    """
    with site.store.write() as connection:
        project = memberships.project_id(connection, slug)
        if memberships.given(connection, project, person_id) is None:
            raise NotFoundError(f"'{person_id}' was given no role in '{slug}'.", "Reload the page.")
        person = accounts.find(connection, person_id)
        memberships.change(site, connection, actor, project, person, None)
    _return_leases(site, slug, person, None)


def _return_leases(site: Site, slug: str, person: Any, given: str | None) -> None:
    """Work that can not be answered any more goes to others at once; in a damaged project it ends by itself."""
    from labelwright.services.labeling import holding

    if "label" in permissions_of(role_in(person.role, given) or ""):
        return
    try:
        holding.return_all(site, person.id, slug)
    except (LabelwrightError, DatabaseError, OSError):
        log.exception("the leases of somebody who left cannot be returned", extra={"project": slug})


def _view(person: Any, given: str | None) -> Member:
    role = role_in(person.role, given) or given or ""
    return Member(accounts.view(person._mapping), role, everywhere=given is None or role != given)
