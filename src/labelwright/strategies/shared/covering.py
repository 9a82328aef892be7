"""What strategies that cover the pool share: samples that stand for it, and greedy coverage of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_count
from labelwright.evidence.base import Evidence
from labelwright.kernels.herding import Kernel, coverage, herd
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks
from labelwright.words import NO_REASON, Reason

N_TARGETS, MAX_CANDIDATES = 4000, 10_000


class Covering(Strategy):
    """Greedy coverage of a sample of the pool by a sample of candidates; a subclass defines the similarity.

    Parameters
    ----------
    n_targets : int
        Size of the uniform sample that stands for the pool. Each gain is a mean over it, so its error is about
        1 / (2 sqrt(n_targets)) at most.
    max_candidates : int
        Size of the uniform sample of candidates that is searched.
    """

    batch_aware = True
    has_gain = True
    cold = True

    def __init__(self, *, n_targets: int = N_TARGETS, max_candidates: int = MAX_CANDIDATES) -> None:
        self.n_targets = check_count(self.name, "n_targets", n_targets)
        self.max_candidates = check_count(self.name, "max_candidates", max_candidates)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        targets = evidence.embed_at(sample(evidence.n_items, self.n_targets, rng))
        candidates = sample(evidence.n_items, max(self.max_candidates, 2 * n), rng)
        kernel = self._kernel(evidence, targets, rng)
        why = Reason("coverage" if evidence.taught else "seed")
        return herd_among(evidence, candidates, targets, np.ones(len(targets)), kernel, n, rng, "seed", why)

    def _kernel(self, evidence: Evidence, targets: npt.NDArray[np.float32], rng: np.random.Generator) -> Kernel:
        """How similar two places are, from their squared distance."""
        raise NotImplementedError


def sample(n_items: int, n: int, rng: np.random.Generator) -> Ints:
    """Sorted positions of a uniform sample without replacement; all of them if n is enough."""
    if n_items <= n:
        return np.arange(n_items)
    return np.sort(rng.choice(n_items, size=n, replace=False, shuffle=False)).astype(np.int64)


def weighted_sample(weights: Floats, n: int, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Positions that stand for a weighted whole, and their weights: all of them if n is enough.

    Else systematic sampling with chances proportional to the weights: an item weighs as often as it is sampled, so sums
    are unbiased, and few samples have a small weight.

    >>> weighted_sample(np.array([0.0, 1.0, 0.0, 3.0]), 4, np.random.default_rng(0))[0].tolist()
    [0, 1, 2, 3]
    >>> at, weight = weighted_sample(np.array([0.0, 1.0, 0.0, 3.0, 0.0]), 4, np.random.default_rng(0))
    >>> at.tolist(), weight.tolist()
    ([1, 3], [1.0, 3.0])
    """
    if len(weights) <= n:
        return np.arange(len(weights)), weights
    ends = np.cumsum(weights, dtype=np.float64)
    points = (rng.random() + np.arange(n)) * (ends[-1] / n)
    drawn = np.minimum(np.searchsorted(ends, points, side="right"), len(weights) - 1)
    at, counts = np.unique(drawn, return_counts=True)
    return at.astype(np.int64), counts * (ends[-1] / n)


def in_key_order(evidence: Evidence, positions: Ints, rng: np.random.Generator) -> Ints:
    """Positions in an order that depends on the items alone, so that sampling from them does too."""
    return positions[np.argsort(evidence.keys(rng)(positions), kind="stable")]


def herd_among(
    evidence: Evidence,
    candidates: Ints,
    targets: npt.NDArray[np.float32],
    weights: Floats,
    kernel: Kernel,
    n: int,
    rng: np.random.Generator,
    mode: str,
    why: Reason = NO_REASON,
    known: Floats | None = None,
) -> Picks:
    """Herd among some candidates, in terms of all; what is labeled or in flight, or given as known, covers already."""
    keys, narrow = evidence.keys(rng), evidence.narrowed(candidates)
    known = evidence.embed_labeled if known is None else known
    covered = coverage(targets, known, kernel, evidence.max_bytes)
    picks, gains = herd(
        evidence.embed_at(candidates), targets, weights, covered, kernel, n, lambda k: keys(candidates[k]), narrow,
        None if evidence.costs is None else evidence.costs[candidates], evidence.max_bytes,
    )  # fmt: skip
    return Picks(candidates[picks], gains, {"coverage": gains}, mode, why=why)
