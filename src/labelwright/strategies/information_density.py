"""Ask about doubtful items in dense places."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, check_between
from labelwright.evidence.base import Evidence
from labelwright.scores.density import cosine_density
from labelwright.scores.uncertainty import entropy
from labelwright.strategies.base import Strategy


class InformationDensity(Strategy):
    """Entropy times mean similarity to the pool: doubt about outliers counts less.

    The score is entropy (nats) times density to the power beta, at least 0. Density looks at the whole pool, so
    near-duplicates come together. Not for large batches.

    Parameters
    ----------
    beta : float
        Weight of the density, at least 0; 0 is entropy.

    Notes
    -----
    Similarity is (1 + cosine) / 2, so that it is at least 0 for features of any sign. Its mean over the pool
    is exact, nothing is sampled. Cost: two passes over the embeddings and one over the probabilities.
    """

    name = "information-density"
    family = "diversity"
    tasks = ("classification", "multilabel")
    needs = ("scored", "embed")
    has_gain = True
    reference = "Settles, Craven (2008). An analysis of active learning strategies, eq. 13"

    def __init__(self, *, beta: float = 1.0) -> None:
        check_between("information-density", "beta", beta, 0, 100)
        self.beta = float(beta)

    def _score(self, evidence: Evidence) -> Floats:
        density = cosine_density(evidence.places)
        return np.asarray(evidence.scored(entropy) * density**self.beta)
