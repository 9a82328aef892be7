"""Ask where the second class is likely beside the first."""

from __future__ import annotations

from labelwright.check import Floats, check_one_of
from labelwright.evidence.base import Evidence
from labelwright.scores.uncertainty import ratio
from labelwright.strategies.base import Strategy


class Ratio(Strategy):
    """Asks where the second likeliest class is nearly as likely as the first, by their ratio.

    The score is p2 / p1, between 0 and 1; for two classes it ranks like margin. Not for many classes of small
    probabilities, where the ratio is large for most items: prefer margin.

    Parameters
    ----------
    over : {"mean", "max"}
        How an item of several labels combines its labels: all of them, or the one in most doubt.

    Notes
    -----
    Cost: one pass over the probabilities.
    """

    name = "ratio"
    family = "uncertainty"
    tasks = ("classification", "multilabel")
    needs = ("scored",)
    has_gain = True
    by_row = True
    reference = "Monarch (2021). Human-in-the-loop machine learning, sec. 3.2.3"

    def __init__(self, *, over: str = "mean") -> None:
        check_one_of("ratio", "over", over, ("mean", "max"))
        self.over = over

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.scored(ratio, self.over)
