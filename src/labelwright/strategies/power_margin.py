"""Sample the batch with probabilities that grow as the margin shrinks."""

from __future__ import annotations

import math

import numpy as np

from labelwright.check import Floats, check_between
from labelwright.evidence.base import Evidence
from labelwright.kernels.gumbel import powered
from labelwright.kernels.top import top_n
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks


class PowerMargin(Strategy):
    """Margin with noise: doubtful items are sampled, so that a large batch is less redundant.

    Items are sampled without replacement in proportion to gain**beta, where the gain is 1 - (p1 - p2). The score is
    log(gain) plus Gumbel noise of scale 1/beta, new in every batch. Not for batches of one: the noise only costs
    there, so prefer margin.

    Parameters
    ----------
    beta : float
        At least 0: how much the gain decides. 0 draws uniformly among items with a gain,
        infinity is margin.

    Notes
    -----
    Cost: one pass over the probabilities.
    """

    name = "power-margin"
    family = "uncertainty"
    tasks = ("classification", "multilabel")
    needs = ("margin",)
    has_gain = True
    drawn = True
    reference = "Kirsch et al. (2023). Stochastic batch acquisition, sec. 3, power acquisition"

    def __init__(self, *, beta: float = 1.0) -> None:
        check_between("power-margin", "beta", beta, 0, math.inf)
        self.beta = float(beta)

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.doubt

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        gains = self.score(evidence)
        noisy = powered(gains, self.beta, rng)
        best = top_n(noisy, n, evidence.keys(rng))
        return Picks(best, noisy[best], {"gain": gains[best]})
