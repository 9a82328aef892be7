"""Ask where a committee's predictions vary most."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.check import Floats
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class PredictiveVariance(Strategy):
    """Variance over the members, in the squared unit of the target; it grows towards the pool's edge."""

    name: ClassVar[str] = "predictive-variance"
    family: ClassVar[str] = "regression"
    tasks: ClassVar[tuple[str, ...]] = ("regression",)
    needs: ClassVar[tuple[str, ...]] = ("draws",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Krogh, Vedelsby (1995). Neural network ensembles and active learning, sec. 4"

    def _score(self, evidence: Evidence) -> Floats:
        return np.asarray(evidence.draws.var(axis=0))
