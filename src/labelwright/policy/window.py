"""What quotas leave open while the slots of a round are filled one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from labelwright.check import Bools, Ints
from labelwright.policy.constraints import AT_LEAST, AT_MOST, SLICE, Columns, Constraint, values_of


class Window:
    """Which candidates a round may still take: counts so far against the limits.

    Parameters
    ----------
    constraints : sequence of Constraint
    columns : mapping
        Values of the candidates.
    size : int
        Items of a round.
    counts : mapping of column to counts by value, optional
        What this round has asked already.

    Notes
    -----
    The last places of a round are kept for lower limits. Values of one column exclude each other, so that their places
    add up; between columns the largest sum counts. Where parts of the items have lower limits the sum over all columns
    counts, since parts may have no items in common: a round then meets all limits as long as there are items.

    Examples
    --------
    >>> window = Window([Constraint("domain", "at-most", "b", n=1)], {"domain": np.array(["a", "b", "b"])}, size=3)
    >>> window.take(1)
    >>> window.allowed().tolist()
    [True, False, False]
    """

    def __init__(
        self, constraints: Sequence[Constraint], columns: Columns, size: int,
        counts: Mapping[str, Mapping[str, int]] | None = None,
    ) -> None:  # fmt: skip
        self.size = size
        self.codes: dict[str, Ints] = {}
        self.left: dict[str, Ints] = {}  # open candidates by value
        self.asked: dict[str, Ints] = {}  # items of this round by value
        self.least: dict[str, Ints] = {}
        self.most: dict[str, Ints] = {}
        for column in dict.fromkeys(c.column for c in constraints):
            names, self.codes[column] = np.unique(values_of(columns, column), return_inverse=True)
            before = (counts or {}).get(column, {})
            self.left[column] = np.bincount(self.codes[column], minlength=len(names))
            self.asked[column] = np.array([before.get(str(name), 0) for name in names], dtype=np.int64)
            least, most = np.zeros(len(names), dtype=np.int64), np.full(len(names), np.iinfo(np.int64).max)
            for c in (c for c in constraints if c.column == column):
                where = slice(None) if c.value is None else names == str(c.value)
                if c.rule == AT_LEAST:
                    least[where] = np.maximum(least[where], c.count(size))
                elif c.rule == AT_MOST:
                    most[where] = np.minimum(most[where], c.count(size))
            self.least[column], self.most[column] = least, most
        self.taken = max((sum(c.values()) for c in (counts or {}).values()), default=0) % size
        self._masks: dict[Any, Bools] = {}

    def allowed(self) -> Bools:
        """Which candidates the limits allow, with enough places kept for the lower limits, (n_items,)."""
        full = {column: self.asked[column] >= self.most[column] for column in self.codes}
        owed = {
            column: np.minimum(np.maximum(self.least[column] - self.asked[column], 0), self.left[column])
            for column in self.codes
        }
        each = [int(o.sum()) for o in owed.values()]
        apart = any(column.startswith(f"{SLICE}:") for column in self.codes)  # an item may count for one column alone
        pressed = (sum(each) if apart else max(each, default=0)) >= self.size - self.taken
        key = (pressed, *(part.tobytes() for part in full.values()), *((o > 0).tobytes() for o in owed.values()))
        if key not in self._masks:
            n_items = len(next(iter(self.codes.values()), ()))
            mask = np.ones(n_items, dtype=bool)
            for column, codes in self.codes.items():
                mask &= ~full[column][codes]
            behind = [column for column in self.codes if owed[column].any()] if pressed else []
            wanted = [(owed[column] > 0)[self.codes[column]] for column in behind]
            if wanted:
                mask &= (np.logical_or if apart else np.logical_and).reduce(wanted)
            self._masks = {key: mask}
        return self._masks[key]

    def take(self, position: int) -> None:
        """Count a candidate, and begin the next round if this one is full."""
        self.taken += 1
        for column, codes in self.codes.items():
            self.asked[column][codes[position]] += 1
        if self.taken >= self.size:
            self.turn()

    def turn(self) -> bool:
        """Begin the next round though this one is not full; whether that changes anything."""
        some = self.taken > 0
        self.taken = 0
        for asked in self.asked.values():
            asked[:] = 0
        return some

    def close(self, positions: Ints) -> None:
        """These candidates are no longer open."""
        for column, codes in self.codes.items():
            self.left[column] -= np.bincount(codes[positions], minlength=len(self.left[column]))
