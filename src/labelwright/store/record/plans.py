"""Events about the labeling plan: what was expected when, so that it can be held against what came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected
from labelwright.store.record.entering import enter_decision
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class PlanMade(EventBody):
    """What it will take to reach the targets, as it was expected at the end of a round.

    Attributes
    ----------
    cycle : int
    question : str
    n_labels : int
        Labels for training at that time.
    targets : tuple of JSON object
        Metric, slice, threshold, labels to it with an interval, chance; opaque here.
    """

    kind: ClassVar[str] = "plan.made"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    cycle: int
    question: str
    n_labels: int
    targets: tuple[JsonObject, ...]

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)
