"""Ask where the two likeliest classes are close."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class Margin(Strategy):
    """Smallest gap between the two likeliest classes; strong once the model is decent, blind to repeats in a batch.

    The score is -(p1 - p2), between -1 and 0; the gain that costs divide is 1 - (p1 - p2). With a
    decision function alone, the gap between the two best decision values stands for it.
    """

    name: ClassVar[str] = "margin"
    family: ClassVar[str] = "uncertainty"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("margin",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Scheffer, Decomain, Wrobel (2001). Active hidden Markov models, sec. 3"

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.margins

    def _gain(self, evidence: Evidence) -> Floats:
        return evidence.doubt
