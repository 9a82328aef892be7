"""How far a model's confidence is from the share of its hits."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from labelwright.check import Floats
from labelwright.stats.sample import Sample
from labelwright.tasks.dense import dense
from labelwright.tasks.metrics import Metric, Truth
from labelwright.tasks.predictions import Predictions

N_BINS: Final = 10  # with equally many items each
N_RESAMPLES: Final = 1000


def calibration_metric(name: str) -> Metric:
    """The calibration error as a metric, with its interval."""
    return Metric(name, False, calibration_error, limits=calibration_limits)


def calibration_error(y: Truth, predictions: Predictions, sample: Sample) -> float:
    """The root mean squared calibration error of the favoured class, without the part that is noise.

    Items are cut into ten bins of equally many by their confidence. Squared differences between mean confidence and
    share of hits are averaged with the bins' weights, less the variance of each difference (by group). Without that
    correction a perfectly calibrated model has an error of about 0.06 at 400 items; with it the square is without bias,
    and 0 stands for a negative one. Within a bin errors of opposite sign cancel, so that it is a lower bound.

    References
    ----------
    Kumar, Liang, Ma (2019). Verified uncertainty calibration, sec. 4.1 (debiased estimator); bins of equal mass: Nixon
    and others (2019). Measuring calibration in deep learning, sec. 3.

    Examples
    --------
    >>> from labelwright import tasks
    >>> task = tasks.make("classification", tasks.guess("classification", ["a", "b"]))
    >>> said = task.predictions(np.tile([0.8, 0.2], (8, 1)))
    >>> y = np.array([0, 0, 0, 0, 1, 1, 1, 1])  # said 0.8, right in 0.5: 0.3 ** 2 - 0.25 / 7
    >>> round(task.score("calibration-error", y, said) ** 2, 4)
    0.0543
    """
    weight, gap = _by_group(y, predictions, sample)
    return math.sqrt(max(0.0, _corrected(weight, gap)))


def calibration_limits(y: Truth, predictions: Predictions, sample: Sample) -> tuple[float, float]:
    """Its interval: a bootstrap over groups of the squared error, moved to the estimate without noise."""
    weight, gap = _by_group(y, predictions, sample)
    n_groups = len(weight)
    counts = np.random.default_rng(0).multinomial(n_groups, np.full(n_groups, 1 / n_groups), N_RESAMPLES)
    weights, gaps = counts @ weight, counts @ gap  # (n_resamples, n_bins)
    squares = (gaps**2 / np.where(weights > 0, weights, 1.0)).sum(axis=1) / weights.sum(axis=1)
    low, high = np.quantile(squares, [0.5 - sample.level / 2, 0.5 + sample.level / 2]) - squares.mean()
    centre = _corrected(weight, gap)
    return math.sqrt(max(0.0, centre + float(low))), math.sqrt(max(0.0, centre + float(high)))


def _by_group(y: Truth, predictions: Predictions, sample: Sample) -> tuple[Floats, Floats]:
    """The weight of each group's items in each bin, and what confidence exceeds hits by; (n_groups, n_bins) each."""
    proba = dense(predictions).values.astype(np.float64)
    sure, hit = proba.max(axis=1), (proba.argmax(axis=1) == y).astype(np.float64)
    at = np.unique(sure, return_inverse=True)[1]
    here = np.bincount(at, sample.share)
    bins = np.minimum(((np.cumsum(here) - here)[at] * N_BINS + 1e-9).astype(np.int64), N_BINS - 1)
    cell, size = sample.group * N_BINS + bins, sample.n_groups * N_BINS
    weight, gap = (np.bincount(cell, part, size) for part in (sample.share, sample.share * (sure - hit)))
    return weight.astype(np.float64).reshape(-1, N_BINS), gap.astype(np.float64).reshape(-1, N_BINS)


def _corrected(weight: Floats, gap: Floats) -> float:
    total = weight.sum(axis=0)  # (n_bins,)
    safe = np.where(total > 0, total, 1.0)  # a bin may hold no item
    mean = gap.sum(axis=0) / safe
    n = (weight > 0).sum(axis=0)
    noise = ((gap - weight * mean) ** 2).sum(axis=0) * n / np.maximum(n - 1, 1) / safe**2
    return float((total * (mean**2 - noise)).sum())
