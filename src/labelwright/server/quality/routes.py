"""Checks and reviews: rules, items with known answers, the queue of reviews, decisions, appeals."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from labelwright.engine import quality
from labelwright.server.permissions import TheSite, need
from labelwright.server.quality.schemas import (
    AskedReview,
    ChangedChecking,
    CheckingView,
    Decision,
    Found,
    GoldList,
    NewGold,
    Opened,
    Outcomes,
    Profile,
    Review,
    ReviewPage,
    ReviewState,
    Text,
)
from labelwright.services.people.roles import Actor
from labelwright.services.quality import deciding, finding, gold, outcomes, reviews, rules

router = APIRouter(prefix="/projects/{slug}", tags=["quality"])
Manager = Annotated[Actor, need("project.manage")]
Reviewer = Annotated[Actor, need("review")]
ReviewReader = Annotated[Actor, need("review.read")]
Annotator = Annotated[Actor, need("label")]


@router.get("/quality", response_model=CheckingView)
def quality_rules(slug: str, site: TheSite, actor: ReviewReader) -> Any:
    """How many people answer an item, how they are checked, and what is reviewed."""
    return rules.show(site, actor, slug)


@router.put("/quality", response_model=CheckingView)
def change_quality_rules(slug: str, body: ChangedChecking, site: TheSite, actor: Manager) -> Any:
    """Check and review by other rules from now on."""
    wanted = rules.Checking(
        body.overlap, body.overlap_by_kind, body.overlap_by_slice, body.gold_share, body.repeat_share,
        quality.QualityRules(**body.rules.model_dump()), body.resolvers, body.expert_share, body.costs,
    )  # fmt: skip
    return rules.change(site, actor, slug, wanted, settings_version=body.settings_version)


@router.put("/annotators/{person_id}", response_model=Profile)
def describe_annotator(slug: str, person_id: str, body: Profile, site: TheSite, actor: Manager) -> Any:
    """Say what somebody earns, may get and is skilled at, or pause them."""
    sent = body.model_dump()
    profile = quality.Profile.read(sent)
    return rules.describe(site, actor, slug, person_id, profile).to_json()


@router.get("/gold", response_model=GoldList)
def gold_items(slug: str, site: TheSite, actor: Manager) -> Any:
    """Items whose answer is known; not for those who are checked with them."""
    return {"items": gold.listing(site, actor, slug)}


@router.put("/items/{item_id}/gold", status_code=204)
def mark_gold(slug: str, item_id: str, body: NewGold, site: TheSite, actor: Manager) -> None:
    """Check people with this item from now on."""
    gold.mark(site, actor, slug, item_id, body.answer, question=body.question, rule=body.rule)


@router.delete("/items/{item_id}/gold", status_code=204)
def unmark_gold(
    slug: str, item_id: str, site: TheSite, actor: Manager, question: Annotated[str | None, Query(max_length=40)] = None
) -> None:
    """Check nobody with this item any more."""
    gold.unmark(site, actor, slug, item_id, question=question)


@router.get("/reviews", response_model=ReviewPage)
def review_queue(
    slug: str,
    site: TheSite,
    actor: ReviewReader,
    state: ReviewState | None = None,
    cause: Annotated[str | None, Query(max_length=20)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """Reviews, the oldest first; decided ones the newest first."""
    return reviews.listing(site, actor, slug, state=state, cause=cause, cursor=cursor, limit=limit)


@router.post("/reviews/find", response_model=Found)
def find_reviews(slug: str, site: TheSite, actor: Reviewer) -> Any:
    """Look for labels in doubt among near-duplicates and against the model, and open reviews of them."""
    return {"opened": finding.find(site, actor, slug)}


@router.get("/reviews/{review_id}", response_model=Review)
def review(slug: str, review_id: str, site: TheSite, actor: ReviewReader) -> Any:
    """One review: the answers, the history, the notes, the guidelines."""
    return reviews.show(site, actor, slug, review_id)


@router.post("/reviews/{review_id}/decision", response_model=Review)
def decide(slug: str, review_id: str, body: Decision, site: TheSite, actor: Reviewer) -> Any:
    """End a review; under strict rules a change of a label waits for another person."""
    deciding.decide(site, actor, slug, review_id, body.outcome, answer=body.answer, reason=body.reason, gold=body.gold)
    return reviews.show(site, actor, slug, review_id)


@router.post("/reviews/{review_id}/comments", response_model=Review, status_code=201)
def comment(slug: str, review_id: str, body: Text, site: TheSite, actor: Reviewer) -> Any:
    """Write about a review."""
    deciding.comment(site, actor, slug, review_id, body.text)
    return reviews.show(site, actor, slug, review_id)


@router.post("/reviews/{review_id}/appeal", response_model=Opened, status_code=201)
def appeal(slug: str, review_id: str, body: Text, site: TheSite, actor: Annotator) -> Any:
    """Ask another person to look at a decision about an answer of the caller's, once."""
    return {"review": deciding.appeal(site, actor, slug, review_id, body.text)}


@router.post("/items/{item_id}/review", response_model=Opened, status_code=201)
def ask_for_review(slug: str, item_id: str, body: AskedReview, site: TheSite, actor: Annotator) -> Any:
    """Ask for a second look at an item, or for another label, which another person has to approve."""
    asked = deciding.ask(site, actor, slug, item_id, question=body.question, reason=body.reason, answer=body.answer)
    return {"review": asked}


@router.get("/outcomes", response_model=Outcomes)
def my_outcomes(slug: str, site: TheSite, actor: Annotator) -> Any:
    """What reviews decided about the caller's answers."""
    return {"items": outcomes.mine(site, actor, slug)}
