"""Where a target stands: measured now, and when it will be reached if things go on as they did."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from labelwright.evaluation.forecast import forecast
from labelwright.evaluation.power_law import MIN_LOOKS
from labelwright.services.steering.estimates import CurvePoint, EstimateView, rising_points
from labelwright.services.targets.pace import Pace

Z: Final = 1.96
REACHED, ON_THE_WAY, AT_RISK, OUT_OF_REACH, TOO_EARLY = "reached", "on-the-way", "at-risk", "out-of-reach", "too-early"
GOOD_CHANCE, POOR_CHANCE = 0.5, 0.1
BELOW_FIRST: Final = 0.05  # where fewer labels can be had than the smallest number that the forecast names
FAR: Final = 3650  # days beyond which no date is named


@dataclass(frozen=True)
class Aim:
    """What is to be reached, where.

    Attributes
    ----------
    slice : str, optional
        The id of the saved slice; None for all items.
    """

    slice: str | None
    name: str
    metric: str
    value: float
    higher_is_better: bool
    deadline: date | None


@dataclass(frozen=True)
class Standing:
    """Where one target stands. Intervals of what is to come are at 80 %.

    Attributes
    ----------
    now : EstimateView, optional
        None below 30 reserve labels in the slice.
    state : str
        "reached" (the interval lies beyond the target), "on-the-way", "at-risk", "out-of-reach" or "too-early".
    chance : float, optional
        That it is reached within four times the labels there are.
    chance_in_time : float, optional
        That it is reached before the deadline, at the pace of the last days.
    missing, missing_low, missing_high : int, optional
        Labels for training that are still missing in all; None beyond four times those there are.
    hours, cost : float, optional
        Of the missing labels and of what is asked beside them to measure and to check.
    by : date, optional
        When it will be reached at the pace of the last days.
    """

    now: EstimateView | None
    state: str
    chance: float | None = None
    chance_in_time: float | None = None
    missing: int | None = None
    missing_low: int | None = None
    missing_high: int | None = None
    hours: float | None = None
    cost: float | None = None
    by: date | None = None


def stand(aim: Aim, points: Sequence[CurvePoint], pace: Pace, today: date) -> Standing:
    """Judge one target by the models measured on its part of the reserve."""
    rising = rising_points(points)
    now = rising[-1].estimate if rising else None
    if now is None:
        return Standing(None, TOO_EARLY)
    sure = now.low >= aim.value if aim.higher_is_better else now.high <= aim.value
    if len(rising) < MIN_LOOKS:
        return Standing(now, REACHED if sure else TOO_EARLY)
    errors = np.array([(one.estimate.high - one.estimate.low) / (2 * Z) for one in rising])
    n_now = rising[-1].n_labels
    known = bool(np.isfinite(errors).all() and errors.any())
    made = forecast(
        [one.n_labels for one in rising], [one.estimate.value for one in rising], errors=errors if known else None,
        target=aim.value, higher_is_better=aim.higher_is_better,
    )  # fmt: skip
    missing, low, high = (
        max(0, round(x - n_now)) if math.isfinite(x) else None
        for x in (made.labels.value, made.labels.low, made.labels.high)
    )
    in_time = _in_time(aim, made.labels.low, made.labels.value, made.labels.high, n_now, pace, today, made.chance)
    by = _day(missing, pace, today)
    likely = made.chance if in_time is None else min(made.chance, in_time)
    state = ON_THE_WAY if likely >= GOOD_CHANCE else AT_RISK if likely >= POOR_CHANCE else OUT_OF_REACH
    return Standing(
        now, REACHED if sure else state, made.chance, in_time, missing, low, high,
        None if missing is None else pace.hours(missing), None if missing is None else pace.cost(missing), by,
    )  # fmt: skip


def _day(missing: int | None, pace: Pace, today: date) -> date | None:
    """When so many labels will be there."""
    if missing is None or not pace.labels_a_day:
        return None
    days = math.ceil(missing / pace.labels_a_day)
    return today + timedelta(days=days) if days <= FAR else None


def _in_time(
    aim: Aim, low: float, middle: float, high: float, n_now: int, pace: Pace, today: date, chance: float
) -> float | None:
    """The chance that the labels of the forecast are there before the deadline, between the quantiles that it names.

    >>> aim = Aim(None, "all", "accuracy", 0.9, True, date(2027, 1, 11))
    >>> pace = Pace(labels_a_day=10.0, seconds=None, per_label=1.0, price=None, n_days=5)
    >>> _in_time(aim, 100, 200, 300, 100, pace, date(2027, 1, 1), 1.0)
    0.5
    """
    if aim.deadline is None or not pace.labels_a_day:
        return None
    reachable = n_now + pace.labels_a_day * max(0, (aim.deadline - today).days)
    known = [(x, p) for x, p in ((low, 0.1), (middle, 0.5), (high, 0.9)) if math.isfinite(x)]
    if not known:
        return 0.0
    if reachable < known[0][0]:
        return min(chance, BELOW_FIRST)
    return float(min(chance, np.interp(reachable, [x for x, _ in known], [p for _, p in known])))
