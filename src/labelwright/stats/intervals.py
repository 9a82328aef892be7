"""Intervals for means and for any statistic, by group where items come in groups."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_between, complain
from labelwright.stats.estimate import Estimate
from labelwright.stats.sample import Sample, codes, student

N_RESAMPLES = 1000


def normal_quantile(level: float) -> float:
    """The z that leaves (1 - level) / 2 in each tail.

    >>> round(normal_quantile(0.95), 3)
    1.96
    """
    check_between("stats", "level", level, 1e-9, 1 - 1e-9)
    return student(math.inf, level)


def wilson(n_hits: float, n: float, *, level: float = 0.95) -> Estimate:
    """Wilson's score interval for a proportion; it keeps its level for few items and near 0 and 1.

    Parameters
    ----------
    n_hits, n : float
        Hits among trials; effective numbers may be fractions. n must be above 0.

    References
    ----------
    Wilson (1927). Probable inference, the law of succession, and statistical inference, JASA 22.

    Examples
    --------
    >>> print(wilson(8, 10))
    0.800 [0.490, 0.943] n=10
    """
    if not n > 0 or not 0 <= n_hits <= n + 1e-9:
        raise complain("wilson", "n_hits", f"between 0 and n = {n:g}, with n above 0", f"{n_hits:g}")
    p = min(n_hits / n, 1.0)
    return Estimate(p, *share_interval(p, n, normal_quantile(level)), round(n))


def half_width(n: int, p: float = 0.5, *, level: float = 0.95) -> float:
    """Half the width of Wilson's interval, which is the precision of a reserve of n labels.

    >>> round(half_width(100), 3), round(half_width(400, 0.9), 3)
    (0.096, 0.03)
    """
    interval = wilson(p * n, n, level=level)
    return (interval.high - interval.low) / 2


def share_interval(p: float, n: float, quantile: float) -> tuple[float, float]:
    """Wilson's limits for a share p of n items, which may be a fraction; ``quantile`` is normal or Student's.

    >>> [round(limit, 3) for limit in share_interval(0.8, 10, 1.96)]
    [0.49, 0.943]
    """
    z = quantile
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(max(p * (1 - p), 0.0) / n + z * z / (4 * n * n))
    return min(p, max(0.0, middle - half)), max(p, min(1.0, middle + half))


def mean_interval(
    values: Floats, groups: npt.ArrayLike | None = None, *, level: float = 0.95, weights: npt.ArrayLike | None = None
) -> Estimate:
    """The mean with an interval; by group where groups repeat.

    Zeros and ones get Wilson's interval at the effective number of items, which is that of the weights (Kish) over the
    design effect of the groups; other values Student's with the variance between groups. Where groups repeat, the
    quantiles are Student's with one degree of freedom less than there are groups.

    References
    ----------
    Wilson (1927); the effective number and Student's quantile: Franco, Little, Louis, Slud (2019). Comparative study of
    confidence intervals for proportions in complex sample surveys, sec. 2.

    Examples
    --------
    >>> print(mean_interval(np.array([1.0] * 90 + [0.0] * 10)))
    0.900 [0.826, 0.945] n=100
    """
    sample = Sample.of(len(values), weights=weights, groups=groups, level=level)
    return Estimate(sample.mean(values), *mean_limits(values, sample), len(values))


def mean_limits(values: Floats, sample: Sample) -> tuple[float, float]:
    """The interval of `mean_interval` for values of a sample."""
    mean = sample.mean(values)
    influence = values - mean
    if np.isin(values, (0.0, 1.0)).all():
        return share_interval(min(mean, 1.0), sample.effective(influence), sample.quantile)
    if sample.n_groups == 1:
        return -math.inf, math.inf
    half = student(sample.n_groups - 1, sample.level) * sample.error(influence)
    return mean - half, mean + half


def median_interval(values: Floats, *, level: float = 0.95) -> Estimate:
    """The median with an interval between two of the values, whatever their distribution is.

    Parameters
    ----------
    values : array of shape (n,)
    level : float
        At least; NaN bounds where so few values cannot reach it, which are those below six at 95 %.

    Raises
    ------
    InputError
        If there is no value.

    References
    ----------
    Thompson (1936). On confidence ranges for the median, sec. 2: the k-th smallest and largest of n values hold the
    median between them with the chance 1 - 2 P(Binomial(n, 1/2) < k).

    Examples
    --------
    >>> print(median_interval(np.arange(1.0, 10.0)))
    5.000 [2.000, 8.000] n=9
    """
    from scipy.special import bdtr

    if not len(values):
        raise complain("median_interval", "values", "one or more", "none")
    check_between("median_interval", "level", level, 1e-9, 1 - 1e-9)
    n, ordered = len(values), np.sort(values)
    below = bdtr(np.arange((n + 1) // 2), n, 0.5)  # P(at most k of n are below the median)
    k = int((below <= (1 - level) / 2).sum())
    low, high = (float(ordered[k - 1]), float(ordered[n - k])) if k else (math.nan, math.nan)
    return Estimate(float(np.median(ordered)), low, high, n)


def bootstrap(
    statistic: Callable[[Ints], float],
    n: int,
    rng: np.random.Generator,
    *,
    groups: npt.NDArray[Any] | None = None,
    level: float = 0.95,
    n_resamples: int = N_RESAMPLES,
) -> Estimate:
    """Percentile bootstrap of a statistic of items; whole groups are resampled.

    Parameters
    ----------
    statistic : callable
        Gives the figure for positions (with repeats); NaN where it has none.
    n : int
        Number of items.

    Returns
    -------
    estimate : Estimate
        NaN limits where fewer than half of the resamples have a figure.

    References
    ----------
    Efron, Tibshirani (1993). An introduction to the bootstrap, ch. 13; groups: Davison, Hinkley (1997), sec. 3.8.

    Examples
    --------
    >>> x = np.arange(100.0)
    >>> e = bootstrap(lambda idx: float(np.median(x[idx])), 100, np.random.default_rng(0))
    >>> e.low < e.value < e.high
    True
    """
    group = np.arange(n) if groups is None else codes(groups, n)
    order = np.argsort(group, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(group))[:-1])
    value = statistic(np.arange(n))
    single = len(parts) == n
    figures = np.empty(n_resamples)
    for k in range(n_resamples):
        drawn = rng.integers(len(parts), size=len(parts))
        figures[k] = statistic(order[drawn] if single else np.concatenate([parts[g] for g in drawn]))
    figures = figures[np.isfinite(figures)]
    if len(figures) < n_resamples / 2:
        return Estimate(value, math.nan, math.nan, n)
    low, high = np.quantile(figures, [0.5 - level / 2, 0.5 + level / 2])
    return Estimate(value, float(low), float(high), n)
