"""Greedy k-center: each pick is the item farthest from all covered ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats
from labelwright.kernels.distances import Rows, nearest
from labelwright.kernels.places import Places
from labelwright.kernels.top import Keys

Closes = Callable[[int], npt.NDArray[np.int64]]  # positions that a pick closes, itself among them
FRONT = (1024, 16_384)  # least and most rows that are looked at between two passes


def k_center(
    places: Places, covered: Rows, n: int, keys: Keys, closes: Closes
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Pick n rows, each the farthest from ``covered`` and the picks before.

    Parameters
    ----------
    places : Places
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
        Distance of each pick to what was covered before it, in the unit of the rows.

    Notes
    -----
    Cost: one product with ``covered``. Then gaps only shrink, so the farthest rows by an old gap (the front)
    hold the next pick as long as one of them is farther than all others were. Only then do the others learn of
    the picks since, in one product: a pass for many picks instead of one for each, and the picks are the same.

    References
    ----------
    Sener, Savarese (2018). Active learning for convolutional neural networks: a core-set approach, alg. 1.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [4.0], [9.0]])
    >>> k_center(Places(X), X[:1], 2, lambda idx: idx.astype(np.uint64), lambda i: np.array([i]))
    (array([3, 2]), array([9., 4.]))
    """
    picks: list[int] = []
    distances: list[float] = []
    gap = nearest(places, covered) if len(covered) else nearest(places, places.mean()[None].astype(np.float32))
    closed = np.zeros(len(places), dtype=bool)

    def take(pick: int, best: float) -> None:
        picks.append(pick)
        distances.append(float(np.sqrt(best)))
        closed[closes(pick)] = True

    if not len(covered):
        best = gap.max()
        take(_first(np.flatnonzero(gap == best), keys), float(best))
        gap = nearest(places, places[np.array(picks)])
    told = len(picks)  # picks that all gaps know of
    size = int(np.clip(len(places) // 50, *FRONT))
    while len(picks) < n:
        if len(picks) > told:
            np.minimum(gap, nearest(places, places[np.array(picks[told:])]), out=gap)
            told = len(picks)
        gap[closed] = -1
        front, limit = _front(gap, size)
        rows, near = places[front], gap[front]
        norms = places.norms[front]
        while len(picks) < n:
            best = near.max(initial=-1)
            if best < 0:  # all are closed
                return np.array(picks, dtype=np.int64), np.array(distances)
            if best <= limit:
                break
            at = int(np.searchsorted(front, _first(front[near == best], keys)))
            take(int(front[at]), float(best))
            step = norms - 2 * (rows @ rows[at]) + norms[at]
            np.minimum(near, np.maximum(step, 0), out=near)
            near[closed[front]] = -1
        if len(picks) == told:  # the farthest tie with rows outside the front
            take(_first(np.flatnonzero(gap == gap.max()), keys), float(gap.max()))
    return np.array(picks, dtype=np.int64), np.array(distances)


def _front(gap: Floats, size: int) -> tuple[npt.NDArray[np.int64], float]:
    """The positions with the largest gaps, sorted, and the largest gap outside."""
    if len(gap) <= size:
        return np.arange(len(gap)), -1.0
    cut = np.argpartition(gap, len(gap) - size)
    return np.sort(cut[len(gap) - size :]), float(gap[cut[: len(gap) - size]].max())


def _first(ties: npt.NDArray[np.int64], keys: Keys) -> int:
    return int(ties[0] if len(ties) == 1 else ties[np.argmin(keys(ties))])
