"""Ask about what represents the pool: the seed when nothing is labeled."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_count
from labelwright.kernels.distances import spread
from labelwright.kernels.herding import coverage, herd
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence
from labelwright.strategies.selection import Picks

NEIGHBOURS = 10  # the width of the kernel is the mean distance to this neighbour among the targets


class MaxHerding(Strategy):
    """Greedy coverage: each pick adds the most similarity to items that nothing labeled resembles yet.

    The score is the mean coverage that a pick adds, between 0 and 1. The right choice for the first
    batch; later it spends labels on what the model knows already.

    Parameters
    ----------
    n_targets : int
        Size of the uniform sample that stands for the pool.
    max_candidates : int
        Size of the uniform sample of candidates that is searched.

    Notes
    -----
    Cost: one product of candidates and targets; the pool is read only where it was sampled.
    """

    name: ClassVar[str] = "max-herding"
    family: ClassVar[str] = "diversity"
    needs: ClassVar[tuple[str, ...]] = ("embed",)
    batch_aware: ClassVar[bool] = True
    has_gain: ClassVar[bool] = True
    cold: ClassVar[bool] = True
    reference: ClassVar[str] = "Bae, Noh, Sutherland (2024). Generalized coverage for active learning, eq. 4"

    def __init__(self, *, n_targets: int = 2000, max_candidates: int = 20_000) -> None:
        self.n_targets = check_count("max-herding", "n_targets", n_targets)
        self.max_candidates = check_count("max-herding", "max_candidates", max_candidates)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        targets = evidence.embed_at(sample(evidence.n_items, self.n_targets, rng))
        candidates = sample(evidence.n_items, max(self.max_candidates, 2 * n), rng)
        sigma = spread(targets, NEIGHBOURS, evidence.max_bytes)
        return herd_among(evidence, candidates, targets, np.ones(len(targets)), sigma, n, rng, mode="seed")


def sample(n_items: int, n: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Sorted positions of a uniform sample without replacement; all of them if n is enough."""
    if n_items <= n:
        return np.arange(n_items)
    return np.sort(rng.choice(n_items, size=n, replace=False, shuffle=False)).astype(np.int64)


def herd_among(
    evidence: Evidence,
    candidates: npt.NDArray[np.int64],
    targets: npt.NDArray[np.float32],
    weights: Floats,
    sigma: float,
    n: int,
    rng: np.random.Generator,
    mode: str,
) -> Picks:
    """Herd among some candidates, in terms of all; what is labeled or in flight covers already."""
    keys, narrow = evidence.keys(rng), evidence.narrowed(candidates)
    covered = coverage(targets, evidence.embed_labeled, sigma, evidence.max_bytes)
    picks, gains = herd(
        evidence.embed_at(candidates), targets, weights, covered, sigma, n, lambda k: keys(candidates[k]), narrow,
        None if evidence.costs is None else evidence.costs[candidates], evidence.max_bytes,
    )  # fmt: skip
    return Picks(candidates[picks], gains, {"coverage": gains}, mode)
