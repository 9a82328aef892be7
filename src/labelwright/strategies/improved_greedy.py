"""Ask about what is far from the labeled items in features and in the target."""

from __future__ import annotations

import numpy as np

from labelwright.check import check_finite, check_same_length
from labelwright.evidence.base import Evidence
from labelwright.kernels.shrinking import Products, take_farthest
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks


class ImprovedGreedy(Strategy):
    """Each pick maximises the smallest product of feature distance and target distance to a labeled item.

    The score is that product, in the unit of the embedding times that of the target; a pick counts as labeled with
    its prediction for the rest of the batch. A good choice for regressions, also with few labels. Not where one
    only wants the maximum of the target, or where noise differs much over the pool.

    Notes
    -----
    Cost: one product of pool and labeled items, then a pass over the pool for many picks at once. Items that are
    leased but not answered have no target yet and do not push picks away.
    """

    name = "improved-greedy"
    family = "regression"
    tasks = ("regression",)
    needs = ("proba", "embed", "answers")
    batch_aware = True
    reference = "Wu, Lin, Huang (2019). Active learning for regression using greedy sampling, iGS"

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        places, values = evidence.places, evidence.proba.astype(np.float64)
        answers = np.asarray(evidence.answers, dtype=np.float64)
        check_same_length("improved-greedy", X_labeled=len(evidence.embed_answered), y_labeled=len(answers))
        check_finite("select", "X_labeled", evidence.embed_answered)
        scale = float(np.abs(values).max() + np.abs(answers).max()) or 1.0  # squares stay within float32
        products = Products(places, values / scale)
        gap = products.nearest(None, evidence.embed_answered, answers / scale)

        def nearest(rows: np.ndarray | None, picks: np.ndarray) -> np.ndarray:
            return products.nearest(rows, places[picks], products.numbers[picks])

        picks, squares = take_farthest(gap, nearest, n, evidence.keys(rng), evidence.closes)
        product = np.sqrt(squares) * scale
        return Picks(picks, product, {"product": product})
