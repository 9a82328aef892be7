"""How many sealed labels certify that a share is above a threshold: an exact binomial test and its size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.check import Ints, check_between, check_count, complain

ALPHA: Final = 0.05
POWER: Final = 0.8
MOST: Final = 1_000_000


@dataclass(frozen=True)
class TestSize:
    """A test of a share: it certifies with ``n_hits`` of ``n`` or more.

    Attributes
    ----------
    n : int
        Items to label.
    n_hits : int
        The fewest right ones that certify; n + 1 if none do.
    power : float
        The chance that it certifies if the true share is as expected.
    """

    n: int
    n_hits: int
    power: float

    __test__ = False  # it is no test of pytest


def critical_count(n: int, threshold: float, *, alpha: float = ALPHA) -> int:
    """The fewest hits of n that certify a share above the threshold; n + 1 if all n would not.

    Parameters
    ----------
    n : int
    threshold : float
        In (0, 1).
    alpha : float
        The chance of so many hits or more if the share is the threshold is at most this.

    References
    ----------
    Clopper, Pearson (1934). The use of confidence or fiducial limits illustrated in the case of the binomial; it
    certifies where their lower limit of level 1 - alpha is above the threshold.

    Examples
    --------
    >>> critical_count(25, 0.9), critical_count(29, 0.9)  # 0.9 ** 25 = 0.072 and 0.9 ** 29 = 0.047
    (26, 29)
    """
    check_count("certify", "n", n)
    return int(_critical(np.array([n]), threshold, alpha)[0])


def certified(n_hits: int, n: int, threshold: float, *, alpha: float = ALPHA) -> bool:
    """Whether so many hits of n independent items certify a share above the threshold, in one look at level alpha.

    >>> certified(25, 25, 0.9), certified(510, 550, 0.9)
    (False, True)
    """
    check_count("certify", "n_hits", n_hits, low=0, high=n)
    return n_hits >= critical_count(n, threshold, alpha=alpha)


def p_value(n_hits: int, n: int, threshold: float) -> float:
    """The chance of so many hits or more if the share is the threshold.

    >>> round(p_value(25, 25, 0.9), 3)
    0.072
    """
    from scipy.special import bdtrc

    return 1.0 if n_hits == 0 else float(bdtrc(n_hits - 1, n, threshold))


def sealed_size(
    threshold: float, expected: float, *, alpha: float = ALPHA, power: float = POWER, n_openings: int = 1,
    design_effect: float = 1.0,
) -> TestSize:  # fmt: skip
    """How many labels it takes to certify a threshold if the true share is as expected.

    Parameters
    ----------
    threshold, expected : float
        In (0, 1), the threshold below what is expected.
    alpha : float
        The chance of certifying a share at the threshold, over all openings; each opening has its equal part.
    power : float
        The chance of certifying if the true share is ``expected``, in (0, 1).
    n_openings : int
        How often the sealed part may be opened (Bonferroni).
    design_effect : float
        How much groups widen the variance, at least 1: the number of labels is times this, and n_hits of it in
        proportion.

    Returns
    -------
    TestSize
        The smallest n that has the power. Because hits are whole, a larger n may have a little less.

    Raises
    ------
    InputError
        If the threshold is not below what is expected, or it takes more than a million labels.

    Examples
    --------
    >>> sealed_size(0.9, 0.93).n
    549
    >>> sealed_size(0.9, 0.99)
    TestSize(n=46, n_hits=45, power=0.9224689547926131)
    """
    _check(threshold, expected, alpha, power, n_openings, design_effect)
    each, top = alpha / n_openings, 64
    while top <= MOST:
        n = np.arange(1, top + 1)
        needed = _critical(n, threshold, each)
        chance = _at_least(needed, n, expected)
        enough = np.flatnonzero(chance >= power)
        if len(enough):
            k = int(enough[0])
            scaled = math.ceil(n[k] * design_effect - 1e-9)
            return TestSize(scaled, math.ceil(needed[k] / n[k] * scaled - 1e-9), float(chance[k]))
        top *= 4
    raise complain("certify", "expected", f"far enough above {threshold:g}", f"{expected:g}", "Lower the threshold.")


def smallest_lead(
    n: int, threshold: float, *, alpha: float = ALPHA, power: float = POWER, n_openings: int = 1,
    design_effect: float = 1.0,
) -> float:  # fmt: skip
    """How far the true share must be above the threshold for n labels to certify it with this power.

    Returns
    -------
    float
        In (0, 1 - threshold]; NaN if not even n hits of n certify.

    Examples
    --------
    >>> smallest_lead(25, 0.9)
    nan
    >>> round(smallest_lead(550, 0.9), 4)
    0.03
    """
    from scipy.special import bdtri

    _check(threshold, 1.0, alpha, power, n_openings, design_effect)
    check_count("certify", "n", n)
    effective = max(1, math.floor(n / design_effect + 1e-9))
    needed = critical_count(effective, threshold, alpha=alpha / n_openings)
    if needed > effective:
        return math.nan
    return float(bdtri(needed - 1, effective, 1 - power)) - threshold


def _check(
    threshold: float, expected: float, alpha: float, power: float, n_openings: int, design_effect: float
) -> None:
    for name, value in (("threshold", threshold), ("alpha", alpha), ("power", power)):
        check_between("certify", name, value, 1e-9, 1 - 1e-9)
    check_between("certify", "expected", expected, threshold + 1e-9, 1.0, "It is the share that you believe is true.")
    check_count("certify", "n_openings", n_openings)
    check_between("certify", "design_effect", design_effect, 1.0, 1e9)


def _critical(n: Ints, threshold: float, alpha: float) -> Ints:
    from scipy.stats import binom

    check_between("certify", "threshold", threshold, 1e-9, 1 - 1e-9)
    check_between("certify", "alpha", alpha, 1e-12, 1 - 1e-9)
    return np.asarray(binom.isf(alpha, n, threshold), dtype=np.int64) + 1  # P(hits > isf) <= alpha


def _at_least(needed: Ints, n: Ints, share: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    from scipy.stats import binom

    return np.asarray(binom.sf(needed - 1, n, share), dtype=np.float64)
