"""Ask where the two likeliest classes are close."""

from __future__ import annotations

from labelwright.check import Floats, check_one_of
from labelwright.evidence.base import Evidence
from labelwright.scores.uncertainty import margin
from labelwright.strategies.base import Strategy


class Margin(Strategy):
    """Asks where the two likeliest classes are closest; strong once the model is decent.

    The score is -(p1 - p2), between -1 and 0; the gain that costs divide is 1 - (p1 - p2). With a decision function
    alone, the gap between the two best decision values stands for it. Not for large batches of a pool with near
    duplicates: it asks about all of them.

    Parameters
    ----------
    over : {"mean", "max"}
        How an item of several labels combines its labels: all of them, or the one in most doubt.

    Notes
    -----
    Cost: one pass over the probabilities.
    """

    name = "margin"
    family = "uncertainty"
    tasks = ("classification", "multilabel")
    needs = ("margin",)
    has_gain = True
    by_row = True
    reference = "Scheffer, Decomain, Wrobel (2001). Active hidden Markov models, sec. 3"

    def __init__(self, *, over: str = "mean") -> None:
        check_one_of("margin", "over", over, ("mean", "max"))
        self.over = over

    def _score(self, evidence: Evidence) -> Floats:
        if self.over == "mean":
            return evidence.margins
        return evidence.scored(margin, self.over)

    def _gain(self, evidence: Evidence) -> Floats:
        return evidence.doubt if self.over == "mean" else 1 + self._score(evidence)
