"""Stop when more labels have stopped helping, beyond reasonable doubt."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from labelwright.check import Floats, Ints, check_between, check_count, check_one_of
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.stopping.columns import GROWTH
from labelwright.words import Figure, Reason

if TYPE_CHECKING:
    import pandas as pd

SPENDING: Final = ("even", "late")
MIN_RESERVE: Final = 50  # reserve labels below which no statistical rule judges


class Plateau(StoppingRule):
    """Stop when the model's gain over the last quarter more labels is below a margin, at a level over all looks.

    Compares the model with the one of a quarter fewer labels, on the same reserve labels. It certifies what those
    labels brought; that the next ones bring no more is an extrapolation, for which curves that flatten give reason.

    Parameters
    ----------
    margin : float
        A gain that would be worth going on for, above 0, in units of the metric: 0.01 is one point of accuracy.
    alpha : float
        Chance, over all declared looks together, to stop at a look at which the true gain was the margin or more; in
        (0, 0.5).
    n_looks : int
        Looks that are declared. A look counts if there are 50 paired reserve labels, and the labels have grown by a
        quarter since the last look that counted. When all are used up, the rule never stops.
    first : int
        Labels before which no look counts, at least 1.
    spending : {"even", "late"}
        How alpha is spent: equal parts, or little at first (O'Brien and Fleming's function).
    spread : float
        How far one item's part of the metric can differ between two models; 1 for accuracy, in units of the metric.

    Notes
    -----
    The upper bound of the gain is Wilson-like: z²/2 differences of ``+spread`` and as many of ``-spread`` are added to
    those observed, so that a few items without any difference are no proof. The parts of alpha add up (union bound),
    which holds however the looks depend on each other.

    References
    ----------
    Lan, DeMets (1983). Discrete sequential boundaries for clinical trials, Biometrika 70 (spending alpha); Agresti, Min
    (2005). Simple improved confidence intervals for comparing matched proportions, Stat. Med. 24 (added differences).

    Examples
    --------
    >>> import pandas as pd
    >>> look = {"n_labels": [1000], "change": [0.001], "change_se": [0.002], "change_n": [2000]}
    >>> verdict = Plateau(margin=0.01).judge(pd.DataFrame(look))
    >>> print(verdict.reason)  # doctest: +NORMALIZE_WHITESPACE
    The last quarter more labels brought +0.0010, at most +0.0069 at look 1 of 8 (2000 paired reserve labels); a gain of
    0.01 would be worth going on for.
    """

    name: ClassVar[str] = "plateau"
    needs: ClassVar[tuple[str, ...]] = ("n_labels", "change", "change_se", "change_n")
    guarantee: ClassVar[str] = (
        "stops with chance alpha at most, over the declared looks together, where the last quarter more labels brought "
        "the margin or more, if the reserve is uniform"
    )
    reference: ClassVar[str] = "Lan, DeMets (1983). Discrete sequential boundaries for clinical trials"

    def __init__(
        self,
        *,
        margin: float = 0.02,
        alpha: float = 0.05,
        n_looks: int = 8,
        first: int = 100,
        spending: str = "even",
        spread: float = 1.0,
    ) -> None:
        check_between("plateau", "margin", margin, 1e-12, math.inf)
        check_between("plateau", "alpha", alpha, 1e-6, 0.5)
        check_between("plateau", "spread", spread, 0, math.inf)
        check_one_of("plateau", "spending", spending, SPENDING)
        self.margin, self.alpha, self.spending, self.spread = float(margin), float(alpha), spending, float(spread)
        self.n_looks = check_count("plateau", "n_looks", n_looks)
        self.first = check_count("plateau", "first", first)

    def _judge(self, history: pd.DataFrame) -> Verdict:
        last = history.iloc[-1]
        n, change = int(last["change_n"]), float(last["change"])
        if n < MIN_RESERVE or math.isnan(change):
            figures: dict[str, Figure] = {"n": n, "min_reserve": MIN_RESERVE}
            return Verdict(False, math.nan, self.margin, Reason("plateau-too-few", figures))
        looks = counted_looks(history, self.first)
        if not len(looks) or looks[-1] != len(history) - 1:
            return Verdict(False, math.nan, self.margin, Reason("plateau-between", {"n_looks": len(looks)}))
        if len(looks) > self.n_looks:
            return Verdict(False, math.nan, self.margin, Reason("plateau-spent", {"n_looks": self.n_looks}))
        bound = self.upper_bound(change, float(last["change_se"]), n, self._part(len(looks)))
        reason = Reason(
            "plateau-gain",
            {
                "change": change, "bound": bound, "look": len(looks), "n_looks": self.n_looks, "n": n,
                "margin": self.margin,
            },
        )  # fmt: skip
        return Verdict(bound < self.margin, bound, self.margin, reason)

    def _part(self, look: int) -> float:
        """Alpha of the look of this number, from 1."""
        if self.spending == "even":
            return self.alpha / self.n_looks
        spent = spent_late(np.array([look - 1, look]) / self.n_looks, self.alpha)
        return float(spent[1] - spent[0])

    def upper_bound(self, change: float, error: float, n: int, alpha: float) -> float:
        """The one-sided upper bound of a mean of ``n`` paired differences with this standard error."""
        from scipy.special import ndtri

        z = -float(ndtri(max(alpha, 1e-300)))
        n_all = n + z * z  # with z²/2 differences of +spread and z²/2 of -spread
        mean = change * n / n_all
        square = (error * error * n * n + n * change * change + z * z * self.spread**2) / n_all - mean * mean
        return mean + z * math.sqrt(max(square, 0.0) / n_all)


def counted_looks(history: pd.DataFrame, first: int = 1) -> Ints:
    """Positions of the looks that count: enough paired labels, and a quarter more labels than the one before.

    ``first`` is the number of labels before which none counts.

    >>> import pandas as pd
    >>> looks = pd.DataFrame({"n_labels": [80, 100, 110, 125], "change": 0.01, "change_n": [9, 60, 60, 60]})
    >>> counted_looks(looks)
    array([1, 3])
    """
    labels, n = history["n_labels"].to_numpy(dtype=float), history["change_n"].to_numpy(dtype=float)
    usable = (labels >= first) & (n >= MIN_RESERVE) & history["change"].notna().to_numpy()
    counted: list[int] = []
    for k in np.flatnonzero(usable).tolist():
        if not counted or labels[k] >= labels[counted[-1]] * (1 + GROWTH) - 1e-9:
            counted.append(k)
    return np.array(counted, dtype=np.int64)


def spent_late(share: Floats, alpha: float) -> Floats:
    """Alpha spent after a share of the looks, as O'Brien and Fleming's boundaries do: little at first.

    >>> spent_late(np.array([0.0, 0.5, 1.0]), 0.05).round(4)
    array([0.    , 0.0056, 0.05  ])
    """
    from scipy.special import ndtr, ndtri

    with np.errstate(divide="ignore"):
        return np.where(share > 0, 2 * ndtr(ndtri(alpha / 2) / np.sqrt(share)), 0.0)
