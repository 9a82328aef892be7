"""What was expected, held against what came; and what is saved against a number that the lead knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labelwright.engine.goals import Goal
from labelwright.engine.project import Project
from labelwright.loop.state import RESERVE
from labelwright.services.steering.estimates import CurvePoint
from labelwright.stats.intervals import wilson
from labelwright.store import tables as t
from labelwright.store.record.plans import PlanMade
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Expected:
    """One forecast of a round and what was measured then. Intervals are at 80 %.

    Attributes
    ----------
    n_labels : int
        When it was made.
    labels, labels_low, labels_high : float, optional
        Labels to the goal, as they were expected then.
    next_labels : int
        Labels at the end of the round that followed, as planned.
    value, low, high : float
        What was expected there.
    measured : float, optional
        The first measurement at so many labels or more; None while there is none.
    held : bool, optional
        Whether it lay in the interval.
    """

    at: str
    n_labels: int
    labels: float | None
    labels_low: float | None
    labels_high: float | None
    next_labels: int
    value: float
    low: float
    high: float
    measured: float | None
    held: bool | None


@dataclass(frozen=True)
class Kept:
    """All forecasts, oldest first.

    Attributes
    ----------
    n, n_held : int
        Those that can be judged, and those whose interval held; 80 % should.
    low, high : float, optional
        Wilson interval of the share that held.
    """

    forecasts: list[Expected]
    n: int
    n_held: int
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Saving:
    """Labels to the goal, against those that such a model took before, by what the lead said.

    Attributes
    ----------
    labels : int
        At which the whole interval first lay beyond the goal.
    share : float
        1 - labels / before.
    """

    labels: int
    before: int
    share: float


def kept(rows: Rows, project: Project) -> Kept:
    """Every forecast of the goal that was recorded at the end of a round."""
    table, metric = t.decision, t.metric
    stored = rows.all(rows.select(table.c.data, table.c.at).where(table.c.kind == PlanMade.kind).order_by(table.c.seq))
    made = [(PlanMade.read(row.data, PlanMade.body_version), row.at) for row in stored]
    found = rows.all(
        rows.select(metric.c.n_labels, metric.c.value, metric.c.metric)
        .where(metric.c.question_id == project.primary.id, metric.c.split == RESERVE)
        .order_by(metric.c.cycle)
    )
    forecasts = []
    for one, at in made:
        later = [row.value for row in found if row.metric == one.metric and row.n_labels >= one.next_labels]
        measured = float(later[0]) if later else None
        held = None if measured is None else one.low <= measured <= one.high
        forecasts.append(
            Expected(
                at, one.n_labels, one.labels, one.labels_low, one.labels_high, one.next_labels, one.value, one.low,
                one.high, measured, held,
            )
        )  # fmt: skip
    judged = [one.held for one in forecasts if one.held is not None]
    interval = wilson(int(np.sum(judged)), len(judged)) if judged else None
    low, high = (None, None) if interval is None else (float(interval.low), float(interval.high))
    return Kept(forecasts, len(judged), int(np.sum(judged)), low, high)


def saving(goal: Goal, points: Sequence[CurvePoint], *, higher_is_better: bool) -> Saving | None:
    """None until a whole interval lay beyond the goal; the number before is the lead's, so the claim is theirs too."""
    if goal.before is None:
        return None
    ends = [point.estimate.low if higher_is_better else -point.estimate.high for point in points]
    wanted = goal.value if higher_is_better else -goal.value
    reached = [point.n_labels for point, end in zip(points, ends, strict=True) if end >= wanted]
    return Saving(reached[0], goal.before, 1 - reached[0] / goal.before) if reached else None
