"""Scores that were computed before a strategy is asked, such as those of shards."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.check import Floats, Ints


@dataclass(frozen=True)
class KnownScores:
    """What one strategy scores of items, or gains before costs divide them.

    Attributes
    ----------
    key : str
        Of the strategy, with its parameters: `Strategy.key`.
    scores : array of shape (n_items,)
    """

    key: str
    scores: Floats

    def of(self, key: str) -> Floats | None:
        """The scores, if they are those of this strategy."""
        return self.scores if key == self.key else None

    def taken(self, positions: Ints) -> KnownScores:
        """Those of some of the items."""
        return KnownScores(self.key, self.scores[positions])
