"""Items in a linear order, some labeled yes or no: which item between a yes and a no to ask next."""

from __future__ import annotations

import numpy as np

from labelwright.check import Bools, Floats, Ints
from labelwright.kernels.top import Keys


class Line:
    """A linear graph in which paths between unlike labels are bisected.

    Parameters
    ----------
    order : int array of shape (n_nodes,)
        The nodes from one end to the other.

    Examples
    --------
    >>> line = Line(np.arange(9))
    >>> line.label(np.array([0, 8]), np.array([True, False]))
    >>> line.next()
    (4, 8)
    >>> line.label(np.array([4]), np.array([False]))
    >>> line.next()
    (2, 4)
    >>> line.label(np.array([1, 2, 3]), np.array([True, False, False]))  # the cut is found: now around it
    >>> line.next()
    (5, 4)
    """

    def __init__(self, order: Ints) -> None:
        self.order = order.astype(np.int32)
        self.rank = np.empty_like(self.order)
        self.rank[order] = np.arange(len(order), dtype=np.int32)
        self._ranks = np.empty(0, dtype=np.int64)  # of what is labeled, sorted
        self._yes = np.empty(0, dtype=bool)
        self._new: list[tuple[Ints, Bools]] = []

    def label(self, nodes: Ints, yes: Bools) -> None:
        """Set the labels of some nodes."""
        self._new.append((self.rank[nodes].astype(np.int64), yes))

    def next(self) -> tuple[int, int] | None:
        """The node to ask about and the length of the path that it lies on; None if there is none left.

        The middle of the shortest path between a yes and a no that are neighbours among the labeled; once no
        unlabeled node lies between any two, the node nearest to the far side of a cut.
        """
        self._merge()
        ranks = self._ranks
        steps = np.diff(ranks)
        cut = self._yes[1:] != self._yes[:-1]
        inside = np.flatnonzero(cut & (steps > 1))
        if len(inside):
            at = inside[steps[inside].argmin()]
            return int(self.order[ranks[at] + (steps[at] + 1) // 2]), int(steps[at])
        around = np.flatnonzero(cut)
        if not len(around):
            return None
        breaks = np.flatnonzero(steps > 1)
        first, last = np.append(0, breaks + 1), np.append(breaks, len(ranks) - 1)  # runs without an unlabeled node
        run = np.searchsorted(last, around)
        below, above = ranks[first[run]] - 1, ranks[last[run]] + 1
        far_below = np.where(below >= 0, ranks[around + 1] - below, len(self.order) + 1)
        far_above = np.where(above < len(self.order), above - ranks[around], len(self.order) + 1)
        far = np.concatenate([far_below, far_above])
        at = int(far.argmin())
        if far[at] > len(self.order):
            return None
        return int(self.order[np.concatenate([below, above])[at]]), int(far[at])

    def _merge(self) -> None:
        if not self._new:
            return
        ranks = np.concatenate([self._ranks, *(part for part, _ in self._new)])
        yes = np.concatenate([self._yes, *(part for _, part in self._new)])
        by_rank = np.argsort(ranks, kind="stable")
        self._ranks, self._yes, self._new = ranks[by_rank], yes[by_rank], []


def in_a_row(scores: Floats, keys: Keys) -> Ints:
    """Positions from the lowest score to the highest; ties by key, of which only tied positions are asked.

    >>> in_a_row(np.array([0.5, 0.1, 0.5]), lambda at: 9 - at.astype(np.uint64)).tolist()
    [1, 2, 0]
    """
    order = np.argsort(scores, kind="stable")
    ranked = scores[order]
    same = np.zeros(len(order) + 1, dtype=bool)
    same[1:-1] = ranked[1:] == ranked[:-1]
    tied = np.flatnonzero(same[1:] | same[:-1])
    order[tied] = order[tied][np.lexsort((keys(order[tied]), ranked[tied]))]
    return order
