"""Ask where a committee's votes are split most."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.scores.committee import vote_entropy
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class VoteEntropy(Strategy):
    """Entropy of the members' hard votes, in nats: coarse with few members, many ties."""

    name: ClassVar[str] = "vote-entropy"
    family: ClassVar[str] = "committee"
    tasks: ClassVar[tuple[str, ...]] = ("classification",)
    needs: ClassVar[tuple[str, ...]] = ("draws",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Dagan, Engelson (1995). Committee-based sampling, sec. 4"

    def _score(self, evidence: Evidence) -> Floats:
        return vote_entropy(evidence.draws)
