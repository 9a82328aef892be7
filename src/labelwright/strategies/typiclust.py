"""Ask about the most typical item of each large cluster that holds no label."""

from __future__ import annotations

from collections import deque

import numpy as np

from labelwright.check import Floats, Ints, check_count
from labelwright.evidence.base import Evidence
from labelwright.kernels.blocks import each_block
from labelwright.kernels.distances import squared_distances, squared_norms
from labelwright.kernels.k_means import closest, k_means
from labelwright.kernels.places import Places
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.covering import in_key_order, sample
from labelwright.strategies.shared.selection import Picks

MAX_CLUSTER = 4000  # members that typicality is measured against
SMALL = 5  # members below which the items of a cluster count as outliers, which are asked last


class TypiClust(Strategy):
    """As many clusters as labels; from the largest without a label, the item with the nearest neighbours.

    The score is typicality: one over the mean distance to the nearest neighbours in the cluster, above 0, in the
    inverse unit of the embedding. Not for later labels, nor on a poor embedding: it never looks at the
    model.

    Parameters
    ----------
    max_clusters : int
    n_neighbours : int
        At most; half of the cluster where that is less.
    max_items : int
        Size of the uniform sample that the clusters are found on.

    Notes
    -----
    In clusters of more than 4,000 items neighbours are counted in a uniform sample of them. Cost: Lloyd's rounds
    on the sample, one product of the pool with the centres, and one of each cluster asked with itself.
    """

    name = "typiclust"
    family = "diversity"
    needs = ("embed",)
    batch_aware = True
    cold = True
    reference = "Hacohen, Dekel, Weinshall (2022). Active learning on a budget, alg. 1"

    def __init__(self, *, max_clusters: int = 500, n_neighbours: int = 20, max_items: int = 20_000) -> None:
        self.max_clusters = check_count("typiclust", "max_clusters", max_clusters)
        self.n_neighbours = check_count("typiclust", "n_neighbours", n_neighbours)
        self.max_items = check_count("typiclust", "max_items", max_items)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        labeled = evidence.embed_labeled
        k = min(len(labeled) + n, self.max_clusters, evidence.n_items)
        some = in_key_order(evidence, sample(evidence.n_items, max(self.max_items, k), rng), rng)
        X = evidence.embed_at(some)
        centres, _ = k_means(X, np.ones(len(X)), k, rng)
        cluster = closest(evidence.places, centres)
        size = np.bincount(cluster, minlength=k)
        taken = np.bincount(closest(Places(labeled), centres), minlength=k)
        order = np.lexsort((-size, taken))  # fewest labels first, then the largest
        turns = deque(order[size[order] >= SMALL].tolist())
        strays = order[size[order] < SMALL].tolist()
        inside = np.split(np.argsort(cluster, kind="stable"), np.cumsum(size)[:-1])
        keys = evidence.keys(rng)
        closed = np.zeros(evidence.n_items, dtype=bool)
        typical: dict[int, Floats] = {}
        picks: list[int] = []
        scores: list[float] = []
        while len(picks) < n and (turns or strays):
            if not turns:  # all that lies in clusters is asked
                turns, strays = deque(strays), []
            c = turns.popleft()
            if not len(inside[c]):
                continue
            if c not in typical:
                typical[c] = self._typicality(evidence, inside[c], rng)
            open_ = ~closed[inside[c]]
            if open_.any():
                best = np.where(open_, typical[c], -1).max()
                ties = inside[c][open_ & (typical[c] == best)]
                picks.append(int(ties[np.argmin(keys(ties))]))
                scores.append(float(best))
                closed[evidence.closes(picks[-1])] = True
                turns.append(c)
        indices = np.array(picks, dtype=np.int64)
        reasons = {"typicality": np.array(scores), "cluster-size": size[cluster[indices]].astype(np.float64)}
        return Picks(indices, np.array(scores), reasons)

    def _typicality(self, evidence: Evidence, inside: Ints, rng: np.random.Generator) -> Floats:
        """One over the mean distance to the nearest neighbours in the cluster, (n_members,)."""
        others = inside[sample(len(inside), MAX_CLUSTER, rng)]
        share = len(others) / max(len(inside), 1)
        n_near = max(1, round(min(self.n_neighbours, len(inside) // 2) * share))
        X = evidence.embed_at(others)
        norms = squared_norms(X)

        def work(cut: slice) -> Floats:
            squares = squared_distances(evidence.embed_at(inside[cut]), X, norms)  # (n_rows, n_others)
            squares[inside[cut, None] == others] = np.inf
            if squares.shape[1] > n_near:
                squares.partition(n_near - 1, axis=1)
            near = np.sqrt(squares[:, :n_near])
            return np.asarray(near.sum(axis=1, where=np.isfinite(near)) / np.maximum(np.isfinite(near).sum(axis=1), 1))

        row_bytes = 10 * len(others) + 8 * X.shape[1]
        far = np.concatenate(each_block(work, len(inside), row_bytes, evidence.max_bytes, "typiclust"))
        return np.asarray(1 / (far + 1e-5), dtype=np.float64)
