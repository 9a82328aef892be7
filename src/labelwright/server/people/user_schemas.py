"""Bodies of the user and token routes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.people.session_schemas import Person
from labelwright.services.people.roles import ProjectRole, SiteRole

State = Literal["invited", "active", "closed", "simulated", "erased"]


class ProjectGiven(Body):
    """A project with the role that somebody is given in it."""

    slug: str = Field(max_length=64)
    role: ProjectRole


class NewUser(Body):
    """An account to make."""

    email: str = Field(max_length=254)
    name: str = Field(default="", max_length=200)
    role: SiteRole
    projects: list[ProjectGiven] = Field(
        default=[],
        max_length=100,
        description="For a member of the site; other roles hold in every project.",
    )


class ChangedUser(Body):
    """What to change of an account; null leaves it."""

    role: SiteRole | None = None
    active: bool | None = Field(default=None, description="False closes it: sessions and tokens end at once.")


class Invited(View):
    """The account, and the one-time link its owner opens to set a password."""

    user: Person
    link: str = Field(description="Begins with '/' where no base URL is set; put the origin in front that people use.")
    expires_at: str


class MemberOf(View):
    """A project with the role that somebody has been given in it."""

    slug: str
    role: ProjectRole


class Account(Person):
    """An account as an admin sees it."""

    state: State = Field(description="invited: nobody has signed in yet.")
    last_sign_in: str | None = None
    projects: list[MemberOf] = Field(default=[], description="Roles in single projects, by name.")


class UserList(View):
    """A page of users."""

    items: list[Account]
    next_cursor: str | None = None


class NewToken(Body):
    """A token to make for oneself."""

    name: str = Field(default="", max_length=200)


class Token(View):
    """An API token; the secret is shown once, when it is made."""

    id: str
    name: str
    prefix: str
    created_at: str
    secret: str | None = None


class TokenList(View):
    """The caller's tokens."""

    items: list[Token]
    next_cursor: str | None = None
