"""Stop when successive models agree on unlabeled items."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from labelwright.check import check_between, check_count
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.stopping.windows import windows
from labelwright.words import Reason

if TYPE_CHECKING:
    import pandas as pd


class KappaStable(StoppingRule):
    """Stop when the mean agreement of models over some windows of label growth reaches a threshold.

    Agreement is Cohen's kappa between the predictions of one model and of the next on a fixed random sample of the
    pool. It says that predictions no longer change, not that they are right: a model that has learned nothing may be
    stable. Use it together with a rule that looks at labels.

    Parameters
    ----------
    threshold : float
        Of the mean kappa, in (0, 1].
    n_windows : int
        Windows that the mean is over, at least 1.
    growth : float
        Growth of the labels over a window, above 0. The paper's window is a batch; where batches are smaller than
        this, a window sums the disagreement of several.

    Notes
    -----
    If the kappa between two models is at least T, their F measures on the sample's population differ by at most
    4 (1 - T) / T: 0.04 at 0.99. This bounds the change, not the error.

    References
    ----------
    Bloodgood, Vijay-Shanker (2009). A method for stopping active learning based on stabilizing predictions, CoNLL;
    the bound: Bloodgood, Grothendieck (2013). Analysis of stopping active learning based on stabilizing
    predictions, CoNLL.

    Examples
    --------
    >>> import pandas as pd
    >>> looks = pd.DataFrame({"n_labels": [100, 120, 140, 160], "kappa": [float("nan"), 0.97, 0.995, 0.999]})
    >>> print(KappaStable().judge(looks).reason)
    Over 3 windows of at least 5 % more labels, successive models agree with a kappa of 0.9880; the threshold is 0.99.
    """

    name: ClassVar[str] = "kappa-stable"
    needs: ClassVar[tuple[str, ...]] = ("n_labels", "kappa")
    guarantee: ClassVar[str] = "bounds how much the F measure changed between the models, not the error"
    reference: ClassVar[str] = "Bloodgood, Vijay-Shanker (2009). A method for stopping active learning, CoNLL"

    def __init__(self, *, threshold: float = 0.99, n_windows: int = 3, growth: float = 0.05) -> None:
        check_between("kappa-stable", "threshold", threshold, 1e-9, 1)
        check_between("kappa-stable", "growth", growth, 1e-9, 10)
        self.threshold, self.growth = float(threshold), float(growth)
        self.n_windows = check_count("kappa-stable", "n_windows", n_windows)

    def _judge(self, history: pd.DataFrame) -> Verdict:
        found = windows(history, 1 - history["kappa"].to_numpy(dtype=float), self.growth, self.n_windows)
        kappa = float(1 - found.mean()) if len(found) else float("nan")
        share = 100 * self.growth
        if len(found) < self.n_windows or kappa != kappa:
            figures = {"n": len(found), "n_windows": self.n_windows, "growth": share}
            return Verdict(False, kappa, self.threshold, Reason("stable-too-early", figures))
        reason = Reason(
            "kappa-windows",
            {"n_windows": self.n_windows, "growth": share, "kappa": kappa, "threshold": self.threshold},
        )
        return Verdict(kappa >= self.threshold, kappa, self.threshold, reason)
