"""Targets beside the goal, and the labeling plan."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Response

from labelwright.engine.targets import Target
from labelwright.server.permissions import TheSite, need
from labelwright.server.targets.schemas import LabelingPlan, NewQuota, NewTargets
from labelwright.services.people.roles import Actor
from labelwright.services.targets import acts, plan

router = APIRouter(prefix="/projects/{slug}", tags=["plan"])


@router.get("/plan", response_model=LabelingPlan)
def show_labeling_plan(slug: str, site: TheSite, actor: Annotated[Actor, need("progress.read")]) -> Any:
    """The labeling plan as of now: targets in their order, labels, hours, cost, dates, chances, quotas, staffing."""
    return plan.show(site, actor, slug)


@router.put("/targets", response_model=LabelingPlan)
def set_targets(slug: str, body: NewTargets, site: TheSite, actor: Annotated[Actor, need("project.manage")]) -> Any:
    """Aim at these in saved slices, beside the goal."""
    targets = [Target(one.slice, one.metric, one.value, one.deadline) for one in body.targets]
    acts.set_targets(site, actor, slug, targets, body.before)
    return plan.show(site, actor, slug)


@router.put("/quota", status_code=204, response_class=Response)
def set_quota(slug: str, body: NewQuota, site: TheSite, actor: Annotated[Actor, need("project.manage")]) -> None:
    """Let so large a share of each batch come from items with a value."""
    acts.set_quota(site, actor, slug, body.column, body.value, body.share)
