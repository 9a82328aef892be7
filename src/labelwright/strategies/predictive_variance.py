"""Ask where a committee's predictions vary most."""

from __future__ import annotations

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.kernels.variance import variance
from labelwright.strategies.base import Strategy


class PredictiveVariance(Strategy):
    """Variance of the members' predictions: asks where the labels so far determine the prediction least.

    The score is the variance over the draws, at least 0, in the squared unit of the target; for a model that tells
    its own standard deviation, such as a Gaussian process, it is the square of that. Not for batches in one corner
    of the pool: it grows towards the edge, and near items all score high together.

    Notes
    -----
    Cost: one pass over the draws.
    """

    name = "predictive-variance"
    family = "regression"
    tasks = ("regression",)
    needs = ("draws",)
    has_gain = True
    by_row = True
    reference = "Krogh, Vedelsby (1995). Neural network ensembles and active learning, sec. 4"

    def _score(self, evidence: Evidence) -> Floats:
        return variance(evidence.draws)
