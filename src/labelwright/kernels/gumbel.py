"""Sampling without replacement, in proportion to a power of a gain."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats

LAST = float(np.finfo(np.float32).min)  # what an item without gain gets


def powered(gains: Floats, beta: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """log(gain) plus Gumbel noise of scale 1/beta, (n_items,), finite.

    The highest n of them are a draw of n without replacement, each in proportion to gain**beta among what is left.

    Parameters
    ----------
    gains : array of shape (n_items,)
        At least 0; an item without gain comes after all others.
    beta : float
        At least 0: 0 draws uniformly among items with a gain, infinity takes the highest.

    References
    ----------
    Kool, van Hoof, Welling (2019). Stochastic beams and where to find them, sec. 2.3.

    Examples
    --------
    >>> noisy = powered(np.array([0.0, 1.0, 2.0]), np.inf, np.random.default_rng(0))
    >>> np.argsort(-noisy)
    array([2, 1, 0])
    """
    noise = rng.gumbel(size=len(gains))
    there = gains > 0
    logs = np.log(np.where(there, gains, 1).astype(np.float64))
    return np.where(there, noise if beta == 0 else logs + noise / beta, LAST)
