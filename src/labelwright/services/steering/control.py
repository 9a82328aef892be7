"""The control arm against the policy: how many of the policy's labels its random labels are worth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine import controls
from labelwright.engine.cycle import Cycle, ReservePredictions
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.project import Project
from labelwright.errors import InputError
from labelwright.evaluation import evaluate_reserve
from labelwright.evaluation.control import MIN_POINTS, EqualLabels, equal_labels, equal_labels_of
from labelwright.loop.state import TRAIN
from labelwright.loop.steps import ENOUGH
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.steering import curves
from labelwright.services.steering.curves import Measured
from labelwright.services.steering.estimates import EstimateView
from labelwright.store.project import ProjectStore
from labelwright.tasks import Predictions, Task
from labelwright.words import Figure, Reason, in_words

MOST_SLOW: Final = 20  # served models that are resampled where the metric is no mean over items


@dataclass(frozen=True)
class EqualView:
    """Labels of the policy that the arm's labels are worth.

    Attributes
    ----------
    value, low, high : float, optional
        None where the curve does not go so far; 0 where its first model was better already.
    first, last : int
        Labels of the first and the last served model.
    saving, saving_low, saving_high : float, optional
        Share of the random labels that the policy saves, below 0 where it needs more; None unless both bounds are
        known.
    """

    n_arm: int
    value: float | None
    low: float | None
    high: float | None
    first: int
    last: int
    n: int
    saving: float | None
    saving_low: float | None
    saving_high: float | None


@dataclass(frozen=True)
class Control:
    """The control arm of a project.

    Attributes
    ----------
    sentence : str
    n_arm : int
        Labels in the arm.
    needed : int
        Labels that its first model takes.
    points : list of EstimateView
        Its kept models on the reserve labels of today, by labels.
    equal : EqualView, optional
        Of the newest of them.
    """

    sentence: str
    n_arm: int
    needed: int
    points: list[EstimateView]
    equal: EqualView | None


@dataclass(frozen=True)
class Arm:
    """What is measured of an arm.

    Attributes
    ----------
    n_labels, n_answers : int
        Labels, and different answers among them, two at most.
    points : list of EstimateView
    equal : EqualLabels, optional
    """

    n_labels: int
    n_answers: int
    points: list[EstimateView]
    equal: EqualLabels | None


def show(site: Site, slug: str) -> Control:
    """The arm, its models, and what its labels are worth."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
    arm = measured(site, store, project)
    view = None if arm.equal is None else view_of(arm.equal)
    sentence = in_words(reason(arm, _is_trained(store, project)))
    return Control(sentence, arm.n_labels, controls.LEAST, arm.points, view)


def measured(site: Site, store: ProjectStore, project: Project) -> Arm:
    """The arm and its models, measured once for each ranking and each model of the arm."""
    if project.row.cycle == 0:
        return Arm(0, 0, [], None)
    with store.read() as rows:
        n_models = len(controls.recorded(rows, project.primary.id))
    key = ("control", store.project_id, project.row.cycle, n_models)
    found: Arm = site.cache.get(key, lambda: _measure(site, store, project))
    return found


def reason(arm: Arm, trained: bool) -> Reason:
    """What the arm says, as far as it can be said.

    >>> str(reason(Arm(12, 2, [], None), False))
    'The control arm holds 12 of 30 random labels; a model of its own comes then.'
    >>> equal = EqualLabels(61, 60.2, 40.4, 119.6, 20, 400, 120, 0.95)
    >>> str(reason(Arm(61, 2, [], equal), True))[:78]
    '61 random labels are worth 60 of those that the policy asked for (40 to 120), '
    """
    if arm.equal is not None:
        return _worth(arm.equal)
    n_arm: dict[str, Figure] = {"n_arm": arm.n_labels}
    if trained:
        return Reason("control-unmeasured", {**n_arm, "min_reserve": ENOUGH, "min_models": MIN_POINTS})
    if arm.n_labels < controls.LEAST:
        return Reason("control-few", {**n_arm, "needed": controls.LEAST})
    return Reason("control-one-class" if arm.n_answers < 2 else "control-waiting", n_arm)


def _worth(equal: EqualLabels) -> Reason:
    figures: dict[str, Figure] = {"n_arm": equal.n_arm, "n": equal.n}
    if equal.low == 0 and math.isinf(equal.high):
        return Reason("control-open", {**figures, "first": equal.first, "last": equal.last})
    if equal.value == 0:
        bound = f"at most {equal.high or equal.first:.0f}"
        return Reason("control-fewer", {**figures, "first": equal.first, "bound": bound})
    if math.isinf(equal.value):
        bound = f"at least {min(equal.low, equal.last):.0f}"
        return Reason("control-more", {**figures, "last": equal.last, "bound": bound})
    low = f"{equal.low:.0f}" if equal.low > 0 else f"fewer than {equal.first}"
    high = f"{equal.high:.0f}" if math.isfinite(equal.high) else f"more than {equal.last}"
    return Reason("control-equal", {**figures, "value": f"{equal.value:.0f}", "low": low, "high": high})


