"""Ask where a committee's members differ most from their mean."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.scores.committee import committee_kl
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class CommitteeKL(Strategy):
    """Mean divergence from the members' mean, in nats: what the data can settle, not what is a toss-up anyway."""

    name: ClassVar[str] = "committee-kl"
    family: ClassVar[str] = "committee"
    tasks: ClassVar[tuple[str, ...]] = ("classification",)
    needs: ClassVar[tuple[str, ...]] = ("draws",)
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "McCallum, Nigam (1998). Employing EM and pool-based active learning, sec. 4, eq. 6"

    def _score(self, evidence: Evidence) -> Floats:
        return committee_kl(evidence.draws)
