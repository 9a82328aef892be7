"""The slices of the data that people are compared in: domains, sources and groups, where there are a few of each."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from labelwright.engine.layout import COLUMNS
from labelwright.policy.base import SLICED_BY
from labelwright.services.team.said import Ints, Strings
from labelwright.store import tables as t
from labelwright.store.rows import Rows

MAX_VALUES: Final = 30  # a column with more values names items, not slices
REST: Final = ""


def slices_of(rows: Rows, ordinals: Ints) -> dict[str, Strings]:
    """The value of each item in each column that splits the data.

    Parameters
    ----------
    ordinals : int64 array of shape (n,)
        Items, also several times.

    Returns
    -------
    by_column : mapping of str to str array of shape (n,)
        "" where an item has no value; only columns that have from 2 to 30 values among these items.
    """
    wanted, of = np.unique(ordinals, return_inverse=True)
    item, names = t.item, [COLUMNS[column] for column in SLICED_BY]
    found: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(wanted), 500):
        for ordinal, *values in rows.all(
            rows.select(item.c.ordinal, *(item.c[name] for name in names)).where(
                item.c.ordinal.in_(wanted[start : start + 500].tolist())
            )
        ):
            found[ordinal] = tuple(REST if value is None else str(value) for value in values)
    by_column: dict[str, Strings] = {}
    for k, column in enumerate(SLICED_BY):
        values = [found[ordinal][k] for ordinal in wanted.tolist() if ordinal in found]
        n_values = len(Counter(value for value in values if value != REST))
        if len(values) == len(wanted) and 2 <= n_values <= MAX_VALUES:
            by_column[column] = np.array(values, dtype=np.str_)[of]
    return by_column
