"""The columns by which the reserve is sliced: of the item table, of the label, of the content, and a search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from labelwright import items as kinds
from labelwright.engine.contents import current_bodies
from labelwright.engine.project import Project
from labelwright.evaluation.slices import MIN_ITEMS
from labelwright.plain import Json
from labelwright.services.evaluation.reserve import OnReserve
from labelwright.services.team.slices import MAX_VALUES, slices_of
from labelwright.store import tables as t
from labelwright.store.rows import Rows

CHUNK: Final = 500
QUARTERS: Final = 4
MONTHS_FOR_QUARTERS: Final = 12
MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
Strings = npt.NDArray[np.str_]


def columns_of(rows: Rows, project: Project, measured: OnReserve) -> dict[str, pd.Series]:
    """Columns with from 2 to 30 values, and numbers, of the measured items.

    Parameters
    ----------
    rows : Rows
    project : Project
    measured : OnReserve

    Returns
    -------
    mapping of str to Series of length n
        Texts; None where an item has no value. Columns of a table's rows are named "row.NAME".
    """
    found: dict[str, pd.Series] = {}
    for name, texts in slices_of(rows, measured.item_idx).items():
        found[name] = _texts(name, [str(value) or None for value in texts])
    months = item_months(rows, measured.item_idx)
    if sum(month is not None for month in set(months)) > 1:
        found["time"] = _texts("time", slice_periods(months))
    labels = list(measured.labels.values())
    if labels and measured.y.ndim == 1:
        found["label"] = _texts("label", [labels[int(k)] for k in measured.y])
    bodies = current_bodies(rows, measured.item_idx.tolist())
    contents = [bodies[ordinal] for ordinal in measured.item_idx.tolist()]
    if project.kind == "text":
        kind = kinds.make(project.kind)
        found["length"] = _ranges("length", [kind.length(body) for body in contents])
    cells: list[dict[str, Json]] = [row if isinstance(row := body.get("row"), dict) else {} for body in contents]
    names = dict.fromkeys(name for row in cells for name in row)
    for name in names:
        column = _of_cells(f"row.{name}", [row.get(name) for row in cells])
        if column is not None:
            found[f"row.{name}"] = column
    return found


def item_months(rows: Rows, ordinals: npt.NDArray[np.int64]) -> list[str | None]:
    """The month of each item as YYYY-MM; None where it has no time, or one that is no date."""
    item, times = t.item, dict[int, str | None]()
    for start in range(0, len(ordinals), CHUNK):
        part = ordinals[start : start + CHUNK].tolist()
        for ordinal, time in rows.all(rows.select(item.c.ordinal, item.c.time).where(item.c.ordinal.in_(part))):
            times[ordinal] = time
    return [month_of(times.get(ordinal)) for ordinal in ordinals.tolist()]


def month_of(time: str | None) -> str | None:
    """The month that a time begins with.

    >>> month_of("2026-05-04T10:00"), month_of("May 2026"), month_of(None)
    ('2026-05', None, None)
    """
    found = None if time is None else MONTH.match(time)
    return None if found is None else found[0]


def periods(months: Sequence[str | None]) -> list[str | None]:
    """Months as they are, or as quarters where there are more than twelve.

    >>> periods(["2026-01", None])
    ['2026-01', None]
    >>> periods([f"20{k}-05" for k in range(10, 24)])[0]
    '2010 Q2'
    """
    if len(set(months) - {None}) <= MONTHS_FOR_QUARTERS:
        return list(months)
    return _quarters(months)


def slice_periods(months: Sequence[str | None]) -> list[str | None]:
    """Months, quarters or years: the shortest that hold 20 items on average, or years.

    >>> slice_periods(["2025-05"] * 15 + ["2025-06"] * 25 + ["2026-01"] * 9)[::20]
    ['2025 Q2', '2025 Q2', '2026 Q1']
    """
    quarters = _quarters(months)
    n_known = sum(one is not None for one in months)
    for values in (list(months), quarters):
        if n_known >= MIN_ITEMS * len(set(values) - {None}):
            return values
    return [None if one is None else one[:4] for one in months]


def _quarters(months: Sequence[str | None]) -> list[str | None]:
    return [None if month is None else f"{month[:4]} Q{(int(month[5:]) + 2) // 3}" for month in months]


def _ranges(name: str, values: Sequence[Json]) -> pd.Series:
    """Numbers cut into four ranges of equally many, fewer where these would hold fewer than 20."""
    numbers = pd.Series([np.nan if value is None else float(str(value)) for value in values])
    n_parts = max(1, min(QUARTERS, int(numbers.notna().sum()) // MIN_ITEMS))
    codes = pd.qcut(numbers, n_parts, labels=False, duplicates="drop").to_numpy(dtype=np.float64)
    named: list[str | None] = [None] * len(numbers)
    for code in np.unique(codes[~np.isnan(codes)]):
        inside = np.flatnonzero(codes == code)
        low, high = numbers[inside].min(), numbers[inside].max()
        for k in inside.tolist():
            named[k] = f"{low:.4g} – {high:.4g}"
    return _texts(name, named)


def _texts(name: str, values: Sequence[str | None]) -> pd.Series:
    return pd.Series(list(values), name=name, dtype=object)


def _of_cells(name: str, values: list[Json]) -> pd.Series | None:
    """A column of a table, if it splits the items: numbers of any kind, or a few texts."""
    known = [value for value in values if value is not None]
    distinct = {str(value) for value in known}
    if len(distinct) < 2:
        return None
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        return _ranges(name, values)
    return _texts(name, [None if v is None else str(v) for v in values]) if len(distinct) <= MAX_VALUES else None
