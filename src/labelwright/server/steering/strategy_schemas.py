"""Bodies of the strategy routes."""

from __future__ import annotations

from pydantic import BaseModel


class StrategyView(BaseModel):
    """One strategy: its name, what it belongs to, the tasks it serves, and its idea in a sentence."""

    name: str
    family: str
    tasks: list[str]
    idea: str


class StrategyList(BaseModel):
    """All strategies, the default first."""

    items: list[StrategyView]
