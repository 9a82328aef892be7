"""What a metric is: its figure, which items it rests on, and how its error is found."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Bools, Floats, check_between, complain
from labelwright.stats.linear import linear_limits, of_means
from labelwright.stats.sample import Sample
from labelwright.tasks.predictions import Predictions

Truth = npt.NDArray[Any]
"""Encoded answers, one row an item."""
Figure = Callable[[Truth, Predictions, Sample], float]
Parts = Callable[[Truth, Predictions], Floats]
Limits = Callable[[Truth, Predictions, Sample], tuple[float, float]]


@dataclass(frozen=True)
class Options:
    """What some metrics need to know beside their name.

    Parameters
    ----------
    positive : int, optional
        Position of the class, or of the label, that is looked for.
    threshold : float, optional
        Scores of the positive class from which an item counts as found.
    recall, precision : float, optional
        The share, in (0, 1], at which the other is measured.
    cost_matrix : float array of shape (n_classes, n_classes), optional
        What an item of the class in the row costs if it is taken for the class in the column.
    """

    positive: int | None = None
    threshold: float | None = None
    recall: float | None = None
    precision: float | None = None
    cost_matrix: Floats | None = None

    def __post_init__(self) -> None:
        for name in ("recall", "precision"):
            value = getattr(self, name)
            if value is not None:
                check_between("metrics", name, value, 1e-9, 1.0)


@dataclass(frozen=True, eq=False)
class Metric:
    """One metric of a task.

    Parameters
    ----------
    name : str
    higher_is_better : bool
    figure : callable
        The metric of encoded answers, predictions and their sample; NaN where these items do not define it.
    parts : callable, optional
        Each item's part, (n_items,), of a metric that is a mean over items. NaN marks items that do not count, such as
        items that are not found, for precision.
    limits : callable, optional
        Its interval. Without it and without parts the interval is a bootstrap.
    low, high : float
        Bounds of the figure.
    positives : callable, optional
        The items that it rests on, such as the positives, (n_items,); too few of them give no interval.
    needed : int
        How many of them it takes.
    """

    name: str
    higher_is_better: bool
    figure: Figure
    parts: Parts | None = None
    limits: Limits | None = None
    low: float = 0.0
    high: float = 1.0
    positives: Callable[[Truth, Predictions], Bools] | None = None
    needed: int = 10


def mean_metric(
    name: str, parts: Parts, *, higher: bool = True, positives: Callable[[Truth, Predictions], Bools] | None = None,
    low: float = 0.0, high: float = 1.0,
) -> Metric:  # fmt: skip
    """A metric that is a mean over items, or over those of them whose part is not NaN."""

    def figure(y: Truth, predictions: Predictions, sample: Sample) -> float:
        values = parts(y, predictions)
        counted = ~np.isnan(values)
        if not sample.share[counted].sum() > 0:
            return math.nan
        return sample.take(counted).mean(values[counted])

    return Metric(name, higher, figure, parts=parts, low=low, high=high, positives=positives)


def smooth_metric(
    name: str, parts: Callable[[Truth, Predictions], Floats], of: Callable[[Floats], float], *, higher: bool = True,
    low: float = 0.0, high: float = 1.0, positives: Callable[[Truth, Predictions], Bools] | None = None,
) -> Metric:  # fmt: skip
    """A metric that is a smooth function of means over items, such as F1.

    Parameters
    ----------
    parts : callable
        What is averaged, (n_items, n_parts).
    of : callable
        From the means, (n_parts,), to the figure; NaN where it is not defined.
    """

    def figure(y: Truth, predictions: Predictions, sample: Sample) -> float:
        return float(of(sample.share @ parts(y, predictions)))

    def limits(y: Truth, predictions: Predictions, sample: Sample) -> tuple[float, float]:
        value, influence = of_means(of, parts(y, predictions), sample)
        return linear_limits(value, influence, sample, low=low, high=high)

    return Metric(name, higher, figure, limits=limits, low=low, high=high, positives=positives)


def number_in(name: str, text: str, low: float, high: float) -> float:
    """A parameter that stands in a metric's name, such as the 0.9 of ``precision-at-recall:0.9``.

    >>> number_in("precision-at-recall", "0.9", 0, 1)
    0.9
    """
    try:
        value = float(text)
    except ValueError:
        raise complain("metrics", f"the number in {name}", f"between {low:g} and {high:g}", repr(text)) from None
    check_between("metrics", f"the number in {name}", value, low, high)
    return value
