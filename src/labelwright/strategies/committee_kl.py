"""Ask where a committee's members differ most from their mean."""

from __future__ import annotations

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.scores.committee import committee_kl
from labelwright.strategies.base import Strategy


class CommitteeKL(Strategy):
    """Prefers items on which the members differ to items on which all of them are uncertain.

    The score is the mean divergence of the members from their mean, at least 0, in nats; the mean over labels where an
    item has several. Its value is that of bald. Not for a committee of nearly equal members: it measures their noise.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes), with a logarithm each.
    """

    name = "committee-kl"
    family = "committee"
    tasks = ("classification", "multilabel")
    needs = ("draws",)
    has_gain = True
    by_row = True
    reference = "McCallum, Nigam (1998). Employing EM and pool-based active learning, sec. 4, eq. 6"

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.scored_draws(committee_kl)
