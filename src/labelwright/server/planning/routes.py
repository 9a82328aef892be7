"""Plans before spending: replays on labeled data that choose the set-up of a project."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from labelwright import models
from labelwright.exchange import Columns
from labelwright.server.permissions import TheSite, need
from labelwright.server.planning.schemas import (
    ModelList,
    NewPlan,
    Plan,
    PlanList,
    PlanSource,
    SimilarList,
    SimilarSource,
)
from labelwright.services.people.roles import Actor
from labelwright.services.planning import plans, similar
from labelwright.services.planning.asked import Asked
from labelwright.services.planning.source import Source

router = APIRouter(tags=["plans"])
Planner = Annotated[Actor, need("project.create", somewhere=True)]


@router.get("/models", response_model=ModelList)
def list_models(actor: Annotated[Actor, need("project.list")]) -> Any:
    """The models that a project may train."""
    return {"items": models.names()}


@router.get("/plans", response_model=PlanList)
def list_plans(site: TheSite, actor: Planner, project: Annotated[str | None, Query(max_length=64)] = None) -> Any:
    """The plans that the caller may see, of one project if it is named."""
    return {"items": plans.listing(site, actor, project=project)}


@router.post("/plans", response_model=Plan, status_code=201)
def start_plan(body: NewPlan, site: TheSite, actor: Planner) -> Any:
    """Replay labeled data under each set-up; a worker does so in the background."""
    asked = Asked(
        tuple(body.strategies), tuple(body.models), tuple(body.batch_sizes), tuple(body.overlaps), tuple(body.errors),
        body.seeds, body.budget, body.metric, body.target, body.seconds_per_label, body.rate,
    )  # fmt: skip
    return plans.start(site, actor, _source(body.source), asked)


@router.post("/plans/similar", response_model=SimilarList)
def similar_projects(body: SimilarSource, site: TheSite, actor: Planner) -> Any:
    """Projects on similar data: what won, seconds of an answer, labels spent after the goal was reached."""
    return {"items": similar.similar(site, actor, _source(body), tuple(body.labels))}


@router.get("/plans/{plan_id}", response_model=Plan)
def show_plan(plan_id: str, site: TheSite, actor: Planner) -> Any:
    """A plan with what is finished so far."""
    return plans.show(site, actor, plan_id)


@router.delete("/plans/{plan_id}", status_code=204)
def end_plan(plan_id: str, site: TheSite, actor: Planner) -> None:
    """End a plan that waits or runs, keeping what is finished; delete any other."""
    plans.end(site, actor, plan_id)


def _source(body: PlanSource) -> Source:
    return Source(body.upload_id, body.project, Columns.from_dict(body.columns.model_dump()), body.task)