def view_of(equal: EqualLabels) -> EqualView:
    value, low, high = (n if math.isfinite(n) else None for n in (equal.value, equal.low, equal.high))
    saving = equal.saving if equal.bounded else (None, None, None)
    return EqualView(equal.n_arm, value, low, high, equal.first, equal.last, equal.n, *saving)


def _is_trained(store: ProjectStore, project: Project) -> bool:
    with store.read() as rows:
        return bool(controls.recorded(rows, project.primary.id))


def _measure(site: Site, store: ProjectStore, project: Project) -> Arm:
    newest = Cycle(store, project.row.cycle)
    question = newest.inputs.question(project.primary.id)
    if not newest.has_labels(question):
        return Arm(0, 0, [], None)
    y = controls.arm_labels(newest).of(TRAIN)[1]
    n_answers = min(2, len(np.unique(y, axis=0)))
    curve = curves.measured(site, store, project)
    points: list[EstimateView] = []
    equal = None
    for n_labels, of_arm in _arm_models(store, question) if curve.points else []:
        found = _Measuring(question.make_task(), question.metric, curve, of_arm)
        estimate = found.estimate(n_labels)
        if estimate is not None:
            points.append(estimate)
            equal = found.equal(store, question, n_labels)
    return Arm(len(y), n_answers, points, equal)


def _arm_models(store: ProjectStore, question: QuestionInputs) -> list[tuple[int, ReservePredictions]]:
    """Models of the arm whose predictions are kept, under the schema of today."""
    with store.read() as rows:
        bodies = controls.recorded(rows, question.id)
    found: list[tuple[int, ReservePredictions]] = []
    for body in bodies:
        cycle = Cycle(store, body.cycle)
        asked = cycle.inputs.question(question.id)
        of_arm = cycle.control(asked) if asked.schema == question.schema else None
        if of_arm is not None:
            found.append((body.n_labels, of_arm))
    return found


class _Measuring:
    """One model of the arm on the labels that the curve stands on, as far as it predicted these items."""

    def __init__(self, task: Task, metric: str, curve: Measured, of_arm: ReservePredictions) -> None:
        self.task, self.metric, self.curve, self.of_arm = task, metric, curve, of_arm
        self.at = np.flatnonzero(np.isin(curve.item_idx, of_arm.item_idx))
        self.items, self.groups = curve.item_idx[self.at], curve.groups[self.at]
        self.truth = curve.truth[self.at]
        self.predictions = self._taken(of_arm)

    def estimate(self, n_labels: int) -> EstimateView | None:
        """The figure with its interval; None on fewer than 30 labels."""
        if len(self.at) < ENOUGH:
            return None
        try:
            found = evaluate_reserve(self.task, self.truth, self.predictions, metric=self.metric, groups=self.groups)
        except InputError:
            return None
        return EstimateView.of(self.metric, found, n_labels) if found.bounded else None

    def equal(self, store: ProjectStore, question: QuestionInputs, n_labels: int) -> EqualLabels | None:
        """What the labels are worth; None with fewer than three served models."""
        points = self.curve.points
        models = np.array([point.n_labels for point in points], dtype=np.int64)
        if len(np.unique(models)) < MIN_POINTS:
            return None
        higher = self.task.higher_is_better(self.metric)
        if self.curve.losses is not None:
            losses = np.asarray(self.task.losses(self.metric, self.truth, self.predictions), dtype=np.float64)
            return equal_labels(
                n_labels, models, self.curve.losses[:, self.at], losses, groups=self.groups, higher=higher
            )
        some = np.unique(np.linspace(0, len(points) - 1, min(len(points), MOST_SLOW)).astype(np.int64))
        cycles = {points[k].cycle for k in some.tolist()}
        served = [self._taken(model) for row, model in curves.kept_models(store, question) if row.cycle in cycles]
        every = [*served, self.predictions]

        def figures(idx: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
            return np.array([self._figure(self.truth[idx], self.task.take(model, idx)) for model in every])

        return equal_labels_of(n_labels, models[some], figures, len(self.at), groups=self.groups, higher=higher)

    def _figure(self, y: npt.NDArray[np.generic], predictions: Predictions) -> float:
        try:
            return float(self.task.score(self.metric, y, predictions))
        except InputError:  # a resample that does not define the metric
            return math.nan

    def _taken(self, model: ReservePredictions) -> Predictions:
        return self.task.take(model.predictions, np.searchsorted(model.item_idx, self.items))
