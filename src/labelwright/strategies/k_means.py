"""Ask about the centres of as many clusters as there are labels to spend."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, Ints, check_count
from labelwright.evidence.base import Evidence
from labelwright.kernels.k_means import k_means, nearest_each
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.covering import in_key_order, sample
from labelwright.strategies.shared.duplicates import first_of_each
from labelwright.strategies.shared.selection import Picks


class KMeans(Strategy):
    """The items nearest to the centres of n clusters: a batch that is spread out like the density of the pool.

    The score is minus the distance to the centre, at most 0, in the unit of the embedding. Not for a
    second batch: it knows neither the model nor what is labeled already.

    Parameters
    ----------
    max_items : int
        Size of the uniform sample that the centres are found on.

    Notes
    -----
    Cost: Lloyd's rounds on the sample, then one product of the pool with the centres.
    """

    name = "k-means"
    family = "diversity"
    needs = ("embed",)
    batch_aware = True
    cold = True
    reference = "Nguyen, Smeulders (2004). Active learning using pre-clustering, sec. 3"

    def __init__(self, *, max_items: int = 20_000) -> None:
        self.max_items = check_count("k-means", "max_items", max_items)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        some = in_key_order(evidence, sample(evidence.n_items, max(self.max_items, 2 * n), rng), rng)
        X = evidence.embed_at(some)
        centres, near = k_means(X, np.ones(len(X)), n, rng)
        picks, which = one_each(evidence, centres)
        distance = np.sqrt(((evidence.embed_at(picks) - centres[which]) ** 2).sum(axis=1))
        return Picks(picks, -distance, {"cluster-size": np.bincount(near, minlength=n)[which].astype(np.float64)})


def one_each(evidence: Evidence, centres: Floats) -> tuple[Ints, Ints]:
    """The nearest candidate of each centre; none for a centre whose nearest one is taken or a duplicate.

    Returns positions and the centre of each.
    """
    nearest = nearest_each(evidence.places, centres)
    which = first_of_each(evidence, nearest, len(nearest))
    return nearest[which], which
