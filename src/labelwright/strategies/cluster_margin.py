"""Ask about doubtful items from many clusters, the small ones first."""

from __future__ import annotations

import math

import numpy as np

from labelwright.check import Ints, check_between
from labelwright.evidence.base import Evidence
from labelwright.kernels.k_means import k_means
from labelwright.kernels.top import top_n
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.duplicates import first_of_each
from labelwright.strategies.shared.selection import Picks

MAX_LEAVES = 4000  # leaves of the tree; where there are more candidates, they are bundled first


class ClusterMargin(Strategy):
    """The most doubtful items, joined into clusters by average linkage; then in turn one from each cluster.

    The score is the item's doubt, at least 0 (for classes 1 - (p1 - p2)). Made for very large batches.
    Not for small ones, where `auto` does better on most data.

    Parameters
    ----------
    prefilter : float
        Candidates kept a pick, at least 1.
    clusters : float
        Clusters a pick, above 0; at 1 each pick comes from a cluster of its own.

    Notes
    -----
    The paper joins the whole pool once; a selection that keeps no memory joins the candidates alone. It takes a
    random item of a cluster; here it is the most doubtful. Cost: one pass over the doubts, then the square of
    prefilter x n rows (at most 4,000).
    """

    name = "cluster-margin"
    family = "hybrid"
    needs = ("doubt", "embed")
    batch_aware = True
    reference = "Citovsky and others (2021). Batch active learning at scale, alg. 2"

    def __init__(self, *, prefilter: float = 10.0, clusters: float = 1.0) -> None:
        check_between("cluster-margin", "prefilter", prefilter, 1, math.inf)
        check_between("cluster-margin", "clusters", clusters, 1e-3, math.inf)
        self.prefilter, self.clusters = float(prefilter), float(clusters)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        n_kept = min(evidence.n_items, math.ceil(min(self.prefilter * n, evidence.n_items)))
        kept = top_n(evidence.doubt, n_kept, evidence.keys(rng))  # most doubtful first
        cluster = _linked(evidence, kept, max(1, min(n_kept, round(self.clusters * n))), rng)
        size = np.bincount(cluster)
        turn = _rank_within(cluster)  # 0 for the most doubtful of its cluster, then 1, ...
        order = np.lexsort((cluster, size[cluster], turn))  # in each turn, small clusters first
        chosen = order[first_of_each(evidence, kept[order], n)]
        doubt = evidence.doubt[kept[chosen]].astype(np.float64)
        return Picks(kept[chosen], doubt, {"doubt": doubt, "cluster-size": size[cluster[chosen]].astype(np.float64)})


def _linked(evidence: Evidence, kept: Ints, k: int, rng: np.random.Generator) -> Ints:
    """A cluster for each row, (n_rows,): the average-linkage tree cut into k."""
    from scipy.cluster.hierarchy import fcluster, linkage

    X = evidence.embed_at(kept)
    bundle = np.arange(len(X))
    if len(X) > MAX_LEAVES:
        X, bundle = k_means(X, np.ones(len(X)), max(MAX_LEAVES // 2, min(2 * k, MAX_LEAVES)), rng)
    if len(X) < 2:
        return np.zeros(len(kept), dtype=np.int64)
    tree = linkage(X, method="average")
    return np.asarray(fcluster(tree, k, criterion="maxclust")[bundle] - 1, dtype=np.int64)


def _rank_within(cluster: Ints) -> Ints:
    """How many rows of the same cluster come before, (n_rows,).

    >>> _rank_within(np.array([0, 1, 0, 0])).tolist()
    [0, 0, 1, 2]
    """
    order = np.argsort(cluster, kind="stable")
    starts = np.searchsorted(cluster[order], cluster[order])
    rank = np.empty(len(cluster), dtype=np.int64)
    rank[order] = np.arange(len(cluster)) - starts
    return rank
