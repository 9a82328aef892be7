"""Ask where one member of a bootstrap committee finds the two likeliest classes close."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.scores.committee import min_margin
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class MinMargin(Strategy):
    """Doubts what at least one of several bootstrapped models doubts; its batches spread along the boundary.

    The score is minus the smallest gap p1 - p2 over the members, between -1 and 0; the gain that costs divide is one
    more than it; both are means over labels where an item has several. Not for a committee with a bad member: what it
    alone doubts is asked.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes).
    """

    name: ClassVar[str] = "min-margin"
    family: ClassVar[str] = "uncertainty"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("draws",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Jiang, Gupta (2021). Bootstrapping for batch active sampling"

    def _score(self, evidence: Evidence) -> Floats:
        draws = evidence.draws
        return evidence.proba_task.scored(min_margin, draws)

    def _gain(self, evidence: Evidence) -> Floats:
        return 1 + self._score(evidence)
