"""Ask where the fewest members vote for the winner."""

from __future__ import annotations

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.scores.committee import variation_ratio
from labelwright.strategies.base import Strategy


class VariationRatio(Strategy):
    """Asks where the largest share of members votes against the majority.

    The score is the share of members that do not vote for the winner, between 0 and 1; the mean over labels where an
    item has several. Not for few members: it takes few values then, so that hashes of the items decide.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes).
    """

    name = "variation-ratio"
    family = "committee"
    tasks = ("classification", "multilabel")
    needs = ("draws",)
    has_gain = True
    by_row = True
    reference = "Beluch et al. (2018). The power of ensembles for active learning in image classification"

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.scored_draws(variation_ratio)
