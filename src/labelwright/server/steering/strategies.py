"""Strategies: what there is to choose from."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from labelwright.server.permissions import need
from labelwright.server.steering.strategy_schemas import StrategyList
from labelwright.services.people.roles import Actor
from labelwright.services.steering import strategies

router = APIRouter(prefix="/strategies", tags=["strategies"])


@router.get("", response_model=StrategyList)
def list_strategies(actor: Annotated[Actor, need("project.list")]) -> Any:
    """The strategies that a project may choose items by."""
    return strategies.listing()
