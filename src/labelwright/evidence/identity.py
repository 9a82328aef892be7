"""Tie-breaking keys of candidates, and groups of duplicates among them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints
from labelwright.kernels.hashing import Hashes
from labelwright.kernels.top import Keys


def tie_keys(hashes: Callable[[Ints], Hashes], costs: Floats | None) -> Keys:
    """Tie-breaking keys: the cheaper item first, then a seeded hash of the items.

    >>> tie_keys(lambda at: np.array([3, 1], dtype=np.uint64), np.array([1.0, 2.0]))(np.array([0, 1])).tolist()
    [0, 1]
    """

    def keys(positions: Ints) -> Hashes:
        if costs is None:
            return hashes(positions)
        order = np.lexsort((hashes(positions), costs[positions]))
        ranks = np.empty(len(positions), dtype=np.uint64)
        ranks[order] = np.arange(len(positions))
        return ranks

    return keys


class Duplicates:
    """Groups of duplicates among candidates.

    Parameters
    ----------
    groups : int64 array of shape (n_items,), or None where every candidate stands alone

    Examples
    --------
    >>> Duplicates(np.array([0, 1, 0])).closes(2).tolist(), Duplicates(None).closes(2).tolist()
    ([0, 2], [2])
    """

    def __init__(self, groups: npt.NDArray[np.int64] | None) -> None:
        self.groups = groups

    @cached_property
    def _members(self) -> tuple[Ints, Ints]:
        groups = np.empty(0, dtype=np.int64) if self.groups is None else self.groups
        order = np.argsort(groups, kind="stable")
        return order, np.searchsorted(groups[order], np.arange(groups.max(initial=-1) + 2))

    def closes(self, position: int) -> Ints:
        """The positions that one pick closes: itself and its duplicates."""
        if self.groups is None:
            return np.array([position])
        order, starts = self._members
        group = self.groups[position]
        return order[starts[group] : starts[group + 1]]

    def narrowed(self, positions: Ints) -> Callable[[int], Ints]:
        """`closes` in terms of positions within a subset of the candidates."""
        if self.groups is None:
            return lambda k: np.array([k])
        groups = self.groups[positions]
        return lambda k: np.flatnonzero(groups == groups[k])
