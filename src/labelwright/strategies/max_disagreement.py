"""Ask where one member differs most from the committee's mean."""

from __future__ import annotations

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.scores.committee import max_disagreement
from labelwright.strategies.base import Strategy


class MaxDisagreement(Strategy):
    """Asks where a single member differs most from the others.

    The score is the largest divergence of a member from the members' mean, between 0 and log(n_draws), in nats; the
    mean over labels where an item has several. Not for a committee with a bad member, which would decide alone.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes), with a logarithm each.
    """

    name = "max-disagreement"
    family = "committee"
    tasks = ("classification", "multilabel")
    needs = ("draws",)
    has_gain = True
    by_row = True
    reference = "Danka, Horvath (2018). modAL: a modular active learning framework, max disagreement sampling"

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.scored_draws(max_disagreement)
