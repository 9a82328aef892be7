"""The state of a notebook's pool: which items were asked, their labels, and which items are excluded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Bools, Ints, complain
from labelwright.policy.kinds.random import Random

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "round", "n_labels", "cost", "value", "low", "high", "n_reserve", "n_skipped", "mode", "why",
    "random_share", "fit_seconds", "select_seconds",
)  # fmt: skip
UNMEASURED = {"value": math.nan, "low": math.nan, "high": math.nan, "n_reserve": 0}  # nothing is held back here


@dataclass(frozen=True, eq=False)
class Batch:
    """Items to label: ``indices`` are positions in the pool that was given, in the order to ask."""

    indices: npt.NDArray[np.int64]
    kind: npt.NDArray[np.str_]
    scores: npt.NDArray[np.float32]
    propensity: npt.NDArray[np.float64]
    reasons: dict[str, npt.NDArray[np.float32]]

    def __len__(self) -> int:
        return len(self.indices)


@dataclass(frozen=True, eq=False)
class Round:
    """A batch that was asked, and its row of the history."""

    batch: Batch
    row: dict[str, Any]


def history(rounds: Sequence[Round]) -> pd.DataFrame:
    """A row a round; after `COLUMNS` come those that stopping rules asked for."""
    import pandas as pd

    named = dict.fromkeys([*COLUMNS, *(name for one in rounds for name in one.row)])
    return pd.DataFrame([one.row for one in rounds], columns=list(named))


class Pool:
    """The items of one run of `ActiveLearner.rounds`; changed by its acts alone.

    A label of an item that is left out is kept, so that the item can be taken in again, but it does not count.

    Attributes
    ----------
    known : int64 array
        Positions of the items whose labels were known from the start, sorted.
    n_given : int
        Labels of batches given so far, those that were taken back too; not those known from the start.
    """

    def __init__(self, n_items: int) -> None:
        self.asked = np.zeros(n_items, dtype=bool)
        self.excluded = np.zeros(n_items, dtype=bool)
        self.known = np.empty(0, dtype=np.int64)
        self.n_given = 0
        self._labels: dict[int, Any] = {}
        self._sampled: set[int] = set()

    @property
    def items(self) -> Ints:
        """Positions of the items whose labels count, sorted."""
        return np.array(sorted(item for item in self._labels if not self.excluded[item]), dtype=np.int64)

    @property
    def answered(self) -> Ints:
        """Positions of the items whose labels count, in the order in which they were labeled."""
        return np.array([item for item in self._labels if not self.excluded[item]], dtype=np.int64)

    @property
    def sampled(self) -> Ints:
        """Positions of labeled items that were sampled at random, sorted."""
        return np.array(sorted(self._sampled), dtype=np.int64)

    @property
    def open(self) -> Bools:
        """Which items can still be asked."""
        return ~self.asked & ~self.excluded

    def labels_of(self, items: Ints) -> list[Any]:
        """Labels of labeled items."""
        return [self._labels[item] for item in items.tolist()]

    def all_labels(self, more: Mapping[int, Any]) -> list[Any]:
        """Every label there is or would be with some more."""
        return list((self._labels | dict(more)).values())

    def take_known(self, labels: Mapping[int, Any]) -> None:
        """Take labels that are known from the start; the items are not asked."""
        self.asked[list(labels)] = True
        self._labels |= labels
        self.known = np.array(sorted(labels), dtype=np.int64)

    def status(self, n_rounds: int) -> str:
        """Where the run stands, in words."""
        parts = [
            f"{len(self.items)} of {len(self.asked)} items labeled",
            f"{n_rounds} round{'s' if n_rounds != 1 else ''}",
        ]
        if self.excluded.any():
            parts.append(f"{self.excluded.sum()} items excluded")
        return ", ".join(parts)

    def take(self, batch: Batch, given: Mapping[int, Any]) -> None:
        """Take the labels of a batch's items; the items without one are not asked again."""
        self.asked[batch.indices] = True
        self._labels |= given
        self.n_given += len(given)
        self._sampled |= {item for item in batch.indices[batch.kind == Random.name].tolist() if item in given}

    def take_back(self, batch: Batch) -> None:
        """Forget that a batch was asked and labeled."""
        self.asked[batch.indices] = False
        for item in batch.indices.tolist():
            self._labels.pop(item, None)
            self._sampled.discard(item)

    def exclude(self, indices: Sequence[int] | Ints, *, out: bool) -> None:
        """Leave items out, or take them in again.

        Raises
        ------
        InputError
            If the indices are not positions in the pool.
        """
        n_items, given = len(self.excluded), np.asarray(indices)
        whole = given.ndim == 1 and (given.dtype.kind in "iu" or not given.size)
        if not whole or (given.size and not (given.min() >= 0 and given.max() < n_items)):
            raise complain("ActiveLearner", "indices", f"positions in the pool, from 0 to {n_items - 1}", indices)
        self.excluded[given.astype(np.int64)] = out
