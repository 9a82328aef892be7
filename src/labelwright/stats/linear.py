"""An interval of any figure whose error is that of a mean of influences."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from labelwright.check import Floats
from labelwright.stats.intervals import share_interval
from labelwright.stats.sample import Sample, student

STEP = 1e-5


def linear_limits(
    value: float, influence: Floats, sample: Sample, *, low: float = -math.inf, high: float = math.inf
) -> tuple[float, float]:
    """The interval of a figure between ``low`` and ``high``, by the delta method on a scale without bounds.

    The scale is logarithmic where one bound is finite, logistic where both are. Student's quantile has as many degrees
    of freedom as the groups' contributions allow (`Sample.degrees`): few where few items make most of the error.

    Parameters
    ----------
    value : float
    influence : array of shape (n,)
        What each item adds to the figure; its weighted mean is 0.
    sample : Sample
    low, high : float
        Bounds of the figure.

    Returns
    -------
    tuple of float
        A figure of no error at one of its two bounds gets Wilson's limits at the effective number of items.

    References
    ----------
    Davison, Hinkley (1997). Bootstrap methods and their application, sec. 2.7.2 (delta method by influence), 5.2.2
    (transformations).

    Examples
    --------
    >>> hits = np.repeat([1.0, 0.0], [80, 20])
    >>> [round(limit, 3) for limit in linear_limits(0.8, hits - 0.8, Sample.of(100), low=0, high=1)]
    [0.708, 0.868]
    """
    if math.isnan(value):
        return math.nan, math.nan
    error = sample.error(influence)
    half = student(sample.degrees(influence), sample.level) * error
    bounded = math.isfinite(low), math.isfinite(high)
    if bounded == (True, True):
        width = high - low
        p = min(max((value - low) / width, 0.0), 1.0)
        if p in (0.0, 1.0) or error == 0:
            limits = share_interval(p, sample.effective(influence), sample.quantile)
        else:
            odds, reach = math.log(p / (1 - p)), half / width / (p * (1 - p))
            limits = logistic(odds - reach), logistic(odds + reach)
        return low + width * limits[0], low + width * limits[1]
    if bounded == (True, False) and value > low:
        return low + (value - low) * math.exp(-half / (value - low)), low + (value - low) * math.exp(
            half / (value - low)
        )
    if bounded == (False, True) and value < high:
        return high - (high - value) * math.exp(half / (high - value)), high - (high - value) * math.exp(
            -half / (high - value)
        )
    return value - half, value + half


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), for any x.

    >>> logistic(0.0), logistic(1000.0)
    (0.5, 1.0)
    """
    return 1 / (1 + math.exp(-max(min(x, 500.0), -500.0)))


def of_means(figure: Callable[[Floats], float], parts: Floats, sample: Sample) -> tuple[float, Floats]:
    """A smooth function of means, and its influence by numerical derivatives.

    Parameters
    ----------
    figure : callable
        From means, (n_parts,), to the figure.
    parts : array of shape (n_items, n_parts)
        What is averaged over items.

    Returns
    -------
    value : float
    influence : array of shape (n_items,)

    Examples
    --------
    >>> parts = np.array([[1.0, 2.0], [3.0, 2.0]])
    >>> value, influence = of_means(lambda means: means[0] / means[1], parts, Sample.of(2))
    >>> value, influence.round(6).tolist()
    (1.0, [-0.5, 0.5])
    """
    means = sample.share @ parts  # (n_parts,)
    value = float(figure(means))
    slopes = np.zeros(len(means))
    sizes = sample.share @ np.abs(parts)  # (n_parts,)
    for k, mean in enumerate(means.tolist()):
        step = STEP * float(sizes[k])
        ahead, behind = means.copy(), means.copy()
        ahead[k], behind[k] = mean + step, mean - step
        if step:
            slopes[k] = (figure(ahead) - figure(behind)) / (2 * step)
    return value, (parts - means) @ slopes
