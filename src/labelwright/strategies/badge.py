"""Ask about items whose expected gradients are long and point different ways."""

from __future__ import annotations

import numpy as np

from labelwright.check import check_proba
from labelwright.evidence.base import Evidence
from labelwright.kernels.d2 import d2_sample
from labelwright.kernels.gradients import Gradients
from labelwright.kernels.top import top_n
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks


class Badge(Strategy):
    """Seeds of k-means++ among gradient embeddings: doubt makes a gradient long, direction keeps the batch apart.

    The score is the squared distance of the pick's gradient to the nearest one picked before, in the squared
    unit of the embedding. The gradient is that of the log-loss in a linear last layer with a constant input, for
    the likeliest class. Not for small batches of well-separated data, where it is a noisy margin; long feature
    vectors are favoured, so scale them.

    Notes
    -----
    Cost: gradients are never made, only their two factors; one pass over the pool for every 16 picks.
    """

    name = "badge"
    family = "model-change"
    tasks = ("classification",)
    needs = ("proba", "embed")
    batch_aware = True
    drawn = True
    reference = "Ash, Zhang, Krishnamurthy, Langford, Agarwal (2020). Deep batch active learning, alg. 1"

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        check_proba("badge", evidence.proba)
        gradients = Gradients(evidence.proba, evidence.places)
        first = int(top_n(gradients.norms(), 1, evidence.keys(rng))[0])
        picks, gap = d2_sample(gradients, n, first, evidence.closes, rng)
        return Picks(picks, gap, {"gradient": np.sqrt(gradients.norms()[picks]), "distance": np.sqrt(gap)})
