"""Roles and profiles in a project file: people are named there by the e-mail address of their account."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from labelwright.engine.project import Project
from labelwright.engine.quality import Profile, profiles
from labelwright.errors import InputError
from labelwright.plain import JsonObject
from labelwright.services.people import memberships
from labelwright.services.people.roles import ADMIN
from labelwright.services.site import Site
from labelwright.store import site_tables as st
from labelwright.store.rows import Rows

NONE = Profile()


def emails(site: Site) -> dict[str, str]:
    """E-mail addresses by person id, of people and not of simulated annotators."""
    person = st.person
    with site.store.read() as connection:
        rows = connection.execute(select(person.c.id, person.c.email).where(person.c.simulated == False)).all()  # noqa: E712
    return {row.id: row.email for row in rows}


def roles(site: Site, slug: str) -> tuple[JsonObject, ...]:
    """The roles that were given in a project, by e-mail address."""
    person, member = st.person, st.membership
    with site.store.read() as connection:
        project = memberships.project_id(connection, slug)
        rows = connection.execute(
            select(person.c.email, member.c.role)
            .join(person, person.c.id == member.c.person_id)
            .where(member.c.project_id == project)
            .order_by(person.c.email)
        ).all()
    return tuple({"email": row.email, "role": row.role} for row in rows)


def profiles_of(rows: Rows, project: Project) -> dict[str, JsonObject]:
    """What is said of people, by person id, without what is not set; skills go by the names of labels."""
    found = {person: _table(project, profile) for person, profile in profiles(rows).items() if profile != NONE}
    return dict(sorted(found.items()))


def profile_of(project: Project, table: JsonObject) -> Profile:
    """The profile of a table.

    Raises
    ------
    InputError
        If a label is unknown, or a number is not possible.
    """
    ids = {name: label_id for label_id, name in _names(project).items()}
    values: dict[str, Any] = {key: value for key, value in table.items() if key != "email"}
    skills = values.get("skills", {})
    if unknown := sorted(set(skills) - ids.keys()):
        raise InputError(
            f"[[annotator]] skills of {table['email']} must name labels of '{project.primary.id}', got '{unknown[0]}'.",
            f"There are {', '.join(ids) or 'none'}.",
        )
    values["skills"] = {ids[name]: float(skill) for name, skill in skills.items()}
    return Profile.read(values)


def _table(project: Project, profile: Profile) -> JsonObject:
    names = _names(project)
    stored = profile.to_json()
    stored["skills"] = {names[label]: profile.skills[label] for label in names if label in profile.skills}
    default = NONE.to_json()
    order = ("rate", "expert", "most_per_day", "paused", "excused", "only", "skills")
    return {key: stored[key] for key in order if stored[key] != default[key]}


def _names(project: Project) -> dict[str, str]:
    """Names of the labels of the primary question by id, in their order."""
    labels: Any = project.primary.schema.get("labels") or ()
    return {str(label["id"]): str(label["name"]) for label in labels}


def admins(site: Site) -> set[str]:
    """E-mail addresses of the admins, who have no role in a single project."""
    person = st.person
    with site.store.read() as connection:
        return set(connection.execute(select(person.c.email).where(person.c.role == ADMIN)).scalars())
