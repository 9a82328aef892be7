"""Accuracy against labels that are wrong at a known rate."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_same_length, complain
from labelwright.stats.estimate import Estimate
from labelwright.stats.sample import Sample, student

WHO = "accuracy_despite_label_errors"
WEAKEST = 1e-3  # the smallest singular value with which a matrix still says what the truth is


def accuracy_despite_label_errors(
    predicted: npt.ArrayLike, given: npt.ArrayLike, confusion: npt.ArrayLike, *,
    groups: npt.ArrayLike | None = None, weights: npt.ArrayLike | None = None, level: float = 0.95,
) -> Estimate:  # fmt: skip
    """The accuracy against the truth, from labels of people whose errors are known.

    Labels that are wrong lower the accuracy of a good model. If people's errors depend on the true class alone, and not
    on what the model says, the table of predicted and given classes can be solved for that of predicted and true
    classes. Where people and model err on the same items, the true accuracy is lower than this estimate.

    Parameters
    ----------
    predicted, given : int arrays of shape (n,)
        Class codes of the model's answers and of people's labels.
    confusion : array of shape (n_classes, n_classes)
        In the row of a true class, how people label it: counts on known items, or chances, which then count as known
        exactly. Of two classes with sensitivity s and specificity t: [[t, 1 - t], [1 - s, s]].
    groups, weights : arrays of shape (n,), optional
        As in `labelwright.evaluate`.
    level : float
        Of the interval, in (0, 1).

    Returns
    -------
    Estimate
        Within [0, 1]; Student's interval by the delta method, with the errors of the counts.

    Raises
    ------
    InputError
        If codes lie outside the matrix, lengths differ, a row is empty or negative, or the labels say nothing of the
        truth.

    References
    ----------
    Rogan, Gladen (1978). Estimating prevalence from the results of a screening test, eq. 4 and 5; several classes:
    Buonaccorsi (2010). Measurement error, sec. 3.5 (matrix method).

    Examples
    --------
    >>> predicted, given = np.repeat([0, 1], 50), np.r_[np.repeat([0, 1], [45, 5]), np.repeat([1, 0], [45, 5])]
    >>> print(accuracy_despite_label_errors(predicted, given, [[0.95, 0.05], [0.05, 0.95]]))  # they agree about 0.9
    0.944 [0.878, 1.000] n=100
    """
    said, labeled = np.asarray(predicted), np.asarray(given)
    check_same_length(WHO, predicted=len(said), given=len(labeled))
    rows = _read(confusion)
    n_known = rows.sum(axis=1)
    chances = rows / n_known[:, None]
    if (
        said.min(initial=0) < 0
        or max(said.max(initial=0), labeled.max(initial=0)) >= len(rows)
        or labeled.min(initial=0) < 0
    ):
        raise complain(WHO, "class codes", f"between 0 and {len(rows) - 1}", f"{said.max()} and {labeled.max()}")
    if np.linalg.svd(chances, compute_uv=False)[-1] < WEAKEST:
        raise complain(WHO, "confusion", "one from which the truth follows", "rows that are alike", "Use other labels.")
    inverse = np.linalg.inv(chances)
    sample = Sample.of(len(said), groups=groups, weights=weights, level=level)
    hits = inverse[labeled, said]  # (n,), its mean is the accuracy
    value = sample.mean(hits)
    variance = sample.error(hits - value) ** 2
    if not np.allclose(n_known, 1):
        together = np.zeros_like(chances)
        np.add.at(together, (said, labeled), sample.share)
        slope = -(inverse @ together @ inverse).T  # of the accuracy by each chance
        spread = (slope**2 * chances).sum(axis=1) - (slope * chances).sum(axis=1) ** 2
        variance += float((spread / n_known).sum())
    half = student(sample.n_groups - 1, level) * math.sqrt(variance)
    inside = min(max(value, 0.0), 1.0)
    return Estimate(inside, max(0.0, min(inside, value - half)), min(1.0, max(inside, value + half)), len(said))


def _read(confusion: npt.ArrayLike) -> Floats:
    rows = np.asarray(confusion, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[0] != rows.shape[1] or len(rows) < 2:
        raise complain(WHO, "confusion", "of shape (n_classes, n_classes) with two classes or more", rows.shape)
    if not (np.isfinite(rows).all() and (rows >= 0).all() and (rows.sum(axis=1) > 0).all()):
        raise complain(WHO, "confusion", "finite, at least 0, with no empty row", rows.tolist())
    return rows
