"""The learning curve: every model that is kept, measured on the same reserve labels, those of today.

Each model was measured when it was made, on the few reserve labels that there were then, and verdicts keep what they
saw. Points that stand on different labels cannot be compared, so the curve is drawn anew from the stored predictions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.cycle import Cycle, ReservePredictions
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.project import Project
from labelwright.errors import InputError, LabelwrightError, UnavailableError
from labelwright.evaluation import evaluate_reserve
from labelwright.loop.state import RESERVE
from labelwright.loop.steps import ENOUGH
from labelwright.services.site import Site
from labelwright.services.steering.estimates import CurvePoint, EstimateView
from labelwright.stats.estimate import Estimate
from labelwright.stats.paired import detectable, paired_difference
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import AnyRow

MOST: Final = 60


@dataclass(frozen=True)
class Measured:
    """The models of a project on one set of reserve labels.

    Attributes
    ----------
    points : list of CurvePoint
        One a model, in the order of cycles; empty below 30 labels.
    losses : float array of shape (n_points, n_labels), optional
        Of each model on each label, where the metric is a mean over items: their mean is the model's figure.
    groups : array of shape (n_labels,)
        Items that must not be taken apart.
    item_idx : int64 array of shape (n_labels,), increasing
        The reserve items.
    truth : array of shape (n_labels, ...)
        Their labels.
    """

    points: list[CurvePoint]
    losses: npt.NDArray[np.float64] | None
    groups: npt.NDArray[np.int64]
    item_idx: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    truth: npt.NDArray[Any] = field(default_factory=lambda: np.empty(0))

    def position(self, cycle: int | None) -> int | None:
        """Where the model of a cycle is among the points."""
        return next((k for k, point in enumerate(self.points) if point.cycle == cycle), None)

    def change(self, before: int, after: int) -> Estimate | None:
        """The paired difference of two points, None where the metric is no mean over items."""
        if self.losses is None:
            return None
        return paired_difference(self.losses[after] - self.losses[before], self.groups)

    def detectable(self, before: int, after: int) -> float | None:
        """The smallest difference of two points that is found in four of five such comparisons; None without one."""
        if self.losses is None:
            return None
        return detectable(self.losses[after] - self.losses[before], self.groups) or None

    @property
    def detectable_next(self) -> float | None:
        """The same for the next model, if it differs from the last one as that did from the one before it."""
        return self.detectable(len(self.points) - 2, len(self.points) - 1) if len(self.points) > 1 else None


NOTHING: Final = Measured([], None, np.empty(0, dtype=np.int64))


def measured(site: Site, store: ProjectStore, project: Project) -> Measured:
    """All kept models of the primary question, measured once for each published cycle."""
    if project.row.cycle == 0:
        return NOTHING
    key = ("curve", store.project_id, project.row.cycle)
    found: Measured = site.cache.get(key, lambda: _measure(store, project))
    return found


def measured_in(
    site: Site, store: ProjectStore, project: Project, keep: npt.NDArray[np.bool_], metric: str, key: str
) -> Measured:
    """The same on a part of the items, by any metric of the task.

    Parameters
    ----------
    keep : bool array of shape (n_items,)
    key : str
        Names the part, and the state that it follows from.
    """
    if project.row.cycle == 0:
        return NOTHING
    found: Measured = site.cache.get(
        ("curve", store.project_id, project.row.cycle, metric, key), lambda: _measure(store, project, keep, metric)
    )
    return found


def _measure(
    store: ProjectStore, project: Project, keep: npt.NDArray[np.bool_] | None = None, metric: str | None = None
) -> Measured:
    newest = Cycle(store, project.row.cycle)
    question = newest.inputs.question(project.primary.id)
    if not newest.has_labels(question):
        return NOTHING
    item_idx, y = newest.labels(question).of(RESERVE)
    order = np.argsort(item_idx)
    item_idx, y = item_idx[order], y[order]
    if keep is not None:
        inside = keep[item_idx]
        item_idx, y = item_idx[inside], y[inside]
    metric = question.metric if metric is None else metric
    kept = kept_models(store, question)
    common = item_idx
    for _, of_model in kept:
        common = np.intersect1d(common, of_model.item_idx)
    if len(common) < ENOUGH or not kept:
        return NOTHING
    truth = y[np.searchsorted(item_idx, common)]
    groups = common if newest.layout.group is None else newest.layout.group[common]
    task, points, losses = question.make_task(), list[CurvePoint](), list[npt.NDArray[np.float64]]()
    for row, of_model in kept:
        predictions = task.take(of_model.predictions, np.searchsorted(of_model.item_idx, common))
        try:
            found = evaluate_reserve(task, truth, predictions, metric=metric, groups=groups)
        except InputError:  # a metric that these labels do not define
            continue
        if not found.bounded:
            continue
        if metric in task.mean_metrics:
            losses.append(np.asarray(task.losses(metric, truth, predictions), dtype=np.float64))
        estimate = EstimateView(
            metric, float(found.value), float(found.low), float(found.high), found.n, row.n_labels, True
        )
        points.append(CurvePoint(row.cycle, row.at, row.n_labels, estimate))
    each = np.array(losses) if len(losses) == len(points) and losses else None
    return Measured(points, each, groups, common, truth)


def kept_models(store: ProjectStore, question: QuestionInputs) -> list[tuple[AnyRow, ReservePredictions]]:
    """Models whose predictions of the reserve are there; those under another schema are left out.

    Where there are many, they are thinned evenly, but for those at the ends of rounds.
    """
    table = t.model
    with store.read() as rows:
        models = rows.all(
            rows.select(table.c.cycle, table.c.n_labels, t.event.c.at)
            .where(table.c.question_id == question.id, t.event.c.seq == table.c.seq)
            .order_by(table.c.cycle)
        )
        ends = rows.scalars(rows.select(t.round_.c.outcome).where(t.round_.c.state == "ended")).all()
    of_rounds = {outcome[name] for outcome in ends for name in ("cycle_before", "cycle_after")}
    found: list[tuple[AnyRow, ReservePredictions]] = []
    step = max(1, -(-len(models) // MOST))
    for k, row in enumerate(models):
        if k % step and k != len(models) - 1 and row.cycle not in of_rounds:
            continue
        cycle = Cycle(store, row.cycle)
        try:
            asked = cycle.inputs.question(question.id)
            of_model = cycle.reserve(asked) if asked.schema == question.schema else None
        except UnavailableError:  # it is not thinned, only away
            raise
        except (LabelwrightError, StopIteration):  # thinned by an earlier version
            continue
        if of_model is not None:
            found.append((row, of_model))
    return found
