"""Ask where the likeliest class is least likely."""

from __future__ import annotations

from labelwright.check import Floats, check_one_of
from labelwright.evidence.base import Evidence
from labelwright.scores.uncertainty import least_confidence
from labelwright.strategies.base import Strategy


class LeastConfidence(Strategy):
    """Asks where the likeliest class has the lowest probability.

    The score is 1 - max p, between 0 and 1. Not for many classes: it prefers items that no label decides there, so
    prefer margin.

    Parameters
    ----------
    over : {"mean", "max"}
        How an item of several labels combines its labels: all of them, or the one in most doubt.

    Notes
    -----
    Cost: one pass over the probabilities.
    """

    name = "least-confidence"
    family = "uncertainty"
    tasks = ("classification", "multilabel")
    needs = ("scored",)
    has_gain = True
    by_row = True
    reference = "Lewis, Gale (1994). A sequential algorithm for training text classifiers, sec. 4"

    def __init__(self, *, over: str = "mean") -> None:
        check_one_of("least-confidence", "over", over, ("mean", "max"))
        self.over = over

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.scored(least_confidence, self.over)
