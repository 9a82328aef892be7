"""From raw outputs to predictions, and the one temperature that calibrates them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints
from labelwright.tasks.predictions import Form

NEVER = -1e9  # the raw output of a class that was never seen: its probability is exactly 0


def link(form: Form, raw: Floats) -> Floats:
    """Softmax for classes, logistic for labels, nothing for values; over the last axis.

    >>> link("classes", np.array([[0.0, 0.0, NEVER]]))
    array([[0.5, 0.5, 0. ]])
    """
    if form == "classes":
        odds = np.exp(raw - raw.max(axis=-1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=-1, keepdims=True))
    if form == "labels":
        return np.asarray(0.5 * (1 + np.tanh(0.5 * raw)))  # the logistic function, without overflow
    return raw


def constant(form: Form, y: npt.NDArray[Any], n_outputs: int) -> Floats:
    """Raw outputs of a model that knows no features, (n_outputs,).

    A class seen n times of n gets (n + 1) / (n + n_outputs), the others 1 / (n + n_outputs).
    """
    n_items = len(y)
    if form == "classes":
        counts = np.bincount(y, minlength=n_outputs)
        return np.log((counts + 1) / (n_items + n_outputs))
    if form == "labels":
        yes = y.sum(axis=0, dtype=np.float64)
        return np.asarray(np.log((yes + 1) / (n_items - yes + 1)))
    return np.array([y.mean()])


def temperature(form: Form, raw: Floats, y: npt.NDArray[Any], weight: Floats) -> float:
    """The divisor of the raw outputs that makes them most likely, shrunk towards 1 for few items.

    Parameters
    ----------
    raw : array of shape (n_items, n_outputs)
        Out-of-fold raw outputs.

    Returns
    -------
    temperature : float
        1 + (t - 1) n / (n + 50), where t in [0.05, 20] minimises the log-loss.

    References
    ----------
    Guo, Pleiss, Sun, Weinberger (2017). On calibration of modern neural networks, sec. 4.2.
    """
    from scipy.optimize import minimize_scalar

    if form == "value" or not len(y):
        return 1.0

    def loss(log_t: float) -> float:
        return log_loss(form, raw / np.exp(log_t), y, weight)

    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded", options={"xatol": 1e-3})
    return float(1 + (np.exp(found.x) - 1) * len(y) / (len(y) + 50))


def log_loss(form: Form, raw: Floats, y: npt.NDArray[Any], weight: Floats) -> float:
    """Weighted mean log-loss of raw outputs, over items (and labels).

    >>> round(log_loss("classes", np.array([[0.0, 0.0]]), np.array([1]), np.ones(1)), 4)
    0.6931
    """
    if form == "classes":
        top = raw.max(axis=1, keepdims=True)
        each = np.log(np.exp(raw - top).sum(axis=1)) + top[:, 0] - raw[np.arange(len(y)), y]
    else:
        each = np.logaddexp(0, np.where(y == 1, -raw, raw)).mean(axis=1)
    return float(weight @ each / weight.sum())


def folds(y: npt.NDArray[Any], group: npt.NDArray[Any], n_folds: int, rng: np.random.Generator) -> Ints:
    """A fold for each item, (n_items,): whole groups, spread over the values of y.

    >>> sorted(folds(np.array([0, 0, 0, 1, 1, 1]), np.arange(6), 3, np.random.default_rng(0))[:3].tolist())
    [0, 1, 2]
    """
    n_groups = int(group.max()) + 1
    first = np.full(n_groups, len(group))
    np.minimum.at(first, group, np.arange(len(group)))  # (n_groups,) first item of each group
    key = y[first] if y.ndim == 1 else y[first].sum(axis=1)
    order = np.lexsort((rng.random(n_groups), key))
    fold = np.empty(n_groups, dtype=np.int64)
    fold[order] = np.arange(n_groups) % n_folds
    return np.asarray(fold[group])
