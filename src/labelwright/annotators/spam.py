"""Whether a person's answers carry information about the classes: tests on gold items and against peers.

Whoever answers without looking, be it at random, always alike, or by how frequent the classes are, gives class k with
some chance q_k whatever is true, and the q_k sum to 1. Their recall averaged over K classes is therefore exactly
1 / K, while an honest person's is at least ``accuracy``. So the tests bet on blocks of answers about distinct classes:
only the average over the block matters, and one bet covers every kind of spammer and every pattern of confusion.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Final

import numpy as np

from labelwright.annotators.evidence import ALPHA, Evidence, settle
from labelwright.check import Floats, Ints, check_between, check_proba, check_same_length, complain

ACCURACY: Final = 0.85
BOLDNESS: Final = 0.8  # of Kelly's stake
WORST_MEAN: Final = 0.92  # a block may leave classes out while its least mean recall is this share of the accuracy


def gold_test(
    answers: Ints, truth: Ints, n_classes: int, *, accuracy: float = ACCURACY, alpha: float = ALPHA
) -> Evidence:
    """Test a person's answers to items whose class is known.

    The null: recalls averaged over the classes are at least ``accuracy``, for whatever confusions, which may change
    from answer to answer; given the classes, answers are independent. An honest person for whom this is true is
    accused with a chance of at most ``alpha``, ever. A person below ``accuracy`` who does look at the items is not
    covered: they may be accused, later than a spammer.

    Parameters
    ----------
    answers, truth : int64 arrays of shape (n,)
        Class given and true class, 0 to n_classes - 1, in the order of the answers. Which items were asked must not
        depend on this person's answers. Balanced classes are best: a block waits for its rarest class.
    n_classes : int
        Two or more.
    accuracy : float
        Above 1 / n_classes.
    alpha : float
        The chance that an honest person is ever accused.

    Returns
    -------
    Evidence

    Raises
    ------
    InputError
        If lengths differ or a class is out of range.

    Notes
    -----
    A block of m classes has payoff prod(1 + c (mu - hit)), where mu is the least average chance of a hit under the
    null. Because c is one for the block, the expected payoff is at most (1 + c (mu - mean chance))^m by the inequality
    of arithmetic and geometric means, and that is at most 1. With m of the K classes
    mu = 1 - (1 - accuracy) K / m; m is the least for which mu is above 0.92 of the accuracy, so that blocks do not wait
    for the last of many classes.

    References
    ----------
    Ville (1939). Étude critique de la notion de collectif; Waudby-Smith, Ramdas (2024). Estimating means of bounded
    random variables by betting, JRSS B 86, sec. 4.

    Examples
    --------
    >>> truth = np.tile([0, 1], 10)
    >>> print(gold_test(np.zeros(20, dtype=np.int64), truth, 2).alarm_at)
    15
    >>> gold_test(truth, truth, 2).alarm
    False
    """
    _check("gold_test", n_classes, accuracy, alpha, answers=answers, truth=truth)
    certain = np.ones(len(truth))
    return _test(answers, truth, certain, n_classes, accuracy, alpha, "spam-gold")


def peer_test(answers: Ints, posterior: Floats, *, accuracy: float = ACCURACY, alpha: float = ALPHA) -> Evidence:
    """Test a person's answers against what peers say of the same items.

    Peers err, so that an honest person agrees with them less often than with the truth; how often at least follows
    from the posterior. The null is that of `gold_test`, and in addition that the posterior is calibrated and that,
    given the true class, the person errs independently of the peers. Where all find the same items hard, honest people
    agree more than that, which makes the test cautious.

    Parameters
    ----------
    answers : int64 array of shape (n,)
        Class given, 0 to n_classes - 1.
    posterior : array of shape (n, n_classes)
        Chance of each class by the peers' answers alone, without this person's.

    Returns
    -------
    Evidence
        Where two classes are given, the least chance of agreement is a P + (1 - a) (1 - P), with P the posterior of
        the peers' class and a the accuracy; with more classes it is a P, because errors may never meet.

    Raises
    ------
    InputError
        If lengths differ, a class is out of range, or a row of the posterior does not sum to 1.

    References
    ----------
    See `gold_test`; the idea of scoring by peers: Miller, Resnick, Zeckhauser (2005). Eliciting informative feedback:
    the peer-prediction method, sec. 2.

    Examples
    --------
    >>> posterior = np.tile([[0.85, 0.15], [0.15, 0.85]], (30, 1))
    >>> peer_test(np.zeros(60, dtype=np.int64), posterior).alarm_at
    35
    """
    check_proba("peer_test", posterior)
    n_classes = posterior.shape[1]
    expected = posterior.argmax(axis=1)
    _check("peer_test", n_classes, accuracy, alpha, answers=answers, posterior=expected)
    return _test(answers, expected, posterior.max(axis=1), n_classes, accuracy, alpha, "spam-peers")


def _test(
    answers: Ints, expected: Ints, chance: Floats, n_classes: int, accuracy: float, alpha: float, code: str
) -> Evidence:
    """Bet on blocks; ``chance`` is that of the expected class to be the true one."""
    hit = answers == expected
    block = blocks(expected, n_classes, _size(n_classes, accuracy))  # (n_blocks, size)
    mean = _least_hits(chance[block], n_classes, accuracy)  # (n_blocks,)
    stake = _stake(mean, 1 / block.shape[1])
    log_payoffs = np.log1p(stake[:, None] * (mean[:, None] - hit[block])).sum(axis=1)
    return settle(
        log_payoffs, block.max(axis=1), len(answers), block.size, alpha, code,
        {"hits": int(hit.sum()), "n": len(answers), "accuracy": accuracy},
    )  # fmt: skip


def _size(n_classes: int, accuracy: float) -> int:
    """How many classes a block holds."""
    return max(2, math.ceil((1 - accuracy) * n_classes / (1 - WORST_MEAN * accuracy) - 1e-9))


def blocks(classes: Ints, n_classes: int, size: int) -> Ints:
    """Positions of answers about distinct classes, (n_blocks, size), in the order in which blocks become complete.

    >>> blocks(np.array([0, 0, 1, 1, 1]), 2, 2)
    array([[0, 2],
           [1, 3]])
    """
    waiting: list[deque[int]] = [deque() for _ in range(n_classes)]
    n_ready, complete = 0, []
    for position, k in enumerate(classes.tolist()):
        n_ready += not waiting[k]
        waiting[k].append(position)
        if n_ready == size:
            complete.append([queue.popleft() for queue in waiting if queue])
            n_ready = sum(map(bool, waiting))
    return np.array(complete, dtype=np.int64).reshape(-1, size)


def _least_hits(chance: Floats, n_classes: int, accuracy: float) -> Floats:
    """The least average chance of a hit over each block under the null; (n_blocks, size) -> (n_blocks,)."""
    if n_classes == 2:
        return np.asarray((accuracy * chance + (1 - accuracy) * (1 - chance)).mean(axis=1))
    missing = (1 - accuracy) * n_classes  # recall that may be missing, put where it costs the most
    dearest = np.sort(chance, axis=1)[:, ::-1]
    return np.asarray(
        (chance.sum(axis=1) - dearest @ np.clip(missing - np.arange(chance.shape[1]), 0, 1)) / chance.shape[1]
    )


def _stake(mean: Floats, of_spammer: float) -> Floats:
    """A share of Kelly's stake, which makes evidence against a spammer grow fastest; 0 where nothing can be told.

    A little less than Kelly's loses hardly any growth and much variance, so that fewer spammers take long.
    """
    return np.asarray(BOLDNESS * np.maximum(mean - of_spammer, 0) / (mean * (1 - mean)))


def _check(who: str, n_classes: int, accuracy: float, alpha: float, **classes: Ints) -> None:
    if n_classes < 2:
        raise complain(who, "n_classes", "at least 2", n_classes)
    if not 1 / n_classes < accuracy < 1:
        raise complain(who, "accuracy", f"above 1 / {n_classes} and below 1", accuracy)
    check_between(who, "alpha", alpha, 1e-12, 1 - 1e-9)
    check_same_length(who, **{name: len(values) for name, values in classes.items()})
    for name, values in classes.items():
        if len(values) and not (values.min() >= 0 and values.max() < n_classes):
            raise complain(who, name, f"classes between 0 and {n_classes - 1}", f"{values.min()} to {values.max()}")
