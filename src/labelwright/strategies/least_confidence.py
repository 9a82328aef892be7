"""Ask where the likeliest class is least likely."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats, check_one_of
from labelwright.scores.uncertainty import least_confidence
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class LeastConfidence(Strategy):
    """Doubts most what has the least likely favourite.

    The score is 1 - max p, between 0 and 1. Not for many classes: it chases hopeless items there, so prefer margin.

    Parameters
    ----------
    over : {"mean", "max"}
        How an item of several labels combines its labels: all of them, or the one in most doubt.

    Notes
    -----
    Cost: one pass over the probabilities.
    """

    name: ClassVar[str] = "least-confidence"
    family: ClassVar[str] = "uncertainty"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("proba",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Lewis, Gale (1994). A sequential algorithm for training text classifiers, sec. 4"

    def __init__(self, *, over: str = "mean") -> None:
        check_one_of("least-confidence", "over", over, ("mean", "max"))
        self.over = over

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.proba_task.scored(least_confidence, evidence.proba, self.over)
