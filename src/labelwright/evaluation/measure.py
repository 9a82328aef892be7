"""A metric with its interval: the one place that says how the error of each kind of metric is found."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from labelwright.check import Floats, Ints
from labelwright.errors import InputError
from labelwright.stats.estimate import Estimate
from labelwright.stats.intervals import bootstrap, mean_limits
from labelwright.stats.linear import linear_limits
from labelwright.stats.sample import Sample
from labelwright.tasks.base import Task
from labelwright.tasks.metrics import Metric, Truth
from labelwright.tasks.predictions import Predictions
from labelwright.words import NO_REASON, Reason

MIN_GROUPS: Final = 20
N_RESAMPLES: Final = 1000


@dataclass(frozen=True, eq=False)
class Measurement:
    """A metric, and how its interval is made.

    Shares get Wilson's interval, other means and functions of means the delta method on the scale of their bounds,
    metrics with limits of their own those,
    and all others a bootstrap; each by group.

    Parameters
    ----------
    task : Task
    metric : Metric
    n_resamples : int
        Of the bootstrap.
    random_state : int
        Of the bootstrap.
    """

    task: Task
    metric: Metric
    n_resamples: int = N_RESAMPLES
    random_state: int = 0

    def of(self, y: Truth, predictions: Predictions, sample: Sample) -> Estimate:
        """The metric with its interval."""
        metric, n = self.metric, len(y)
        value = metric.figure(y, predictions, sample)
        if metric.parts is not None:
            parts = metric.parts(y, predictions)
            counted = ~np.isnan(parts)
            if not counted.any():
                return Estimate(value, math.nan, math.nan, 0)
            low, high = _of_mean(parts[counted], sample if counted.all() else sample.take(counted), metric)
            return Estimate(value, *_within(low, high, value, metric), int(counted.sum()))
        if metric.limits is not None:
            low, high = metric.limits(y, predictions, sample)
            return Estimate(value, *_within(low, high, value, metric), n)
        found = self._resampled(y, predictions, sample)
        return Estimate(value, *_within(found.low, found.high, value, metric), n)

    def honest(self, y: Truth, predictions: Predictions, sample: Sample) -> Estimate:
        """The metric with its interval, or with the reason why there is none: too few positives, or too few groups."""
        reason = self._refusal(y, predictions, sample)
        if reason.code:
            found = Estimate(self.metric.figure(y, predictions, sample), math.nan, math.nan, len(y))
            return replace(found, reason=reason)
        return self.of(y, predictions, sample)

    def _refusal(self, y: Truth, predictions: Predictions, sample: Sample) -> Reason:
        if self.metric.positives is not None:
            n = int(self.metric.positives(y, predictions).sum())
            if n < self.metric.needed:
                return Reason("few-positives", {"n": n, "needed": self.metric.needed})
        if sample.grouped and sample.n_groups < MIN_GROUPS:
            return Reason("few-groups", {"n": sample.n_groups, "needed": MIN_GROUPS})
        return NO_REASON

    def _resampled(self, y: Truth, predictions: Predictions, sample: Sample) -> Estimate:
        def figure(idx: Ints) -> float:
            share = sample.share[idx]
            try:
                again = Sample(share / share.sum(), np.arange(len(idx)), sample.level)
                return self.metric.figure(y[idx], self.task.take(predictions, idx), again)
            except InputError:  # a resample on which the metric is not defined
                return math.nan

        rng = np.random.default_rng(self.random_state)
        return bootstrap(figure, len(y), rng, groups=sample.group, level=sample.level, n_resamples=self.n_resamples)


def _of_mean(parts: Floats, sample: Sample, metric: Metric) -> tuple[float, float]:
    """Wilson's limits of zeros and ones; else the delta method on the scale of the bounds, as losses are skewed."""
    inside = bool((parts >= metric.low).all() and (parts <= metric.high).all())
    if not inside or sample.n_groups < 2 or np.isin(parts, (0.0, 1.0)).all():
        return mean_limits(parts, sample)
    value = sample.mean(parts)
    return linear_limits(value, parts - value, sample, low=metric.low, high=metric.high)


def _within(low: float, high: float, value: float, metric: Metric) -> tuple[float, float]:
    """Limits that lie between the bounds of the metric and hold its value."""
    if math.isnan(low) or math.isnan(high) or math.isnan(value):
        return math.nan, math.nan
    return min(value, max(low, metric.low)), max(value, min(high, metric.high))
