"""Stop when the model is good enough beyond reasonable doubt."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from labelwright.check import check_between, check_count
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.words import Figure, Reason

if TYPE_CHECKING:
    import pandas as pd


class Target(StoppingRule):
    """Stop when the bound of the interval on the near side passes a threshold.

    Parameters
    ----------
    threshold : float
        In the unit of the metric.
    min_reserve : int
        Reserve labels below which it never stops: too few to judge.
    higher_is_better : bool
        For an error, such as mae, the upper bound must come below the threshold.

    Examples
    --------
    >>> import pandas as pd
    >>> look = {"n_labels": [300], "value": [0.93], "low": [0.91], "high": [0.95], "n_reserve": [400]}
    >>> Target(threshold=0.9).judge(pd.DataFrame(look)).stop
    True
    """

    name: ClassVar[str] = "target"
    needs: ClassVar[tuple[str, ...]] = ("value", "low", "high", "n_reserve")
    guarantee: ClassVar[str] = "the interval's level at one look, if the reserve is uniform; more looks spend it"

    def __init__(self, *, threshold: float, min_reserve: int = 30, higher_is_better: bool = True) -> None:
        check_between("target", "threshold", threshold, -math.inf, math.inf)
        self.threshold = float(threshold)
        self.min_reserve = check_count("target", "min_reserve", min_reserve)
        self.higher_is_better = higher_is_better

    def _judge(self, history: pd.DataFrame) -> Verdict:
        last = history.iloc[-1]
        bound = float(last["low"] if self.higher_is_better else last["high"])
        n_reserve = int(last["n_reserve"])
        if n_reserve < self.min_reserve:
            reason = Reason("target-too-few", {"n_reserve": n_reserve, "min_reserve": self.min_reserve})
            return Verdict(False, bound, self.threshold, reason)
        reached = bound >= self.threshold if self.higher_is_better else bound <= self.threshold
        side, word = ("lower", "reached") if self.higher_is_better else ("upper", "within")
        figures: dict[str, Figure] = {"side": side, "bound": bound, "threshold": self.threshold}
        return Verdict(
            reached, bound, self.threshold, Reason(f"target-{word}" if reached else f"target-not-{word}", figures)
        )
