"""Scorers of scikit-learn as metrics of a task, for a model whose methods limit them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import complain
from labelwright.tasks.base import Task
from labelwright.tasks.scorers import METHODS, is_scorer, scorer_metric


def add_metric(task: Task, metric: str, estimator: object, values: npt.NDArray[Any] | None, who: str) -> None:
    """Let the task know a metric by its name, which is its own or that of a scorer of scikit-learn.

    Parameters
    ----------
    task : Task
        Changed: `Task.score` knows the metric afterwards.
    metric : str
        One that `Task.metric` knows. Greater is better for all scorers of scikit-learn.
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
    if metric in task.metrics or not is_scorer(metric):
        task.metric(metric)  # refuses a name that nothing has
        return
    methods = ("predict_proba",) if isinstance(estimator, str) else _methods(estimator)
    name = estimator if isinstance(estimator, str) else type(estimator).__name__
    task.measures[metric] = scorer_metric(metric, task, model=name, methods=methods, values=values)


def check_metric(task: Task, metric: str, y: npt.NDArray[Any], who: str) -> None:
    """Refuse a metric that is not defined where all predictions of these encoded answers are right.

    Raises
    ------
    InputError
        The message holds what the scorer says.
    """
    if metric in task.metrics:
        return
    right = np.eye(task.n_outputs)[y] if task.one_class else y.astype(np.float64)
    if np.isnan(task.score(metric, y, task.predictions(right))):
        raise complain(
            who, "metric", "one that is defined where all predictions are right", repr(metric), "Use another."
        )


def _methods(estimator: object) -> tuple[str, ...]:
    return tuple(name for name in METHODS if hasattr(estimator, name))
