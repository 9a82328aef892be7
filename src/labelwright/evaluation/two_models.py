"""Two models on the same labels: how much better the second one is, and which difference could be seen at all."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Ints
from labelwright.errors import InputError
from labelwright.stats.estimate import Estimate
from labelwright.stats.intervals import bootstrap, normal_quantile
from labelwright.stats.paired import detectable, paired_difference
from labelwright.tasks import Predictions, Task

POWER = 0.8


def difference(
    task: Task, metric: str, y: npt.NDArray[Any], first: Predictions, second: Predictions, *, groups: Ints,
    seed: int = 0,
) -> Estimate:  # fmt: skip
    """The metric of the second model less that of the first, paired by item, by group where items belong together.

    Parameters
    ----------
    y : array of shape (n_items, ...)
        Encoded answers.
    first, second : Predictions of the same items
    groups : int64 array of shape (n_items,)
        Items that must not be taken apart.
    seed : int
        Of the bootstrap, for metrics that are no mean over items.

    Returns
    -------
    estimate : Estimate
        In units of the metric; above 0 where the second model has the larger value, whether that is good or bad.

    Raises
    ------
    InputError
        If these labels do not define the metric.

    Examples
    --------
    >>> from labelwright.tasks import make
    >>> task = make("classification", {"labels": [{"id": "a", "name": "a"}, {"id": "b", "name": "b"}]})
    >>> y = np.array([0, 1, 0, 1])
    >>> good, bad = (task.unpack({"values": np.array(p, np.float32)}) for p in ([[1, 0], [0, 1]] * 2, [[0, 1]] * 4))
    >>> difference(task, "accuracy", y, bad, good, groups=np.arange(4)).value
    0.5
    """
    if metric in task.mean_metrics:
        return paired_difference(_losses(task, metric, y, second) - _losses(task, metric, y, first), groups)

    def figure(idx: Ints) -> float:
        try:
            one, two = (float(task.score(metric, y[idx], task.take(model, idx))) for model in (first, second))
        except InputError:
            return math.nan
        return two - one

    task.score(metric, y, first)
    return bootstrap(figure, len(y), np.random.default_rng(seed), groups=groups)


def smallest(
    task: Task, metric: str, y: npt.NDArray[Any], first: Predictions, second: Predictions, *, groups: Ints
) -> float | None:  # fmt: skip
    """The true difference that is found in four of five comparisons of two models that differ as these do.

    Returns
    -------
    difference : float or None
        In units of the metric, above 0; None where the two models say the same of every item, or where it cannot be
        computed.
    """
    if metric in task.mean_metrics:
        losses = _losses(task, metric, y, second) - _losses(task, metric, y, first)
        return detectable(losses, groups, power=POWER) or None
    found = difference(task, metric, y, first, second, groups=groups)
    if not found.known or found.high <= found.low:
        return None
    error = (found.high - found.low) / 2 / normal_quantile(0.95)
    return error * (normal_quantile(0.95) + normal_quantile(2 * POWER - 1))


def _losses(task: Task, metric: str, y: npt.NDArray[Any], model: Predictions) -> npt.NDArray[np.float64]:
    return np.asarray(task.losses(metric, y, model), dtype=np.float64)
