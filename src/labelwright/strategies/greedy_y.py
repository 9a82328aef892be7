"""Ask where the prediction is farthest from all answers so far."""

from __future__ import annotations

import numpy as np

from labelwright.evidence.base import Evidence
from labelwright.kernels.shrinking import nearest_number, take_farthest
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks


class GreedyY(Strategy):
    """Each pick is the item whose prediction is farthest from all answers, which covers the target's range evenly.

    The score is the distance of the prediction to the nearest answer, in the unit of the target; a pick counts as
    answered with its prediction for the rest of the batch. Not while the model is poor: predictions of noise cover
    the range of the noise; improved-greedy is the safer choice.

    Notes
    -----
    Cost: one search of the pool in the sorted answers, then a pass over the predictions a pick.
    """

    name = "greedy-y"
    family = "regression"
    tasks = ("regression",)
    needs = ("proba", "answers")
    batch_aware = True
    reference = "Wu, Lin, Huang (2019). Active learning for regression using greedy sampling, GSy"

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        values = evidence.proba.astype(np.float64)
        gap = nearest_number(values, evidence.answers)

        def nearest(rows: np.ndarray | None, picks: np.ndarray) -> np.ndarray:
            return nearest_number(values if rows is None else values[rows], values[picks])

        picks, distance = take_farthest(gap, nearest, n, evidence.keys(rng), evidence.closes)
        return Picks(picks, distance, {"distance": distance})
