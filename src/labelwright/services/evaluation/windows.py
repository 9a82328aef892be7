"""The metric over time: rolling windows by item time, beside the whole reserve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import case, func, literal_column

from labelwright.engine.layout import OPEN_RESERVE, SEALED, SOURCE
from labelwright.services.evaluation.columns import item_months, month_of, periods
from labelwright.services.evaluation.reserve import OnReserve
from labelwright.services.team.figure import FigureView
from labelwright.store import tables as t
from labelwright.store.rows import Rows

WIDTH: Final = 3  # periods in a window
MONTH_LENGTH: Final = 7  # characters of YYYY-MM


@dataclass(frozen=True)
class Window:
    """The measured items of three periods in a row.

    Attributes
    ----------
    first, last : str
        Periods, such as "2026-05" or "2026 Q2".
    n_items, n_reserve : int
        Items of the last period, and those of them in the reserve: it is refreshed by each import.
    """

    first: str
    last: str
    figure: FigureView
    n_items: int
    n_reserve: int


@dataclass(frozen=True)
class Windows:
    """Rolling windows in the order of time.

    Attributes
    ----------
    n_without_time : int
        Measured items that belong to no window.
    """

    metric: str
    windows: list[Window]
    n_without_time: int


def windows(rows: Rows, measured: OnReserve) -> Windows:
    """The question's metric in rolling windows; none where items have no times, or all one."""
    metric, months = measured.question.metric, item_months(rows, measured.item_idx)
    without = sum(month is None for month in months)
    if len(set(months) - {None}) < 2:
        return Windows(metric, [], without)
    totals = _totals(rows)
    every = sorted(totals.keys() | {month for month in months if month is not None})
    named = dict(zip(every, periods(every), strict=True))  # periods of all items, so that both agree
    of_item = np.array(["" if month is None else named[month] for month in months], dtype=object)
    order = sorted({period for period in of_item.tolist() if period})
    found, measured_by = [], measured.measurement(metric).metric
    for k in range(min(WIDTH, len(order)) - 1, len(order)):
        inside = order[max(0, k - WIDTH + 1) : k + 1]
        figure = measured.figure(measured_by, np.isin(of_item.astype(str), inside))
        counts = [totals[month] for month in totals if named[month] == order[k]]
        found.append(Window(inside[0], inside[-1], figure, sum(n for n, _ in counts), sum(r for _, r in counts)))
    return Windows(metric, found, without)


def _totals(rows: Rows) -> dict[str, tuple[int, int]]:
    """Items, and items of the reserve, by month."""
    item = t.item
    # no parameters: PostgreSQL would take them for other ones in the list of groups
    month = func.substr(item.c.time, literal_column("1"), literal_column(str(MONTH_LENGTH)))
    reserve = func.sum(case((item.c.split.in_((OPEN_RESERVE, SEALED)), 1), else_=0))
    found = rows.all(
        rows.select(month, func.count(), reserve)
        .where(item.c.time.is_not(None), item.c.split != SOURCE)
        .group_by(month)
    )
    return {str(name): (int(n), int(of_reserve)) for name, n, of_reserve in found if month_of(name) is not None}
