"""Ask where a committee's predictions vary most."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.check import Floats
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class PredictiveVariance(Strategy):
    """Variance of the members' predictions: where the data seen so far leave most open.

    The score is the variance over the draws, at least 0, in the squared unit of the target; for a model that tells
    its own standard deviation, such as a Gaussian process, it is the square of that. Not for batches in one corner
    of the pool: it grows towards the edge, and near items all score high together.

    Notes
    -----
    Cost: one pass over the draws.
    """

    name: ClassVar[str] = "predictive-variance"
    family: ClassVar[str] = "regression"
    tasks: ClassVar[tuple[str, ...]] = ("regression",)
    needs: ClassVar[tuple[str, ...]] = ("draws",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Krogh, Vedelsby (1995). Neural network ensembles and active learning, sec. 4"

    def _score(self, evidence: Evidence) -> Floats:
        return np.asarray(evidence.draws.var(axis=0))
