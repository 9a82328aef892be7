"""Scorers of scikit-learn as metrics of a task, beside the task's own."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from sklearn.utils.metaestimators import available_if

from labelwright.check import Floats, complain
from labelwright.registry import unknown
from labelwright.tasks.base import Task
from labelwright.tasks.predictions import Predictions

Method = TypeVar("Method", bound=Callable[..., object])


def _available_if_model_has(name: str) -> Callable[[Method], Method]:
    """Decorator that hides a method of `AsEstimator` where the model does not have it."""
    return cast(Callable[[Method], Method], available_if(lambda estimator: name in estimator.methods))


def add_metric(task: Task, metric: str, estimator: object, values: npt.NDArray[Any] | None, who: str) -> None:
    """Let the task know a metric by its name, which is its own or that of a scorer of scikit-learn.

    Parameters
    ----------
    task : Task
        Changed: `Task.score` knows the metric afterwards.
    metric : str
        One of ``task.metrics``, or of ``sklearn.metrics.get_scorer_names()``. Greater is better for all scorers.
    estimator : object
        Whose methods limit the scorers, or the name of a model of ours.
    values : array of shape (n_outputs,), optional
        The user's own class values in schema order, as scorers see them.

    Raises
    ------
    InputError
        If there is no such metric; the message names the nearest.

    Examples
    --------
    >>> from labelwright import tasks
    >>> task = tasks.make("classification", tasks.guess("classification", ["a", "b"]))
    >>> add_metric(task, "f1_macro", "linear", None, "simulate")
    >>> task.score("f1_macro", np.array([0, 1]), task.predictions(np.array([[0.9, 0.1], [0.2, 0.8]])))
    1.0
    """
    if metric in task.metrics:
        return
    from sklearn.metrics import get_scorer_names

    names = get_scorer_names()
    if metric not in names:
        listing = f"{', '.join(task.metrics)}, and sklearn.metrics.get_scorer_names()"
        raise unknown(who, "metric", metric, [*task.metrics, *names], listing)
    methods = ("predict_proba",) if isinstance(estimator, str) else _methods(estimator)
    name = estimator if isinstance(estimator, str) else type(estimator).__name__
    task.measures[metric] = ScikitLearnMetric(metric, task, name, methods, values)


def check_metric(task: Task, metric: str, y: npt.NDArray[Any], who: str) -> None:
    """Refuse a metric that is not defined where all predictions of these encoded answers are right.

    Raises
    ------
    InputError
        The message holds what the scorer says.
    """
    if metric not in task.measures:
        return
    right = np.eye(task.n_outputs)[y] if task.one_class else y.astype(np.float64)
    if np.isnan(task.score(metric, y, task.predictions(right))):
        raise complain(
            who, "metric", "one that is defined where all predictions are right", repr(metric), "Use another."
        )


@dataclass(frozen=True, eq=False)
class ScikitLearnMetric:
    """A scorer of scikit-learn, which is shown predictions in place of an estimator.

    Parameters
    ----------
    metric : str
        Name of the scorer.
    task : Task
    name : str
        Of the model, for messages.
    methods : tuple of str
        Those of "predict_proba" and "decision_function" that the model has.
    values : array of shape (n_outputs,), optional
        What each class is called in the scorer's eyes; its position otherwise.
    """

    metric: str
    task: Task
    name: str
    methods: tuple[str, ...]
    values: npt.NDArray[Any] | None

    def __call__(self, y: npt.NDArray[Any], predictions: Predictions) -> float:
        """The figure, greater is better; NaN where these items do not define it."""
        from sklearn.metrics import get_scorer

        cure = f"The task's own are {', '.join(self.task.metrics)}."
        estimator = AsEstimator(self.task, predictions, self.methods, self.values)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # of undefined figures, which are NaN
                return float(get_scorer(self.metric)(estimator, np.zeros((len(y), 1)), estimator.in_classes(y)))
        except AttributeError as error:
            needed = str(error).rsplit(": ")[-1].rstrip(".")
            found = f"'{self.metric}', which needs {needed}"
            raise complain("metrics", "metric", f"one that {self.name}'s methods allow", found, cure) from error
        except (TypeError, ValueError) as error:
            reason = " ".join(str(error).split())[:200].rstrip(".")
            found = f"'{self.metric}', which says: {reason}"
            raise complain("metrics", "metric", "one that fits the labels", found, cure) from error


class AsEstimator:
    """Predictions that were made, in the form of a fitted estimator of scikit-learn."""

    def __init__(
        self, task: Task, predictions: Predictions, methods: tuple[str, ...], values: npt.NDArray[Any] | None
    ) -> None:
        self._task, self._predictions, self.methods = task, predictions, methods
        classes = np.arange(task.n_outputs) if values is None else values
        marks = [np.arange(2)] * task.n_outputs
        self.classes_: Any = task.target.pick(codes=classes, marks=marks, numbers=None)

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, RegressorTags, Tags, TargetTags

        if self.classes_ is None:
            return Tags("regressor", TargetTags(required=True), regressor_tags=RegressorTags())
        return Tags("classifier", TargetTags(required=True), classifier_tags=ClassifierTags())

    def fit(self, X: object, y: object) -> AsEstimator:
        """Scikit-learn asks for this method before it takes an object for an estimator."""
        return self

    def predict(self, X: object) -> npt.NDArray[Any]:
        """The answers, in the user's own classes."""
        return self.in_classes(self._task.answer(self._predictions))

    def in_classes(self, y: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Encoded answers in the user's own classes."""
        return np.asarray(self.classes_)[y] if self._task.one_class else y

    @_available_if_model_has("predict_proba")
    def predict_proba(self, X: object) -> Floats:
        """Probabilities, (n_items, n_outputs), if the model has them."""
        return self._proba()

    @_available_if_model_has("decision_function")
    def decision_function(self, X: object) -> Floats:
        """Probabilities, which rank the items as the model's decision values do; of two classes the second's."""
        proba = self._proba()
        return proba[:, 1] if self._task.one_class and proba.shape[1] == 2 else proba

    def _proba(self) -> Floats:
        proba = np.asarray(self._task.proba(self._predictions), dtype=np.float64)
        return proba / proba.sum(axis=1, keepdims=True) if self._task.one_class else proba


def _methods(estimator: object) -> tuple[str, ...]:
    return tuple(name for name in ("predict_proba", "decision_function") if hasattr(estimator, name))
