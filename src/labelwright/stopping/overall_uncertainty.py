"""Stop when the model is sure of the pool: a heuristic."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from labelwright.check import check_between
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.words import Reason

if TYPE_CHECKING:
    import pandas as pd


class OverallUncertainty(StoppingRule):
    """Stop when the mean entropy of predictions on a sample of the pool is below a threshold.

    A heuristic. It believes the model: one that is sure of wrong answers stops too early, and where classes overlap it
    never stops. Never use it alone.

    Parameters
    ----------
    threshold : float
        Share of the largest entropy, in [0, 1].

    References
    ----------
    Zhu, Wang, Hovy, Ma (2010). Confidence-based stopping criteria for active learning for data annotation, ACM TSLP 6
    (overall uncertainty).

    Examples
    --------
    >>> import pandas as pd
    >>> print(OverallUncertainty().judge(pd.DataFrame({"doubt": [0.3, 0.12]})).reason)
    The model's mean doubt about the pool is 12.0 % of the largest possible; the threshold is 5.0 %.
    """

    name: ClassVar[str] = "overall-uncertainty"
    needs: ClassVar[tuple[str, ...]] = ("doubt",)
    guarantee: ClassVar[str] = "none: a heuristic that believes the model"
    reference: ClassVar[str] = "Zhu, Wang, Hovy, Ma (2010). Confidence-based stopping criteria for active learning"

    def __init__(self, *, threshold: float = 0.05) -> None:
        check_between("overall-uncertainty", "threshold", threshold, 0, 1)
        self.threshold = float(threshold)

    def _judge(self, history: pd.DataFrame) -> Verdict:
        doubt = float(history["doubt"].iloc[-1])
        if math.isnan(doubt):
            return Verdict(False, doubt, self.threshold, Reason("doubt-unknown"))
        reason = Reason("doubt-mean", {"doubt": 100 * doubt, "threshold": 100 * self.threshold})
        return Verdict(doubt <= self.threshold, doubt, self.threshold, reason)
