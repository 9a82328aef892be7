"""``labelwright.active_test``: the mean loss over a pool from items that were drawn where errors are likely."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_between, check_count, check_finite, check_same_length, complain
from labelwright.stats.estimate import Estimate
from labelwright.stats.intervals import share_interval
from labelwright.stats.sample import Sample, student

UNIFORM: Final = 0.15


def active_test(losses: npt.ArrayLike, propensities: npt.ArrayLike, n_pool: int, *, level: float = 0.95) -> Estimate:
    """The mean loss over a pool, from items that were drawn one by one with known probabilities.

    Parameters
    ----------
    losses : array of shape (n_drawn,)
        In the order in which the items were drawn, without replacement.
    propensities : array of shape (n_drawn,)
        The probability with which each item was drawn among those that were left, in (0, 1]; see `draw_test_items`.
    n_pool : int
        Number of items in the pool before the first draw.
    level : float
        Of the interval, in (0, 1).

    Returns
    -------
    Estimate
        ``value`` is without bias; ``n`` the number drawn. NaN limits with one draw.

    Raises
    ------
    InputError
        If lengths differ, a propensity is not in (0, 1], or more items were drawn than there are.

    Notes
    -----
    R = 1 / M sum_m v_m l_m with v_m = 1 + (N - M) / (N - m) (1 / ((N - m + 1) q_m) - 1), M drawn of N. This is a
    weighted sum of a_m = (l_m / q_m + sum_{t < m} l_t) / N, each of which is the pool's mean on average whatever came
    before, with weights c_m = N (N - M) / (M (N - m) (N - m + 1)) that sum to 1. So the variance is estimated by
    sum_m c_m^2 (a_m - R)^2, with the factor M / (M - 1). Losses of 0 and 1 get Wilson's interval at the number of items
    that would give a share this variance, others of at least 0 Student's on the logarithmic scale. Degrees of freedom
    follow from fourth moments, because few heavy draws may make most of the error.

    References
    ----------
    Farquhar, Gal, Rainforth (2021). On statistical bias in active learning, eq. 4 to 6 (R_LURE and its weights);
    Kossen, Farquhar, Gal, Rainforth (2021). Active testing, sec. 3.

    Examples
    --------
    >>> losses = [1.0, 0.0, 0.0, 1.0]
    >>> print(active_test(losses, [1 / 8, 1 / 7, 1 / 6, 1 / 5], 8))  # all alike: the plain mean
    0.500 [0.106, 0.894] n=4
    """
    given, q = np.asarray(losses, dtype=np.float64), np.asarray(propensities, dtype=np.float64)
    check_same_length("active_test", losses=len(given), propensities=len(q))
    check_finite("active_test", "losses", given)
    n_drawn, n = len(given), check_count("active_test", "n_pool", n_pool)
    check_count("active_test", "the number drawn", n_drawn, high=n)
    check_between("active_test", "level", level, 1e-9, 1 - 1e-9)
    if not ((q > 0) & (q <= 1 + 1e-9)).all():
        wrong = q[~((q > 0) & (q <= 1 + 1e-9))][0]
        raise complain("active_test", "propensities", "above 0 and at most 1", f"{wrong:g}", "Mix with a uniform draw.")
    if n_drawn == n:  # nothing is left that could differ
        mean = float(given.mean())
        return Estimate(mean, mean, mean, n)
    step = np.arange(1, n_drawn + 1)
    weight = 1 + (n - n_drawn) / (n - step) * (1 / ((n - step + 1) * q) - 1)
    value = float((weight * given).mean())
    if n_drawn == 1:
        return Estimate(value, math.nan, math.nan, 1)
    seen = np.concatenate([[0.0], np.cumsum(given)[:-1]])
    single = (given / q + seen) / n  # a_m
    share = n * (n - n_drawn) / (n_drawn * (n - step) * (n - step + 1.0))  # c_m
    return Estimate(value, *_limits(value, share * (single - value), given, level), n_drawn)


def _limits(value: float, errors: Floats, losses: Floats, level: float) -> tuple[float, float]:
    n = len(errors)
    variance = float((errors**2).sum()) * n / (n - 1)
    alone = Sample(np.ones(n), np.arange(n), level)
    quantile = student(max(alone.degrees(errors), 2.0), level)
    if np.isin(losses, (0.0, 1.0)).all():
        p = min(max(value, 0.0), 1.0)
        effective = p * (1 - p) / variance if variance > 0 and 0 < p < 1 else float(n)
        low, high = share_interval(p, effective, quantile)
        return min(low, value), max(high, value)
    half = quantile * math.sqrt(variance)
    if losses.min() >= 0 and value > 0:
        return value * math.exp(-half / value), value * math.exp(half / value)
    return value - half, value + half


@dataclass(frozen=True, eq=False)
class Drawn:
    """Items to label for a test: ``indices`` int64 (n,) in the order drawn, and ``propensities`` (n,)."""

    indices: Ints
    propensities: Floats


def draw_test_items(
    expected_losses: npt.ArrayLike, n: int, *, uniform: float = UNIFORM, random_state: int = 0
) -> Drawn:
    """Draw items to label for `active_test`, more often where a loss is expected.

    Parameters
    ----------
    expected_losses : array of shape (n_pool,)
        The root of each item's expected squared loss, at least 0: sqrt(1 - p) for right and wrong, where p is the
        probability of the class that the tested model favours, best by another model.
    n : int
        How many items to draw.
    uniform : float
        In (0, 1]: each draw is uniform with this probability, which bounds the weights by its inverse.
    random_state : int

    Returns
    -------
    Drawn

    Raises
    ------
    InputError
        If expected losses are negative or not finite, or more items are asked for than there are.

    References
    ----------
    Sawade, Landwehr, Bickel, Scheffer (2010). Active risk estimation, theorem 1 (proportional to the root of the
    expected square); the mixture: Owen, Zhou (2000). Safe and effective importance sampling, sec. 3.

    Examples
    --------
    >>> drawn = draw_test_items([0.0, 0.0, 1.0, 0.0], 2, uniform=0.2)
    >>> int(drawn.indices[0]), drawn.propensities.round(3).tolist()
    (2, [0.85, 0.333])
    """
    expected = np.asarray(expected_losses, dtype=np.float64)
    check_finite("draw_test_items", "expected_losses", expected)
    if len(expected) and expected.min() < 0:
        raise complain("draw_test_items", "expected_losses", "at least 0", f"{expected.min():g}")
    check_count("draw_test_items", "n", n, high=len(expected))
    check_between("draw_test_items", "uniform", uniform, 1e-6, 1.0)
    rng = np.random.default_rng(random_state)
    left, mass = np.ones(len(expected), dtype=bool), expected.copy()
    indices, propensities = np.empty(n, dtype=np.int64), np.empty(n)
    for k in range(n):
        total = float(mass.sum())
        chance = left / (len(expected) - k)
        if total > 1e-12 * max(float(expected.sum()), 1e-300):
            chance = uniform * chance + (1 - uniform) * mass / total
        indices[k] = rng.choice(len(expected), p=chance / chance.sum())
        propensities[k] = chance[indices[k]]
        left[indices[k]], mass[indices[k]] = False, 0.0
    return Drawn(indices, propensities)
