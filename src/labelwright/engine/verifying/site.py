"""The site's tables, held against what its own chain says of accounts, roles, tokens and projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from labelwright.engine.verifying.report import Report
from labelwright.store import site_tables as t
from labelwright.store.record.base import EventBody
from labelwright.store.record.people import MembershipGiven, PersonErased, RoleGiven, TokenChanged
from labelwright.store.record.site import ProjectDeleted, ProjectRemoved, ProjectRestored

Key = tuple[str, ...]
State = tuple[str | bool, ...]


@dataclass
class SiteFold:
    """What the events of a site say so far.

    Attributes
    ----------
    people : dict
        Role, and whether the account is open, by person.
    members : dict
        Role by project and person.
    tokens : dict
        Whether it holds, by token.
    projects : dict
        Whether it was deleted, by project; those that were neither deleted nor restored are not in it.
    removed : set of str
        Projects that were removed for good.
    erased : set of str
        People whose names were destroyed.
    """

    people: dict[Key, State] = field(default_factory=dict)
    members: dict[Key, State] = field(default_factory=dict)
    tokens: dict[Key, State] = field(default_factory=dict)
    projects: dict[str, bool] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)

    def take(self, body: EventBody) -> None:
        """Apply one event."""
        match body:
            case RoleGiven(person, role, active):
                self.people[(person,)] = (role, active is not False)
            case MembershipGiven(project, person, None):
                self.members.pop((project, person), None)
            case MembershipGiven(project, person, str(role)):
                self.members[(project, person)] = (role,)
            case TokenChanged(token, made):
                self.tokens[(token,)] = (made,)
            case PersonErased(person):
                self.erased.add(person)
            case ProjectDeleted(project):
                self.projects[project] = True
            case ProjectRestored(project):
                self.projects[project] = False
            case ProjectRemoved(project, _):
                self.projects.pop(project, None)
                self.removed.add(project)
            case _:
                pass


def check_tables(connection: Connection, fold: SiteFold, report: Report) -> None:
    """Compare people, roles in projects, tokens and the list of projects with the events."""
    person, member, token, project = t.person, t.membership, t.token, t.catalogue
    people: dict[Key, State] = {
        (r.id,): (r.role, r.active) for r in connection.execute(select(person.c.id, person.c.role, person.c.active))
    }
    members: dict[Key, State] = {(r.project_id, r.person_id): (r.role,) for r in connection.execute(select(member))}
    columns = (token.c.id, token.c.revoked_at)
    tokens: dict[Key, State] = {(r.id,): (r.revoked_at is None,) for r in connection.execute(select(*columns))}
    _compare("person", people, fold.people, report)
    _compare("token", tokens, fold.tokens, report)
    listed = {r.id: r.deleted_at is not None for r in connection.execute(select(project.c.id, project.c.deleted_at))}
    _compare("membership", members, fold.members, report, there=lambda key: key[0] in listed)
    for project_id, deleted in sorted(listed.items()):
        if project_id in fold.removed:
            report.complain(
                f"site table catalogue: project {project_id} was removed for good, and is listed: remove it again."
            )
        elif deleted != fold.projects.get(project_id, False):
            report.complain(f"site table catalogue: whether project {project_id} is deleted is in no event.")
    for project_id in sorted(fold.projects.keys() - listed.keys()):
        report.complain(f"site table catalogue: project {project_id} is missing.")
    names = {r.id: r.email for r in connection.execute(select(person.c.id, person.c.email))}
    for one in sorted(fold.erased & names.keys()):
        if not names[one].startswith(one):
            report.complain(f"site table person: {one} was erased, and has an address.")
    report.say(f"site tables: {len(people)} people, {len(members)} roles in projects, {len(tokens)} tokens")


def _compare(
    table: str, stored: Mapping[Key, State], told: Mapping[Key, State], report: Report, *,
    there: Callable[[Key], bool] = lambda _: True,
) -> None:  # fmt: skip
    for key in sorted(stored.keys() | told.keys()):
        name = " ".join(key)
        if key not in told:
            report.complain(f"site table {table}: row {name} is in no event.")
        elif key not in stored:
            if there(key):
                report.complain(f"site table {table}: row {name} is missing.")
        elif stored[key] != told[key]:
            report.complain(f"site table {table}: row {name} differs from its events.")
