"""Guidelines: what is new, versions, proposed examples, what a change costs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from labelwright.server.permissions import TheSite, need
from labelwright.server.quality.guideline_schemas import (
    AskedImpact,
    Boundaries,
    GuidelineVersions,
    Impact,
    ItemsOfQuestion,
    NewsList,
    NumberOpened,
    Seen,
)
from labelwright.services.people.roles import Actor
from labelwright.services.quality import examples, guidelines, impact

router = APIRouter(prefix="/projects/{slug}/guidelines", tags=["guidelines"])
Manager = Annotated[Actor, need("project.manage")]
Annotator = Annotated[Actor, need("label")]
OfQuestion = Annotated[str | None, Query(max_length=40, description="Null: the primary question.")]


@router.get("/news", response_model=NewsList)
def guideline_news(slug: str, site: TheSite, actor: Annotator) -> Any:
    """What changed since the caller last saw the guidelines."""
    return {"items": guidelines.news(site, actor, slug)}


@router.post("/seen", status_code=204)
def guidelines_seen(slug: str, body: Seen, site: TheSite, actor: Annotator) -> None:
    """The caller was shown the guidelines up to a version."""
    guidelines.seen(site, actor, slug, body.question, body.version)


@router.get("/versions", response_model=GuidelineVersions)
def guideline_versions(
    slug: str, site: TheSite, actor: Annotated[Actor, need("project.read")], question: OfQuestion = None
) -> Any:
    """The versions that there were, and how many annotations were made under each."""
    return {"items": guidelines.versions(site, actor, slug, question)}


@router.get("/proposals", response_model=Boundaries)
def proposed_examples(slug: str, site: TheSite, actor: Manager, question: OfQuestion = None) -> Any:
    """Items on which people disagree, by pair of answers: examples to pin."""
    return {"items": examples.proposals(site, actor, slug, question)}


@router.post("/impact", response_model=Impact)
def guideline_impact(slug: str, body: AskedImpact, site: TheSite, actor: Manager) -> Any:
    """What a changed rule between two answers may affect: labels, hours, the metric."""
    return impact.estimate(site, actor, slug, body.question, body.pair, body.near, limit=body.limit)


@router.post("/review", response_model=NumberOpened)
def review_affected(slug: str, body: ItemsOfQuestion, site: TheSite, actor: Manager) -> Any:
    """Send items to review because the guidelines have changed."""
    return {"opened": impact.send_to_review(site, actor, slug, body.question, body.items)}
