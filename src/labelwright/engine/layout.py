"""What never changes of the items: splits and groups by ordinal, kept in this process."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.errors import IntegrityError
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

OPEN_RESERVE: Final = "reserve"
SEALED: Final = "sealed"
POOL: Final = "pool"
SOURCE: Final = "source"  # labeled items of another domain: never asked, never measured
COLUMNS: Final = {
    "domain": "domain", "group": "group_key", "cost": "cost_class", "source": "source", "licence": "licence",
    "consent": "consent",
}  # fmt: skip
_KEPT = 8


@dataclass(frozen=True)
class Layout:
    """Splits and groups of the first items.

    Attributes
    ----------
    split : str array of shape (n_items,)
        "pool", "reserve", "sealed" or "source"; immutable, and alone decides whether an answer trains or measures.
    dup_group : int64 array of shape (n_items,)
    group : int64 array of shape (n_items,), optional
        Items that belong together; None where the data name no groups.
    """

    split: npt.NDArray[np.str_]
    dup_group: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64] | None

    @property
    def n_items(self) -> int:
        """How many there are."""
        return len(self.split)

    @property
    def reserve(self) -> npt.NDArray[np.bool_]:
        """Which items are of the reserve, its sealed part among them."""
        return np.isin(self.split, (OPEN_RESERVE, SEALED))


_layouts: OrderedDict[tuple[str, int], Layout] = OrderedDict()


def layout(store: ProjectStore, rows: Rows, n_items: int) -> Layout:
    """Splits and groups of the first ``n_items`` items; kept for the next cycle.

    Raises
    ------
    IntegrityError
        If the table holds another number of them.
    """
    key = (f"{store.folder} {store.project_id}", n_items)
    if key not in _layouts:
        table = t.item
        item_rows = rows.all(
            rows.select(table.c.split, table.c.dup_group, table.c.group_key)
            .where(table.c.ordinal < n_items)
            .order_by(table.c.ordinal)
        )
        if len(item_rows) != n_items:
            raise IntegrityError(f"layout: '{store.slug}' must hold {n_items} items, got {len(item_rows)}.")
        _layouts[key] = Layout(
            np.array([r.split for r in item_rows], dtype="<U7"),
            np.array([r.dup_group for r in item_rows], dtype=np.int64),
            _codes([r.group_key for r in item_rows]),
        )
        while len(_layouts) > _KEPT:
            _layouts.popitem(last=False)
    _layouts.move_to_end(key)
    return _layouts[key]


def shown_split(split: str) -> str:
    """The split as people read it: which part of the reserve is sealed is not told.

    >>> [shown_split(split) for split in ("pool", "sealed", "source")]
    ['pool', 'reserve', 'source']
    """
    return OPEN_RESERVE if split == SEALED else split


def columns(rows: Rows, names: set[str], n_items: int) -> dict[str, npt.NDArray[np.str_]]:
    """Values of the first ``n_items`` items in columns that constraints may speak of; blank where there is none."""
    by_name: dict[str, npt.NDArray[np.str_]] = {}
    for name in sorted(names & set(COLUMNS)):
        values = rows.scalars(
            rows.select(t.item.c[COLUMNS[name]]).where(t.item.c.ordinal < n_items).order_by(t.item.c.ordinal)
        )
        by_name[name] = np.array(["" if value is None else value for value in values], dtype=np.str_)
    return by_name


def _codes(groups: list[str | None]) -> npt.NDArray[np.int64] | None:
    if all(g is None for g in groups):
        return None
    codes: dict[str, int] = {}
    return np.array([codes.setdefault(g if g is not None else f"\0{i}", len(codes)) for i, g in enumerate(groups)])
