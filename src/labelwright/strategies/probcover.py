"""Ask about the items whose neighbourhoods hold the most that no labeled neighbourhood holds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import check_between, check_count
from labelwright.evidence.base import Evidence
from labelwright.kernels.blocks import each_block
from labelwright.kernels.distances import squared_distances, squared_norms
from labelwright.kernels.herding import Kernel, ball
from labelwright.kernels.k_means import closest, k_means
from labelwright.kernels.places import Places
from labelwright.strategies.shared.covering import MAX_CANDIDATES, Covering, in_key_order, sample

N_SAMPLE = 5000  # items that the radius is found on


class ProbCover(Covering):
    """Greedy cover of the pool by balls, as large as possible while few of them contain two clusters.

    The score is the share of the pool that a pick adds to what is covered, between 0 and 1. Not for later labels: once
    the balls cover the pool it has no preference left, and it asks about dense regions even where the model is certain.

    Parameters
    ----------
    purity : float
        Share of balls that hold one cluster only, in (0, 1).
    n_clusters : int, optional
        Clusters that stand for classes; the number of classes known by default (10 if none is).
    n_targets : int
        Size of the uniform sample that is to be covered.
    max_candidates : int
        Size of the uniform sample of candidates that is searched.

    Notes
    -----
    The radius is the (1 - purity) quantile of the distance to the nearest item of another cluster: the largest
    one with that purity, found without a grid of radii. Cost: one product of candidates and targets, one of the
    sample with itself.
    """

    name = "probcover"
    family = "diversity"
    needs = ("embed",)
    reference = "Yehuda, Dekel, Hacohen, Weinshall (2022). Active learning by covering, alg. 1"

    def __init__(
        self, *, purity: float = 0.95, n_clusters: int | None = None, n_targets: int = 5000,
        max_candidates: int = MAX_CANDIDATES,
    ) -> None:  # fmt: skip
        super().__init__(n_targets=n_targets, max_candidates=max_candidates)
        check_between(self.name, "purity", purity, 0.01, 0.99)
        self.purity = float(purity)
        self.n_clusters = None if n_clusters is None else check_count(self.name, "n_clusters", n_clusters, 2)

    def _kernel(self, evidence: Evidence, targets: npt.NDArray[np.float32], rng: np.random.Generator) -> Kernel:
        k = self.n_clusters or max(2, evidence.task.n_outputs if evidence.task is not None else 10)
        some = in_key_order(evidence, sample(evidence.n_items, N_SAMPLE, rng), rng)
        radius = pure_radius(evidence.embed_at(some), k, self.purity, rng, evidence.max_bytes)
        return ball(radius)


def pure_radius(
    X: npt.NDArray[np.float32], k: int, purity: float, rng: np.random.Generator, max_bytes: int | None = None
) -> float:
    """The largest radius at which a share ``purity`` of the balls around rows hold rows of one of k clusters only.

    >>> X = np.array([[0.0], [1.0], [9.0], [12.0]], dtype=np.float32)
    >>> pure_radius(X, 2, 0.5, np.random.default_rng(0)) < 11
    True
    """
    if len(X) <= k:
        return 1.0
    centres, _ = k_means(X, np.ones(len(X)), k, rng)
    cluster = closest(Places(X), centres)
    norms = squared_norms(X)

    def other(rows: slice) -> npt.NDArray[np.float64]:
        squares = squared_distances(X[rows], X, norms)
        squares[cluster[rows, None] == cluster] = np.inf
        return np.asarray(squares.min(axis=1), dtype=np.float64)

    far = np.concatenate(each_block(other, len(X), 8 * len(X) + 8 * X.shape[1], max_bytes, "probcover"))
    far = np.sqrt(far[np.isfinite(far)])
    if not len(far) or not far.max():
        return 1.0
    return float(np.quantile(far, 1 - purity, method="lower")) * (1 - 1e-6) or float(far[far > 0].min()) / 2
