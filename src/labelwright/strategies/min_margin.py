"""Ask where one member of a bootstrap committee finds the two likeliest classes close."""

from __future__ import annotations

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.scores.committee import min_margin
from labelwright.strategies.base import Strategy


class MinMargin(Strategy):
    """Asks where at least one of several bootstrapped models is in doubt; batches spread along the boundary.

    The score is minus the smallest gap p1 - p2 over the members, between -1 and 0; the gain that costs divide is one
    more than it; both are means over labels where an item has several. Not for a committee with a bad member: it asks
    about that member's doubts.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes).
    """

    name = "min-margin"
    family = "uncertainty"
    tasks = ("classification", "multilabel")
    needs = ("draws",)
    has_gain = True
    by_row = True
    reference = "Jiang, Gupta (2021). Bootstrapping for batch active sampling"

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.scored_draws(min_margin)

    def _gain(self, evidence: Evidence) -> Floats:
        return 1 + self._score(evidence)
