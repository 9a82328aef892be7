"""Ask about doubtful items that differ from each other."""

from __future__ import annotations

import math

import numpy as np

from labelwright.check import check_between
from labelwright.evidence.base import Evidence
from labelwright.kernels.distances import squared_distances
from labelwright.kernels.k_means import k_means
from labelwright.kernels.top import top_n
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks


class MarginDiversity(Strategy):
    """The most doubtful items, clustered; from each cluster the one nearest to its weighted centre.

    The score is the item's doubt, at least 0 (for classes 1 - (p1 - p2)). Not while the model's doubts are noise, with
    under a few labels a class: prefer `auto`.

    Parameters
    ----------
    prefilter : float
        The one parameter: candidates kept for each pick, at least 1. At 1 it is margin; the larger, the more the picks
        spread over the pool.

    Notes
    -----
    Cost: one pass over the doubts, then k-means of prefilter x n rows.
    """

    name = "margin-diversity"
    family = "hybrid"
    needs = ("doubt", "embed")
    batch_aware = True
    reference = "Zhdanov (2019). Diverse mini-batch active learning, alg. 1"

    def __init__(self, *, prefilter: float = 10.0) -> None:
        check_between("margin-diversity", "prefilter", prefilter, 1, math.inf)
        self.prefilter = float(prefilter)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        keys = evidence.keys(rng)
        n_kept = min(evidence.n_items, math.ceil(min(self.prefilter * n, evidence.n_items)))
        kept = top_n(evidence.doubt, n_kept, keys)  # most doubtful first
        doubt = evidence.doubt[kept].astype(np.float64)
        if n_kept > n:
            where = evidence.embed_at(kept)
            weights = doubt + 1e-3 * doubt.max() if doubt.max() > 0 else np.ones(n_kept)
            centres, _ = k_means(where, weights, n, rng)
            chosen = _nearest_each(squared_distances(centres, where), evidence, kept)
            chosen = chosen[np.argsort(-doubt[chosen], kind="stable")]
        else:
            chosen = np.arange(n_kept)
        return Picks(kept[chosen], doubt[chosen], {"doubt": doubt[chosen]})


def _nearest_each(squares: np.ndarray, evidence: Evidence, kept: np.ndarray) -> np.ndarray:
    """For each centre the nearest row that is still open; duplicates of a pick are closed with it."""
    closes, picks = evidence.narrowed(kept), []
    for row in squares:
        if not np.isfinite(row.min()):
            continue
        pick = int(row.argmin())
        if not np.isfinite(row[pick]):
            continue
        picks.append(pick)
        squares[:, closes(pick)] = np.inf
    return np.array(picks, dtype=np.int64)
