"""The event about features that were refined on labels: what an adapter was measured to bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected
from labelwright.store.record.entering import enter_decision
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Gain:
    """What a linear model gained by one metric, with a 95 % interval; above 0 where it is better.

    Attributes
    ----------
    metric : str
    value, low, high : float
    """

    metric: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class FeaturesRefined(EventBody):
    """An adapter was fitted to the features of an encoder on training labels, and measured by cross-fitting.

    Attributes
    ----------
    question : str
    cycle : int
        Whose training labels they are.
    spec : str
        Such as "refined:tfidf".
    base : str
        The revision whose features are refined.
    revision : str
        Of the refined features; "" where no gain was measured, and then none are made.
    n_labels : int
    gains : tuple of Gain
        On labels that neither the adapter nor the model had seen.
    """

    kind: ClassVar[str] = "encoder.refined"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    question: str
    cycle: int
    spec: str
    base: str
    revision: str
    n_labels: int
    gains: tuple[Gain, ...]

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)

    @property
    def is_better(self) -> bool:
        """Whether a gain was measured."""
        return bool(self.revision)
