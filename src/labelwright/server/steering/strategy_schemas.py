"""Bodies of the strategy and metric routes."""

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


class MetricView(BaseModel):
    """A metric of a task."""

    name: str
    task: str
    higher_is_better: bool


class MetricList(BaseModel):
    """All metrics, task by task, the default of each first."""

    items: list[MetricView]
