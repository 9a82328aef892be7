"""How people fare: for those who lead or audit a project, and for everybody their own."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from labelwright.server.permissions import TheSite, need
from labelwright.server.team.schemas import Agreement, Attention, Basis, OwnWork, Team, TeamPerson
from labelwright.services.people.roles import Actor
from labelwright.services.team import agreement, attention, listing, mine, person

router = APIRouter(prefix="/projects/{slug}", tags=["team"])
PeopleReader = Annotated[Actor, need("people.read")]
QuestionId = Annotated[str | None, Query(max_length=40)]


@router.get("/team", response_model=Team)
def team(slug: str, site: TheSite, actor: PeopleReader, question: QuestionId = None) -> Any:
    """Everybody with how much, how fast, at what cost and how well; skill on randomly assigned items alone."""
    return listing.show(site, actor, slug, question_id=question)


@router.get("/team/agreement", response_model=Agreement)
def team_agreement(slug: str, site: TheSite, actor: PeopleReader, basis: Basis = "random") -> Any:
    """How far people agree: by question, measure, class, pair of classes and version of the guidelines."""
    return agreement.show(site, actor, slug, basis=basis)


@router.get("/team/attention", response_model=Attention)
def team_attention(slug: str, site: TheSite, actor: PeopleReader, question: QuestionId = None) -> Any:
    """What deserves a look: alarms of sequential tests, and the audit of shares of classes, with the items behind."""
    return attention.show(site, actor, slug, question_id=question)


@router.get("/team/{person_id}", response_model=TeamPerson)
def team_person(slug: str, person_id: str, site: TheSite, actor: PeopleReader, question: QuestionId = None) -> Any:
    """One person in detail: over time, by class, what was confused, what the tests say, what the lead has set."""
    return person.show(site, actor, slug, person_id, question_id=question)


@router.get("/mine", response_model=OwnWork)
def own_work(slug: str, site: TheSite, actor: Annotated[Actor, need("label")]) -> Any:
    """The caller's own figures; nothing in them tells what kind of item an answer was about."""
    return mine.show(site, actor, slug)
