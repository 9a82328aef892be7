"""Greedy picks of the farthest row; each pick can only make the gaps of the others smaller."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints
from labelwright.kernels.distances import squared_distances
from labelwright.kernels.places import Places
from labelwright.kernels.top import Keys

FRONT = 4096  # rows that are looked at between two passes
MANY = 256  # centres in one product


def take_farthest(
    gap: Floats,
    nearest: Callable[[Ints | None, Ints], Floats],
    n: int,
    keys: Keys,
    closes: Callable[[int], Ints],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Pick n times the row with the largest gap; after each pick a gap is at most the distance to it.

    Parameters
    ----------
    gap : array of shape (n_items,)
        At least 0. It is worked on in place.
    nearest : callable
        ``nearest(rows, picks)``: the distance of each of some rows (all for None) to the nearest of some picks.
    n : int
    keys, closes : callable
        Tie keys; positions that a pick closes, itself among them.

    Returns
    -------
    positions : int64 array of shape (at most n,)
    gaps : array of shape (at most n,)
        The gap of each pick when it was picked.

    Notes
    -----
    Old gaps are upper bounds, so the rows with the largest hold the next pick as long as one of them is
    farther than all others were: one pass for many picks, and the picks of a pass for each.

    Examples
    --------
    >>> x = np.array([0.0, 1.0, 4.0, 9.0])
    >>> def near(rows, picks):
    ...     return np.abs((x if rows is None else x[rows])[:, None] - x[picks]).min(axis=1)
    >>> take_farthest(np.array([0.0, 1.0, 4.0, 9.0]), near, 2, lambda i: i.astype(np.uint64), lambda i: np.array([i]))
    (array([3, 2]), array([9., 4.]))
    """
    picks: list[int] = []
    gaps: list[float] = []
    told = 0  # picks that all gaps know of

    def take(ties: Ints, best: float) -> None:
        pick = int(ties[0] if len(ties) == 1 else ties[np.argmin(keys(ties))])
        picks.append(pick)
        gaps.append(best)
        gap[closes(pick)] = -1

    while len(picks) < n:
        if len(picks) > told:
            np.minimum(gap, nearest(None, np.array(picks[told:])), out=gap)
            told = len(picks)
        front, limit = np.arange(len(gap)), -1.0
        if len(gap) > FRONT:
            cut = np.argpartition(gap, len(gap) - FRONT)
            front, limit = np.sort(cut[len(gap) - FRONT :]), float(gap[cut[: len(gap) - FRONT]].max())
        while len(picks) < n:
            best = float(gap[front].max())
            if best < 0 or best <= limit:
                break
            take(front[gap[front] == best], best)
            gap[front] = np.minimum(gap[front], nearest(front, np.array(picks[-1:])))
        if len(picks) == told:  # nothing is open, or the farthest tie with rows outside the front
            best = float(gap.max())
            if best < 0:
                break
            take(np.flatnonzero(gap == best), best)
    return np.array(picks, dtype=np.int64), np.array(gaps)


def nearest_number(x: Floats, known: Floats) -> npt.NDArray[np.float64]:
    """Distance of each number to the nearest known one, (n_items,); infinite if there is none.

    >>> nearest_number(np.array([0.0, 4.0, 9.0]), np.array([5.0, 1.0]))
    array([1., 1., 4.])
    """
    x = np.asarray(x, dtype=np.float64)
    edges = np.concatenate([[-np.inf], np.sort(known), [np.inf]])
    at = np.searchsorted(edges[1:-1], x)
    return np.asarray(np.minimum(x - edges[at], edges[at + 1] - x))


class Products:
    """Distances in two respects, multiplied: between rows, and between a number of each.

    Parameters
    ----------
    places : Places
    numbers : array of shape (n_items,)

    Examples
    --------
    >>> two = Products(Places(np.array([[0.0], [3.0]])), np.array([1.0, 2.0]))
    >>> two.nearest(None, np.array([[1.0], [4.0]]), np.array([0.0, 2.5]))  # of 1 and 36, of 16 and 0.25
    array([1.  , 0.25], dtype=float32)
    """

    def __init__(self, places: Places, numbers: Floats) -> None:
        self.places = places
        self.numbers = np.asarray(numbers, dtype=np.float64)

    def nearest(self, rows: Ints | None, centres: Floats, numbers: Floats) -> npt.NDArray[np.float32]:
        """Least squared product of each row and some centres, (n_rows,) float32; all rows for None."""
        C, own = np.ascontiguousarray(centres, dtype=np.float32), np.asarray(numbers, dtype=np.float64)
        norms = self.places.norms
        out = np.full(len(self.places) if rows is None else len(rows), np.inf, dtype=np.float32)

        def least(X: npt.NDArray[np.float32], at: Ints | slice, into: npt.NDArray[np.float32]) -> None:
            for start in range(0, len(C), MANY):
                some = slice(start, start + MANY)
                squares = squared_distances(C[some], X, norms[at])  # (n_some, n_rows)
                squares *= (own[some, None] - self.numbers[at]).astype(np.float32) ** 2
                np.minimum(into, squares.min(axis=0), out=into)

        if rows is not None:
            least(self.places[rows], rows, out)
            return out
        width = 20 * min(len(C), MANY) + 16
        self.places.each(lambda cut, X: least(X, cut, out[cut]), width, "improved-greedy")
        return out
