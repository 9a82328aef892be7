"""Out-of-fold calibration and bagged committees, shared by all models."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints
from labelwright.models.calibration import folds, temperature
from labelwright.tasks.base import Task

N_FOLDS = 3

Fit = Callable[[Any, npt.NDArray[Any], Floats], Any]  # items, targets, weights -> learned member
Raw = Callable[[Any, Any], Floats]  # member, items -> (n_items, n_outputs)


@dataclass(frozen=True)
class Calibration:
    """The temperature for a way of fitting, and the log-loss of its out-of-fold predictions at it."""

    temperature: float = 1.0
    loss: float = math.inf


def make_folds(task: Task, y: npt.NDArray[Any], group: Ints, rng: np.random.Generator) -> Ints | None:
    """Folds of whole groups for `calibrate`; None where there is nothing to calibrate or too little to do it with."""
    if not task.target.calibrates or group.max() + 1 < 2 * N_FOLDS:
        return None
    return folds(y, group, N_FOLDS, rng)


def calibrate(
    task: Task, X: Any, y: npt.NDArray[Any], weight: Floats, fold: Ints | None, fit: Fit, raw: Raw
) -> Calibration:
    """Find the temperature on predictions of items that each member was not fitted on."""
    if fold is None:
        return Calibration()
    outputs = np.zeros((len(y), task.n_outputs))
    judged = np.zeros(len(y), dtype=bool)
    for k in range(N_FOLDS):
        rest, held = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        if not task.teachable(y[rest]) or not weight[rest].any():
            continue
        outputs[held] = raw(fit(X[rest], y[rest], weight[rest]), X[held])
        judged[held] = True
    judged &= task.target.judged(outputs, y)
    if not judged.any():
        return Calibration()
    t = temperature(task.target, outputs[judged], y[judged], weight[judged])
    return Calibration(t, task.target.loss(outputs[judged] / t, y[judged], weight[judged]))


def bootstrap_weights(weight: Floats, group: Ints, n_draws: int, rng: np.random.Generator) -> list[Floats]:
    """Weights of ``n_draws`` bootstrap samples of whole groups: counts times the given weights."""
    n_groups = int(group.max()) + 1
    samples: list[Floats] = []
    while len(samples) < n_draws:
        counts = rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups))[group]
        if (counts * weight).any():
            samples.append(counts * weight)
    return samples
