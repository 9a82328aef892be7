"""Ask about what represents the pool: the seed when nothing is labeled."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.evidence.base import Evidence
from labelwright.kernels.distances import spread
from labelwright.kernels.herding import Kernel, gaussian
from labelwright.strategies.shared.covering import Covering

NEIGHBOURS = 10  # the width of the kernel is the mean distance to this neighbour among the targets


class MaxHerding(Covering):
    """Greedy coverage: each pick adds the most similarity to items that nothing labeled resembles yet.

    The score is the mean coverage that a pick adds, between 0 and 1. The right choice for the first batch. Not once the
    model is decent: it spends labels where the model is certain.

    Notes
    -----
    Similarity is exp(-d^2 / sigma^2). Cost: one product of candidates and targets; the pool is read only where
    it was sampled.
    """

    name = "max-herding"
    family = "diversity"
    needs = ("embed",)
    reference = "Bae, Noh, Sutherland (2024). Generalized coverage for active learning, eq. 4"

    def _kernel(self, evidence: Evidence, targets: npt.NDArray[np.float32], rng: np.random.Generator) -> Kernel:
        return gaussian(spread(targets, NEIGHBOURS, evidence.max_bytes))
