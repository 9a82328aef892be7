"""Ask where the answer would move a linear last layer most."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.check import Floats
from labelwright.scores.gradient import expected_residual
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class ExpectedGradientLength(Strategy):
    """Asks where a new label would pull hardest on the weights of a linear last layer.

    The score is the expected length of the log-loss gradient, sum_k p_k |p - e_k| sqrt(|h|^2 + 1), at least 0, in the
    unit of the features. Not for features of unequal length, whose long rows are favoured: scale them.

    Notes
    -----
    Cost: one pass over the probabilities and one over the embedding.
    """

    name: ClassVar[str] = "expected-gradient-length"
    family: ClassVar[str] = "model-change"
    tasks: ClassVar[tuple[str, ...]] = ("classification",)
    needs: ClassVar[tuple[str, ...]] = ("proba", "embed")
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Settles, Craven, Ray (2008). Multiple-instance active learning, sec. 3.2, eq. 5"

    def _score(self, evidence: Evidence) -> Floats:
        return np.asarray(expected_residual(evidence.proba) * np.sqrt(evidence.places.norms + 1))
