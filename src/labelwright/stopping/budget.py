"""Stop when a budget of labels or of cost is spent."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from labelwright.check import complain
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.words import Reason

if TYPE_CHECKING:
    import pandas as pd


class Budget(StoppingRule):
    """Stop at a number of labels, or at a cost; one of both is given.

    Parameters
    ----------
    n_labels : int, optional
        At least 1; reserve, gold and overlap count where the history counts them.
    cost : float, optional
        Above 0, in the history's unit.

    Examples
    --------
    >>> import pandas as pd
    >>> Budget(n_labels=100).judge(pd.DataFrame({"n_labels": [90, 100], "cost": [9.0, 10.0]})).reason.figures
    {'spent': 100.0, 'limit': 100.0}
    """

    name: ClassVar[str] = "budget"
    needs: ClassVar[tuple[str, ...]] = ("n_labels", "cost")
    guarantee: ClassVar[str] = "never overspends by more than one batch"

    def __init__(self, *, n_labels: int | None = None, cost: float | None = None) -> None:
        if (n_labels is None) == (cost is None):
            raise complain("budget", "one of n_labels and cost", "given", "both" if n_labels is not None else "neither")
        limit = n_labels if n_labels is not None else cost
        if limit is None or not 0 < limit < math.inf:
            raise complain("budget", "the limit", "above 0", limit)
        self.n_labels, self.cost = n_labels, cost

    def _judge(self, history: pd.DataFrame) -> Verdict:
        column, limit = ("n_labels", self.n_labels) if self.n_labels is not None else ("cost", self.cost)
        spent, granted = float(history[column].iloc[-1]), float(limit or 0)
        code = "labels-spent" if column == "n_labels" else "cost-spent"
        return Verdict(spent >= granted, spent, granted, Reason(code, {"spent": spent, "limit": granted}))
