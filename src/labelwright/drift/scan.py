"""Where in a sequence of items their distribution has changed most, and whether it has changed at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.check import Floats, Ints, check_between, check_count, complain
from labelwright.drift.fourier import fourier
from labelwright.drift.samples import pool

BLOCK: Final = 100  # permutations at a time
ENOUGH_ABOVE: Final = 20  # permutations above the observed statistic, after which no more are drawn


@dataclass(frozen=True)
class Scan:
    """The best split of a sequence among some, and what chance alone would give.

    Attributes
    ----------
    p_value : float
        Of the largest statistic among the splits, in (0, 1]: looking at many splits is paid for.
    effect : float
        Maximum mean discrepancy at the best split, 0 to 1.4. Its maximum is reported, so it is too large on average.
    best : int
        Position of the best split in ``borders``.
    statistics : float array of shape (n_borders,)
        Squared discrepancy times the harmonic size of both sides; near 0 without a change.
    limit : float
        What the largest statistic exceeds in one of twenty permutations.
    """

    p_value: float
    effect: float
    best: int
    statistics: Floats
    limit: float


def scan(values: Floats, borders: Ints, rng: np.random.Generator, *, n_permutations: int = 1999) -> Scan:
    """Test all splits of a sequence at once by the maximum mean discrepancy.

    Parameters
    ----------
    values : float array of shape (n_items, n_columns)
        In the order of time.
    borders : int64 array of shape (n_borders,), increasing
        Numbers of items before each split, from 5 to n_items - 5.
    rng : numpy Generator
    n_permutations : int
        At most; none are drawn after 20 that exceed the observed statistic.

    Returns
    -------
    found : Scan

    Raises
    ------
    InputError
        If there is no border, or a side would hold fewer than 5 items.

    Notes
    -----
    The p-value is that of the largest statistic, compared with the largest of each permuted order, so it holds although
    the split was chosen. Drawing ends early by the rule of Besag and Clifford, which keeps the p-value valid. The split
    is biased towards the middle where the change is weak, and lies on the grid of the borders.

    References
    ----------
    Gretton and others (2012). A kernel two-sample test, JMLR 13, lemma 6.
    Besag, Clifford (1991). Sequential Monte Carlo p-values, Biometrika 78.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> values = np.concatenate([rng.normal(size=(60, 2)), rng.normal(size=(40, 2)) + 3])
    >>> found = scan(values, np.array([20, 40, 60, 80]), rng, n_permutations=199)
    >>> found.best, found.p_value
    (2, 0.005)
    """
    check_count("scan", "n_permutations", n_permutations, low=19)
    if not len(borders):
        raise complain("scan", "borders", "one or more", "none")
    for border in (borders[0], borders[-1]):
        check_between("scan", "border", int(border), 5, len(values) - 5)
    middle = int(borders[len(borders) // 2])
    embedded = pool(values[:middle], values[middle:]).embedded("scan")
    features = np.asarray(fourier(embedded, rng), dtype=np.float32)
    ranks = np.arange(len(features))
    squared = _squared(features, ranks[None, :], borders)[0]
    weights = borders * (len(features) - borders) / len(features)
    observed = squared * weights
    largest: list[float] = []
    while len(largest) < n_permutations and _above(largest, observed) < ENOUGH_ABOVE:
        n = min(BLOCK, n_permutations - len(largest))
        drawn = rng.permuted(np.tile(ranks, (n, 1)), axis=1)
        largest += (_squared(features, drawn, borders) * weights).max(axis=1).tolist()
    best = int(observed.argmax())
    return Scan(
        p_value=(1 + _above(largest, observed)) / (1 + len(largest)),
        effect=float(np.sqrt(max(squared[best], 0.0))),
        best=best,
        statistics=observed,
        limit=float(np.quantile(largest, 0.95)),
    )


def _above(largest: list[float], observed: Floats) -> int:
    """How many permutations reach the observed largest statistic."""
    return sum(one >= float(observed.max()) for one in largest)


def _squared(features: Floats, ranks: Ints, borders: Ints) -> Floats:
    """Unbiased squared discrepancy at each border of each order, (n_orders, n_borders)."""
    n_orders, n = ranks.shape
    before = (ranks[:, None, :] < borders[None, :, None]).reshape(-1, n).astype(np.float32)
    sums = (before @ features).reshape(n_orders, len(borders), -1).astype(np.float64)
    n_before = borders[None, :, None].astype(np.float64)
    means = sums / n_before, (features.sum(axis=0, dtype=np.float64) - sums) / (n - n_before)
    squared = ((means[0] - means[1]) ** 2).sum(axis=2)
    for mean, size in zip(means, (borders, n - borders), strict=True):  # each row of features has length 1
        squared -= (1 - (mean**2).sum(axis=2)) / np.maximum(size - 1, 1)[None, :]
    return np.asarray(squared)
