"""Metrics of one class, or of one label, against the rest."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.check import Bools, Floats, complain
from labelwright.stats import ranking
from labelwright.stats.intervals import mean_limits
from labelwright.stats.sample import Sample
from labelwright.tasks.metrics import Metric, Options, Truth, mean_metric, number_in
from labelwright.tasks.predictions import Predictions

NAMES: Final = (
    "precision:LABEL", "recall:LABEL", "f1:LABEL", "roc-auc:LABEL", "average-precision:LABEL",
    "precision-at-recall:RECALL:LABEL", "recall-at-precision:PRECISION:LABEL",
)  # fmt: skip
BASES: Final = frozenset(name.partition(":")[0] for name in NAMES)
FEWEST_MISSED: Final = 2  # positives beyond the threshold that precision at recall needs to be placed by


@dataclass(frozen=True, eq=False)
class Sides:
    """Which items are of the class, how likely each is of it, and which the model takes for it; each (n_items,)."""

    positive: Bools
    score: Floats
    found: Bools


Split = Callable[[Truth, Predictions], Sides]


def about(metric: str, label: str) -> str:
    """The name of a metric of one class with that class in it, where none stands in it; other names stay.

    >>> [about(name, "spam") for name in ("f1", "precision-at-recall:0.9", "f1:ham", "accuracy")]
    ['f1:spam', 'precision-at-recall:0.9:spam', 'f1:ham', 'accuracy']
    """
    base, *given = metric.split(":", 2 if "-at-" in metric.partition(":")[0] else 1)
    named = 2 if "-at-" in base else 1
    return f"{metric}:{label}" if base in BASES and len(given) == named - 1 else metric


def positive_metric(
    name: str, options: Options, labels: Mapping[str, int], default: int | None, split: Callable[[int], Split]
) -> Metric | None:
    """A metric of one class by its name, such as ``recall:spam`` or ``precision-at-recall:0.95:spam``.

    Parameters
    ----------
    name : str
        Parameters after colons go before those of the options.
    options : Options
    labels : mapping
        Position by name of the label.
    default : int, optional
        The class that is looked for where nothing names one.
    split : callable
        From the position of a class to its `Split`.

    Returns
    -------
    Metric or None
        None if the name is not one of `NAMES`.

    Raises
    ------
    InputError
        If the class, or the recall or precision, is missing or unknown.
    """
    base, *given = name.split(":", 1)
    if base not in BASES:
        return None
    share = {"precision-at-recall": options.recall, "recall-at-precision": options.precision}.get(base)
    what = base.rpartition("-")[2]
    if "-at-" in base and given:
        number, *given = given[0].split(":", 1)
        share = number_in(base, number, 1e-9, 1.0)
    if "-at-" in base and share is None and options.threshold is None:
        raise complain("metrics", f"{what} of '{base}'", "given", "None", f"Name it as in {base}:0.9:LABEL.")
    of = split(_position(base, given, options, labels, default))
    return _made(name, base, share, options.threshold, of)


def _position(base: str, given: list[str], options: Options, labels: Mapping[str, int], default: int | None) -> int:
    if given:
        if given[0] not in labels:
            raise complain("metrics", f"the label of '{base}'", f"one of {', '.join(labels)}", repr(given[0]))
        return labels[given[0]]
    position = default if options.positive is None else options.positive
    if position is None:
        raise complain("metrics", f"the positive class of '{base}'", "given", "None", f"Name it as in {base}:LABEL.")
    return position


def _made(name: str, base: str, share: float | None, threshold: float | None, of: Split) -> Metric:
    def sides(y: Truth, predictions: Predictions) -> Sides:
        found = of(y, predictions)
        return found if threshold is None else Sides(found.positive, found.score, found.score >= threshold)

    def positives(y: Truth, predictions: Predictions) -> Bools:
        return sides(y, predictions).positive

    if base == "precision" or (base == "precision-at-recall" and threshold is not None):
        return mean_metric(name, lambda y, p: _among(sides(y, p).found, sides(y, p).positive))
    if base == "recall" or (base == "recall-at-precision" and threshold is not None):
        return mean_metric(name, lambda y, p: _among(sides(y, p).positive, sides(y, p).found), positives=positives)
    if base == "f1":
        return _f1(name, sides)
    if base == "roc-auc":
        return _ranked(name, lambda s, n: ranking.roc_auc(s.positive, s.score, n)[0], of,
                       limits=lambda s, n: ranking.roc_auc_limits(s.positive, s.score, n), scarcer=True)  # fmt: skip
    if base == "average-precision":
        return _ranked(name, lambda s, n: ranking.average_precision(s.positive, s.score, n), of)
    at = float(share or math.nan)
    if base == "recall-at-precision":
        return _ranked(name, lambda s, n: ranking.recall_at_precision(s.positive, s.score, at, n)[0], of)
    needed = max(10, math.ceil(FEWEST_MISSED / (1 - at) - 1e-9)) if at < 1 else 10**9
    return _ranked(
        name, lambda s, n: ranking.precision_at_recall(s.positive, s.score, at, n)[0], of, needed=needed,
        limits=lambda s, n: ranking.precision_at_recall_limits(s.positive, s.score, at, n),
    )  # fmt: skip


def _ranked(
    name: str, figure: Callable[[Sides, Sample], float], of: Split, *, needed: int = 10, scarcer: bool = False,
    limits: Callable[[Sides, Sample], tuple[float, float]] | None = None,
) -> Metric:  # fmt: skip
    def rests_on(y: Truth, predictions: Predictions) -> Bools:
        positive = of(y, predictions).positive
        return ~positive if scarcer and positive.sum() > len(positive) / 2 else positive

    return Metric(
        name, True, lambda y, p, sample: figure(of(y, p), sample), positives=rests_on, needed=needed,
        limits=None if limits is None else lambda y, p, sample: limits(of(y, p), sample),
    )  # fmt: skip


def _among(counted: Bools, hit: Bools) -> Floats:
    return np.where(counted, hit.astype(np.float64), np.nan)


def _f1(name: str, sides: Split) -> Metric:
    """F1 is 2 J / (1 + J), where J is the share of hits among the items that are positive or found."""

    def hits(y: Truth, predictions: Predictions, sample: Sample) -> tuple[Floats, Sample | None]:
        both = sides(y, predictions)
        counted = both.positive | both.found
        some = bool(sample.share[counted].sum() > 0)
        return (both.positive & both.found)[counted].astype(np.float64), sample.take(counted) if some else None

    def figure(y: Truth, predictions: Predictions, sample: Sample) -> float:
        hit, counted = hits(y, predictions, sample)
        return math.nan if counted is None else _of_jaccard(counted.mean(hit))

    def limits(y: Truth, predictions: Predictions, sample: Sample) -> tuple[float, float]:
        hit, counted = hits(y, predictions, sample)
        if counted is None:
            return math.nan, math.nan
        low, high = mean_limits(hit, counted)
        return _of_jaccard(low), _of_jaccard(high)

    return Metric(name, True, figure, limits=limits, positives=lambda y, p: sides(y, p).positive)


def _of_jaccard(share: float) -> float:
    return 2 * share / (1 + share)
