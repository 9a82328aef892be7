"""Ask where one member differs most from the committee's mean."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.scores.committee import max_disagreement
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class MaxDisagreement(Strategy):
    """Listens to the one member that differs most from the others.

    The score is the largest divergence of a member from the members' mean, between 0 and log(n_draws), in nats; the
    mean over labels where an item has several. Not for a committee with a bad member: it alone decides then.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes), with a logarithm each.
    """

    name: ClassVar[str] = "max-disagreement"
    family: ClassVar[str] = "committee"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("draws",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = (
        "Danka, Horvath (2018). modAL: a modular active learning framework, max disagreement sampling"
    )

    def _score(self, evidence: Evidence) -> Floats:
        draws = evidence.draws
        return evidence.proba_task.scored(max_disagreement, draws)
