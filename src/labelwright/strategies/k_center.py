"""Ask about what lies farthest from all that is labeled."""

from __future__ import annotations

import numpy as np

from labelwright.evidence.base import Evidence
from labelwright.kernels.k_center import k_center
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks


class KCenter(Strategy):
    """Greedy k-center (core-set): covers the whole extent of the pool, outliers included.

    The score is the distance to the nearest labeled or picked item, in the unit of the embedding. Not where features
    hold outliers: it asks those first.

    Notes
    -----
    Cost: one product of the pool with the labeled items, then a pass over the pool for many picks at once.
    """

    name = "k-center"
    family = "diversity"
    needs = ("embed",)
    batch_aware = True
    cold = True
    reference = "Sener, Savarese (2018). Active learning for CNNs: a core-set approach, alg. 1"

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        picks, distance = k_center(evidence.places, evidence.embed_labeled, n, evidence.keys(rng), evidence.closes)
        return Picks(picks, distance, {"distance": distance})
