"""All accounts of a site with their projects and their state, for who runs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, or_, select

from labelwright.services.people.accounts import is_erased
from labelwright.services.people.views import ProjectGiven
from labelwright.services.site import Site
from labelwright.store import site_tables as t
from labelwright.store.record.people import SignedIn


@dataclass(frozen=True)
class Account:
    """An account as an admin sees it.

    Attributes
    ----------
    state : str
        "invited" (nobody has signed in yet), "active", "closed" or "simulated".
    last_sign_in : str, optional
    projects : list of ProjectGiven
        Roles in single projects, by name.
    """

    id: str
    email: str
    name: str
    role: str
    simulated: bool
    active: bool
    state: str
    last_sign_in: str | None
    projects: list[ProjectGiven]


@dataclass(frozen=True)
class AccountPage:
    """A page of accounts, by e-mail."""

    items: list[Account]
    next_cursor: str | None


def listing(site: Site, *, search: str = "", cursor: str | None = None, limit: int = 100) -> AccountPage:
    """A page of accounts, by e-mail; those whose name or e-mail holds some text."""
    person = t.person
    query = select(person).order_by(person.c.email).limit(limit + 1)
    if cursor:
        query = query.where(person.c.email > cursor)
    if text := search.strip():
        forms = {text, text.lower(), text.title()}  # SQLite's lower() knows ASCII alone
        names = [column.contains(form, autoescape=True) for form in forms for column in (person.c.name, person.c.email)]
        query = query.where(or_(func.lower(person.c.name).contains(text.lower(), autoescape=True), *names))
    with site.store.read() as connection:
        rows = connection.execute(query).all()
        shown = [row.id for row in rows[:limit]]
        projects, seen = _projects(connection, shown), _sign_ins(connection, shown)
    items = [_view(row, projects.get(row.id, []), seen.get(row.id)) for row in rows[:limit]]
    return AccountPage(items, items[-1].email if len(rows) > limit else None)


def _projects(connection: Connection, people: Sequence[str]) -> dict[str, list[ProjectGiven]]:
    member, catalogue = t.membership, t.catalogue
    rows = connection.execute(
        select(member.c.person_id, catalogue.c.slug, member.c.role)
        .join(catalogue, catalogue.c.id == member.c.project_id)
        .where(member.c.person_id.in_(people), catalogue.c.deleted_at.is_(None))
        .order_by(catalogue.c.slug)
    ).all()
    found: dict[str, list[ProjectGiven]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(ProjectGiven(row.slug, row.role))
    return found


def _sign_ins(connection: Connection, people: Sequence[str]) -> dict[str, str]:
    """When some people signed in last; the actor of such an event is the person."""
    event = t.event
    rows = connection.execute(
        select(event.c.actor, func.max(event.c.at).label("at"))
        .where(event.c.kind == SignedIn.kind, event.c.actor.in_(people))
        .group_by(event.c.actor)
    ).all()
    return {row.actor: row.at for row in rows}


def _view(person: Any, projects: list[ProjectGiven], seen: str | None) -> Account:
    if not person.active:
        state = "erased" if is_erased(person.email) else "closed"
    elif person.simulated:
        state = "simulated"
    else:
        state = "invited" if person.password_hash is None and seen is None else "active"
    return Account(
        person.id, person.email, person.name or person.email, person.role, person.simulated, person.active, state, seen,
        projects,
    )  # fmt: skip
