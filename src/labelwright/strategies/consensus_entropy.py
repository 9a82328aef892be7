"""Ask where the mean of a committee is unsure."""

from __future__ import annotations

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.scores.committee import consensus_entropy
from labelwright.strategies.base import Strategy


class ConsensusEntropy(Strategy):
    """Asks where the mean prediction of the committee is most uncertain.

    The score is the entropy of the members' mean, at least 0, in nats; the mean over labels where an item has several.
    Not where answers are noisy: an item that all members find equally uncertain scores high, so prefer bald.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes).
    """

    name = "consensus-entropy"
    family = "committee"
    tasks = ("classification", "multilabel")
    needs = ("draws",)
    has_gain = True
    by_row = True
    reference = "Gal, Islam, Ghahramani (2017). Deep Bayesian active learning, sec. 4, item 1"

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.scored_draws(consensus_entropy)
