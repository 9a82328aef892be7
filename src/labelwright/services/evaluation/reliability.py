"""Whether probabilities mean what they say, and whether intervals of numbers hold as often as they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.check import Bools, Floats, Ints
from labelwright.errors import InputError
from labelwright.services.evaluation.reserve import OnReserve
from labelwright.services.team.figure import FigureView
from labelwright.stats.estimate import Estimate
from labelwright.stats.intervals import mean_limits
from labelwright.stats.sample import Sample
from labelwright.tasks.dense import dense

MOST_BINS: Final = 10
PER_BIN: Final = 20
LEVELS: Final = (0.5, 0.8, 0.9, 0.95)


@dataclass(frozen=True)
class Bin:
    """Items that the model is about equally sure of, or whose predicted number is about equal.

    Attributes
    ----------
    low, high : float
        The smallest and largest confidence, or prediction.
    predicted : float
        The mean of it.
    figure : FigureView
        The share of these that are right; of numbers, the mean of the label minus the prediction.
    """

    low: float
    high: float
    predicted: float
    figure: FigureView


@dataclass(frozen=True)
class Coverage:
    """How many labels lie in intervals of a level."""

    level: float
    figure: FigureView


@dataclass(frozen=True)
class Reliability:
    """Bins of equally many items; for numbers also how often their intervals hold.

    Attributes
    ----------
    kind : str
        "confidence", of the favoured class; "labels", of each label; "residuals", of numbers.
    coverage : list of Coverage
        Empty where the model gives no intervals.
    """

    kind: str
    bins: list[Bin]
    coverage: list[Coverage]


def reliability(measured: OnReserve) -> Reliability:
    """The table of a reliability diagram, or of residuals."""
    values = dense(measured.predictions).values.astype(np.float64)
    sample = measured.sample
    if measured.y.ndim > 1:
        k = values.shape[1]
        flat = Sample(np.repeat(sample.share / k, k), np.repeat(sample.group, k), sample.level)
        hits = (measured.y == 1).ravel().astype(np.float64)
        return Reliability("labels", _bins(values.ravel(), hits, flat), [])
    if values.ndim > 1:
        hits = (values.argmax(axis=1) == measured.y).astype(np.float64)
        return Reliability("confidence", _bins(values.max(axis=1), hits, sample), [])
    return Reliability("residuals", _bins(values, measured.y - values, sample), _coverage(measured))


def _bins(predicted: Floats, outcome: Floats, sample: Sample) -> list[Bin]:
    found = []
    for here in _cut(predicted):
        part = sample.take(here)
        outcomes = outcome[here]
        value = part.mean(outcomes)
        low, high = mean_limits(outcomes, part)
        estimate = Estimate(value, min(low, value), max(high, value), int(here.sum()))
        inside = predicted[here]
        found.append(Bin(float(inside.min()), float(inside.max()), part.mean(inside), FigureView.of(estimate)))
    return found


def _cut(predicted: Floats) -> list[Bools]:
    """Ten parts of equally many, fewer where they would hold fewer than 20; equal values stay together."""
    n_bins = max(1, min(MOST_BINS, len(predicted) // PER_BIN))
    _, at, counts = np.unique(predicted, return_inverse=True, return_counts=True)
    before = np.cumsum(counts) - counts
    bins: Ints = np.minimum(before[at] * n_bins // len(predicted), n_bins - 1).astype(np.int64)
    return [np.asarray(bins == k) for k in np.unique(bins)]


def _coverage(measured: OnReserve) -> list[Coverage]:
    try:
        metrics = [(level, measured.task.metric(f"coverage:{level}")) for level in LEVELS]
        metrics[0][1].figure(measured.y, measured.predictions, measured.sample)
    except InputError:  # no committee
        return []
    return [Coverage(level, measured.figure(metric)) for level, metric in metrics]
