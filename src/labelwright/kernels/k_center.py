"""Greedy k-center: again and again the item farthest from all that are covered."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats
from labelwright.kernels.distances import Rows, nearest, squared_norms
from labelwright.kernels.top import Keys

Closes = Callable[[int], npt.NDArray[np.int64]]  # positions that a pick closes, itself among them


def k_center(
    X: Rows, covered: Rows, n: int, keys: Keys, closes: Closes, max_bytes: int | None = None
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Pick n rows of X, each the farthest from ``covered`` and the picks before.

    Parameters
    ----------
    X : array of shape (n_items, n_dims)
    covered : array of shape (n_covered, n_dims)
        May be empty: then the first pick is the row farthest from the mean.
    n : int
    keys : callable
        Breaks ties.
    closes : callable
        Positions that may not be picked after a pick.

    Returns
    -------
    positions : int64 array of shape (at most n,)
    distance : array of shape (at most n,)
        Distance of each pick to what was covered before it, in the unit of X.

    Notes
    -----
    Cost: one product of X with ``covered``, then one pass over X a pick.

    References
    ----------
    Sener, Savarese (2018). Active learning for convolutional neural networks: a core-set approach, alg. 1.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [4.0], [9.0]])
    >>> k_center(X, X[:1], 2, lambda idx: idx.astype(np.uint64), lambda i: np.array([i]))
    (array([3, 2]), array([9., 4.]))
    """
    norms = squared_norms(X)
    closed = np.zeros(len(X), dtype=bool)
    if len(covered):
        gap = nearest(X, covered, max_bytes)  # (n_items,) squared
    else:
        mean = X.mean(axis=0)
        gap = np.maximum(norms - 2 * (X @ mean) + mean @ mean, 0)
    picks, distances = [], []
    for _ in range(n):
        best = gap.max(initial=-1)
        if best < 0:  # all are closed
            break
        ties = np.flatnonzero(gap == best)
        pick = int(ties[0] if len(ties) == 1 else ties[np.argmin(keys(ties))])
        closed[closes(pick)] = True
        picks.append(pick)
        distances.append(float(np.sqrt(best)))
        step = np.maximum(norms - 2 * (X @ X[pick]) + norms[pick], 0)
        gap = step if len(picks) == 1 and not len(covered) else np.minimum(gap, step)
        gap[closed] = -1
    return np.array(picks, dtype=np.int64), np.array(distances)
