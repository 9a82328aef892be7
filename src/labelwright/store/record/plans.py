"""Events about plans: what was expected when, so that it can be held against what came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected
from labelwright.store.record.entering import enter_decision
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class PlanMade(EventBody):
    """What was expected at the end of a round, so that it can be held against what came. Intervals are at 80 %.

    Attributes
    ----------
    cycle : int
    question, metric : str
    goal : float
        What the metric is to reach.
    n_labels : int
        Labels for training at that time.
    labels, labels_low, labels_high : float, optional
        Labels at which the goal is reached; None beyond four times those there were.
    chance : float
        That it is reached within four times those labels.
    next_labels : int
        Labels at the end of the next round, as planned.
    value, low, high : float
        What will be measured then.
    """

    kind: ClassVar[str] = "plan.made"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    cycle: int
    question: str
    metric: str
    goal: float
    n_labels: int
    labels: float | None
    labels_low: float | None
    labels_high: float | None
    chance: float
    next_labels: int
    value: float
    low: float
    high: float

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)
