"""Ask where the answer would move a linear last layer most."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.scores.gradient import expected_residual
from labelwright.strategies.base import Strategy


class ExpectedGradientLength(Strategy):
    """Asks where a new label is expected to change the weights of a linear last layer most.

    The score is the expected length of the log-loss gradient, sum_k p_k |p - e_k| sqrt(|h|^2 + 1), at least 0, in the
    unit of the features. Not for features of unequal length: it prefers long rows, so scale them.

    Notes
    -----
    Cost: one pass over the probabilities and one over the embedding.
    """

    name = "expected-gradient-length"
    family = "model-change"
    tasks = ("classification",)
    needs = ("proba", "embed")
    has_gain = True
    reference = "Settles, Craven, Ray (2008). Multiple-instance active learning, sec. 3.2, eq. 5"

    def _score(self, evidence: Evidence) -> Floats:
        return np.asarray(expected_residual(evidence.proba) * np.sqrt(evidence.places.norms + 1))
