"""Ask where the answer says most about the other answers."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, check_count
from labelwright.evidence.base import Evidence
from labelwright.kernels.top import top_n
from labelwright.scores.information import bald, epig
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.covering import sample
from labelwright.strategies.shared.selection import Picks


class Epig(Strategy):
    """Asks for the answers that are most informative about the predictions of other items of the pool.

    The score is the expected predictive information gain: the mutual information of the item's answer and a target's,
    in the mean over targets, at least 0, in nats. Unlike bald it avoids outliers that teach nothing about others. Not
    where the pool differs from the items that the model will serve: it learns for the pool.

    Parameters
    ----------
    n_targets : int
        Size of the uniform sample of candidates that stands for the answers that matter.
    max_candidates : int
        Up to here all candidates are scored; beyond, those with the highest bald. An item's score is never above its
        bald, so this loses less than keeping those with the highest entropy.

    Notes
    -----
    Cost: max_candidates x n_targets x n_classes^2 logarithms after one pass over the draws.
    """

    name = "epig"
    family = "information"
    tasks = ("classification",)
    needs = ("draws",)
    has_gain = True
    reference = "Bickford Smith et al. (2023). Prediction-oriented Bayesian active learning, sec. 4"

    def __init__(self, *, n_targets: int = 500, max_candidates: int = 50_000) -> None:
        self.n_targets = check_count("epig", "n_targets", n_targets)
        self.max_candidates = check_count("epig", "max_candidates", max_candidates)

    def _score(self, evidence: Evidence) -> Floats:
        return epig(evidence.draws, evidence.draws, evidence.max_bytes)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        draws, keys, costs = evidence.draws, evidence.keys(rng), evidence.costs
        targets = draws[:, sample(evidence.n_items, self.n_targets, rng)]
        kept = np.arange(evidence.n_items)
        n_kept = max(self.max_candidates, n)
        if evidence.n_items > n_kept:
            bounds = bald(draws) if costs is None else bald(draws) / costs
            kept = np.sort(top_n(bounds, n_kept, keys))
        gains = epig(draws[:, kept], targets, evidence.max_bytes)
        scores = gains if costs is None else gains / costs[kept]
        best = top_n(scores, n, lambda at: keys(kept[at]))
        return Picks(kept[best], scores[best], {"epig": gains[best]})
