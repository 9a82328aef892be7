"""Which rows are among the nearest of any of some centres: exact, in blocks."""

from __future__ import annotations

from threading import Lock

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats
from labelwright.kernels.distances import squared_distances
from labelwright.kernels.places import Places

MANY = 256  # centres in one product
Words = npt.NDArray[np.uint64]


def near_any(places: Places, centres: Floats, k: int) -> npt.NDArray[np.int64]:
    """Positions of the rows that are among the k nearest of a centre, sorted.

    Parameters
    ----------
    places : Places
    centres : array of shape (n_centres, n_dims)
    k : int
        At least 1. Of rows at one distance the first come first.

    Notes
    -----
    Cost: one product of rows and centres; k words of memory a centre. A row's distance and position make one
    number, so that the nearest are the same in whatever order threads bring the blocks.

    Examples
    --------
    >>> near_any(Places(np.array([[0.0], [1.0], [5.0], [9.0]])), np.array([[0.2], [8.0]]), 1)
    array([0, 3])
    """
    if k >= len(places):
        return np.arange(len(places))
    C = np.ascontiguousarray(centres, dtype=np.float32)
    norms = places.norms
    best = np.full((len(C), k), np.iinfo(np.uint64).max, dtype=np.uint64)
    limit = np.full(len(C), np.inf, dtype=np.float32)  # distance of the k-th so far
    lock = Lock()

    def work(cut: slice, rows: npt.NDArray[np.float32]) -> None:
        for start in range(0, len(C), MANY):
            some = slice(start, start + MANY)
            squares = squared_distances(C[some], rows, norms[cut])  # (n_some, n_rows)
            near = squares <= limit[some, None]
            lines, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
            if not len(lines):
                continue
            words = _words(squares[np.ix_(lines, columns)], cut.start + columns)
            with lock:
                both = np.concatenate([best[start + lines], words], axis=1)
                both.partition(k - 1, axis=1)
                best[start + lines] = both[:, :k]
                limit[start + lines] = _distances(both[:, k - 1])

    places.each(work, 32 * min(len(C), MANY) + 16, "neighbours-only")
    positions = np.unique(best & np.uint64(0xFFFFFFFF)).astype(np.int64)
    return positions[positions < len(places)]


def _words(squares: npt.NDArray[np.float32], positions: npt.NDArray[np.int64]) -> Words:
    """Distance in the upper half, position in the lower: numbers at least 0 sort as their bits do."""
    high = np.ascontiguousarray(squares).view(np.uint32).astype(np.uint64) << np.uint64(32)
    return np.asarray(high | positions.astype(np.uint64))


def _distances(words: Words) -> npt.NDArray[np.float32]:
    distance = (words >> np.uint64(32)).astype(np.uint32).view(np.float32)
    return np.where(np.isnan(distance), np.float32(np.inf), distance)  # fewer than k so far
