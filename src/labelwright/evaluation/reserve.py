"""A metric on the reserve, with its interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Ints, check_same_length
from labelwright.errors import InputError
from labelwright.stats import Estimate, bootstrap, mean_interval
from labelwright.tasks.base import Task
from labelwright.tasks.predictions import Predictions


def evaluate_reserve(
    task: Task,
    y: npt.NDArray[Any],
    predictions: Predictions,
    *,
    metric: str,
    groups: npt.NDArray[Any] | None = None,
    level: float = 0.95,
    random_state: int = 0,
    n_resamples: int = 1000,
) -> Estimate:
    """Measure predictions against labels of items that were sampled uniformly at random.

    Parameters
    ----------
    task : Task
    y : encoded answers of n items
    predictions : Predictions of the same items
    metric : str
        One of ``task.metrics``.
    groups : array of shape (n,), optional
        Where groups repeat, the interval is by group.
    level : float
        Of the interval, in (0, 1).
    n_resamples : int
        Of the bootstrap, where one is needed.

    Returns
    -------
    estimate : Estimate
        Means over items: Wilson's interval at the effective number for hits and misses, a normal one
        otherwise. Other metrics: percentile bootstrap over groups.

    Raises
    ------
    InputError
        If the metric is not one of the task's, there is no item, or the lengths differ.

    Examples
    --------
    >>> from labelwright import tasks
    >>> task = tasks.make("classification", tasks.guess("classification", ["a", "b"]))
    >>> right = task.predictions(np.array([[0.9, 0.1], [0.2, 0.8]], dtype=np.float32))
    >>> print(evaluate_reserve(task, np.array([0, 1]), right, metric="accuracy"))
    1.000 [0.342, 1.000] n=2
    """
    check_same_length("evaluate", y=len(y), predictions=len(predictions))
    task.higher_is_better(metric)
    if metric in task.mean_metrics and len(y):
        return mean_interval(task.losses(metric, y, predictions), groups, level=level)

    def figure(idx: Ints) -> float:
        try:
            return task.score(metric, y[idx], task.take(predictions, idx))
        except InputError:  # a resample on which the metric is not defined
            return float("nan")

    task.score(metric, y, predictions)
    rng = np.random.default_rng(random_state)
    return bootstrap(figure, len(y), rng, groups=groups, level=level, n_resamples=n_resamples)
