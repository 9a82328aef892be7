"""A metric on the reserve, with its interval."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy.typing as npt

from labelwright.check import check_same_length, complain
from labelwright.evaluation.measure import N_RESAMPLES, Measurement
from labelwright.stats import Estimate
from labelwright.stats.sample import Sample
from labelwright.tasks.base import Task
from labelwright.tasks.metrics import Options
from labelwright.tasks.predictions import Predictions


def evaluate_reserve(
    task: Task,
    y: npt.NDArray[Any],
    predictions: Predictions,
    *,
    metric: str,
    positive: int | None = None,
    groups: npt.NDArray[Any] | None = None,
    level: float = 0.95,
    random_state: int = 0,
    n_resamples: int = N_RESAMPLES,
) -> Estimate:
    """Measure predictions against labels of items that were sampled uniformly at random.

    Parameters
    ----------
    task : Task
    y : encoded answers of n items
    predictions : Predictions of the same items
    metric : str
        Any that `Task.metric` knows.
    positive : int, optional
        Position of the class that metrics of one class look for, where the metric's name does not say it.
    groups : array of shape (n,), optional
        Where groups repeat, the interval is by group.
    level : float
        Of the interval, in (0, 1).
    n_resamples : int
        Of the bootstrap, where one is needed.

    Returns
    -------
    estimate : Estimate
        See `labelwright.evaluation.measure.Measurement` for the intervals. Where too few positives or groups are there
        to know anything, the limits are the bounds of the metric, and the reason says so: no rule can lean on it.

    Raises
    ------
    InputError
        If the metric is not one of the task's, there is no item, or the lengths differ.

    Examples
    --------
    >>> import numpy as np
    >>> from labelwright import tasks
    >>> task = tasks.make("classification", tasks.guess("classification", ["a", "b"]))
    >>> right = task.predictions(np.array([[0.9, 0.1], [0.2, 0.8]], dtype=np.float32))
    >>> print(evaluate_reserve(task, np.array([0, 1]), right, metric="accuracy"))
    1.000 [0.342, 1.000] n=2
    """
    check_same_length("evaluate", y=len(y), predictions=len(predictions))
    measured = task.metric(metric, Options(positive=positive))
    if not len(y):
        raise complain(task.name, "y", "of one item or more", "none")
    sample = Sample.of(len(y), groups=groups, level=level)
    found = Measurement(task, measured, n_resamples, random_state).honest(y, predictions, sample)
    return replace(found, low=measured.low, high=measured.high) if found.reason.code else found
