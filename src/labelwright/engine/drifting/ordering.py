"""The order in which items came: by their own time, or by the import that brought them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import func

from labelwright.engine.layout import SOURCE, Layout
from labelwright.store import tables as t
from labelwright.store.rows import Rows

BY_TIME: Final = "time"
BY_IMPORT: Final = "import"
BY_ANSWER: Final = "answer"
N_WINDOWS: Final = 8
TIMED: Final = 0.5  # of the items, from which on times order them
DAY: Final = 10  # characters of YYYY-MM-DD
MINUTE: Final = 16  # characters of YYYY-MM-DDTHH:MM
MAX_NAME: Final = 40
Ints = npt.NDArray[np.int64]
Strings = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Order:
    """Items from the oldest to the newest.

    Attributes
    ----------
    items : int64 array of shape (n,)
        Ordinals. Items without a time are left out where times order them.
    names : object array of shape (n,)
        Times, or keys, of the same items.
    by : str
        "time" or "import"; "answer" in a stream of answers, where names are the times of these.
    """

    items: Ints
    names: Strings
    by: str

    def __len__(self) -> int:
        return len(self.items)

    def among(self, kept: npt.NDArray[np.bool_]) -> Order:
        """Those of the items that a mask over all ordinals keeps."""
        inside = kept[self.items]
        return Order(self.items[inside], self.names[inside], self.by)

    def since(self, ordinal: int | None) -> Order:
        """The items from one of them on; all where none is named or it is not among them.

        >>> order = Order(np.array([4, 2, 7]), np.array(["a", "b", "c"], dtype=object), "time")
        >>> order.since(2).items.tolist(), order.since(None).items.tolist()
        ([2, 7], [4, 2, 7])
        """
        places = np.flatnonzero(self.items == ordinal)
        start = int(places[0]) if len(places) else 0
        return Order(self.items[start:], self.names[start:], self.by)

    def sampled(self, unit: Ints, most: int, rng: np.random.Generator) -> Order:
        """At most so many items drawn at random, one of each unit, so that they can be exchanged under no change.

        Parameters
        ----------
        unit : int64 array over all ordinals
            Items of one unit belong together, such as pages of a document, or are nearly the same.
        """
        drawn = rng.permutation(len(self.items))
        _, first = np.unique(unit[self.items[drawn]], return_index=True)
        kept = np.sort(drawn[np.sort(first)[:most]])
        return Order(self.items[kept], self.names[kept], self.by)

    def borders(self, n_windows: int = N_WINDOWS) -> Ints:
        """Positions at which windows of equally many items begin, and the end.

        >>> Order(np.arange(10), np.array(list("abcdefghij"), dtype=object), "time").borders(4).tolist()
        [0, 2, 5, 8, 10]
        """
        return np.round(np.linspace(0, len(self), n_windows + 1)).astype(np.int64)

    def name_at(self, position: int) -> str:
        """The name of the item at a position: a day, a minute of an answer, or a key.

        >>> Order(np.array([4]), np.array(["2027-01-31T08:05:09Z"], dtype=object), "answer").name_at(0)
        '2027-01-31 08:05'
        """
        name = str(self.names[position])
        if self.by == BY_ANSWER:
            return name[:MINUTE].replace("T", " ")
        return name[:DAY] if self.by == BY_TIME else name[:MAX_NAME]


def read_order(rows: Rows, n_items: int) -> Order | None:
    """The order of the first items, but for a source; None where they have no times and one import brought them."""
    table = t.item
    with_time = rows.select(func.count(table.c.time)).where(table.c.ordinal < n_items, table.c.split != SOURCE)
    if not rows.scalar(with_time) and _n_imports(rows) < 2:
        return None
    found = rows.all(
        rows.select(table.c.ordinal, table.c.time, table.c.key, table.c.batch_id)
        .where(table.c.ordinal < n_items, table.c.split != SOURCE)
        .order_by(table.c.ordinal)
    )
    ordinals = np.array([row.ordinal for row in found], dtype=np.int64)
    timed = np.array([row.time is not None for row in found], dtype=bool)
    times = [row.time for row in found if row.time is not None]
    if timed.sum() >= TIMED * len(found) and len(set(times)) > 1:
        items = ordinals[timed]
        names = np.array(times, dtype=object)
        place = np.argsort(names.astype(str), kind="stable")
        return Order(items[place], names[place], BY_TIME)
    if len({row.batch_id for row in found}) > 1:
        return Order(ordinals, np.array([row.key for row in found], dtype=object), BY_IMPORT)
    return None


def _n_imports(rows: Rows) -> int:
    batch = t.import_batch
    return int(
        rows.scalar(rows.select(func.count(), of=batch).where(batch.c.visible, batch.c.labels_are != SOURCE)) or 0
    )


def units_of(layout: Layout) -> Ints:
    """Which items belong together, over all ordinals: groups of the data, else near duplicates."""
    return layout.dup_group if layout.group is None else layout.group
