"""A family of learning curves, fitted to what was measured: many curves that explain the points, not one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, complain

EXPONENTS: Final = np.array([-0.5, -0.25, 0.0625, 0.125, 0.25, 0.5, 1.0, 2.0])
SHIFTS: Final = (-0.5, 0.0, 1.0, 4.0)  # in units of the fewest labels
MIN_LOOKS: Final = 5
# Tuned on half of the sets of benchmarks/forecasts.py; the other half is what docs/theory/stopping.md reports.
RECENT: Final = 2.0  # a point's weight grows with its labels to this power
TEMPER: Final = 0.05  # share of the points that count: errors of neighbouring looks are alike, and no family is true
DRIFT: Final = 3.0  # how far curves leave the family, in its residual spread, at e times the labels


@dataclass(frozen=True)
class Curves:
    """Draws of the curve: ``a - b sign(c) ((n + d) / (last + d)) ** -c`` each, and the spread of points around it.

    Attributes
    ----------
    a, b, c, d : float64 arrays of shape (n_draws,)
    slant : float64 array of shape (n_draws,)
        What a draw's curve goes beyond its family for each unit of log(labels / last labels).
    limit : float
        What no curve exceeds; infinity for none.
    last : float
        Labels at the last look.
    noise : float
        Standard deviation of a measured value around the curve.
    """

    a: npt.NDArray[np.float64]
    b: npt.NDArray[np.float64]
    c: npt.NDArray[np.float64]
    d: npt.NDArray[np.float64]
    slant: npt.NDArray[np.float64]
    limit: float
    last: float
    noise: float

    def at(self, n_labels: Floats) -> npt.NDArray[np.float64]:
        """Values of the draws at some numbers of labels, (n_draws, n_points)."""
        n = np.asarray(n_labels, dtype=np.float64)[None, :]  # (1, n_points)
        shift = self.d[:, None]
        fall = _fall(n, self.last, self.c[:, None], shift)  # (n_draws, n_points), 1 or -1 at the last look
        drawn = self.a[:, None] - self.b[:, None] * fall + self.slant[:, None] * np.log(n / self.last)
        return np.asarray(np.minimum(drawn, self.limit))


def fit_curves(
    n_labels: Floats,
    values: Floats,
    errors: Floats | None,
    *,
    limit: float | None,
    rng: np.random.Generator,
    n_draws: int = 500,
) -> Curves:
    """Draw curves in proportion to how well they explain the points; higher values are better.

    Parameters
    ----------
    n_labels : array of shape (n_looks,)
        Above 0, increasing; 5 looks or more.
    values : array of shape (n_looks,)
    errors : array of shape (n_looks,), optional
        Standard errors of the values: points count with 1 / errors².
    limit : float, optional
        No curve's asymptote lies above it: 1 for a score.

    Notes
    -----
    For each exponent c and shift d of a grid the best a and b follow in closed form (variable projection), with a flat
    prior on the grid; a draw picks a cell by its posterior, then a and b from their normal distribution, with b >= 0.
    An exponent near 0 is nearly the log-linear curve, a large one nearly the last value, and a negative one a curve
    that does not bend yet, so that the draws disagree as much as these models do where the points do not tell them
    apart.

    References
    ----------
    Viering, Loog (2023). The shape of learning curves: a review, TPAMI 45 (POW4); Mohr, Viering, Loog, van Rijn (2022).
    LCDB 1.0, ECML PKDD.

    Examples
    --------
    >>> n = np.array([50.0, 100, 150, 200, 250])
    >>> curves = fit_curves(n, 0.9 - 2 / n, None, limit=1.0, rng=np.random.default_rng(0))
    >>> float(np.median(curves.at(np.array([500.0]))).round(3))
    0.896
    """
    n, v = np.asarray(n_labels, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if len(n) < MIN_LOOKS:
        raise complain("forecast", "values", f"of {MIN_LOOKS} looks or more", len(n), "Label and measure more first.")
    weight = (n / n[-1]) ** RECENT
    if errors is not None:
        weight = weight / np.maximum(errors, errors.max() * 1e-3) ** 2
    weight = weight / weight.mean()  # (n_looks,)
    c, d = (grid.ravel() for grid in np.meshgrid(EXPONENTS, np.array(SHIFTS) * n[0], indexing="ij"))  # (n_cells,)
    fall = _fall(n[None, :], n[-1], c[:, None], d[:, None])  # (n_cells, n_looks)
    total = weight.sum()
    x_mean, y_mean = fall @ weight / total, v @ weight / total
    x, y = fall - x_mean[:, None], v - y_mean
    sxx = np.maximum((x * x) @ weight, 1e-12)
    slope = np.minimum(x @ (weight * y) / sxx, 0.0)  # (n_cells,), -b
    rss = ((y - slope[:, None] * x) ** 2) @ weight
    if limit is not None:  # the best curve of a cell whose asymptote is too high goes through the limit
        high = (y_mean - slope * x_mean > limit) & (c > 0)
        held = np.minimum(((fall * weight) @ (v - limit)) / ((fall * fall) @ weight), 0.0)
        held_rss = ((v - limit - held[:, None] * fall) ** 2) @ weight
        slope, rss = np.where(high, held, slope), np.where(high, held_rss, rss)
    freedom = max(len(n) - 3, 1)
    variance = max(float(rss.min()) / freedom, 1e-10)
    log_mass = -TEMPER * rss / (2 * variance)
    mass = np.exp(log_mass - log_mass.max())
    cell = rng.choice(len(c), n_draws, p=mass / mass.sum())  # (n_draws,)
    wide = variance / TEMPER
    slope_draw = np.minimum(slope[cell] + rng.normal(size=n_draws) * np.sqrt(wide / sxx[cell]), 0.0)
    mean_draw = y_mean + rng.normal(size=n_draws) * np.sqrt(wide / total)
    a = mean_draw - slope_draw * x_mean[cell]
    if limit is not None:  # tilt around the last look, so that the asymptote comes down to the limit
        now = a + slope_draw
        tilted = np.minimum(a, np.maximum(limit, now))
        a = np.where(c[cell] > 0, tilted, a)
        slope_draw = np.where(c[cell] > 0, now - a, slope_draw)
    noise = float(np.sqrt(variance))
    slant = DRIFT * noise * rng.normal(size=n_draws)
    return Curves(a, -slope_draw, c[cell], d[cell], slant, np.inf if limit is None else limit, float(n[-1]), noise)


def _fall(n: Floats, last: float, c: Floats, d: Floats) -> Floats:
    """The part of the curve that falls, for b > 0: it goes to 0 with c > 0, and to minus infinity with c < 0."""
    return np.asarray(np.sign(c) * ((n + d) / (last + d)) ** -c)
