"""When a look is due, and what error it may spend.

A look is due when items or labels of the reserve have grown by a fifth since the last one, so there are few of them:
39 until a thousand times as many. Each may raise a false alarm with a chance of at most `LEVEL`, shared among its
tests, so that 60 looks spend at most a tenth. The stream of errors has a bound of its own.
"""

from __future__ import annotations

from typing import Final

from labelwright.store import tables as t
from labelwright.store.record.drift import DriftLooked
from labelwright.store.rows import Rows

LEAST_ITEMS: Final = 100
LEAST_LABELS: Final = 40
GROWTH: Final = 1.2
LEVEL: Final = 0.1 / 60


def is_due(n_items: int, n_labels: int, last: tuple[int, int] | None) -> bool:
    """Whether there is enough that the last look has not seen.

    Parameters
    ----------
    n_items, n_labels : int
        Items, and labels of the reserve.
    last : pair of int, optional
        The same at the last look.

    Examples
    --------
    >>> is_due(99, 0, None), is_due(100, 0, None), is_due(119, 0, (100, 0)), is_due(100, 40, (100, 0))
    (False, True, False, True)
    """
    if last is None:
        return n_items >= LEAST_ITEMS
    return n_items >= last[0] * GROWTH or n_labels >= max(LEAST_LABELS, last[1] * GROWTH)


def last_look(rows: Rows, question_id: str) -> DriftLooked | None:
    """The newest look at a question."""
    table = t.decision
    data = rows.scalar(
        rows.select(table.c.data)
        .where(table.c.kind == DriftLooked.kind, table.c.question_id == question_id)
        .order_by(table.c.seq.desc())
        .limit(1)
    )
    found = None if data is None else DriftLooked.read(data, DriftLooked.body_version)
    return found if isinstance(found, DriftLooked) else None
