"""What an answer is expected to cost: by item, from the data or from the time that people took; and by person.

It is found when a cycle begins and frozen with it. Costs are relative: the mean item costs 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import String, cast, func

from labelwright.costs.time_model import time_model
from labelwright.engine.project import Project
from labelwright.engine.quality import profiles
from labelwright.policy.base import COLUMN, EQUAL, MEASURED
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.record.standing import ANSWER
from labelwright.store.rows import Rows
from labelwright.words import NO_REASON, Reason

MOST_TIMES: Final = 20_000  # newest times that are looked at
RANGE: Final = 10.0  # an item is taken for at most that many times cheaper or dearer than the median
ACTIVE_DAYS: Final = 14.0  # whoever answered nothing for longer is not asked by name
DAY: Final = 86_400.0
HOUR: Final = 3600.0
FEW_TIMES: Final = 5
NEXT: Final = ""  # whoever comes next
Costs = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Prices:
    """Expected costs of answers.

    Attributes
    ----------
    items : float32 array of shape (n_items,), optional
        Above 0, with mean 1; None where items are taken to cost the same.
    people : mapping of str to float
        Cost of an answer of everybody who is at work, and of whoever comes next, who is ""; money where all have a
        rate, else seconds.
    why : Reason
        What the costs of items rest on.
    """

    items: Costs | None = None
    people: dict[str, float] = field(default_factory=dict)
    why: Reason = NO_REASON


@dataclass(frozen=True)
class Times:
    """Active seconds of each item that somebody answered for the first time, the newest last."""

    ordinal: npt.NDArray[np.int64]
    person: list[str]
    seconds: npt.NDArray[np.float64]
    at: list[str]


def prices(rows: Rows, project: Project, n_items: int, now: float) -> Prices:
    """Expected costs as the record has them now; of people where the strategy says who is to answer.

    Parameters
    ----------
    now : float
        In seconds since 1970; people who have been away for two weeks are not asked by name.
    """
    basis, by_name = project.policy.costs, project.policy.make_strategy().by_name
    if basis == EQUAL and not by_name:
        return Prices()
    times = times_of(rows, n_items)
    items, why = None, NO_REASON
    if basis == COLUMN:
        items, why = _of_column(rows, n_items)
    elif basis == MEASURED:
        items, why = _measured(times, lengths(rows, n_items))
    people = _of_people(rows, times, iso(now - ACTIVE_DAYS * DAY)) if by_name else {}
    return Prices(items, people, why)


def times_of(rows: Rows, n_items: int) -> Times:
    """Seconds by item and person; those of an item's questions are added, those of grids left out."""
    table = t.annotation
    query = (
        rows.select(
            table.c.ordinal, table.c.person_id, func.sum(table.c.seconds).label("seconds"),
            func.max(table.c.at).label("at"), func.max(table.c.seq).label("seq"), of=table,
        )
        .where(
            table.c.first, table.c.kind == ANSWER, table.c.grid == False,  # noqa: E712
            table.c.seconds > 0, table.c.ordinal < n_items,
        )
        .group_by(table.c.ordinal, table.c.person_id)
        .order_by(func.max(table.c.seq).desc())
        .limit(MOST_TIMES)
    )  # fmt: skip
    found = list(reversed(rows.all(query)))
    return Times(
        np.array([row.ordinal for row in found], dtype=np.int64), [row.person_id for row in found],
        np.array([row.seconds for row in found], dtype=np.float64), [row.at for row in found],
    )  # fmt: skip


def lengths(rows: Rows, n_items: int) -> npt.NDArray[np.float64]:
    """Characters of each item's content as it is now."""
    table, length = t.content, np.zeros(n_items)
    query = rows.select(table.c.ordinal, func.length(cast(table.c.body, String)), of=table).order_by(table.c.version)
    for ordinal, n_characters in rows.stream(query.where(table.c.ordinal < n_items)):
        length[ordinal] = n_characters
    return length


def has_costs(rows: Rows, n_items: int) -> bool:
    """Whether the data name a cost above 0 of any item."""
    return _of_column(rows, n_items)[0] is not None


def _of_column(rows: Rows, n_items: int) -> tuple[Costs | None, Reason]:
    values = rows.scalars(rows.select(t.item.c.cost_class).where(t.item.c.ordinal < n_items).order_by(t.item.c.ordinal))
    costs = np.array([_number(value) for value in values])
    known = np.isfinite(costs) & (costs > 0)
    if not known.any():
        return None, Reason("costs-no-numbers")
    costs[~known] = np.median(costs[known])
    return _relative(costs), Reason("costs-column", {"n_missing": int((~known).sum())})


def _measured(times: Times, length: npt.NDArray[np.float64]) -> tuple[Costs | None, Reason]:
    """Costs by the length of items, if it predicts what times are left to choose by."""
    if len(times.ordinal) < 3:
        return None, Reason("time-too-few", {"n": len(times.ordinal), "needed": 30})
    features = np.log1p(length)[:, None]
    model = time_model(features[times.ordinal], times.person, times.seconds)
    if not model.usable or not model.r2_items_ > 0:
        weak = {"r2": model.r2_items_, "n": model.n_answers}
        return None, Reason("costs-too-weak", weak) if model.usable else model.reason
    expected = model.predict(features, [""] * len(features)).expected  # by somebody who is not known
    return _relative(np.asarray(expected, dtype=np.float64)), Reason(
        "costs-measured", {"r2": model.r2_items_, "n": model.n_answers}
    )


def _of_people(rows: Rows, times: Times, since: str) -> dict[str, float]:
    """What an answer of everybody costs who answered lately and is not paused, by their median seconds."""
    known = profiles(rows)
    at_work = sorted({person for person, at in zip(times.person, times.at, strict=True) if at >= since})
    at_work = [person for person in at_work if person not in known or not known[person].paused]
    rates = {person: known[person].rate if person in known else None for person in at_work}
    paid = bool(rates) and all(rate is not None for rate in rates.values())
    everybody = float(np.median(times.seconds)) if len(times.seconds) else math.nan
    who = np.array(times.person, dtype=np.str_)
    costs = {}
    for person in at_work:
        own = times.seconds[who == person]
        seconds = float(np.median(own)) if len(own) >= FEW_TIMES else everybody
        costs[person] = seconds * (float(rates[person] or 0.0) / HOUR if paid else 1.0)
    return {**costs, NEXT: float(np.median(list(costs.values())))} if costs and min(costs.values()) > 0 else {}


def _relative(costs: npt.NDArray[np.float64]) -> Costs:
    middle = float(np.median(costs))
    bounded = np.clip(costs, middle / RANGE, middle * RANGE)
    return np.asarray(bounded / bounded.mean(), dtype=np.float32)


def _number(value: str | None) -> float:
    try:
        return float(value) if value is not None else math.nan
    except ValueError:
        return math.nan
