"""``labelwright.evaluate``: a metric of predictions on labeled items that were sampled at random, with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, overload

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, complain
from labelwright.evaluation.inputs import read
from labelwright.evaluation.measure import Measurement
from labelwright.stats.estimate import Estimate
from labelwright.stats.sample import Sample
from labelwright.tasks.metrics import Options

if TYPE_CHECKING:
    import pandas as pd

    Columns = npt.ArrayLike | pd.Series | pd.DataFrame | Mapping[str, npt.ArrayLike]


@overload
def evaluate(
    y_true: npt.ArrayLike, proba: npt.ArrayLike, *, metric: str, classes: Sequence[object] | None = None,
    positive: object | None = None, threshold: float | None = None, recall: float | None = None,
    precision: float | None = None, cost_matrix: npt.ArrayLike | None = None, weights: npt.ArrayLike | None = None,
    groups: npt.ArrayLike | None = None, slices: None = None, level: float = 0.95, random_state: int = 0,
) -> Estimate: ...  # fmt: skip


@overload
def evaluate(
    y_true: npt.ArrayLike, proba: npt.ArrayLike, *, metric: str, classes: Sequence[object] | None = None,
    positive: object | None = None, threshold: float | None = None, recall: float | None = None,
    precision: float | None = None, cost_matrix: npt.ArrayLike | None = None, weights: npt.ArrayLike | None = None,
    groups: npt.ArrayLike | None = None, slices: Columns, level: float = 0.95, random_state: int = 0,
) -> pd.DataFrame: ...  # fmt: skip


def evaluate(
    y_true: npt.ArrayLike, proba: npt.ArrayLike, *, metric: str, classes: Sequence[object] | None = None,
    positive: object | None = None, threshold: float | None = None, recall: float | None = None,
    precision: float | None = None, cost_matrix: npt.ArrayLike | None = None, weights: npt.ArrayLike | None = None,
    groups: npt.ArrayLike | None = None, slices: Columns | None = None, level: float = 0.95, random_state: int = 0,
) -> Estimate | pd.DataFrame:  # fmt: skip
    """Measure predictions on items that were sampled at random, with an interval.

    Parameters
    ----------
    y_true : array of shape (n,), or (n, n_labels) of marks 0 and 1
        Labels: classes, numbers, or marks.
    proba : array of shape (n, n_classes), (n,), or (n, n_labels)
        Probabilities of classes; of one column those of the second class, or numbers where ``y_true`` are numbers; or
        probabilities of labels.
    metric : str
        A name of ours or of a scorer of scikit-learn, see `labelwright.tasks.measured.Measured.metric`.
    classes : sequence, optional
        The classes in the order of the columns; the values of ``y_true``, sorted, where each column has one, and else
        0 to n_classes - 1.
    positive : one of the classes, optional
        The class that metrics of one class look for; of two classes the second.
    threshold : float, optional
        Score from which an item counts as found. With it, ``precision-at-recall`` is the precision there.
    recall, precision : float in (0, 1], optional
        For ``precision-at-recall`` and ``recall-at-precision``: at the population's threshold that gives it; the
        interval accounts for choosing that threshold on the same items.
    cost_matrix : array of shape (n_classes, n_classes), optional
        For ``cost``: rows are true classes, columns the classes that items are taken for.
    weights : array of shape (n,), optional
        How many items of the population each item stands for, up to a factor.
    groups : array of shape (n,), optional
        Items of one group may resemble each other, and groups are what was sampled: the interval is by group.
    slices : array of shape (n,), DataFrame or mapping of columns, optional
        A row for each slice, see `labelwright.evaluation.slices.by_slice`. Numbers of many values are cut in quarters.
    level : float
        Of the interval, in (0, 1).
    random_state : int
        Of the bootstrap, where one is needed.

    Returns
    -------
    Estimate, or DataFrame with slices
        NaN limits with a reason where fewer than 10 positives, or fewer than 20 groups, are there.

    Raises
    ------
    InputError
        If there is no such metric, a parameter is missing, or shapes and values do not fit.

    Notes
    -----
    Accuracy and other shares: Wilson's interval at the effective number of items. ROC AUC: DeLong's, by group
    Obuchowski's, and Newcombe's with few positives. Precision at recall: square-and-add of Wilson's interval and of
    that of a quantile. F1, R2 and other functions of means: delta method. Others: bootstrap over groups. How often they
    hold is in docs/theory/evaluation.md.

    References
    ----------
    Those of `labelwright.stats.intervals`, `labelwright.stats.ranking` and `labelwright.stats.linear`.

    Examples
    --------
    >>> y, proba = [1, 1, 0, 0, 1, 0, 1, 1, 0, 1], [0.9, 0.8, 0.3, 0.2, 0.4, 0.1, 0.7, 0.9, 0.6, 0.8]
    >>> print(evaluate(y, proba, metric="accuracy"))  # right about 8 of 10
    0.800 [0.490, 0.943] n=10
    >>> print(evaluate(y, proba, metric="roc-auc"))
    0.958 [nan, nan] n=10 (No interval: it rests on 4 items, and takes 10.)
    """
    given = read(y_true, proba, metric, classes)
    options = Options(
        positive=None if positive is None else given.position(positive), threshold=threshold, recall=recall,
        precision=precision, cost_matrix=_costs(cost_matrix),
    )  # fmt: skip
    measured = given.task.metric(metric, options)
    _check_used(metric, options)
    measurement = Measurement(given.task, measured, random_state=random_state)
    sample = Sample.of(len(given.y), weights=weights, groups=groups, level=level)
    if slices is None:
        return measurement.honest(given.y, given.predictions, sample)
    from labelwright.evaluation.slices import by_slice

    return by_slice(measurement, given.y, given.predictions, sample, slices)


def _costs(matrix: npt.ArrayLike | None) -> Floats | None:
    return None if matrix is None else np.asarray(matrix, dtype=np.float64)


def _check_used(metric: str, options: Options) -> None:
    """Refuse a threshold that the metric would leave unused."""
    if options.threshold is not None and not metric.startswith(("precision", "recall", "f1")):
        raise complain("evaluate", "threshold", "left out for this metric", f"one with '{metric}'")
