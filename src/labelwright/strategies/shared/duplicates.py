"""Keeps a batch free of duplicates."""

from __future__ import annotations

import numpy as np

from labelwright.check import Ints
from labelwright.evidence.base import Evidence


def closed_by(evidence: Evidence, picks: Ints) -> Ints:
    """Positions that picks close, with repeats: themselves and their duplicates."""
    return np.concatenate([picks, *(evidence.closes(int(pick)) for pick in picks)])


def first_of_each(evidence: Evidence, order: Ints, n: int, taken: Ints | None = None) -> Ints:
    """Walk candidates in an order and take n, skipping duplicates of what was taken.

    Parameters
    ----------
    order : int64 array
        Positions of candidates; one may occur twice.
    n : int
        Fewer are taken where the order ends first.
    taken : int64 array, optional
        What was picked before.

    Returns
    -------
    places : int64 array of shape (at most n,)
        Places in the order, ascending.

    Examples
    --------
    >>> evidence = Evidence(np.zeros((4, 1)), groups=np.array([0, 0, 1, 2]))
    >>> first_of_each(evidence, np.array([1, 0, 3, 2]), 2)
    array([0, 2])
    """
    closed = np.zeros(evidence.n_items, dtype=bool)
    if taken is not None:
        closed[closed_by(evidence, taken)] = True
    places: list[int] = []
    for place, position in enumerate(order.tolist()):
        if len(places) == n:
            break
        if not closed[position]:
            places.append(place)
            closed[evidence.closes(position)] = True
    return np.array(places, dtype=np.int64)
