"""The blind sample of a search: how far it is labeled, what it has found, and whether it certifies the goal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labelwright.check import Bools, Ints
from labelwright.engine.layout import OPEN_RESERVE, Layout
from labelwright.engine.search_goal import Search
from labelwright.evaluation.recall import least_positives, quota
from labelwright.stats.certify import ALPHA
from labelwright.store import tables as t
from labelwright.store.rows import Rows

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Blind:
    """The blind sample.

    Attributes
    ----------
    n, n_labeled : int
        Items of the sample, and those that are labeled.
    positives, reached : int
        Relevant ones among them, and those that the ranking has come to.
    least : int
        Relevant ones that certify the goal at least.
    needed : int, optional
        How many must be reached; None while there are too few.
    left : int
        Items of it that nobody has looked at, as after an import; while there are some, nothing is certified.
    certified : bool
    """

    n: int
    n_labeled: int
    positives: int
    reached: int
    least: int
    needed: int | None
    left: int
    certified: bool


def blind_of(
    rows: Rows, search: Search, where: Layout, items: Ints, hit: Bools, last: pd.Series[float] | None
) -> Blind:  # fmt: skip
    """Where the sample stands, by its labeled items, which of them are relevant, and the last look."""
    positives = int(hit.sum())
    reached = 0 if last is None else int(last["blind_reached"])
    needed = quota(positives, recall=search.recall, alpha=ALPHA) if positives else None
    least = least_positives(recall=search.recall, alpha=ALPHA)
    left = _unseen(rows, where, items)
    certified = needed is not None and reached >= needed and not left
    return Blind(
        int((where.split == OPEN_RESERVE).sum()), len(items), positives, reached, least, needed, left, certified
    )  # fmt: skip


def _unseen(rows: Rows, where: Layout, labeled: Ints) -> int:
    """Items of the blind sample that are neither labeled, set aside nor taken out, nor are like one that is."""
    seen = np.zeros(where.n_items, dtype=bool)
    seen[labeled] = True
    for table in (t.annotation, t.exclusion):
        some = np.array(rows.scalars(rows.select(table.c.ordinal)).all(), dtype=np.int64)
        seen[some[some < where.n_items]] = True
    alike = np.isin(where.dup_group, where.dup_group[seen])
    return int(((where.split == OPEN_RESERVE) & ~alike).sum())
