"""Ask where the probabilities are spread most."""

from __future__ import annotations

from labelwright.check import Floats, check_one_of
from labelwright.evidence.base import Evidence
from labelwright.scores.uncertainty import entropy
from labelwright.strategies.base import Strategy


class Entropy(Strategy):
    """Asks where the probabilities are spread most evenly over the classes.

    The score is Shannon's entropy, at least 0, in nats. Not for many classes: the many small probabilities count too
    much there, so prefer margin.

    Parameters
    ----------
    over : {"mean", "max"}
        How an item of several labels combines its labels: all of them, or the one in most doubt.

    Notes
    -----
    Cost: one pass over the probabilities, with a logarithm each.
    """

    name = "entropy"
    family = "uncertainty"
    tasks = ("classification", "multilabel")
    needs = ("scored",)
    has_gain = True
    by_row = True
    reference = "Settles (2009). Active learning literature survey, sec. 3.1"

    def __init__(self, *, over: str = "mean") -> None:
        check_one_of("entropy", "over", over, ("mean", "max"))
        self.over = over

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.scored(entropy, self.over)
