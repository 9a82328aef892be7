"""Strategies and metrics: what there is to choose from."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from labelwright.server.permissions import need
from labelwright.server.steering.strategy_schemas import MetricList, StrategyList
from labelwright.services.people.roles import Actor
from labelwright.services.steering import metrics, strategies

router = APIRouter(tags=["strategies"])


@router.get("/strategies", response_model=StrategyList)
def list_strategies(
    actor: Annotated[Actor, need("project.list")],
    with_source: Annotated[bool, Query(description="Also those that need labels of another domain.")] = False,
) -> Any:
    """The strategies that a project may choose items by."""
    return strategies.listing(with_source=with_source)


@router.get("/metrics", response_model=MetricList)
def list_metrics(actor: Annotated[Actor, need("project.list")]) -> Any:
    """The metrics that a goal may name, the default of each task first."""
    return metrics.listing()
