"""The baseline: every candidate has the same probability."""

from __future__ import annotations

import numpy as np

from labelwright.evidence.base import Evidence
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks


class Random(Strategy):
    """Uniform sampling without replacement, with propensities: the baseline for all other strategies."""

    name = "random"
    family = "random"
    drawn = True
    cold = True
    random_share = 1.0
    reference = "Cochran (1977). Sampling techniques, sec. 2.1"

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        return Picks(rng.choice(evidence.n_items, size=n, replace=False).astype(np.int64), np.zeros(n))
