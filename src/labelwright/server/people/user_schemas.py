"""Bodies of the user and token routes."""

from __future__ import annotations

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.people.session_schemas import Person, RoleName


class NewUser(Body):
    """An account to make."""

    email: str = Field(max_length=254)
    name: str = Field(default="", max_length=200)
    role: RoleName


class ChangedUser(Body):
    """What to change of an account; null leaves it."""

    role: RoleName | None = None
    active: bool | None = Field(default=None, description="False closes it: sessions and tokens end at once.")


class Invited(View):
    """The account, and the one-time link its owner opens to set a password."""

    user: Person
    link: str


class UserList(View):
    """A page of users."""

    items: list[Person]
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
