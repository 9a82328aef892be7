"""Bodies of the session routes."""

from __future__ import annotations

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.services.people.roles import SiteRole


class SignIn(Body):
    """Sign in by e-mail and password."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1024)


class ClaimLink(Body):
    """Open a one-time link: the first sign-in of an account, which sets its password."""

    token: str = Field(max_length=200)
    name: str | None = Field(default=None, max_length=200)
    password: str | None = Field(default=None, max_length=1024, description="At least 10 characters; null keeps it.")


class Person(View):
    """Somebody with an account."""

    id: str
    email: str
    name: str
    role: SiteRole
    simulated: bool = False
    active: bool = True


class Session(View):
    """Who is signed in. Every request that changes something sends `csrf` as header `X-CSRF-Token`."""

    user: Person
    csrf: str
    permissions: list[str] = Field(description="What the role on the site allows; each project states its own.")
    has_password: bool
    version: str


class SignInWays(View):
    """How people sign in here."""

    provider: str | None = Field(description="What the button of the identity provider says; null where none is set.")
