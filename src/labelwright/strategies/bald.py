"""Ask where the answer says most about the model."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.scores.information import bald
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class Bald(Strategy):
    """Asks for the answers that tell most about which member of the committee is right.

    The score is the mutual information of the answer and the model, at least 0 and at most log(n_draws), in nats; the
    mean over labels where an item has several. Not for large batches: its top items tell the same, so prefer batch-bald
    or power-bald.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes), with a logarithm each.
    """

    name: ClassVar[str] = "bald"
    family: ClassVar[str] = "information"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("draws",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Houlsby, Huszár, Ghahramani, Lengyel (2011). Bayesian active learning, eq. 2"

    def _score(self, evidence: Evidence) -> Floats:
        draws = evidence.draws
        return evidence.proba_task.scored(bald, draws)
