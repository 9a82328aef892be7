"""Stop when a budget of labels, cost or hours is spent, or a day has come."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from labelwright.check import complain
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.words import Figure, Reason

if TYPE_CHECKING:
    import pandas as pd

CODES = {"n_labels": "labels-spent", "cost": "cost-spent", "hours": "hours-spent"}


class Budget(StoppingRule):
    """Stop at a number of labels, at a cost, after hours of work, or on a day; one of them is given.

    Parameters
    ----------
    n_labels : int, optional
        At least 1; reserve, gold and overlap count where the history counts them.
    cost : float, optional
        Above 0, in the history's unit, such as money.
    hours : float, optional
        Above 0; worked hours, summed over people.
    date : str, optional
        The last day, ``YYYY-MM-DD`` in UTC; it stops on the day after.

    Raises
    ------
    InputError
        If not exactly one is given, or it is out of range.

    Examples
    --------
    >>> import pandas as pd
    >>> Budget(n_labels=100).judge(pd.DataFrame({"n_labels": [90, 100], "cost": [9.0, 10.0]})).reason.figures
    {'spent': 100.0, 'limit': 100.0}
    >>> print(Budget(date="2027-03-31").judge(pd.DataFrame({"date": ["2027-03-29"]})).reason)
    The last day, 2027-03-31, is in 2 days.
    """

    name: ClassVar[str] = "budget"
    needs: ClassVar[tuple[str, ...]] = ("n_labels", "cost")
    guarantee: ClassVar[str] = "never overspends by more than one batch"

    def __init__(
        self,
        *,
        n_labels: int | None = None,
        cost: float | None = None,
        hours: float | None = None,
        date: str | None = None,
    ) -> None:
        given = {"n_labels": n_labels, "cost": cost, "hours": hours, "date": date}
        named = [name for name, value in given.items() if value is not None]
        if len(named) != 1:
            got = " and ".join(named) or "neither"
            raise complain("budget", f"one of {', '.join(given)}", "given", got)
        self.n_labels, self.cost, self.hours, self.date = n_labels, cost, hours, date
        self._limit(named[0])

    @property
    def columns(self) -> tuple[str, ...]:
        if self.hours is not None:
            return ("hours",)
        return ("date",) if self.date is not None else self.needs

    def _limit(self, column: str) -> float:
        """The limit in the unit of a column; days are counted from 1970."""
        if self.date is not None:
            return float(_day(self.date))
        limit = {"n_labels": self.n_labels, "cost": self.cost, "hours": self.hours}[column]
        if limit is None or not 0 < limit < math.inf:
            raise complain("budget", "the limit", "above 0", limit)
        return float(limit)

    def _judge(self, history: pd.DataFrame) -> Verdict:
        if self.date is not None:
            return self._by_day(str(history["date"].iloc[-1]), self.date)
        column = "n_labels" if self.n_labels is not None else "cost" if self.cost is not None else "hours"
        spent, granted = float(history[column].iloc[-1]), self._limit(column)
        return Verdict(spent >= granted, spent, granted, Reason(CODES[column], {"spent": spent, "limit": granted}))

    def _by_day(self, today: str, last: str) -> Verdict:
        now, limit = _day(today), _day(last)
        code = "date-ahead" if now < limit else "date-today" if now == limit else "date-past"
        figures: dict[str, Figure] = {"date": last}
        if now != limit:
            figures["days"] = abs(limit - now)
        return Verdict(now > limit, float(now), float(limit), Reason(code, figures))


def _day(text: str) -> int:
    """Days since 1970 of a text such as 2027-03-31."""
    try:
        day = np.array([text], dtype="datetime64[D]")
    except ValueError:
        day = np.array(["NaT"], dtype="datetime64[D]")
    if str(day[0]) != text:
        raise complain("budget", "date", "a day such as 2027-03-31", repr(text))
    return int(day.astype(np.int64)[0])
