"""How many of the policy's labels do as well as the random labels of the control arm, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_between, check_same_length, complain

N_RESAMPLES: Final = 2000
N_RESAMPLES_SLOW: Final = 200  # of metrics that are no means over items
MIN_POINTS: Final = 3
TIE: Final = 1e-12  # figures that differ by less are equal
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class EqualLabels:
    """Labels that the policy needed for what the control arm reached.

    Attributes
    ----------
    n_arm : int
        Labels in the arm.
    value : float
        Labels of the policy with the same figure; 0 where already its first model was better than the arm's, and
        infinity where none reached it: the curve is never extrapolated.
    low, high : float
        The interval, which may be 0 or infinity likewise.
    first, last : int
        Labels of the policy's first and last model.
    n : int
        Labels of the reserve that they were measured on.
    level : float
        Of the interval.
    """

    n_arm: int
    value: float
    low: float
    high: float
    first: int
    last: int
    n: int
    level: float

    @property
    def bounded(self) -> bool:
        """Whether both bounds lie on the curve.

        >>> EqualLabels(61, 60.0, 40.0, 120.0, 20, 400, 120, 0.95).bounded
        True
        """
        return self.low > 0 and math.isfinite(self.high)

    @property
    def saving(self) -> tuple[float, float, float]:
        """Share of the random labels that the policy saves, with its bounds; -infinity and 1 where there are none.

        >>> EqualLabels(100, 60.0, 40.0, math.inf, 20, 400, 120, 0.95).saving
        (0.4, -inf, 0.6)
        """
        value, low, high = (1 - n / self.n_arm for n in (self.value, self.high, self.low))
        return value, low, high


def equal_labels(
    n_arm: int, n_labels: Ints, losses: Floats, arm: Floats, *, groups: Ints | None = None, higher: bool = True,
    level: float = 0.95, n_resamples: int = N_RESAMPLES, random_state: int = 0,
) -> EqualLabels:  # fmt: skip
    """Invert the curve of served models at what the arm's model reaches, for metrics that are means over items.

    Parameters
    ----------
    n_arm : int
        Labels that the arm's model was trained on.
    n_labels : int64 array of shape (n_models,)
        Labels of the served models; of several with as many, the last one counts.
    losses : float array of shape (n_models, n_items)
        Of each served model on each item of the reserve; their mean is its figure.
    arm : float array of shape (n_items,)
        Of the arm's model on the same items.
    groups : array of shape (n_items,), optional
        Items that are resampled together.
    higher : bool
        Whether a higher figure is better.
    level : float
        Of the interval, in (0, 1).
    n_resamples : int
    random_state : int

    Returns
    -------
    found : EqualLabels

    Raises
    ------
    InputError
        If lengths differ, there are fewer than 3 different numbers of labels, or the level is no share.

    Notes
    -----
    The curve is the isotonic regression of the figures on the numbers of labels, linear between models. The interval
    resamples groups of reserve items, the same for all models, and takes quantiles; it is about these label sets and
    these models only, not about what another draw of random labels would have given. Where the arm's figure lies on a
    flat part, the lower bound takes its beginning, the upper bound its end, and the value the middle; at an end of the
    curve a bound is open.

    Examples
    --------
    The models are right on 2, 4, 6 and 8 of 10 items; the arm's model with its 50 labels on 5:

    >>> right = lambda n: (np.arange(10) < n).astype(float)
    >>> models = np.array([right(2), right(4), right(6), right(8)])
    >>> round(equal_labels(50, np.array([10, 20, 40, 80]), models, right(5)).value, 6)
    30.0
    >>> equal_labels(50, np.array([10, 20, 40, 80]), models, right(9)).value
    inf
    """
    _check(n_labels, level)
    check_same_length("equal_labels", n_labels=len(n_labels), losses=len(losses))
    check_same_length("equal_labels", losses=losses.shape[1], arm=len(arm))
    codes = np.arange(len(arm)) if groups is None else np.unique(groups, return_inverse=True)[1]
    n_groups = int(codes.max()) + 1
    kept = _last_of_each(n_labels)
    columns = np.vstack([losses[kept], arm[None, :], np.ones((1, len(arm)))])  # (n_points + 2, n_items)
    sums = np.array([np.bincount(codes, weights=column, minlength=n_groups) for column in columns])
    rng = np.random.default_rng(random_state)
    drawn = rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=n_resamples)
    totals = np.vstack([np.ones((1, n_groups)), drawn]) @ sums.T  # (n_resamples + 1, n_points + 2), all items first
    figures = np.asarray(totals[:, :-1] / totals[:, -1:], dtype=np.float64)
    return _inverted(n_arm, n_labels[kept], figures[:, :-1], figures[:, -1], higher, level, len(arm), n_groups)


def equal_labels_of(
    n_arm: int, n_labels: Ints, figures: Callable[[Ints], Floats], n_items: int, *, groups: Ints | None = None,
    higher: bool = True, level: float = 0.95, n_resamples: int = N_RESAMPLES_SLOW, random_state: int = 0,
) -> EqualLabels:  # fmt: skip
    """As `equal_labels`, for any metric.

    Parameters
    ----------
    figures : callable
        ``figures(idx)`` measures all served models, then the arm's, on some items of the reserve, (n_models + 1,); NaN
        where the metric is not defined on them.
    n_items : int
        Of the reserve.
    """
    _check(n_labels, level)
    codes = np.arange(n_items) if groups is None else np.unique(groups, return_inverse=True)[1]
    order, n_groups = np.argsort(codes, kind="stable"), int(codes.max()) + 1
    members = np.split(order, np.cumsum(np.bincount(codes))[:-1])
    rng = np.random.default_rng(random_state)
    kept, found = _last_of_each(n_labels), [figures(np.arange(n_items))]
    for _ in range(n_resamples):
        one = figures(np.concatenate([members[g] for g in rng.integers(0, n_groups, n_groups)]))
        if np.isfinite(one).all():
            found.append(one)
    table = np.array(found, dtype=np.float64)
    return _inverted(n_arm, n_labels[kept], table[:, kept], table[:, -1], higher, level, n_items, n_groups)


def isotonic(values: Floats) -> Array:
    """The nearest increasing sequences, by least squares, of each row.

    The value at k is the largest over i <= k of the smallest over j >= k of the mean from i to j.

    >>> isotonic(np.array([[1.0, 3.0, 2.0, 4.0]])).tolist()
    [[1.0, 2.5, 2.5, 4.0]]
    """
    n_rows, n = values.shape
    sums = np.concatenate([np.zeros((n_rows, 1)), np.cumsum(values, axis=1)], axis=1)
    found = np.full((n_rows, n), -np.inf)
    for i in range(n):
        means = (sums[:, i + 1 :] - sums[:, i : i + 1]) / np.arange(1, n - i + 1)
        least = np.minimum.accumulate(means[:, ::-1], axis=1)[:, ::-1]
        found[:, i:] = np.maximum(found[:, i:], least)
    return found


def _inverted(
    n_arm: int, n_labels: Ints, curves: Array, arms: Array, higher: bool, level: float, n: int, n_groups: int,
) -> EqualLabels:  # fmt: skip
    """The value from the first row, the interval from the others."""
    sign = 1.0 if higher else -1.0
    low, high = _between(n_labels.astype(np.float64), isotonic(sign * curves), sign * arms)
    value, tail = (low[0] + high[0]) / 2, (1 - level) / 2
    low[low == n_labels[0]] = 0.0  # equal to an end of the curve: how far it goes on is not known
    high[high == n_labels[-1]] = np.inf
    lower = float(np.quantile(low[1:], tail, method="lower"))
    upper = float(np.quantile(high[1:], 1 - tail, method="higher"))
    return EqualLabels(
        n_arm, float(value), min(lower, float(value)), max(upper, float(value)), int(n_labels[0]), int(n_labels[-1]), n,
        level,
    )  # fmt: skip


def _between(n_labels: Array, curves: Array, arms: Array) -> tuple[Array, Array]:
    """The least and the greatest number of labels at which each increasing curve has each arm's figure."""
    low, high = np.empty(len(arms)), np.empty(len(arms))
    for row, (curve, a) in enumerate(zip(curves, arms, strict=True)):
        below, upto = int(np.searchsorted(curve, a - TIE)), int(np.searchsorted(curve, a + TIE))
        low[row] = _at(n_labels, curve, a, below)
        high[row] = _at(n_labels, curve, a, upto) if upto == below else n_labels[upto - 1]
    return low, high


def _at(n_labels: Array, curve: Array, a: float, k: int) -> float:
    """Where the curve crosses ``a`` before its k-th point."""
    if k == len(curve):
        return math.inf
    if abs(curve[k] - a) <= TIE:
        return float(n_labels[k])
    if k == 0:
        return 0.0
    share = (a - curve[k - 1]) / (curve[k] - curve[k - 1])
    return float(n_labels[k - 1] + share * (n_labels[k] - n_labels[k - 1]))


def _last_of_each(n_labels: Ints) -> Ints:
    """Positions of the last model with each number of labels, by labels."""
    last = {int(n): k for k, n in enumerate(n_labels.tolist())}
    return np.array([last[n] for n in sorted(last)], dtype=np.int64)


def _check(n_labels: Ints, level: float) -> None:
    check_between("equal_labels", "level", level, 1e-9, 1 - 1e-9)
    if len(np.unique(n_labels)) < MIN_POINTS:
        raise complain("equal_labels", "n_labels", f"of {MIN_POINTS} different numbers at least", n_labels)
