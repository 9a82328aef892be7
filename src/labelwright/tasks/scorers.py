"""Scorers of scikit-learn as metrics of a task."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, complain
from labelwright.stats.sample import Sample
from labelwright.tasks.metrics import Metric
from labelwright.tasks.predictions import Predictions

if TYPE_CHECKING:
    from labelwright.tasks.base import Task
    from labelwright.tasks.measured import Measured

METHODS: Final = ("predict_proba", "decision_function")
OF_NUMBERS: Final = (
    "neg_mean_", "neg_median_", "neg_root_", "neg_max_", "r2", "explained_variance", "d2_absolute", "max_error",
)  # fmt: skip


def scorer_names() -> tuple[str, ...]:
    """The scorers of the installed scikit-learn.

    >>> "neg_log_loss" in scorer_names()
    True
    """
    from sklearn.metrics import get_scorer_names

    return tuple(get_scorer_names())


def is_scorer(name: str) -> bool:
    """Whether scikit-learn has a scorer of this name."""
    return name in scorer_names()


def scorer_metric(
    name: str, task: Measured, *, model: str = "the model", methods: tuple[str, ...] = ("predict_proba",),
    values: npt.NDArray[Any] | None = None,
) -> Metric:  # fmt: skip
    """A scorer of scikit-learn as a metric; greater is better for all of them.

    Parameters
    ----------
    name : str
        One of `scorer_names`.
    task : Task
    model : str
        Of the model, for messages.
    methods : tuple of str
        Those of "predict_proba" and "decision_function" that the model has.
    values : array of shape (n_outputs,), optional
        What each class is called in the scorer's eyes; its position otherwise, so that scorers of two classes take the
        second for the positive one.

    Raises
    ------
    InputError
        If it is a scorer of numbers and the task's answers are none.
    """
    own = cast("Task", task)
    numbers = own.target.pick(codes=False, marks=False, numbers=True)
    if name.startswith(OF_NUMBERS) and not numbers:
        cure = f"The task's own are {', '.join(own.metrics)}."
        raise complain("metrics", "metric", f"one of {own.name}", f"'{name}', which is one of numbers", cure)
    measure = ScikitLearnMetric(name, own, model, methods, values)
    return Metric(name, True, measure, low=-np.inf, high=np.inf)


def fitting_scorer(name: str, task: Measured) -> Metric:
    """A scorer as a metric of a task, tried on a few right answers.

    Raises
    ------
    InputError
        If it does not fit the task's kind of answers.
    """
    metric, own = scorer_metric(name, task), cast("Task", task)
    n = own.n_outputs
    if n > 1 or own.target.pick(codes=False, marks=False, numbers=True):
        y: npt.NDArray[Any] = own.target.pick(
            codes=np.repeat(np.arange(n), 2), marks=np.eye(max(n, 2), n, dtype=np.int64),
            numbers=np.array([0.5, 1.7, 2.1]),
        )  # fmt: skip
        right: Floats = own.target.pick(
            codes=np.repeat(np.eye(n), 2, axis=0), marks=np.eye(max(n, 2), n), numbers=np.array([0.5, 1.7, 2.1])
        )
        metric.figure(y, own.predictions(right), Sample.of(len(y)))
    return metric


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

    def __call__(self, y: npt.NDArray[Any], predictions: Predictions, sample: Sample) -> float:
        """The figure, greater is better; NaN where these items do not define it."""
        from sklearn.metrics import get_scorer

        cure = f"The task's own are {', '.join(self.task.metrics)}."
        estimator = AsEstimator(self.task, predictions, self.methods, self.values)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # of undefined figures, which are NaN
                weights = {"sample_weight": sample.share * len(y)} if sample.weighted else {}
                X = np.zeros((len(y), 1))
                return float(get_scorer(self.metric)(estimator, X, estimator.in_classes(y), **weights))
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

    def predict_proba(self, X: object) -> Floats:
        """Probabilities, (n_items, n_outputs)."""
        return self._proba()

    def decision_function(self, X: object) -> Floats:
        """Probabilities, which rank the items as the model's decision values do; of two classes the second's."""
        proba = self._proba()
        return proba[:, 1] if self._task.one_class and proba.shape[1] == 2 else proba

    def __getattribute__(self, name: str) -> Any:
        """Hide the methods that the model does not have, which scikit-learn looks for by name."""
        if name in METHODS and name not in self.methods:
            raise AttributeError(name)
        return super().__getattribute__(name)

    def _proba(self) -> Floats:
        proba = np.asarray(self._task.proba(self._predictions), dtype=np.float64)
        return proba / proba.sum(axis=1, keepdims=True) if self._task.one_class else proba
