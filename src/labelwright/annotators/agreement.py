"""``labelwright.agreement``: how far people agree, beyond chance, with an interval over items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright.annotators.votes import Values, Votes
from labelwright.check import Floats, Ints, check_between, check_one_of, complain
from labelwright.stats.estimate import Estimate

MEASURES: Final = ("raw", "cohen", "fleiss", "krippendorff", "ac1")
N_RESAMPLES: Final = 1000
MOST_VALUES: Final = 2000
BLOCK: Final = 20_000_000
Distance = Callable[[Any, Any], float]


def agreement(
    items: Values, annotators: Values, answers: Values, *, measure: str = "krippendorff",
    distance: Distance | None = None, groups: Values | None = None, level: float = 0.95, random_state: int = 0,
) -> Estimate:  # fmt: skip
    """How far people agree about items that two or more of them answered.

    Parameters
    ----------
    items, annotators, answers : sequences of n values
        One row an answer.
    measure : str
        ``raw``, the share of pairs of people that agree; ``krippendorff``'s alpha; Gwet's ``ac1``, which holds where
        one class is frequent; ``cohen``'s kappa of two annotators; ``fleiss``' kappa where all items have equally
        many answers.
    distance : callable, optional
        Of two answers, 0 for equal ones, for ``krippendorff`` of numbers or sets: alpha of interval data is
        ``lambda a, b: (a - b) ** 2``. Without it, answers are equal or not.
    groups : sequence of n values, optional
        Of the items; whole groups are resampled.
    level : float
        Of the interval, a percentile bootstrap over items.

    Returns
    -------
    Estimate
        ``n`` is the number of items with two answers or more. NaN where it is undefined: no such item, or all answers
        are the same class, so that nothing could have been disagreed about.

    Raises
    ------
    InputError
        If the measure does not exist or does not fit the answers.

    References
    ----------
    Krippendorff (2011). Computing Krippendorff's alpha-reliability; Gwet (2008). Computing inter-rater reliability and
    its variance in the presence of high agreement, eq. 5; Fleiss (1971); Cohen (1960).

    Examples
    --------
    >>> print(agreement([1, 1, 2, 2, 3, 3], list("ababab"), ["x", "x", "y", "y", "x", "y"], measure="raw"))
    0.667 [0.000, 1.000] n=3
    """
    check_one_of("agreement", "measure", measure, MEASURES)
    check_between("agreement", "level", level, 1e-9, 1 - 1e-9)
    if distance is not None and measure != "krippendorff":
        raise complain("agreement", "distance", "for krippendorff alone", f"with {measure}")
    votes, item_names, _, values = Votes.of(items, annotators, answers)
    kept = np.flatnonzero(votes.per_item > 1)
    units = _Units(votes.counts()[kept], _pairs(votes, kept) if measure == "cohen" else None)
    if measure == "cohen" and votes.n_people != 2:
        raise complain("agreement", "annotators", "two for cohen", votes.n_people, "Use fleiss or krippendorff.")
    if measure == "fleiss" and len(np.unique(units.counts.sum(axis=1))) > 1:
        raise complain(
            "agreement", "answers", "equally many of each item for fleiss", "more of some", "Use krippendorff."
        )
    if not len(kept):
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    parts, combine = _parts(measure, units, None if distance is None else _distances(values, distance))
    clusters = _clusters(items, groups, item_names[kept])
    value = float(combine(parts.sum(axis=0, keepdims=True))[0])
    low, high = _interval(parts, combine, clusters, level, np.random.default_rng(random_state))
    return Estimate(value, low, high, len(kept))


@dataclass(frozen=True)
class _Units:
    """Counts of each class for each item with two answers or more; for Cohen, the two classes of each item."""

    counts: Floats
    pairs: Ints | None


Combine = Callable[[Floats], Floats]


def _parts(measure: str, units: _Units, distances: Floats | None) -> tuple[Floats, Combine]:
    """What each item adds to a few sums, and the measure as a function of those sums, (n_sets, n_sums) -> (n_sets,)."""
    counts = units.counts
    m, k = counts.sum(axis=1), counts.shape[1]
    agreeing = (counts * (counts - 1)).sum(axis=1) / (m - 1)  # each item weighs as its answers
    if measure == "krippendorff":
        if distances is None:
            return np.column_stack([agreeing, m, counts]), _alpha
        observed = np.einsum("ij,jk,ik->i", counts, distances, counts) / (m - 1)
        return np.column_stack([observed, m, counts]), lambda sums: _alpha_of(sums, distances)
    share = agreeing / m
    if measure == "cohen":
        assert units.pairs is not None
        first, second = (np.eye(k)[units.pairs[:, side]] for side in (0, 1))
        return np.column_stack([share, np.ones(len(m)), first, second]), lambda sums: _cohen(sums, k)
    by_chance = {"raw": _nothing, "fleiss": _fleiss_chance, "ac1": _ac1_chance}[measure]
    return np.column_stack([share, np.ones(len(m)), counts / m[:, None]]), lambda sums: _kappa(
        sums[:, 0] / sums[:, 1], by_chance(sums[:, 2:] / sums[:, 1:2])
    )


def _kappa(observed: Floats, chance: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(chance < 1, (observed - chance) / (1 - chance), np.nan))


def _nothing(shares: Floats) -> Floats:
    return np.zeros(len(shares))


def _fleiss_chance(shares: Floats) -> Floats:
    return np.asarray((shares**2).sum(axis=1))


def _ac1_chance(shares: Floats) -> Floats:
    return np.asarray((shares * (1 - shares)).sum(axis=1) / max(shares.shape[1] - 1, 1))


def _cohen(sums: Floats, k: int) -> Floats:
    n = sums[:, 1]
    chance = (sums[:, 2 : 2 + k] * sums[:, 2 + k :]).sum(axis=1) / n**2
    return _kappa(sums[:, 0] / n, chance)


def _alpha(sums: Floats) -> Floats:
    """1 - observed / expected disagreement, for answers that are equal or not."""
    n, by_class = sums[:, 1], sums[:, 2:]
    expected = (n**2 - (by_class**2).sum(axis=1)) / (n - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(expected > 0, 1 - (n - sums[:, 0]) / expected, np.nan))


def _alpha_of(sums: Floats, distances: Floats) -> Floats:
    n, by_class = sums[:, 1], sums[:, 2:]
    expected = ((by_class @ distances) * by_class).sum(axis=1) / (n - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(expected > 0, 1 - sums[:, 0] / expected, np.nan))


def _distances(values: npt.NDArray[Any], distance: Distance) -> Floats:
    if len(values) > MOST_VALUES:
        raise complain("agreement", "answers", f"of at most {MOST_VALUES} distinct values", len(values), "Round them.")
    found = np.array([[distance(a, b) for b in values] for a in values], dtype=np.float64)
    if not np.isfinite(found).all() or np.diagonal(found).any() or (found != found.T).any() or (found < 0).any():
        raise complain("agreement", "distance", "symmetric, 0 of equal answers and never negative", "another")
    return found


def _pairs(votes: Votes, kept: Ints) -> Ints:
    """The classes that the first and the second person gave to each item that both answered."""
    starts = votes.starts[kept]
    return np.column_stack([votes.label[starts], votes.label[starts + 1]])


def _clusters(items: Values, groups: Values | None, kept: npt.NDArray[Any]) -> Ints:
    """The group of each item, as a position; each item is its own where there are none."""
    if groups is None:
        return np.arange(len(kept))
    names, first = np.unique(np.asarray(items), return_index=True)
    of_items = np.asarray(groups)[first[np.searchsorted(names, kept)]]
    return np.asarray(np.unique(of_items, return_inverse=True)[1], dtype=np.int64)


def _interval(
    parts: Floats, combine: Combine, clusters: Ints, level: float, rng: np.random.Generator
) -> tuple[float, float]:
    """A percentile bootstrap of a function of sums; whole clusters are drawn."""
    n_clusters = int(clusters.max()) + 1
    if n_clusters < 2:
        return float("nan"), float("nan")
    sums = np.zeros((n_clusters, parts.shape[1]))
    np.add.at(sums, clusters, parts)
    sums, n_alike = np.unique(sums, axis=0, return_counts=True)  # clusters that add the same are drawn together
    at_once = max(1, min(N_RESAMPLES, BLOCK // len(sums)))
    drawn: Sequence[Floats] = [
        combine(rng.multinomial(n_clusters, n_alike / n_clusters, size=n) @ sums)
        for n in np.diff(np.append(np.arange(0, N_RESAMPLES, at_once), N_RESAMPLES))
    ]
    values = np.concatenate(drawn)
    values = values[np.isfinite(values)]
    if len(values) < N_RESAMPLES / 2:
        return float("nan"), float("nan")
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
