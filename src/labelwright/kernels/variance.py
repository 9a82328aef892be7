"""The variance of numbers whose squares may not fit their own precision."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats


def variance(values: Floats) -> Floats:
    """The variance over the first axis.

    Parameters
    ----------
    values : array of shape (n, ...)
        Finite numbers, such as the draws of a committee.

    Returns
    -------
    variance : array of shape (...)
        At least 0, in the square of the unit of ``values``.

    Notes
    -----
    It is computed in the precision of ``values``, so that stored rankings can be computed anew to the bit. Squares of
    float32 overflow from about 1e19 on; only then is it computed in float64.

    Examples
    --------
    >>> float(variance(np.array([1.0, 3.0], np.float32))), float(variance(np.array([-1e30, 1e30], np.float32)))
    (1.0, 1.0000000300949327e+60)
    """
    with np.errstate(over="ignore", invalid="ignore"):
        found = np.asarray(values.var(axis=0))
    return found if np.isfinite(found).all() else np.asarray(values.var(axis=0, dtype=np.float64))
