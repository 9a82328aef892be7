"""The baseline: every candidate with the same chance."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence
from labelwright.strategies.selection import Picks


class Random(Strategy):
    """Uniform draws without replacement, all with their propensity: what everything else must beat."""

    name: ClassVar[str] = "random"
    family: ClassVar[str] = "random"
    drawn: ClassVar[bool] = True
    cold: ClassVar[bool] = True
    random_share: ClassVar[float] = 1.0
    reference: ClassVar[str] = "Cochran (1977). Sampling techniques, sec. 2.1"

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        return Picks(rng.choice(evidence.n_items, size=n, replace=False).astype(np.int64), np.zeros(n))
