"""Ask about the items that bring every other item closest to a labeled one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.evidence.base import Evidence
from labelwright.kernels.distances import squared_norms
from labelwright.kernels.herding import Kernel, linear
from labelwright.strategies.shared.covering import Covering


class FacilityLocation(Covering):
    """Greedy k-medoids: each pick shortens the mean distance to the nearest labeled item the most.

    The score is what a pick takes from the mean distance, as a share of twice the largest distance from the mean,
    between 0 and 1. Far items count as much as near ones, so it covers the edges of the pool more than max-herding
    does. Not for pools with outliers.

    Notes
    -----
    Similarity is 1 - d / reach, so what is left over is the mean distance itself, whatever the reach. Cost: one
    product of candidates and targets; the pool is read only where it was sampled.
    """

    name = "facility-location"
    family = "diversity"
    needs = ("embed",)
    reference = "Wei, Iyer, Bilmes (2015). Submodularity in data subset selection, sec. 3"

    def _kernel(self, evidence: Evidence, targets: npt.NDArray[np.float32], rng: np.random.Generator) -> Kernel:
        middle = targets.mean(axis=0)
        away = [squared_norms(part - middle).max(initial=0) for part in (targets, evidence.embed_labeled)]
        return linear(4 * float(np.sqrt(max(away))) or 1.0)
