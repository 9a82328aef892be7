"""Comparing two learners: over repeated splits of one data set, or on the same items."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from labelwright.check import Floats, Ints, check_between
from labelwright.stats.estimate import Estimate

MIN_REPEATS = 6


@dataclass(frozen=True)
class PairedTest:
    """The mean difference with its interval, and the two-sided p-value (NaN under 6 repeats)."""

    estimate: Estimate
    p_value: float


def corrected_resampled_t(differences: Floats, *, test_share: float, level: float = 0.95) -> PairedTest:
    """Nadeau and Bengio's test: splits of one data set overlap, so the variance is corrected.

    Parameters
    ----------
    differences : array of shape (n_repeats,)
        One paired difference a split.
    test_share : float
        Test part of each split, in (0, 1): the variance is s^2 (1 / n_repeats + test / train).

    References
    ----------
    Nadeau, Bengio (2003). Inference for the generalization error, sec. 3, eq. 6.

    Examples
    --------
    >>> result = corrected_resampled_t(np.array([1.0, 2, 3, 4, 5, 6]), test_share=0.3)
    >>> print(result.estimate)
    3.500 [-0.210, 7.210] n=6
    >>> round(result.p_value, 2)
    0.06
    """
    from scipy.special import stdtr, stdtrit

    check_between("corrected_resampled_t", "test_share", test_share, 1e-9, 1 - 1e-9)
    n = len(differences)
    mean = float(np.mean(differences))
    if n < 2:
        return PairedTest(Estimate(mean, math.nan, math.nan, n), math.nan)
    ratio = test_share / (1 - test_share)
    error = math.sqrt(float(np.var(differences, ddof=1)) * (1 / n + ratio))
    half = float(stdtrit(n - 1, 0.5 + level / 2)) * error
    if n < MIN_REPEATS:
        p_value = math.nan
    elif error == 0:
        p_value = 1.0 if mean == 0 else 0.0
    else:
        p_value = float(2 * stdtr(n - 1, -abs(mean) / error))
    return PairedTest(Estimate(mean, mean - half, mean + half, n), p_value)


def paired_difference(differences: Floats, groups: Ints, *, level: float = 0.95) -> Estimate:
    """The mean of paired differences with its interval; groups are the units that were sampled.

    Parameters
    ----------
    differences : array of shape (n_items,)
        Of two learners on the same items.
    groups : int64 array of shape (n_items,)
        Items that must not be taken apart.

    Returns
    -------
    Estimate
        Student's t over the sums of groups; its bounds are NaN with one group. ``n`` is the number of items.

    References
    ----------
    Miller (2024). Adding error bars to evals, eq. 4 (clustered standard errors), applied to paired differences.

    Examples
    --------
    >>> print(paired_difference(np.array([1.0, 0, 1, 1, 0, 1]), np.arange(6)))
    0.667 [0.125, 1.209] n=6
    """
    from scipy.special import stdtrit

    check_between("paired_difference", "level", level, 0.0, 1.0)
    mean, (error, n_groups) = float(np.mean(differences)), clustered_error(differences, groups)
    half = float(stdtrit(n_groups - 1, 0.5 + level / 2)) * error if n_groups > 1 else math.nan
    return Estimate(mean, mean - half, mean + half, len(differences))


def detectable(differences: Floats, groups: Ints, *, level: float = 0.95, power: float = 0.8) -> float:
    """The smallest true difference that a comparison like this one is likely to find.

    Parameters
    ----------
    differences : array of shape (n_items,)
        Of two learners on the same items, for how much they vary.
    groups : int64 array of shape (n_items,)
        Items that must not be taken apart.
    power : float
        The chance to find it, in (0, 1).

    Returns
    -------
    difference : float
        At least 0, in units of the metric: the two normal quantiles times the standard error. 0 where all
        differences are equal.

    References
    ----------
    Card et al. (2020). With little power comes great responsibility (EMNLP), on power before a comparison is made.

    Examples
    --------
    >>> half = np.array([0.5, -0.5] * 50)
    >>> round(detectable(half, np.arange(100)), 3)
    0.141
    """
    from scipy.special import ndtri

    check_between("detectable", "level", level, 0.0, 1.0)
    check_between("detectable", "power", power, 0.0, 1.0)
    error, _ = clustered_error(differences, groups)
    return float(ndtri(0.5 + level / 2) + ndtri(power)) * error


def clustered_error(differences: Floats, groups: Ints) -> tuple[float, int]:
    """The standard error of the mean of differences with groups as units, and the number of groups."""
    _, of = np.unique(groups, return_inverse=True)
    sums = np.bincount(of, differences - np.mean(differences))
    n_groups = len(sums)
    return float(np.sqrt((sums**2).sum() * n_groups / max(n_groups - 1, 1))) / len(differences), n_groups
