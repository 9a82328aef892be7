"""The difference of two figures that were measured on different items."""

from __future__ import annotations

import math

from labelwright.stats.estimate import Estimate


def difference(later: Estimate, earlier: Estimate) -> Estimate:
    """How much a figure grew between two independent samples, with an interval made of theirs.

    Positive where ``later`` is larger. NaN bounds where either interval is unknown.

    Parameters
    ----------
    later, earlier : Estimate
        Of different items, with intervals of the same level.

    Returns
    -------
    Estimate
        Its bounds are the square-and-add limits, which respect intervals that are not symmetric; ``n`` is the smaller
        number of items.

    References
    ----------
    Zou, Donner (2008). Construction of confidence limits about effect measures: a general approach, Statistics in
    Medicine 27, eq. 3.

    Examples
    --------
    >>> print(difference(Estimate(0.9, 0.8, 0.95, 40), Estimate(0.6, 0.4, 0.75, 30)))
    0.300 [0.120, 0.506] n=30
    """
    value = later.value - earlier.value
    low = value - math.hypot(later.value - later.low, earlier.high - earlier.value)
    high = value + math.hypot(later.high - later.value, earlier.value - earlier.low)
    return Estimate(value, low, high, min(later.n, earlier.n))
