"""Ask where the answer would move a linear last layer most."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.scores.gradient import expected_gradient_length
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class ExpectedGradientLength(Strategy):
    """Expected length of the gradient; long feature vectors are favoured, so scale them."""

    name: ClassVar[str] = "expected-gradient-length"
    family: ClassVar[str] = "model-change"
    tasks: ClassVar[tuple[str, ...]] = ("classification",)
    needs: ClassVar[tuple[str, ...]] = ("proba", "embed")
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Settles, Craven, Ray (2008). Multiple-instance active learning, sec. 3.2, eq. 5"

    def _score(self, evidence: Evidence) -> Floats:
        return expected_gradient_length(evidence.proba, evidence.embed)
