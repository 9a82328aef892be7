"""The n best scores, with ties broken by the caller's keys."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats

Keys = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.uint64]]


def top_n(scores: Floats, n: int, keys: Keys) -> npt.NDArray[np.int64]:
    """Positions of the n highest scores, best first.

    Parameters
    ----------
    scores : array of shape (n_items,)
        Without NaN.
    n : int
        Between 0 and n_items.
    keys : callable
        Gives a key for each of some positions; of equal scores the lower key comes first. It is
        asked about the winners and about ties at the last place only.

    Returns
    -------
    positions : int64 array of shape (n,)

    Notes
    -----
    Cost: one partition of the scores.

    Examples
    --------
    >>> top_n(np.array([0.1, 0.9, 0.5]), 2, lambda idx: idx.astype(np.uint64))
    array([1, 2])
    """
    if n <= 0:
        return np.empty(0, dtype=np.int64)
    last = scores.min() if n >= len(scores) else np.partition(scores, len(scores) - n)[len(scores) - n]
    some = np.flatnonzero(scores >= last)  # the winners and all ties at the last place
    order = np.lexsort((some, keys(some), -scores[some]))
    return some[order[:n]].astype(np.int64)
