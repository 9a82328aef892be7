"""Ask where the likeliest class is least likely."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.scores.uncertainty import least_confidence
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class LeastConfidence(Strategy):
    """1 - max p, between 0 and 1; with many classes it chases items that are hopeless, so prefer margin."""

    name: ClassVar[str] = "least-confidence"
    family: ClassVar[str] = "uncertainty"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("proba",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Lewis, Gale (1994). A sequential algorithm for training text classifiers, sec. 4"

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.scored(least_confidence)
