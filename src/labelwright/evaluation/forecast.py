"""Forecasts of a learning curve: how many labels a target needs, what they cost, what the next ones bring."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_between, check_count, check_same_length, complain
from labelwright.evaluation.power_law import MIN_LOOKS, Curves, fit_curves
from labelwright.stats.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

HORIZON: Final = 4.0  # times the labels there are; no forecast goes beyond
LEVEL: Final = 0.8
N_POINTS: Final = 61
WHO: Final = "forecast"


@dataclass(frozen=True)
class Forecast:
    """Where a learning curve goes. Intervals are at 80 %.

    Attributes
    ----------
    labels : Estimate
        Labels in all at which the target is reached. NaN where that is beyond four times the labels there are, which is
        as far as a forecast goes; ``n`` is the number of looks.
    cost : Estimate
        Of the labels that are still missing; NaN where no cost of a label is given.
    chance : float
        That the target is reached within four times the labels, in [0, 1].
    curve : DataFrame
        n_labels, value, low, high, from now to four times the labels: what will be measured.
    """

    labels: Estimate
    cost: Estimate
    chance: float
    curve: pd.DataFrame


def forecast(
    n_labels: npt.ArrayLike,
    values: npt.ArrayLike,
    *,
    errors: npt.ArrayLike | None = None,
    target: float,
    cost_per_label: float | None = None,
    higher_is_better: bool = True,
    random_state: int = 0,
) -> Forecast:
    """Forecast when a learning curve reaches a target, from values measured so far.

    Parameters
    ----------
    n_labels : array of shape (n_looks,)
        Labels at each look, increasing, above 0; 5 looks or more.
    values : array of shape (n_looks,)
        The metric at each look.
    errors : array of shape (n_looks,), optional
        Standard errors of the values.
    target : float
        In units of the metric.
    cost_per_label : float, optional
        Above 0, in any currency.
    higher_is_better : bool
        False for an error, such as mae.

    Returns
    -------
    Forecast
        ``labels``, ``cost``, ``chance``, ``curve``.

    Raises
    ------
    InputError
        If there are fewer than 5 looks, they do not increase, or a number is not finite.

    Notes
    -----
    500 draws of curves ``a - b (n + d) ** -c``, see `labelwright.evaluation.power_law.fit_curves`. A score that was
    never above 1 stays below 1; an error stays above 0. The curve continues what was done so far: a change of strategy,
    people or guidelines changes it.

    References
    ----------
    Viering, Loog (2023). The shape of learning curves: a review, TPAMI 45 (POW4).

    Examples
    --------
    >>> n = np.array([50, 100, 150, 200, 250])
    >>> f = forecast(n, 0.9 - 2 / n, target=0.895, cost_per_label=2.0)
    >>> round(f.labels.value), round(f.cost.value)
    (400, 300)
    >>> f.chance, forecast(n, 0.9 - 2 / n, target=0.95).chance
    (1.0, 0.0)
    """
    n, v, e = read_looks(n_labels, values, errors)
    check_between(WHO, "target", target, -math.inf, math.inf)
    if cost_per_label is not None:
        check_between(WHO, "cost_per_label", cost_per_label, 1e-12, math.inf)
    sign = 1.0 if higher_is_better else -1.0
    curves = curves_of(n, v, e, higher_is_better=higher_is_better, random_state=random_state)
    grid = np.unique(np.round(np.geomspace(n[-1], HORIZON * n[-1], N_POINTS)))  # (n_points,)
    drawn = curves.at(grid)  # (n_draws, n_points), higher is better
    needed = _first_at(grid, drawn, sign * target)  # (n_draws,)
    labels = _estimate(needed, len(n))
    price = math.nan if cost_per_label is None else cost_per_label
    value, low, high = ((x - n[-1]) * price for x in (labels.value, labels.low, labels.high))
    cost = Estimate(value, low, high, len(n))
    return Forecast(labels, cost, float(np.isfinite(needed).mean()), _band(grid, drawn, curves.noise, sign))


def expected_gain(
    n_labels: npt.ArrayLike,
    values: npt.ArrayLike,
    *,
    errors: npt.ArrayLike | None = None,
    n_next: int,
    higher_is_better: bool = True,
    random_state: int = 0,
) -> Estimate:
    """How much better the model is expected to be with some more labels, from values measured so far.

    Parameters
    ----------
    n_labels, values, errors, higher_is_better
        As in `forecast`.
    n_next : int
        More labels, at least 1.

    Returns
    -------
    Estimate
        The mean, with its 80 % interval, in units of the metric; above 0 is better for every metric. ``n`` is the
        number of looks.

    Examples
    --------
    >>> n = np.array([50, 100, 150, 200, 250])
    >>> print(expected_gain(n, 0.9 - 2 / n, n_next=250))
    0.004 [0.004, 0.004] n=5
    """
    n, v, e = read_looks(n_labels, values, errors)
    check_count(WHO, "n_next", n_next)
    curves = curves_of(n, v, e, higher_is_better=higher_is_better, random_state=random_state)
    both = curves.at(np.array([n[-1], n[-1] + n_next]))  # (n_draws, 2)
    draws, tail = both[:, 1] - both[:, 0], (1 - LEVEL) / 2
    low, high = (float(np.quantile(draws, q)) for q in (tail, 1 - tail))
    return Estimate(float(draws.mean()), low, high, len(n))


def curves_of(n: Floats, v: Floats, e: Floats | None, *, higher_is_better: bool, random_state: int = 0) -> Curves:
    """Draws of the curve behind measured values; of an error, those of its negative."""
    sign = 1.0 if higher_is_better else -1.0
    best = 1.0 if higher_is_better and v.max() <= 1 else 0.0 if not higher_is_better and v.min() >= 0 else None
    return fit_curves(n, sign * v, e, limit=best, rng=np.random.default_rng(random_state))


def read_looks(
    n_labels: npt.ArrayLike, values: npt.ArrayLike, errors: npt.ArrayLike | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64] | None]:
    """Looks as arrays; `InputError` where they cannot be a learning curve."""
    n, v = np.asarray(n_labels, dtype=np.float64), np.asarray(values, dtype=np.float64)
    e = None if errors is None else np.asarray(errors, dtype=np.float64)
    check_same_length(WHO, n_labels=n.size, values=v.size, **({} if e is None else {"errors": e.size}))
    if n.ndim != 1 or len(n) < MIN_LOOKS:
        raise complain(WHO, "n_labels", f"of {MIN_LOOKS} looks or more", n.size, "Label and measure more first.")
    if not (np.isfinite(n).all() and n[0] > 0 and (np.diff(n) > 0).all()):
        raise complain(WHO, "n_labels", "above 0 and increasing", n.tolist())
    if not np.isfinite(v).all():
        raise complain(WHO, "values", "finite", v[~np.isfinite(v)][0], "Leave out looks that measured nothing.")
    if e is not None and not (np.isfinite(e).all() and (e >= 0).all() and e.any()):
        raise complain(WHO, "errors", "finite, at least 0 and not all 0", e.tolist())
    return n, v, e


def _first_at(grid: Floats, drawn: Floats, target: float) -> npt.NDArray[np.float64]:
    """Where each draw first reaches the target, by interpolation on the grid; infinity beyond it, (n_draws,)."""
    over = drawn >= target - 1e-12
    first = over.argmax(axis=1)
    found = np.where(over.any(axis=1), grid[first], np.inf)
    rows = np.flatnonzero(over.any(axis=1) & (first > 0))
    k = first[rows]
    below, above = drawn[rows, k - 1], drawn[rows, k]
    share = (target - below) / np.maximum(above - below, 1e-15)
    found[rows] = np.ceil(grid[k - 1] + np.clip(share, 0, 1) * (grid[k] - grid[k - 1]) - 1e-6)
    return found


def _estimate(draws: Floats, n: int) -> Estimate:
    tail = (1 - LEVEL) / 2
    found = [float(np.quantile(draws, q, method="higher")) for q in (0.5, tail, 1 - tail)]
    value, low, high = (x if math.isfinite(x) else math.nan for x in found)
    return Estimate(value, low, high, n)


def _band(grid: Floats, drawn: Floats, noise: float, sign: float) -> pd.DataFrame:
    """The band of what will be measured: the draws' quantiles, widened by the spread of measurements."""
    import pandas as pd
    from scipy.special import ndtri

    tail = (1 - LEVEL) / 2
    low, middle, high = np.quantile(drawn, (tail, 0.5, 1 - tail), axis=0)
    extra = -float(ndtri(tail)) * noise
    low, high = middle - np.hypot(middle - low, extra), middle + np.hypot(high - middle, extra)
    if sign < 0:
        low, middle, high = -high, -middle, -low
    return pd.DataFrame({"n_labels": grid.astype(np.int64), "value": middle, "low": low, "high": high})
