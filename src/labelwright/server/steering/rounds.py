"""Rounds as experiments: begun, described, compared, and the review of how items are chosen."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from labelwright.server.permissions import TheSite, need
from labelwright.server.steering.round_schemas import (
    DesignReview,
    ModelComparison,
    NewDesignReview,
    NewRound,
    Round,
    RoundComparison,
    RoundList,
    SaidOfRound,
)
from labelwright.services.people.roles import Actor
from labelwright.services.steering import compare, design_review, rounds

router = APIRouter(prefix="/projects/{slug}", tags=["rounds"])
Reader = Annotated[Actor, need("progress.read")]
Manager = Annotated[Actor, need("project.manage")]
RoundId = Annotated[str, Query(max_length=40)]
CycleId = Annotated[int, Query(ge=1, le=1_000_000_000)]


@router.get("/rounds", response_model=RoundList)
def list_rounds(
    slug: str, site: TheSite, actor: Reader, cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:  # fmt: skip
    """What was asked in each round, why, and what came of it."""
    return rounds.listing(site, slug, cursor=cursor, limit=limit)


@router.post("/rounds", response_model=Round, status_code=201)
def start_round(slug: str, body: NewRound, site: TheSite, actor: Manager) -> Any:
    """End the running round and begin the next one, with another strategy or other constraints where they are given."""
    return rounds.start(
        site, actor, slug, hypothesis=body.hypothesis, labels=body.labels, strategy=body.strategy,
        constraints=body.constraints, settings_version=body.settings_version,
    )  # fmt: skip


@router.put("/rounds/{round_id}", response_model=Round)
def describe_round(slug: str, round_id: str, body: SaidOfRound, site: TheSite, actor: Manager) -> Any:
    """Say what a round is about and what came of it; what is null stays as drafted from the data."""
    return rounds.describe(site, actor, slug, round_id, rounds.Said(**body.model_dump()))


@router.get("/rounds/compare", response_model=RoundComparison)
def compare_rounds(slug: str, first: RoundId, second: RoundId, site: TheSite, actor: Reader) -> Any:
    """Two rounds beside each other: settings, answers, and the models at their ends on the same reserve labels."""
    return compare.rounds(site, slug, first, second)


@router.get("/models/compare", response_model=ModelComparison)
def compare_models(slug: str, first: CycleId, second: CycleId, site: TheSite, actor: Reader) -> Any:
    """Two models of the learning curve by their cycles, on the same reserve labels."""
    return compare.models(site, slug, first, second)


@router.get("/design-review", response_model=DesignReview)
def show_design_review(slug: str, site: TheSite, actor: Reader) -> Any:
    """Whether it is time to look at how items are chosen, and what the data say about it."""
    return design_review.show(site, actor, slug)


@router.post("/design-review", response_model=DesignReview, status_code=201)
def record_design_review(slug: str, body: NewDesignReview, site: TheSite, actor: Manager) -> Any:
    """Record that a person has looked at how items are chosen; the reminder begins anew."""
    return design_review.record(site, actor, slug, body.note)
