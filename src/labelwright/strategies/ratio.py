"""Ask where the second class is likely beside the first."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats, check_one_of
from labelwright.scores.uncertainty import ratio
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class Ratio(Strategy):
    """Doubts most where the second class is nearly as likely as the first, in proportion.

    The score is p2 / p1, between 0 and 1; for two classes it ranks like margin. Not for many classes of small
    probabilities, where any two of them are in proportion: prefer margin.

    Parameters
    ----------
    over : {"mean", "max"}
        How an item of several labels combines its labels: all of them, or the one in most doubt.

    Notes
    -----
    Cost: one pass over the probabilities.
    """

    name: ClassVar[str] = "ratio"
    family: ClassVar[str] = "uncertainty"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("proba",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Monarch (2021). Human-in-the-loop machine learning, sec. 3.2.3"

    def __init__(self, *, over: str = "mean") -> None:
        check_one_of("ratio", "over", over, ("mean", "max"))
        self.over = over

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.proba_task.scored(ratio, evidence.proba, self.over)
