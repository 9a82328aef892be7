"""Columns of all items that a map can be coloured by: of the item table, and of a table's own rows."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from labelwright.engine.contents import current_bodies
from labelwright.engine.project import Project
from labelwright.errors import InputError
from labelwright.services.evaluation.columns import month_of
from labelwright.store import tables as t
from labelwright.store.rows import Rows

COLUMNS: Final = {"domain": "domain", "group": "group_key", "cost": "cost_class", "source": "source", "time": "time"}
MAX_ROWS: Final = 50_000  # cells of a table are in the items' contents, which are read one by one
ROW: Final = "row."
Values = npt.NDArray[np.object_]


def columns(rows: Rows, project: Project) -> list[str]:
    """Names of the columns in which items differ."""
    item, found = t.item, []
    for name, column in COLUMNS.items():
        some = rows.scalar(
            rows.select(item.c[column]).where(item.c[column].is_not(None), item.c[column] != "").limit(1)
        )
        other = None if some is None else rows.scalar(
            rows.select(item.c[column]).where(item.c[column].is_not(None), item.c[column] != some).limit(1)
        )  # fmt: skip
        if other is not None:
            found.append(name)
    if project.kind == "table" and project.row.n_items <= MAX_ROWS:
        cells = current_bodies(rows, [0])[0].get("row")
        found += [f"{ROW}{name}" for name in cells] if isinstance(cells, dict) else []
    return found


def values(rows: Rows, project: Project, name: str) -> Values | npt.NDArray[np.float64]:
    """A column of all items, (n_items,): numbers with NaN, or texts with None.

    Raises
    ------
    InputError
        If there is no such column.
    """
    n_items, item = project.row.n_items, t.item
    if name in COLUMNS:
        column = item.c[COLUMNS[name]]
        texts = rows.scalars(rows.select(column).where(item.c.ordinal < n_items).order_by(item.c.ordinal)).all()
        return np.array(
            [month_of(text) for text in texts] if name == "time" else [text or None for text in texts], object
        )
    if name not in columns(rows, project):
        raise InputError(f"explore: by must name a column that the items have, got 'slice:{name[:60]}'.")
    bodies = current_bodies(rows, range(n_items))
    cells = [bodies[ordinal]["row"][name.removeprefix(ROW)] for ordinal in range(n_items)]  # type: ignore[index, call-overload]
    known = pd.Series([cell for cell in cells if cell is not None], dtype=object)
    if len(known) and known.map(lambda one: isinstance(one, int | float) and not isinstance(one, bool)).all():
        return np.array([np.nan if cell is None else float(str(cell)) for cell in cells])
    return np.array([None if cell is None else str(cell) for cell in cells], dtype=object)
