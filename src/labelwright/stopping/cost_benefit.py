"""Stop when the next labels are expected to cost more than they are worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from labelwright.check import check_between, check_count
from labelwright.evaluation.forecast import expected_gain
from labelwright.evaluation.power_law import MIN_LOOKS
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.stopping.plateau import MIN_RESERVE
from labelwright.words import Figure, Reason

if TYPE_CHECKING:
    import pandas as pd


class CostBenefit(StoppingRule):
    """Stop when the expected gain of the next labels, times what it is worth, is below what they cost.

    As good as the forecast of the learning curve that it looks at, see `labelwright.forecast`.

    Parameters
    ----------
    value_of_point : float
        What 0.01 more of the metric is worth, above 0, in the unit of the cost.
    cost_per_label : float, optional
        Above 0; as the history's costs say otherwise, from half of the labels on.
    n_next : int, optional
        Labels to look ahead, at least 1; a quarter more than there are otherwise, so that one small batch, which hardly
        brings anything, does not decide.
    higher_is_better : bool
        False for an error, such as mae.

    References
    ----------
    Pullar-Strecker, Dost, Frank, Wicker (2022). Hitting the target: stopping active learning at the cost-based
    optimum, Machine Learning.

    Examples
    --------
    >>> import pandas as pd
    >>> n = np.arange(100, 700, 50)
    >>> looks = pd.DataFrame({"n_labels": n, "cost": 1.5 * n, "value": 0.9 - 5 / n, "n_reserve": 400})
    >>> looks["low"], looks["high"] = looks["value"] - 0.03, looks["value"] + 0.03
    >>> print(CostBenefit(value_of_point=100, n_next=200).judge(looks).reason)  # doctest: +NORMALIZE_WHITESPACE
    Asking for 200 more labels would cost 300 and is expected to bring +0.18 points (+0.18 to +0.18), worth 18.1: stop,
    or change something.
    """

    name: ClassVar[str] = "cost-benefit"
    needs: ClassVar[tuple[str, ...]] = ("n_labels", "cost", "value", "low", "high", "n_reserve")
    guarantee: ClassVar[str] = "as good as the forecast of the learning curve"
    reference: ClassVar[str] = "Pullar-Strecker, Dost, Frank, Wicker (2022). Hitting the target, Machine Learning"

    def __init__(
        self,
        *,
        value_of_point: float,
        cost_per_label: float | None = None,
        n_next: int | None = None,
        higher_is_better: bool = True,
    ) -> None:
        check_between(self.name, "value_of_point", value_of_point, 1e-12, math.inf)
        if cost_per_label is not None:
            check_between(self.name, "cost_per_label", cost_per_label, 1e-12, math.inf)
        self.value_of_point, self.cost_per_label = float(value_of_point), cost_per_label
        self.n_next = None if n_next is None else check_count(self.name, "n_next", n_next)
        self.higher_is_better = higher_is_better

    def _judge(self, history: pd.DataFrame) -> Verdict:
        looks = history[history["value"].notna()]
        n_later = looks["n_labels"][::-1].cummin()[::-1].shift(-1)  # where labels were taken back, earlier looks go
        looks = looks[n_later.isna() | (looks["n_labels"] < n_later)]
        n_reserve = int(history["n_reserve"].iloc[-1])
        if len(looks) < MIN_LOOKS or n_reserve < MIN_RESERVE:
            figures: dict[str, Figure] = {
                "n_looks": len(looks), "min_looks": MIN_LOOKS, "n_reserve": n_reserve, "min_reserve": MIN_RESERVE,
            }  # fmt: skip
            return Verdict(False, math.nan, math.nan, Reason("gain-too-few", figures))
        n, v, low, high = (looks[name].to_numpy(dtype=float) for name in ("n_labels", "value", "low", "high"))
        errors = (high - low) / (2 * 1.96)
        known = bool(np.isfinite(errors).all() and errors.any())
        n_next = self.n_next or max(1, round(n[-1] / 4))
        gain = expected_gain(
            n, v, errors=errors if known else None, n_next=n_next, higher_is_better=self.higher_is_better
        )
        cost, worth = n_next * self._price(looks), 100 * gain.value * self.value_of_point
        figures = {
            "n_next": n_next, "cost": cost, "worth": worth, "gain": 100 * gain.value, "low": 100 * gain.low,
            "high": 100 * gain.high,
        }  # fmt: skip
        return Verdict(worth < cost, worth, cost, Reason("gain-not-worth" if worth < cost else "gain-worth", figures))

    def _price(self, looks: pd.DataFrame) -> float:
        """Cost of a label, from half of the labels on."""
        if self.cost_per_label is not None:
            return self.cost_per_label
        n, cost = looks["n_labels"].to_numpy(dtype=float), looks["cost"].to_numpy(dtype=float)
        since = min(int(np.searchsorted(n, n[-1] / 2)), len(n) - 2)
        return float((cost[-1] - cost[since]) / (n[-1] - n[since]))
