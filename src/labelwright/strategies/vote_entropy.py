"""Ask where a committee's votes are split most."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.scores.committee import vote_entropy
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class VoteEntropy(Strategy):
    """Splits the committee's votes most evenly.

    The score is the entropy of the members' hard votes, at least 0, in nats; the mean over labels where an item has
    several. Not for few members: it takes few values then, so that hashes of the items decide.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes).
    """

    name: ClassVar[str] = "vote-entropy"
    family: ClassVar[str] = "committee"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("draws",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Dagan, Engelson (1995). Committee-based sampling, sec. 4"

    def _score(self, evidence: Evidence) -> Floats:
        draws = evidence.draws
        return evidence.proba_task.scored(vote_entropy, draws)
