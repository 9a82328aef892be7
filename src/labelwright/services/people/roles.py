"""Who may do what: one table, read by the server, the command line and the tests.

A role on the site holds in every project. A role that was given in a project replaces it there, except that an admin
stays admin everywhere. A member of the site has rights only in the projects that were given to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

ANYONE: Final = "anyone"  # signed in or not
SELF: Final = "self"  # signed in; concerns the caller alone
ADMIN: Final = "admin"
MEMBER: Final = "member"

SiteRole = Literal["admin", "lead", "annotator", "reviewer", "auditor", "stakeholder", "member"]
ProjectRole = Literal["lead", "annotator", "reviewer", "auditor", "stakeholder"]
SITE_ROLES: Final[tuple[str, ...]] = get_args(SiteRole)
PROJECT_ROLES: Final[tuple[str, ...]] = get_args(ProjectRole)

_READ = {"project.list", "project.read"}
_LABEL = {"label", "label.add"}
_REVIEW = {"review", "review.read"}
_WATCH = {"progress.read", "item.read", "event.read", "export"}
_STEER = {"project.create", "project.manage", "upload", "member.manage"}

ROLES: Final[dict[str, frozenset[str]]] = {
    ADMIN: frozenset(_READ | _WATCH | _LABEL | _STEER | _REVIEW | {"people.read", "user.manage"}),
    "lead": frozenset(_READ | _WATCH | _LABEL | _STEER | _REVIEW | {"people.read"}),
    "annotator": frozenset(_READ | _LABEL),
    "reviewer": frozenset(_READ | _LABEL | _REVIEW | {"progress.read", "item.read"}),
    "auditor": frozenset(_READ | _WATCH | {"review.read", "people.read"}),
    "stakeholder": frozenset(_READ | {"progress.read"}),  # figures and reports, no items
    MEMBER: frozenset({"project.list"}),
}


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with a role; the machine itself acts as ``SYSTEM``."""

    person_id: str
    role: str
    name: str = ""

    def may(self, permission: str) -> bool:
        """Whether the role table allows it."""
        return permission == SELF or permission in permissions_of(self.role)

    @property
    def permissions(self) -> list[str]:
        """What the role allows, sorted."""
        return sorted(permissions_of(self.role))


def permissions_of(role: str) -> frozenset[str]:
    """What a role allows; nothing if there is no such role."""
    return ROLES.get(role, frozenset())


def role_in(site_role: str, given: str | None) -> str | None:
    """The role of somebody in a project, or None if they may not know that it exists.

    Parameters
    ----------
    site_role : str
    given : str, optional
        The role that was given to them in the project.

    Examples
    --------
    >>> role_in("member", "annotator"), role_in("lead", "annotator"), role_in("admin", "annotator")
    ('annotator', 'annotator', 'admin')
    >>> role_in("lead", None), role_in("member", None)
    ('lead', None)
    """
    if site_role == ADMIN:
        return ADMIN
    return given if given is not None or site_role == MEMBER else site_role


SYSTEM: Final = Actor(person_id="system", role=ADMIN, name="Labelwright")
