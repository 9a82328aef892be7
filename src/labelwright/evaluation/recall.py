"""Certificates of recall for a search: how many blind positives must be reached, and what an elusion sample proves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labelwright.check import Bools, Floats, Ints, check_between, check_count, complain
from labelwright.stats.exact import hypergeometric


def quota(n_positives: int, *, recall: float, alpha: float = 0.05, n_relevant: int | None = None) -> int | None:
    """How many blind positives a ranking must have reached before the review may stop.

    The j-th of r positives, sampled at random among the relevant items, is beyond the wanted recall with a chance of at
    least ``1 - alpha``, however the ranking was made, if the ranking is not told of them.

    Parameters
    ----------
    n_positives : int
        r, at least 1.
    recall : float
        To be certified, in (0, 1).
    alpha : float
        Chance to stop below it, in (0, 1).
    n_relevant : int, optional
        Relevant items in all, if they are known to be this few: sampling without replacement needs fewer. Without, the
        binomial, which holds for any number.

    Returns
    -------
    j : int or None
        Between 1 and r; None where even all r do not suffice, see `least_positives`.

    References
    ----------
    Lewis, Yang, Frieder (2021). Certifying one-phase technology-assisted reviews, CIKM (QBCB).

    Examples
    --------
    >>> quota(59, recall=0.95), quota(58, recall=0.95), quota(100, recall=0.95), quota(385, recall=0.8)
    (59, None, 99, 322)
    >>> quota(50, recall=0.95, n_relevant=100)
    50
    """
    r = check_count("quota", "n_positives", n_positives)
    _check(recall, alpha)
    if n_relevant is None:
        from scipy.special import bdtr

        below = bdtr(np.arange(r), r, recall)  # (r,), P(at most j - 1 of r) for j = 1 … r
    else:
        check_count("quota", "n_relevant", n_relevant, low=r)
        # the worst that is to be refused: one relevant item fewer found than the recall asks for
        reached = math.ceil(recall * n_relevant - 1e-9) - 1
        below = np.cumsum(hypergeometric(n_relevant, reached, r))[:r]
    enough = np.flatnonzero(below >= 1 - alpha - 1e-12)
    return int(enough[0]) + 1 if len(enough) else None


def least_positives(*, recall: float, alpha: float = 0.05) -> int:
    """The smallest blind sample of relevant items that can certify a recall: all of it must then be reached.

    >>> least_positives(recall=0.95), least_positives(recall=0.8), least_positives(recall=0.9)
    (59, 14, 29)
    """
    _check(recall, alpha)
    return math.ceil(math.log(alpha) / math.log(recall) - 1e-9)


def blind_sample_size(n_positives: int, *, prevalence: float, n_items: int) -> int:
    """Random items to label until a number of relevant ones is among them, on average.

    Parameters
    ----------
    n_positives : int
        Wanted, at least 1.
    prevalence : float
        Share of relevant items, in (0, 1].
    n_items : int
        In the collection.

    Raises
    ------
    InputError
        If the collection holds fewer relevant items than are wanted.

    Examples
    --------
    >>> blind_sample_size(59, prevalence=279 / 1991, n_items=1991)
    420
    """
    check_count("blind_sample_size", "n_positives", n_positives)
    check_between("blind_sample_size", "prevalence", prevalence, 1e-12, 1)
    n_relevant = prevalence * check_count("blind_sample_size", "n_items", n_items)
    if n_positives > n_relevant + 1e-9:
        cure = "Certify a lower recall, or review everything."
        raise complain("blind_sample_size", "n_positives", f"at most {n_relevant:.0f}", n_positives, cure)
    return math.ceil(n_positives * (n_items + 1) / (n_relevant + 1) - 1e-9)


@dataclass(frozen=True)
class Elusion:
    """What a random sample of the items that were not reviewed proves.

    Attributes
    ----------
    rate, rate_high : float
        Share of relevant items among those not reviewed: as in the sample, and its upper bound.
    missed_high : int
        Upper bound of the relevant items that were not reviewed.
    recall, recall_low : float
        As estimated, and its lower bound; NaN where there is nothing relevant at all.
    """

    rate: float
    rate_high: float
    missed_high: int
    recall: float
    recall_low: float


def elusion(n_unseen: int, n_sampled: int, n_relevant: int, *, n_found: int, alpha: float = 0.05) -> Elusion:
    """Bound the recall of a review by a random sample of what it left out.

    Parameters
    ----------
    n_unseen : int
        Items that were not reviewed, those of the sample among them.
    n_sampled, n_relevant : int
        Items of the sample, and relevant ones among them.
    n_found : int
        Relevant items that the review found. Those of the sample are not among them, and count as missed.
    alpha : float
        Chance that more was missed than the upper bound says.

    Notes
    -----
    The bound is exact: the largest number of relevant items of ``n_unseen`` of which a sample without replacement holds
    ``n_relevant`` or fewer with a chance above alpha (Clopper and Pearson's argument for the hypergeometric).

    References
    ----------
    Roitblat (2007). Search and information retrieval science, Sedona Conf. J. 8 (elusion); Buonaccorsi (1987). A note
    on confidence intervals for proportions in finite populations, Am. Stat. 41 (the bound).

    Examples
    --------
    >>> found = elusion(1000, 300, 0, n_found=270)
    >>> found.missed_high, round(found.recall_low, 3)
    (8, 0.971)
    """
    check_count("elusion", "n_unseen", n_unseen)
    check_count("elusion", "n_sampled", n_sampled, 1, n_unseen)
    check_count("elusion", "n_relevant", n_relevant, 0, n_sampled)
    check_count("elusion", "n_found", n_found, 0)
    check_between("elusion", "alpha", alpha, 1e-9, 1 - 1e-9)
    low, high = n_relevant, n_unseen - (n_sampled - n_relevant)  # of these the data allow
    while low < high:  # the chance falls as the number of relevant items grows
        middle = (low + high + 1) // 2
        if hypergeometric(n_unseen, middle, n_sampled)[: n_relevant + 1].sum() > alpha:
            low = middle
        else:
            high = middle - 1
    missed, rate = n_unseen * n_relevant / n_sampled, n_relevant / n_sampled
    return Elusion(rate, low / n_unseen, low, _share(n_found, missed), _share(n_found, low))


def recall_curve(relevant: Bools) -> Floats:
    """Recall after each item of a ranking, (n_items,), from whether each is relevant.

    >>> recall_curve(np.array([True, False, True]))
    array([0.5, 0.5, 1. ])
    """
    if not relevant.any():
        raise complain("recall_curve", "relevant", "true somewhere", "nothing relevant")
    return np.asarray(np.cumsum(relevant) / relevant.sum())


def reviewed_for(relevant: Bools, recall: float) -> int:
    """How many items of a ranking must be reviewed for a recall.

    >>> reviewed_for(np.array([True, False, True, False]), 0.95)
    3
    """
    return int(np.argmax(recall_curve(relevant) >= recall - 1e-12)) + 1


def wss(relevant: Bools, recall: float = 0.95) -> float:
    """Work saved over sampling: the share of a ranking left unread at a recall, less that at random.

    Parameters
    ----------
    relevant : bool array of shape (n_items,)
        In the order of review.
    recall : float
        In (0, 1].

    Returns
    -------
    wss : float
        Between ``recall - 1`` and ``recall``.

    References
    ----------
    Cohen, Hersh, Peterson, Yen (2006). Reducing workload in systematic review preparation, JAMIA 13.

    Examples
    --------
    >>> wss(np.array([True] + [False] * 9), 0.95)
    0.85
    """
    check_between("wss", "recall", recall, 1e-9, 1)
    return 1 - reviewed_for(relevant, recall) / len(relevant) - (1 - recall)


def blind_stop(relevant: Bools, blind: Ints, j: int) -> int:
    """Items of a ranking reviewed when the j-th of some blind positives is reached.

    Parameters
    ----------
    relevant : bool array of shape (n_items,)
    blind : int64 array of shape (r,)
        Positions in the ranking of the blind positives.
    j : int
        Between 1 and r, see `quota`.

    >>> blind_stop(np.array([True, False, True, True]), np.array([3, 0]), 2)
    4
    """
    check_count("blind_stop", "j", j, 1, len(blind))
    positions: npt.NDArray[np.int64] = np.sort(blind)
    if not relevant[positions].all():
        raise complain("blind_stop", "blind", "positions of relevant items", "one that is not relevant")
    return int(positions[j - 1]) + 1


def reached(batch: Floats, blind: Floats) -> npt.NDArray[np.bool_]:
    """Which blind relevant items a ranking reaches with a batch: those scored above the batch's last item.

    Parameters
    ----------
    batch : array of shape (n,)
        Scores of the items that are reviewed next, higher first.
    blind : array of shape (r,)
        Scores, by the same model, of the blind relevant items that were not reached before. The model was not trained
        on them.

    Returns
    -------
    reached : bool array of shape (r,)
        What ties with the last item is not reached yet, which stops later rather than earlier.

    Examples
    --------
    >>> reached(np.array([0.9, 0.7]), np.array([0.8, 0.7, 0.1]))
    array([ True, False, False])
    """
    return np.asarray(blind > (batch.min() if len(batch) else math.inf))


def _share(found: float, missed: float) -> float:
    return found / (found + missed) if found + missed else math.nan


def _check(recall: float, alpha: float) -> None:
    check_between("quota", "recall", recall, 1e-9, 1 - 1e-9)
    check_between("quota", "alpha", alpha, 1e-9, 1 - 1e-9)
