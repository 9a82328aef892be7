"""Ask where the answer says most about the model."""

from __future__ import annotations

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.scores.information import bald
from labelwright.strategies.base import Strategy


class Bald(Strategy):
    """Asks for the answers that are most informative about which member of the committee is right.

    The score is the mutual information of the answer and the model, at least 0 and at most log(n_draws), in nats; the
    mean over labels where an item has several. Not for large batches: its top items are redundant, so prefer batch-bald
    or power-bald.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes), with a logarithm each.
    """

    name = "bald"
    family = "information"
    tasks = ("classification", "multilabel")
    needs = ("draws",)
    has_gain = True
    by_row = True
    reference = "Houlsby, Huszár, Ghahramani, Lengyel (2011). Bayesian active learning, eq. 2"

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.scored_draws(bald)
