"""People with an account and their API tokens."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from labelwright.server.people.session_schemas import Person
from labelwright.server.people.user_schemas import ChangedUser, Invited, NewToken, NewUser, Token, TokenList, UserList
from labelwright.server.permissions import TheSite, need
from labelwright.services.people import directory, users
from labelwright.services.people.erasing import erase_person
from labelwright.services.people.roles import SELF, Actor
from labelwright.services.people.views import ProjectGiven

router = APIRouter(tags=["users"])


@router.get("/users", response_model=UserList)
def list_users(
    site: TheSite,
    actor: Annotated[Actor, need("user.manage")],
    search: Annotated[str, Query(max_length=200, description="Part of a name or an e-mail.")] = "",
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Any:
    """Everybody with an account, by e-mail."""
    return directory.listing(site, search=search, cursor=cursor, limit=limit)


@router.post("/users", response_model=Invited, status_code=201)
def add_user(body: NewUser, site: TheSite, actor: Annotated[Actor, need("user.manage")]) -> Any:
    """Make an account; the answer carries the one-time link to send to its owner."""
    projects = [ProjectGiven(one.slug, one.role) for one in body.projects]
    return users.add(site, actor, email=body.email, name=body.name, role=body.role, projects=projects)


@router.patch("/users/{user_id}", response_model=Person)
def change_user(user_id: str, body: ChangedUser, site: TheSite, actor: Annotated[Actor, need("user.manage")]) -> Any:
    """Give an account another role, close it, or open it again."""
    return users.change(site, actor, user_id, role=body.role, active=body.active)


@router.post("/users/{user_id}/link", response_model=Invited, status_code=201)
def new_link(user_id: str, site: TheSite, actor: Annotated[Actor, need("user.manage")]) -> Any:
    """Make a new one-time link for an account whose password was lost."""
    return users.new_link(site, actor, user_id)


@router.post("/users/{user_id}/erase", response_model=Person)
def erase_user(user_id: str, site: TheSite, actor: Annotated[Actor, need("user.manage")]) -> Any:
    """Destroy somebody's name and address for good; what they answered stays, under an id that says nothing."""
    return erase_person(site, actor, user_id)


@router.get("/tokens", response_model=TokenList)
def list_tokens(site: TheSite, actor: Annotated[Actor, need(SELF)]) -> Any:
    """The caller's API tokens."""
    return users.tokens(site, actor)


@router.post("/tokens", response_model=Token, status_code=201)
def make_token(body: NewToken, site: TheSite, actor: Annotated[Actor, need(SELF)]) -> Any:
    """Make an API token; its secret is in this answer and never again."""
    return users.make_token(site, actor, name=body.name)


@router.delete("/tokens/{token_id}", status_code=204)
def revoke_token(token_id: str, site: TheSite, actor: Annotated[Actor, need(SELF)]) -> None:
    """Revoke one of the caller's tokens."""
    users.revoke_token(site, actor, token_id)
