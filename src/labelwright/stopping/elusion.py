"""Stop a search when a random sample of what is left proves that little was missed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from labelwright.check import check_between, check_count
from labelwright.evaluation.recall import elusion
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.words import Reason

if TYPE_CHECKING:
    import pandas as pd


class Elusion(StoppingRule):
    """Stop when the lower bound of the recall, by a random sample of the items not reviewed, reaches a goal.

    Each sample is drawn anew, after the review has come to where it might stop; alpha is shared by the declared number
    of samples. Relevant items of the sample count as missed.

    Parameters
    ----------
    recall : float
        Goal, in (0, 1).
    alpha : float
        Chance to stop below it, in (0, 1), over all samples together.
    n_samples : int
        Samples that are declared, at least 1; after these the rule never stops.

    References
    ----------
    Roitblat (2007). Search and information retrieval science, Sedona Conf. J. 8 (elusion); the bound is exact, see
    `labelwright.evaluation.recall.elusion`.

    Examples
    --------
    >>> import pandas as pd
    >>> look = {"n_found": [270], "n_unseen": [1000], "elusion_n": [300], "elusion_found": [0], "elusion_looks": [1]}
    >>> print(Elusion().judge(pd.DataFrame(look)).reason)  # doctest: +NORMALIZE_WHITESPACE
    0 of 300 sampled items were relevant, so that at most 8 were missed: the recall is at least 97.1 %, and the goal is
    95 %.
    """

    name: ClassVar[str] = "elusion"
    needs: ClassVar[tuple[str, ...]] = ("n_found", "n_unseen", "elusion_n", "elusion_found", "elusion_looks")
    guarantee: ClassVar[str] = "stops below the recall with chance alpha at most, over the declared samples"
    reference: ClassVar[str] = "Roitblat (2007). Search and information retrieval science, Sedona Conf. J. 8"

    def __init__(self, *, recall: float = 0.95, alpha: float = 0.05, n_samples: int = 1) -> None:
        check_between("elusion", "recall", recall, 1e-9, 1 - 1e-9)
        check_between("elusion", "alpha", alpha, 1e-9, 1 - 1e-9)
        self.recall, self.alpha = float(recall), float(alpha)
        self.n_samples = check_count("elusion", "n_samples", n_samples)

    def _judge(self, history: pd.DataFrame) -> Verdict:
        last = history.iloc[-1]
        n, looks = int(last["elusion_n"]), int(last["elusion_looks"])
        if n == 0:
            return Verdict(False, math.nan, self.recall, Reason("elusion-none"))
        if looks > self.n_samples:
            return Verdict(False, math.nan, self.recall, Reason("elusion-spent", {"n_samples": self.n_samples}))
        found = elusion(
            int(last["n_unseen"]), n, int(last["elusion_found"]),
            n_found=int(last["n_found"]), alpha=self.alpha / self.n_samples,
        )  # fmt: skip
        reason = Reason(
            "elusion-bound",
            {
                "hits": int(last["elusion_found"]), "n": n, "missed": found.missed_high,
                "bound": 100 * found.recall_low, "goal": 100 * self.recall,
            },
        )  # fmt: skip
        return Verdict(found.recall_low >= self.recall, found.recall_low, self.recall, reason)
