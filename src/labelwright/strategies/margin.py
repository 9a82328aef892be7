"""Ask where the two likeliest classes are close."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats, check_one_of
from labelwright.scores.uncertainty import margin
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class Margin(Strategy):
    """Doubts most where the two likeliest classes are close; strong once the model is decent.

    The score is -(p1 - p2), between -1 and 0; the gain that costs divide is 1 - (p1 - p2). With a
    decision function alone, the gap between the two best decision values stands for it. Not for large batches of an
    unclean pool: it asks about repeats.

    Parameters
    ----------
    over : {"mean", "max"}
        How an item of several labels combines its labels: all of them, or the one in most doubt.

    Notes
    -----
    Cost: one pass over the probabilities.
    """

    name: ClassVar[str] = "margin"
    family: ClassVar[str] = "uncertainty"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("margin",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Scheffer, Decomain, Wrobel (2001). Active hidden Markov models, sec. 3"

    def __init__(self, *, over: str = "mean") -> None:
        check_one_of("margin", "over", over, ("mean", "max"))
        self.over = over

    def _score(self, evidence: Evidence) -> Floats:
        if self.over == "mean":
            return evidence.margins
        return evidence.proba_task.scored(margin, evidence.proba, self.over)

    def _gain(self, evidence: Evidence) -> Floats:
        return evidence.doubt if self.over == "mean" else 1 + self._score(evidence)
