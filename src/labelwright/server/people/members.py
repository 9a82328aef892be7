"""The people of a project."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from labelwright.server.people.member_schemas import AddedMember, GivenRole, Member, MemberList, NewMember
from labelwright.server.permissions import TheSite, need
from labelwright.services.people import members
from labelwright.services.people.roles import Actor

router = APIRouter(prefix="/projects/{slug}/members", tags=["members"])
Manager = Annotated[Actor, need("member.manage")]


@router.get("", response_model=MemberList)
def list_members(
    slug: str,
    site: TheSite,
    actor: Manager,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Any:
    """Who may do what in this project: first those who were given a role in it, then those with a role on the site."""
    return members.listing(site, slug, cursor=cursor, limit=limit)


@router.post("", response_model=AddedMember, status_code=201)
def add_member(slug: str, body: NewMember, site: TheSite, actor: Manager) -> Any:
    """Give a role to the account of an e-mail, or make the account; only then the answer carries a one-time link."""
    return members.add(site, actor, slug, email=body.email, name=body.name, role=body.role)


@router.put("/{user_id}", response_model=Member)
def give_role(slug: str, user_id: str, body: GivenRole, site: TheSite, actor: Manager) -> Any:
    """Give somebody a role in this project, instead of the one that they have on the site."""
    return members.give(site, actor, slug, user_id, body.role)


@router.delete("/{user_id}", status_code=204)
def remove_member(slug: str, user_id: str, site: TheSite, actor: Manager) -> None:
    """Take the role away that was given here. Their live leases go back; answers and sessions stay."""
    members.take(site, actor, slug, user_id)
