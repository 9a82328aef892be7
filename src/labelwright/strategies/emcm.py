"""Ask where an answer is expected to move a regression most."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.scores.regression import expected_model_change
from labelwright.strategies.base import Strategy


class Emcm(Strategy):
    """Expected model change: the committee disagrees with the model, and the features are long.

    The score is the mean over the members of |f(x) - f_m(x)|, times the length of the features with a constant
    one added; at least 0, in the unit of the target times that of the embedding. Not where features hold outliers:
    their length alone puts them first, so scale the features.

    Notes
    -----
    The gradient is that of a linear model on the embedding, whatever the model is. Cost: one pass over the draws
    and one over the embedding.
    """

    name = "emcm"
    family = "regression"
    tasks = ("regression",)
    needs = ("proba", "draws", "embed")
    has_gain = True
    reference = "Cai, Zhang, Zhou (2013). Maximizing expected model change for active learning in regression"

    def _score(self, evidence: Evidence) -> Floats:
        lengths = np.sqrt(evidence.places.norms.astype(np.float64) + 1)
        return expected_model_change(evidence.proba, evidence.draws, lengths)
