"""Ask where the mean of a committee is unsure."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.scores.committee import consensus_entropy
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class ConsensusEntropy(Strategy):
    """Doubts most what the committee, taken together, is unsure of.

    The score is the entropy of the members' mean, at least 0, in nats; the mean over labels where an item has several.
    Not where answers are noisy: a coin toss on which all members agree scores high, so prefer bald.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes).
    """

    name: ClassVar[str] = "consensus-entropy"
    family: ClassVar[str] = "committee"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("draws",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Gal, Islam, Ghahramani (2017). Deep Bayesian active learning, sec. 4, item 1"

    def _score(self, evidence: Evidence) -> Floats:
        draws = evidence.draws
        return evidence.proba_task.scored(consensus_entropy, draws)
