"""Events of the site's own chain: accounts, roles in projects, links, tokens, sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.store.record.base import EventBody


@dataclass(frozen=True)
class RoleGiven(EventBody):
    """An account was made, or got another role, or was closed or reopened.

    Attributes
    ----------
    person, role : str
    active : bool, optional
        None where the account was just made.
    """

    kind: ClassVar[str] = "role"

    person: str
    role: str
    active: bool | None = None


@dataclass(frozen=True)
class MembershipGiven(EventBody):
    """Somebody got a role in a project, another one, or none.

    Attributes
    ----------
    project_id, person : str
    role : str, optional
        None where it was taken away.
    """

    kind: ClassVar[str] = "membership"

    project_id: str
    person: str
    role: str | None


@dataclass(frozen=True)
class LinkMade(EventBody):
    """A one-time link was made for an account whose password was lost."""

    kind: ClassVar[str] = "link"

    person: str


@dataclass(frozen=True)
class TokenChanged(EventBody):
    """An API token was made, or revoked."""

    kind: ClassVar[str] = "token"

    token: str
    made: bool


@dataclass(frozen=True)
class SignedIn(EventBody):
    """Somebody signed in."""

    kind: ClassVar[str] = "sign-in"

    person: str


@dataclass(frozen=True)
class PersonErased(EventBody):
    """The name and the e-mail address of a person were destroyed; the id stays in the events of what they did."""

    kind: ClassVar[str] = "person.erased"

    person: str
