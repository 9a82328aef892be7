"""What never changes of the items: splits and groups by ordinal, kept in this process."""

from __future__ import annotations

import threading
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
Ints = npt.NDArray[np.int64]


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
_reading: dict[tuple[str, int], threading.Lock] = {}
_lock = threading.Lock()


def layout(store: ProjectStore, rows: Rows, n_items: int) -> Layout:
    """Splits and groups of the first ``n_items`` items; kept for the next cycle, and read once for all threads.

    Raises
    ------
    IntegrityError
        If the table holds another number of them.
    """
    key = (f"{store.folder} {store.project_id}", n_items)
    with _lock:
        reading = _reading.setdefault(key, threading.Lock())
    with reading:
        with _lock:
            if key in _layouts:
                _layouts.move_to_end(key)
                return _layouts[key]
        found = _read(rows, n_items)
        if found.n_items != n_items:
            raise IntegrityError(f"layout: '{store.slug}' must hold {n_items} items, got {found.n_items}.")
        with _lock:
            _layouts[key] = found
            _reading.pop(key, None)
            while len(_layouts) > _KEPT:
                _layouts.popitem(last=False)
    return found


def _read(rows: Rows, n_items: int) -> Layout:
    """Splits and groups page by page, so that those of millions of items fit into memory."""
    table = t.item
    query = (
        rows.select(table.c.split, table.c.dup_group, table.c.group_key)
        .where(table.c.ordinal < n_items)
        .order_by(table.c.ordinal)
    )
    splits, duplicates, codes = list[npt.NDArray[np.str_]](), list[Ints](), list[Ints]()
    code_of, n_codes = dict[str, int](), 0
    for split, dup_group, groups in rows.columns(query):
        splits.append(np.array(split, dtype="<U7"))
        duplicates.append(np.array(dup_group, dtype=np.int64))
        page = np.empty(len(groups), dtype=np.int64)
        for k, group in enumerate(groups):  # an item without a group is one of its own
            code = n_codes if group is None else code_of.setdefault(group, n_codes)
            page[k], n_codes = code, max(n_codes, code + 1)
        codes.append(page)
    return Layout(np.concatenate(splits), np.concatenate(duplicates), np.concatenate(codes) if code_of else None)


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
