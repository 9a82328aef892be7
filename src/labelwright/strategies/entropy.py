"""Ask where the probabilities are spread most."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.scores.uncertainty import entropy
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class Entropy(Strategy):
    """Shannon's entropy in nats; with many classes its long tail counts too much, so prefer margin."""

    name: ClassVar[str] = "entropy"
    family: ClassVar[str] = "uncertainty"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("proba",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Settles (2009). Active learning literature survey, sec. 3.1"

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.scored(entropy)
