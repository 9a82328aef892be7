"""Bodies of the routes about the people of a project."""

from __future__ import annotations

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.people.session_schemas import Person
from labelwright.services.people.roles import ProjectRole, SiteRole


class NewMember(Body):
    """Somebody to add to a project; an account is made if there is none of that e-mail."""

    email: str = Field(max_length=254)
    name: str = Field(default="", max_length=200, description="For an account that is made.")
    role: ProjectRole


class GivenRole(Body):
    """The role to give in this project."""

    role: ProjectRole


class Member(View):
    """Somebody who may do something in this project."""

    user: Person
    role: SiteRole = Field(description="Theirs in this project.")
    everywhere: bool = Field(description="It is the role that they have on the whole site.")


class AddedMember(View):
    """Somebody new in a project, with a one-time link if the account was made now, and never if it was there."""

    member: Member
    link: str | None = Field(description="Begins with '/' where no base URL is set.")
    expires_at: str | None


class MemberList(View):
    """A page of the people of a project."""

    items: list[Member]
    next_cursor: str | None = None
