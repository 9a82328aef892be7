"""Agreement in detail: for each class, and for each pair of classes that people confuse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.annotators.votes import Values, Votes
from labelwright.check import Floats, check_between
from labelwright.stats.estimate import Estimate
from labelwright.stats.intervals import wilson
from labelwright.words import NO_REASON, Reason

UNDEFINED: Final = Estimate(float("nan"), float("nan"), float("nan"), 0)


@dataclass(frozen=True)
class ClassAgreement:
    """How far people agree about a class.

    Attributes
    ----------
    name : str
        The class.
    estimate : Estimate
        If one person gave the class, the chance that another gives it to the same item. ``n`` is the number of items
        that somebody gave it to and that two people or more answered.
    n_answers : int
        How often it was given, also to items that one person answered.
    reason : Reason
        Why the estimate is NaN; none where it is not.
    """

    name: str
    estimate: Estimate
    n_answers: int
    reason: Reason


@dataclass(frozen=True)
class PairAgreement:
    """How often two classes are confused.

    Attributes
    ----------
    first, second : str
        The classes, in sorted order.
    n_confused : int
        Pairs of answers to one item where one person gave the first and another the second.
    estimate : Estimate
        Their share of the pairs of answers that name these two classes alone. ``n`` is the number of items with such
        pairs.
    reason : Reason
        Why the estimate is NaN; none where it is not.
    """

    first: str
    second: str
    n_confused: int
    estimate: Estimate
    reason: Reason


def agreement_by_class(
    items: Values, annotators: Values, answers: Values, *, level: float = 0.95
) -> list[ClassAgreement]:
    """Agreement about each class, in sorted order of their names.

    Parameters
    ----------
    items, annotators, answers : sequences of n values
        One row an answer.
    level : float
        Of the intervals: Wilson's, at the number of answers that items as units are worth.

    Raises
    ------
    InputError
        If lengths differ or somebody answered an item twice.

    References
    ----------
    Cicchetti, Feinstein (1990). High agreement but low kappa: II, eq. 1 (positive agreement), for any number of people.

    Examples
    --------
    >>> found = agreement_by_class([1, 1, 2, 2, 3], list("ababa"), ["x", "x", "x", "y", "z"])
    >>> [(one.name, round(one.estimate.value, 3)) for one in found]
    [('x', 0.667), ('y', 0.0), ('z', nan)]
    >>> print(found[2].reason)
    Nobody else answered an item that was given this class.
    """
    check_between("agreement_by_class", "level", level, 1e-9, 1 - 1e-9)
    votes, _, _, names = Votes.of(items, annotators, answers)
    counts = votes.counts()
    others = np.maximum(votes.per_item - 1, 1)[:, None]
    agreed = counts * (counts - 1) / others  # each answer weighs 1, however many others there are
    given = counts * (votes.per_item > 1)[:, None]
    rows = []
    for k, name in enumerate(names):
        estimate = _share(agreed[:, k], given[:, k], level)
        reason = NO_REASON if estimate.n else Reason("class-alone")
        rows.append(ClassAgreement(str(name), estimate, int(counts[:, k].sum()), reason))
    return rows


def agreement_by_pair(
    items: Values, annotators: Values, answers: Values, *, level: float = 0.95
) -> list[PairAgreement]:
    """How often each two classes are confused, the most frequent confusion first.

    Parameters
    ----------
    items, annotators, answers, level
        As for `agreement_by_class`.

    Notes
    -----
    Cost: n_classes^2 passes over the items.

    Examples
    --------
    >>> found = agreement_by_pair([1, 1, 2, 2, 3, 3], list("ababab"), ["x", "x", "x", "y", "z", "z"])
    >>> [(one.first, one.second, one.n_confused, round(one.estimate.value, 2)) for one in found]
    [('x', 'y', 1, 0.5), ('x', 'z', 0, 0.0), ('y', 'z', 0, 0.0)]
    """
    check_between("agreement_by_pair", "level", level, 1e-9, 1 - 1e-9)
    votes, _, _, names = Votes.of(items, annotators, answers)
    counts = votes.counts()
    within = counts * (counts - 1) / 2
    rows = []
    for k in range(votes.n_classes):
        for other in range(k + 1, votes.n_classes):
            confused = counts[:, k] * counts[:, other]
            estimate = _share(confused, confused + within[:, k] + within[:, other], level)
            reason = NO_REASON if estimate.n else Reason("classes-never-met")
            rows.append(PairAgreement(str(names[k]), str(names[other]), int(confused.sum()), estimate, reason))
    return sorted(rows, key=lambda row: -row.n_confused)


def _share(part: Floats, whole: Floats, level: float) -> Estimate:
    """The ratio of two sums over items, with Wilson's interval at the number that items as units are worth."""
    shown = whole > 0
    n_items, total = int(shown.sum()), float(whole.sum())
    if not n_items:
        return UNDEFINED
    value = float(part.sum()) / total
    effective = float(n_items)
    residual = float(((part - value * whole)[shown] ** 2).sum())
    if n_items > 1 and residual > 0:
        variance = residual * n_items / (n_items - 1) / total**2
        effective = min(value * (1 - value) / variance, total)
    around = wilson(value * effective, effective, level=level)
    return Estimate(value, around.low, around.high, n_items)
