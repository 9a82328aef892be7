"""Whether people get worse as a session goes on, and whether their quick answers are worse."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.annotators.votes import Values
from labelwright.check import Floats, Ints, check_between, check_finite, check_same_length
from labelwright.stats.estimate import Estimate
from labelwright.stats.intervals import wilson

PER: Final = 100  # answers that a slope is stated for
MIN_ANSWERS: Final = 10  # beyond the sessions, for an interval of a slope
PARTS: Final = 3


def fatigue(sessions: Values, positions: Ints, agreed: Floats, *, level: float = 0.95) -> Estimate:
    """How much agreement, or accuracy, changes with each hundred answers of a session.

    Parameters
    ----------
    sessions : sequence of n values
        Which session an answer is of; one of several people are different ones. Sessions are compared with themselves
        alone, so that good and bad days do not matter.
    positions : array of shape (n,)
        Of the answer in its session, from 0.
    agreed : array of shape (n,)
        1 for right, or the share of others that agree.
    level : float
        Of the interval, which allows each answer a variance of its own and takes answers of a session as independent.

    Returns
    -------
    Estimate
        Below 0 if people get worse; NaN without two answers of one session, and NaN bounds with few answers.

    Raises
    ------
    InputError
        If lengths differ or a value is not finite.

    References
    ----------
    Least squares within groups; variance: MacKinnon, White (1985). Some heteroskedasticity-consistent covariance matrix
    estimators, HC1.

    Examples
    --------
    >>> agreed = np.append(np.tile([1.0, 1.0, 1.0, 0.0], 25), np.tile([1.0, 0.0], 50))
    >>> slope = fatigue(["s1"] * 200, np.arange(200), agreed)
    >>> round(slope.value, 2), slope.high < 0
    (-0.2, True)
    """
    from scipy.special import stdtrit

    check_same_length("fatigue", sessions=len(sessions), positions=len(positions), agreed=len(agreed))
    check_between("fatigue", "level", level, 1e-9, 1 - 1e-9)
    check_finite("fatigue", "agreed", agreed)
    if not len(agreed):
        return Estimate(math.nan, math.nan, math.nan, 0)
    _, session = np.unique(np.asarray(sessions), return_inverse=True)
    x, y = _centred(np.asarray(positions, dtype=np.float64) / PER, session), _centred(agreed, session)
    square, n, free = float(x @ x), len(y), len(y) - int(session.max()) - 2
    if square == 0:
        return Estimate(math.nan, math.nan, math.nan, n)
    slope = float(x @ y) / square
    if free < MIN_ANSWERS:
        return Estimate(slope, math.nan, math.nan, n)
    error = math.sqrt(float((x**2) @ (y - slope * x) ** 2) * n / free) / square
    half = float(stdtrit(free, 0.5 + level / 2)) * error
    return Estimate(slope, slope - half, slope + half, n)


@dataclass(frozen=True)
class BySpeed:
    """Agreement of quick, middling and slow answers.

    Attributes
    ----------
    parts : tuple of three Estimate
        The mean agreement of each third of a person's answers, quick ones first.
    difference : Estimate
        Of the slow third above the quick one: above 0 if haste costs quality.
    """

    parts: tuple[Estimate, ...]
    difference: Estimate


def agreement_by_speed(annotators: Values, seconds: Floats, agreed: Floats, *, level: float = 0.95) -> BySpeed:
    """Agreement by thirds of each person's own pace, so that slow people do not stand for slow answers.

    Parameters
    ----------
    annotators : sequence of n values
        People with fewer than three answers are left out.
    seconds, agreed : arrays of shape (n,)
        ``agreed`` is from 0 to 1.

    Returns
    -------
    BySpeed
        NaN where there are no answers. It describes: hard items are slow and agreed about less, whatever the haste.

    Raises
    ------
    InputError
        If lengths differ or a value is not finite.

    References
    ----------
    The difference: Newcombe (1998). Interval estimation for the difference between independent proportions, method 10.

    Examples
    --------
    >>> found = agreement_by_speed(["ann"] * 60, np.arange(60.0), np.repeat([0.0, 1.0, 1.0], 20))
    >>> [part.value for part in found.parts], found.difference.value
    ([0.0, 1.0, 1.0], 1.0)
    """
    check_same_length("agreement_by_speed", annotators=len(annotators), seconds=len(seconds), agreed=len(agreed))
    check_finite("agreement_by_speed", "seconds", seconds)
    check_finite("agreement_by_speed", "agreed", agreed)
    third = np.full(len(seconds), -1)
    names = np.asarray(annotators)
    for name in np.unique(names):
        own = np.flatnonzero(names == name)
        if len(own) >= PARTS:
            order = own[np.argsort(seconds[own], kind="stable")]
            third[order] = np.arange(len(own)) * PARTS // len(own)
    nothing = Estimate(math.nan, math.nan, math.nan, 0)
    if not (third >= 0).any():
        return BySpeed((nothing,) * PARTS, nothing)
    parts = tuple(wilson(float(agreed[third == k].sum()), int((third == k).sum()), level=level) for k in range(PARTS))
    quick, slow = parts[0], parts[-1]
    value = slow.value - quick.value
    low = value - math.hypot(slow.value - slow.low, quick.high - quick.value)
    high = value + math.hypot(slow.high - slow.value, quick.value - quick.low)
    return BySpeed(parts, Estimate(value, low, high, quick.n + slow.n))


def _centred(values: Floats, group: Ints) -> Floats:
    means = np.bincount(group, weights=values) / np.bincount(group)
    return np.asarray(values - means[group])
