"""Scores that were computed before a strategy is asked, such as those of shards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from labelwright.check import Floats, Ints

DOUBT: Final = "doubt"  # the key of doubts, which any strategy may look at


@dataclass(frozen=True)
class KnownScores:
    """What one strategy scores of items, or gains before costs divide them; or how doubtful the items are.

    Attributes
    ----------
    key : str
        Of the strategy, with its parameters: `Strategy.key`; or `DOUBT`.
    scores : array of shape (n_items,)
    """

    key: str
    scores: Floats

    def of(self, key: str) -> Floats | None:
        """The scores, if they are those of this key."""
        return self.scores if key == self.key else None

    def taken(self, positions: Ints) -> KnownScores:
        """Those of some of the items."""
        return KnownScores(self.key, self.scores[positions])
