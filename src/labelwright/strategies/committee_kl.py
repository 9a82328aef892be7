"""Ask where a committee's members differ most from their mean."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.scores.committee import committee_kl
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class CommitteeKL(Strategy):
    """Finds what the members differ on, not what is a toss-up for all of them.

    The score is the mean divergence of the members from their mean, at least 0, in nats; the mean over labels where an
    item has several. In value it is bald. Not for a committee of near-copies: it measures their noise.

    Notes
    -----
    Cost: one pass over the draws, (n_draws, n_items, n_classes), with a logarithm each.
    """

    name: ClassVar[str] = "committee-kl"
    family: ClassVar[str] = "committee"
    tasks: ClassVar[tuple[str, ...]] = ("classification", "multilabel")
    needs: ClassVar[tuple[str, ...]] = ("draws",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "McCallum, Nigam (1998). Employing EM and pool-based active learning, sec. 4, eq. 6"

    def _score(self, evidence: Evidence) -> Floats:
        draws = evidence.draws
        return evidence.proba_task.scored(committee_kl, draws)
