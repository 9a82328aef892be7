"""Folds and the one temperature that calibrates raw scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints
from labelwright.tasks.targets import Target


def temperature(target: Target, raw: Floats, y: npt.NDArray[Any], weight: Floats) -> float:
    """The divisor of the raw scores that minimises the log-loss, shrunk towards 1 for few items.

    Parameters
    ----------
    target : Target
    raw : array of shape (n_items, n_outputs)
        Out-of-fold raw scores.
    y : target array of n_items
    weight : array of shape (n_items,)

    Returns
    -------
    temperature : float
        1 + (t - 1) n / (n + 50), where t in [0.05, 20] minimises the log-loss.

    References
    ----------
    Guo, Pleiss, Sun, Weinberger (2017). On calibration of modern neural networks, sec. 4.2.
    """
    from scipy.optimize import minimize_scalar

    if not target.calibrates or not len(y):
        return 1.0

    def loss(log_t: float) -> float:
        return target.loss(raw / np.exp(log_t), y, weight)

    optimum = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded", options={"xatol": 1e-3})
    return float(1 + (np.exp(optimum.x) - 1) * len(y) / (len(y) + 50))


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
