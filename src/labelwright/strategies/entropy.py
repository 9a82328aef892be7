"""Ask where the probabilities are spread most."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats, check_one_of
from labelwright.scores.uncertainty import entropy
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class Entropy(Strategy):
    """Doubts most where the probabilities are spread most.

    The score is Shannon's entropy, at least 0, in nats. Not for many classes: its long tail counts too much there, so
    prefer margin.

    Parameters
    ----------
    over : {"mean", "max"}
        How an item of several labels combines its labels: all of them, or the one in most doubt.

    Notes
    -----
    Cost: one pass over the probabilities, with a logarithm each.
    """

    name: ClassVar[str] = "entropy"
    family: ClassVar[str] = "uncertainty"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("proba",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Settles (2009). Active learning literature survey, sec. 3.1"

    def __init__(self, *, over: str = "mean") -> None:
        check_one_of("entropy", "over", over, ("mean", "max"))
        self.over = over

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.proba_task.scored(entropy, evidence.proba, self.over)
