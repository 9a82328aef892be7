"""Ask where the fewest members vote for the winner."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.scores.committee import variation_ratio
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class VariationRatio(Strategy):
    """Leaves the most members outvoted.

    The score is the share of members that do not vote for the winner, between 0 and 1; the mean over labels where an
    item has several. Not for few members: it takes few values then, so that hashes of the items decide.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes).
    """

    name: ClassVar[str] = "variation-ratio"
    family: ClassVar[str] = "committee"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("draws",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = (
        "Beluch et al. (2018). The power of ensembles for active learning in image classification"
    )

    def _score(self, evidence: Evidence) -> Floats:
        draws = evidence.draws
        return evidence.proba_task.scored(variation_ratio, draws)
