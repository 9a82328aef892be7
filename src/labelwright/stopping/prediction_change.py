"""Stop when new labels no longer change predictions: a heuristic."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from labelwright.check import check_between, check_count
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.stopping.windows import windows
from labelwright.words import Reason

if TYPE_CHECKING:
    import pandas as pd


class PredictionChange(StoppingRule):
    """Stop when, in each of some windows of label growth, at most a small share of predicted answers changed.

    A heuristic: it promises nothing about how good the model is. Not for rare classes, where hardly any prediction
    changes because nearly all are of the common class; `KappaStable` corrects for that.

    Parameters
    ----------
    threshold : float
        Share of the sample of the pool that may change in a window, in [0, 1].
    n_windows : int
    growth : float
        Growth of the labels over a window, above 0.

    References
    ----------
    Zhu, Wang, Hovy, Ma (2010). Confidence-based stopping criteria for active learning for data annotation, ACM TSLP 6
    (classification change), where a window is a batch and no prediction may change.

    Examples
    --------
    >>> import pandas as pd
    >>> looks = pd.DataFrame({"n_labels": [100, 120, 140, 160], "changed": [float("nan"), 0.0, 0.004, 0.002]})
    >>> PredictionChange().judge(looks).stop
    True
    """

    name: ClassVar[str] = "prediction-change"
    needs: ClassVar[tuple[str, ...]] = ("n_labels", "changed")
    guarantee: ClassVar[str] = "none: a heuristic"
    reference: ClassVar[str] = "Zhu, Wang, Hovy, Ma (2010). Confidence-based stopping criteria for active learning"

    def __init__(self, *, threshold: float = 0.005, n_windows: int = 3, growth: float = 0.05) -> None:
        check_between("prediction-change", "threshold", threshold, 0, 1)
        check_between("prediction-change", "growth", growth, 1e-9, 10)
        self.threshold, self.growth = float(threshold), float(growth)
        self.n_windows = check_count("prediction-change", "n_windows", n_windows)

    def _judge(self, history: pd.DataFrame) -> Verdict:
        found = windows(history, history["changed"].to_numpy(dtype=float), self.growth, self.n_windows)
        most = float(found.max()) if len(found) else float("nan")
        share = 100 * self.growth
        if len(found) < self.n_windows or most != most:
            figures = {"n": len(found), "n_windows": self.n_windows, "growth": share}
            return Verdict(False, most, self.threshold, Reason("stable-too-early", figures))
        reason = Reason(
            "changed-windows",
            {"n_windows": self.n_windows, "growth": share, "changed": 100 * most, "threshold": 100 * self.threshold},
        )
        return Verdict(most <= self.threshold, most, self.threshold, reason)
