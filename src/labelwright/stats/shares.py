"""Shares: numbers that are not negative and sum to 1."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats


def nearest_shares(values: Floats) -> Floats:
    """The nearest numbers that are not negative and sum to 1.

    >>> nearest_shares(np.array([0.7, 0.5, -0.2])).round(3).tolist()
    [0.6, 0.4, 0.0]
    """
    ordered = np.sort(values)[::-1]
    excess = (np.cumsum(ordered) - 1) / np.arange(1, len(values) + 1)
    return np.asarray(np.maximum(values - excess[np.flatnonzero(ordered > excess)[-1]], 0.0))
