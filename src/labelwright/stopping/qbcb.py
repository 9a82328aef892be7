"""Stop a search when its recall is certified by blind positives."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from labelwright.check import check_between
from labelwright.evaluation.recall import least_positives, quota
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.words import Figure, Reason

if TYPE_CHECKING:
    import pandas as pd


class QBCB(StoppingRule):
    """Stop when enough of a blind random sample of relevant items is reached: the recall is then certified.

    The sample is drawn uniformly from the collection and labeled before the review begins. Its items are scored and
    ranked with all others, but the model never learns from them. When the ranking comes to a relevant one, that one
    counts as reached. Quantile binomial confidence bound, in the paper's words.

    Items of the sample that nobody has looked at, as after an import (``blind_left``), open the question again: as long
    as there are some, nothing is certified.

    Parameters
    ----------
    recall : float
        To be certified, in (0, 1).
    alpha : float
        Chance to stop below that recall, in (0, 1).

    References
    ----------
    Lewis, Yang, Frieder (2021). Certifying one-phase technology-assisted reviews, CIKM.

    Examples
    --------
    >>> import pandas as pd
    >>> print(QBCB().judge(pd.DataFrame({"blind_positives": [59], "blind_reached": [58]})).reason)
    58 of 59 blind relevant items are reached; 59 certify a recall of 95 % at a level of 95 %.
    >>> print(QBCB().judge(pd.DataFrame({"blind_positives": [40], "blind_reached": [40]})).reason)
    The blind sample holds 40 relevant items; 59 are needed to certify a recall of 95 % at a level of 95 %.
    """

    name: ClassVar[str] = "qbcb"
    needs: ClassVar[tuple[str, ...]] = ("blind_positives", "blind_reached")
    heeds: ClassVar[tuple[str, ...]] = ("blind_left",)
    guarantee: ClassVar[str] = "stops below the recall with chance alpha at most, for any ranking blind to the sample"
    reference: ClassVar[str] = "Lewis, Yang, Frieder (2021). Certifying one-phase technology-assisted reviews, CIKM"

    def __init__(self, *, recall: float = 0.95, alpha: float = 0.05) -> None:
        check_between("qbcb", "recall", recall, 1e-9, 1 - 1e-9)
        check_between("qbcb", "alpha", alpha, 1e-9, 1 - 1e-9)
        self.recall, self.alpha = float(recall), float(alpha)

    def _judge(self, history: pd.DataFrame) -> Verdict:
        last = history.iloc[-1]
        n, reached = int(last["blind_positives"]), int(last["blind_reached"])
        goal: dict[str, Figure] = {"recall": 100 * self.recall, "level": 100 * (1 - self.alpha)}
        needed = quota(n, recall=self.recall, alpha=self.alpha) if n else None
        if needed is None:
            least = least_positives(recall=self.recall, alpha=self.alpha)
            return Verdict(
                False, float(reached), float(least), Reason("blind-too-few", {"n": n, "least": least, **goal})
            )
        if reached >= needed and (left := int(last.get("blind_left", 0))):
            return Verdict(False, float(reached), float(needed), Reason("blind-open", {"left": left, **goal}))
        reason = Reason("blind-reached", {"reached": reached, "n": n, "needed": needed, **goal})
        return Verdict(reached >= needed, float(reached), float(needed), reason)
