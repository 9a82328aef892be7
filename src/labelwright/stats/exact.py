"""An exact test of a share in random samples without replacement, and corrections for many looks."""

from __future__ import annotations

from typing import Final

import numpy as np

from labelwright.check import Floats, Ints, check_one_of

CORRECTIONS: Final = ("holm", "benjamini-hochberg")
TIE: Final = 1e-7  # relative: counts about as unlikely as the one that was seen


def hypergeometric(n_all: int, n_hits: int, n_drawn: int) -> Floats:
    """The chance of 0 to ``n_drawn`` hits among ``n_drawn`` of ``n_all``, of which ``n_hits`` are hits.

    >>> hypergeometric(4, 2, 2).round(3)
    array([0.167, 0.667, 0.167])
    """
    from scipy.special import gammaln

    hits = np.arange(n_drawn + 1)
    possible = (hits <= n_hits) & (n_drawn - hits <= n_all - n_hits)
    k = hits[possible]

    def ways(n: int, of: Ints | int) -> Floats:
        return np.asarray(gammaln(n + 1) - gammaln(np.add(of, 1)) - gammaln(n - np.asarray(of) + 1))

    chance = np.zeros(n_drawn + 1)
    chance[possible] = np.exp(ways(n_hits, k) + ways(n_all - n_hits, n_drawn - k) - ways(n_all, n_drawn))
    return chance


def stratified_p_value(n_hits_drawn: int, strata: Ints) -> float:
    """Two-sided p-value of hits in samples from several strata: all counts that are no likelier than the one seen.

    Parameters
    ----------
    n_hits_drawn : int
        Over all strata.
    strata : int64 array of shape (n_strata, 3)
        How many there are, how many of them are hits, how many were drawn.

    References
    ----------
    Fisher (1935). The logic of inductive inference; strata: Gart (1970). Point and interval estimation of the common
    odds ratio in the combination of 2 x 2 tables, sec. 2.

    Examples
    --------
    >>> round(stratified_p_value(3, np.array([[6, 3, 3]])), 3)  # all three hits of six, in three draws
    0.1
    """
    chance = np.ones(1)
    kinds, n_alike = np.unique(strata.reshape(-1, 3), axis=0, return_counts=True)
    for (n_all, n_hits, n_drawn), n in zip(kinds.tolist(), n_alike.tolist(), strict=True):
        chance = np.convolve(chance, _sum_of(hypergeometric(n_all, n_hits, n_drawn), n))
    return min(1.0, float(chance[chance <= chance[n_hits_drawn] * (1 + TIE)].sum()))


def _sum_of(chance: Floats, n: int) -> Floats:
    """The distribution of the sum of n independent counts of one distribution, by doubling."""
    if n == 1:
        return chance
    half = _sum_of(chance, n // 2)
    whole = np.convolve(half, half)
    return np.convolve(whole, chance) if n % 2 else whole


def corrected(p_values: Floats, *, method: str = "holm") -> Floats:
    """P-values for many looks at once, in the order given.

    Parameters
    ----------
    p_values : array of shape (n,)
    method : str
        ``holm``: below 0.05, no look is wrong with a chance of 95 %, however looks depend on each other.
        ``benjamini-hochberg``: below 0.05, at most 5 % of those named are wrong on average, for looks that are
        independent or rise together.

    References
    ----------
    Holm (1979). A simple sequentially rejective multiple test procedure; Benjamini, Hochberg (1995). Controlling the
    false discovery rate, sec. 3.

    Examples
    --------
    >>> corrected(np.array([0.01, 0.04, 0.03]))
    array([0.03, 0.06, 0.06])
    >>> corrected(np.array([0.01, 0.04, 0.03]), method="benjamini-hochberg")
    array([0.03, 0.04, 0.04])
    """
    check_one_of("corrected", "method", method, CORRECTIONS)
    n, order = len(p_values), np.argsort(p_values, kind="stable")
    ordered = p_values[order]
    if method == "holm":
        raised = np.maximum.accumulate(ordered * np.arange(n, 0, -1))
    else:
        raised = np.minimum.accumulate((ordered * n / np.arange(1, n + 1))[::-1])[::-1]
    result = np.empty(n)
    result[order] = np.minimum(raised, 1.0)
    return result
