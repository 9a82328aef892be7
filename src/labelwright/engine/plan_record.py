"""What is expected at the end of each round, written down before it can be known."""

from __future__ import annotations

import math

import numpy as np

from labelwright.engine.project import load
from labelwright.evaluation.forecast import forecast
from labelwright.evaluation.power_law import MIN_LOOKS
from labelwright.loop.state import RESERVE
from labelwright.loop.steps import ENOUGH
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.plans import PlanMade
from labelwright.store.rows import Rows

Z = 1.96


def expected(rows: Rows, store: ProjectStore, cycle_id: int, planned: int) -> PlanMade | None:
    """The forecast of the goal and of the next round, from what was measured after each cycle so far.

    Parameters
    ----------
    planned : int
        Labels of the next round.

    Returns
    -------
    PlanMade or None
        None without a goal of a metric, or while fewer than five models with different labels were measured on enough
        of the reserve.
    """
    project = load(store, rows)
    goal, question, metric = project.goal, project.primary, t.metric
    if goal is None or goal.is_search or planned < 1:
        return None
    found = rows.all(
        rows.select(metric.c.n_labels, metric.c.value, metric.c.low, metric.c.high)
        .where(
            metric.c.question_id == question.id, metric.c.metric == goal.metric, metric.c.cycle <= cycle_id,
            metric.c.split == RESERVE, metric.c.n >= ENOUGH,
        )
        .order_by(metric.c.cycle)
    )  # fmt: skip
    looks = {row.n_labels: row for row in found if row.n_labels > 0}  # the last one of a number of labels
    rising = [looks[n] for n in sorted(looks)]
    if len(rising) < MIN_LOOKS:
        return None
    errors = np.array([(row.high - row.low) / (2 * Z) for row in rising])
    n_labels = [row.n_labels for row in rising]
    made = forecast(
        n_labels, [row.value for row in rising], errors=errors if errors.all() else None, target=goal.value,
        higher_is_better=question.task.higher_is_better(goal.metric),
    )  # fmt: skip
    after = min(n_labels[-1] + planned, int(made.curve["n_labels"].max()))
    value, low, high = (
        float(np.interp(after, made.curve["n_labels"], made.curve[name])) for name in ("value", "low", "high")
    )
    labels, labels_low, labels_high = (
        float(x) if math.isfinite(x) else None for x in (made.labels.value, made.labels.low, made.labels.high)
    )
    return PlanMade(
        cycle_id, question.id, goal.metric, goal.value, n_labels[-1], labels, labels_low, labels_high, made.chance,
        after, value, low, high,
    )  # fmt: skip
