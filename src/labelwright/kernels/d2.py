"""D² sampling of gradient embeddings that are never made: a row is an outer product, kept as its two factors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from labelwright.check import Ints

BUNDLE = 16  # picks that the weights may lag behind
CHUNK = 4096  # rows whose weights are summed into one number


class Gaps(Protocol):
    """Distances between the rows of a table that is too large to be made."""

    def norms(self) -> npt.NDArray[np.float32]:
        """Squared length of each row, (n_items,)."""

    def nearest(self, picks: Ints) -> npt.NDArray[np.float32]:
        """Squared distance of each row to the nearest pick, (n_items,)."""

    def nearest_of(self, row: int, picks: Ints) -> float:
        """The same for one row."""


def d2_sample(
    gaps: Gaps, n: int, first: int, closes: Callable[[int], npt.NDArray[np.int64]], rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Sample n rows, each with probability proportional to its squared distance to the nearest one before.

    Parameters
    ----------
    gaps : Gaps
    n : int
    first : int
        The first pick.
    closes : callable
        Positions that may not be drawn after a pick.

    Returns
    -------
    positions : int64 array of shape (at most n,)
        Fewer where all that is left lies on a pick.
    gap : array of shape (at most n,)
        Squared distance of each pick to those before; the squared length of the first.

    Notes
    -----
    Squared distances to the nearest pick only shrink, so old ones are upper bounds: draw by them, look up the
    one row drawn, and accept with the ratio of new to old. What is accepted has exactly the chances asked for.
    All rows learn of the picks in one product for every 16.

    References
    ----------
    Arthur, Vassilvitskii (2007). k-means++: the advantages of careful seeding, sec. 2.2.
    """
    picks, gap = [first], [float(gaps.norms()[first])]
    weight = gaps.nearest(np.array([first]))
    closed = np.zeros(len(weight), dtype=bool)
    closed[closes(first)] = True
    weight[closed] = 0
    told = 1
    starts = np.arange(0, len(weight), CHUNK)
    sums = np.add.reduceat(weight, starts, dtype=np.float64)

    def change(at: npt.NDArray[np.int64], value: float) -> None:
        weight[at] = value
        for chunk in np.unique(at // CHUNK):
            sums[chunk] = weight[chunk * CHUNK : (chunk + 1) * CHUNK].sum(dtype=np.float64)

    refused = 0
    while len(picks) < n:
        if len(picks) - told >= BUNDLE or refused > 4 * BUNDLE:
            np.minimum(weight, gaps.nearest(np.array(picks[told:])), out=weight)
            weight[closed] = 0
            sums, told, refused = np.add.reduceat(weight, starts, dtype=np.float64), len(picks), 0
        total = np.cumsum(sums)
        if total[-1] <= 0:
            break
        point = rng.random() * total[-1]
        chunk = min(int(np.searchsorted(total, point, side="right")), len(sums) - 1)
        inside = np.cumsum(weight[chunk * CHUNK : (chunk + 1) * CHUNK], dtype=np.float64)
        point -= total[chunk - 1] if chunk else 0.0
        row = chunk * CHUNK + min(int(np.searchsorted(inside, point, side="right")), len(inside) - 1)
        bound = float(weight[row])
        if bound <= 0:  # the point fell on the very end of a chunk
            continue
        now = min(bound, gaps.nearest_of(row, np.array(picks[told:]))) if told < len(picks) else bound
        if rng.random() * bound >= now:
            change(np.array([row]), now)
            refused += 1
            continue
        picks.append(row)
        gap.append(now)
        closed[closes(row)] = True
        change(closes(row), 0.0)
    return np.array(picks, dtype=np.int64), np.array(gap)
