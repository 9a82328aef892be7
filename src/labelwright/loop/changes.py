"""How two models differ: on unlabeled items, and on the labels of the reserve."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_same_length
from labelwright.errors import InputError
from labelwright.stats.paired import clustered_error
from labelwright.tasks.base import Task
from labelwright.tasks.predictions import Predictions

N_RESAMPLES = 200


@dataclass(frozen=True)
class Difference:
    """How much better the later model is, its standard error, and the pairs it was measured on."""

    change: float
    error: float
    n: int


def paired_change(
    task: Task,
    metric: str,
    y: npt.NDArray[np.generic],
    earlier: Predictions,
    later: Predictions,
    groups: npt.NDArray[np.generic] | None = None,
) -> Difference:
    """How much better the later of two models is, on the same items that were sampled at random.

    Parameters
    ----------
    task : Task
    metric : str
        One that the task knows.
    y : encoded answers of n items
    earlier, later : Predictions of the same n items
    groups : array of shape (n,), optional
        Items that belong together are one pair.

    Returns
    -------
    Difference
        In units of the metric, above 0 if the later is better, also of an error such as mae. Means over items: the
        standard error of paired differences; others: the bootstrap over groups.

    Examples
    --------
    >>> from labelwright import tasks
    >>> task = tasks.make("classification", tasks.guess("classification", ["a", "b"]))
    >>> old, new = (task.predictions(np.array([[0.9, 0.1], p], dtype=np.float32)) for p in ([0.8, 0.2], [0.2, 0.8]))
    >>> paired_change(task, "accuracy", np.array([0, 1]), old, new)
    Difference(change=0.5, error=0.5, n=2)
    """
    check_same_length("paired_change", y=len(y), earlier=len(earlier), later=len(later))
    sign = 1.0 if task.higher_is_better(metric) else -1.0
    unit: Ints = np.arange(len(y)) if groups is None else np.unique(groups, return_inverse=True)[1]
    n_units = len(np.unique(unit))
    if metric in task.mean_metrics:
        delta = sign * (task.losses(metric, y, later) - task.losses(metric, y, earlier))  # (n,)
        error, _ = clustered_error(delta, unit)
        return Difference(float(delta.mean()), error, n_units)

    def change(idx: Ints) -> float:
        try:
            new, old = (task.score(metric, y[idx], task.take(model, idx)) for model in (later, earlier))
        except InputError:  # a resample on which the metric is not defined
            return math.nan
        return sign * (new - old)

    rng = np.random.default_rng(0)
    members = [np.flatnonzero(unit == g) for g in range(n_units)]
    samples = (rng.integers(0, n_units, n_units) for _ in range(N_RESAMPLES))
    found = [change(np.concatenate([members[g] for g in sample])) for sample in samples]
    known = np.array(found)[np.isfinite(found)]
    return Difference(change(np.arange(len(y))), float(known.std(ddof=1)) if len(known) > 1 else math.nan, n_units)


def agreement(earlier: npt.NDArray[np.generic], later: npt.NDArray[np.generic]) -> tuple[float, float]:
    """Agreement of two models' answers beyond chance, and the share of answers that changed.

    Parameters
    ----------
    earlier, later : arrays of shape (n_items,), or (n_items, n_labels) of marks
        Answers to the same items: classes, numbers (float) or marks.

    Returns
    -------
    kappa : float
        At most 1. Classes: Cohen's kappa; marks: the same over all marks; numbers: Lin's concordance coefficient, which
        is kappa with squared distances. 1 where both give one answer to everything.
    changed : float
        In [0, 1]; of an item with several marks, any of them.

    References
    ----------
    Cohen (1960). A coefficient of agreement for nominal scales; Lin (1989). A concordance correlation coefficient to
    evaluate reproducibility, Biometrics 45.

    Examples
    --------
    >>> agreement(np.array(["a", "a", "b", "b"]), np.array(["a", "a", "b", "a"]))
    (0.5, 0.25)
    """
    check_same_length("agreement", earlier=len(earlier), later=len(later))
    if not len(earlier):
        return math.nan, math.nan
    differs = (earlier != later).reshape(len(earlier), -1)
    changed = float(differs.any(axis=1).mean())
    if earlier.dtype.kind == "f":
        return _concordance(np.asarray(earlier, dtype=float), np.asarray(later, dtype=float)), changed
    _, codes = np.unique(np.concatenate([earlier.ravel(), later.ravel()]), return_inverse=True)
    first, second = np.split(codes, 2)
    n_classes = int(codes.max()) + 1
    share = [np.bincount(part, minlength=n_classes) / len(part) for part in (first, second)]
    by_chance, observed = float(share[0] @ share[1]), float((first == second).mean())
    return (observed - by_chance) / (1 - by_chance) if by_chance < 1 else 1.0, changed


def _concordance(first: Floats, second: Floats) -> float:
    spread = float(first.var() + second.var() + (first.mean() - second.mean()) ** 2)
    return 1.0 if spread == 0 else float(2 * np.mean((first - first.mean()) * (second - second.mean()))) / spread


def mean_doubt(task: Task, predictions: Predictions) -> float:
    """Mean entropy of predictions as a share of the largest, in [0, 1]; NaN where they are no probabilities.

    >>> from labelwright import tasks
    >>> task = tasks.make("classification", tasks.guess("classification", ["a", "b"]))
    >>> mean_doubt(task, task.predictions(np.array([[0.5, 0.5], [1.0, 0.0]], dtype=np.float32)))
    0.5
    """
    try:
        proba = np.asarray(task.proba(predictions), dtype=float)
    except InputError:
        return math.nan
    if proba.ndim != 2 or not task.target.pick(codes=True, marks=True, numbers=False):
        return math.nan
    from scipy.special import entr

    if task.one_class:
        return float((entr(proba).sum(axis=1) / math.log(proba.shape[1])).mean())
    return float(((entr(proba) + entr(1 - proba)) / math.log(2)).mean())
