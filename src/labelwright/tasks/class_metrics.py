"""Metrics of one class an item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from labelwright.check import Floats, complain
from labelwright.tasks import positive
from labelwright.tasks.calibration import calibration_metric
from labelwright.tasks.dense import dense
from labelwright.tasks.metrics import Metric, Options, Truth, mean_metric, number_in, smooth_metric
from labelwright.tasks.positive import Sides, Split, positive_metric
from labelwright.tasks.predictions import Predictions

NAMES: Final = ("brier", "calibration-error", "top-K", "cost:MATRIX", *positive.NAMES)


def class_metric(name: str, options: Options, labels: Mapping[str, int], default: int | None) -> Metric | None:
    """A metric of classification by its name; None if there is none of ours.

    Parameters
    ----------
    name : str
        ``balanced-accuracy``, ``macro-f1``, or one of `NAMES`, where K is a number of classes, LABEL a class, and
        MATRIX a matrix of costs such as ``0,1/5,0``, with a row for each class that an item may have.
    options : Options
    labels : mapping
        Position by name of each class.
    default : int, optional
        The class that is looked for where nothing names one.

    Raises
    ------
    InputError
        If a parameter is missing or not possible.
    """
    n = len(labels)
    if name == "balanced-accuracy":
        return smooth_metric(name, lambda y, p: np.hstack([_marks(y, p, n)[0], _marks(y, p, n)[1]]), _mean_ratio)
    if name == "macro-f1":
        return smooth_metric(name, lambda y, p: _halves(y, p, n), _mean_ratio)
    if name == "brier":
        return mean_metric(name, brier, higher=False, high=1.0 if n == 2 else 2.0)
    if name == "calibration-error":
        return calibration_metric(name)
    if name.startswith("top-"):
        k = int(number_in("top-K", name.removeprefix("top-"), 1, max(n, 1)))
        return mean_metric(name, lambda y, p: _in_top(y, p, k))
    if name.partition(":")[0] == "cost":
        return _cost(name, options, n)
    return positive_metric(name, options, labels, default, _against_rest)


def brier(y: Truth, predictions: Predictions) -> Floats:
    """Squared errors of the probabilities of all classes; of two classes their half, as is usual.

    References
    ----------
    Brier (1950). Verification of forecasts expressed in terms of probability, eq. 2.
    """
    proba = dense(predictions).values.astype(np.float64)
    squares = ((proba - np.eye(proba.shape[1])[y]) ** 2).sum(axis=1)
    return np.asarray(squares / 2 if proba.shape[1] == 2 else squares)


def _against_rest(k: int) -> Split:
    def split(y: Truth, predictions: Predictions) -> Sides:
        proba = dense(predictions).values
        return Sides(y == k, proba[:, k].astype(np.float64), proba.argmax(axis=1) == k)

    return split


def _marks(y: Truth, predictions: Predictions, n: int) -> tuple[Floats, Floats, Floats]:
    """Hits, true and guessed classes as ones, (n_items, n_classes) each."""
    true, guessed = np.eye(n)[y], np.eye(n)[dense(predictions).values.argmax(axis=1)]
    return true * guessed, true, guessed


def _halves(y: Truth, predictions: Predictions, n: int) -> Floats:
    hits, true, guessed = _marks(y, predictions, n)
    return np.hstack([2 * hits, true + guessed])


def _mean_ratio(means: Floats) -> float:
    """The mean over classes of the first half of the means over the second, where that is not 0."""
    above, below = np.split(means, 2)
    occurs = below > 0
    return float((above[occurs] / below[occurs]).mean()) if occurs.any() else np.nan


def _in_top(y: Truth, predictions: Predictions, k: int) -> Floats:
    proba = dense(predictions).values
    own = proba[np.arange(len(y)), y]
    return np.asarray((proba > own[:, None]).sum(axis=1) < k, dtype=np.float64)


def _cost(name: str, options: Options, n: int) -> Metric:
    matrix = options.cost_matrix
    if name.partition(":")[2]:
        rows = [row.split(",") for row in name.partition(":")[2].split("/")]
        matrix = np.array([[number_in("cost", cell, -1e30, 1e30) for cell in row] for row in rows if len(row) == n])
    if matrix is None or np.shape(matrix) != (n, n) or not np.isfinite(matrix).all():
        found = "None" if matrix is None else f"shape {np.shape(matrix)}"
        raise complain(
            "metrics", "the costs", f"finite, of shape ({n}, {n})", found, "Give cost_matrix, or cost:0,1/5,0."
        )
    costs = np.asarray(matrix, dtype=np.float64)

    def paid(y: Truth, predictions: Predictions) -> Floats:
        return np.asarray(costs[y, dense(predictions).values.argmax(axis=1)])

    return mean_metric(name, paid, higher=False, low=0.0 if costs.min() >= 0 else -np.inf, high=np.inf)
