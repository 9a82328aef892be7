"""Ask where a committee's votes are split most."""

from __future__ import annotations

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.scores.committee import vote_entropy
from labelwright.strategies.base import Strategy


class VoteEntropy(Strategy):
    """Asks where the committee's votes are split most evenly.

    The score is the entropy of the members' hard votes, at least 0, in nats; the mean over labels where an item has
    several. Not for few members: it takes few values then, so that hashes of the items decide.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes).
    """

    name = "vote-entropy"
    family = "committee"
    tasks = ("classification", "multilabel")
    needs = ("draws",)
    has_gain = True
    by_row = True
    reference = "Dagan, Engelson (1995). Committee-based sampling, sec. 4"

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.scored_draws(vote_entropy)
