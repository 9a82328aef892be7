"""Ask about what represents what the model doubts."""

from __future__ import annotations

import numpy as np

from labelwright.check import check_count
from labelwright.evidence.base import Evidence
from labelwright.kernels.distances import neighbour_distance, spread
from labelwright.kernels.herding import gaussian
from labelwright.kernels.top import top_n
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.covering import MAX_CANDIDATES, N_TARGETS, herd_among, sample, weighted_sample
from labelwright.strategies.shared.selection import Picks

NEIGHBOURS = 10
MAX_LABELED = 5000  # labeled items that the kernel's width is taken from


class UHerding(Strategy):
    """Greedy coverage of the model's doubts: each pick adds the most doubt-weighted similarity to uncovered items.

    The score is the doubt-weighted mean coverage that a pick adds, between 0 and 1. The kernel is as wide as the
    two nearest labeled items are apart, so that with many labels it becomes pure doubt. Not with a
    poorly calibrated model, whose probabilities it trusts from the start; `auto` narrows the candidates as well.

    Parameters
    ----------
    n_targets : int
        Size of the sample, by doubt, that stands for the pool.
    max_candidates : int
        Candidates searched: half of them those with the highest doubt, the rest a uniform sample.

    Notes
    -----
    The paper sets a temperature on held-out labels first; here probabilities are taken as they come, so calibrate
    the model. Cost: one product of candidates and targets.
    """

    name = "uherding"
    family = "hybrid"
    needs = ("doubt", "embed")
    batch_aware = True
    has_gain = True
    reference = "Bae, Noh, Sutherland (2025). Uncertainty herding: one active learning method, eq. 4"

    def __init__(self, *, n_targets: int = N_TARGETS, max_candidates: int = MAX_CANDIDATES) -> None:
        self.n_targets = check_count("uherding", "n_targets", n_targets)
        self.max_candidates = check_count("uherding", "max_candidates", max_candidates)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        doubt = evidence.doubt
        whole = doubt.astype(np.float64) if doubt.any() else np.ones(evidence.n_items)
        at, weights = weighted_sample(whole, self.n_targets, rng)
        targets = evidence.embed_at(at)
        size = max(self.max_candidates, 2 * n)
        candidates = np.arange(evidence.n_items)
        if evidence.n_items > size:
            top = top_n(doubt, size // 2, evidence.keys(rng))
            candidates = np.union1d(top, sample(evidence.n_items, size - len(top), rng))
        labeled = evidence.embed_labeled[sample(len(evidence.embed_labeled), MAX_LABELED, rng)]
        apart = neighbour_distance(labeled, 1, evidence.max_bytes)
        apart = apart[apart > 0]
        sigma = float(apart.min()) if len(apart) else spread(targets, NEIGHBOURS, evidence.max_bytes)
        picks = herd_among(evidence, candidates, targets, weights, gaussian(sigma), n, rng, "uncertainty-herding")
        return Picks(picks.indices, picks.scores, picks.reasons | {"doubt": doubt[picks.indices]}, picks.mode)
