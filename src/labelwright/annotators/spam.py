"""Whether a person's answers carry information about the classes: tests on gold items and against peers.

Whoever answers without looking, be it at random, always alike, or by how frequent the classes are, gives class k with
some chance q_k whatever is true, and the q_k sum to 1. Their recall averaged over K classes is therefore exactly
1 / K, while an honest person's is at least ``accuracy``. So the tests bet on blocks with answers about distinct
classes: only the average of the classes' recalls matters, and one bet covers every kind of spammer and every pattern
of confusion.
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
SETTLED: Final = 3  # one of so many answers that wait goes into a block
BOUND: Final = 0.9  # the most of the evidence that one answer can take
WORST_MEAN: Final = 0.92  # a block may leave classes out while its least mean recall is this share of the accuracy


def gold_test(
    answers: Ints, truth: Ints, n_classes: int, *, accuracy: float = ACCURACY, alpha: float = ALPHA
) -> Evidence:
    """Test a person's answers to items whose class is known.

    The null: the recalls of the classes are constant, answers are independent given the classes, and the mean of the
    recalls is at least ``accuracy``, with whatever confusions. It also holds if every class has at least that recall
    at every answer, whatever came before. An honest person for whom this is true is accused with a chance of at most
    ``alpha``, ever. Not covered are people whose recall of a class is lower and shifts over time: of them 1.5 % were
    accused where 80 % of the items are of one class, and fewer where classes are balanced. Nor are people below
    ``accuracy`` who do look at the items: they may be accused, later than a spammer.

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
    A block with n_k answers about each of m classes has payoff prod(1 + c / n_k (mu - hit)), where mu is the least mean
    of the classes' chances of a hit under the null. Because classes weigh alike, the expected payoff is at most
    exp(c sum_k (mu - mean chance of k)), and that is at most 1. With m of the K classes mu = 1 - (1 - accuracy) K / m;
    m is the least for which mu is above 0.92 of the accuracy, so that blocks do not wait for the last of many classes.
    A third of the answers that wait for a rarer class go into a block with it.

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
    size = _size(n_classes, accuracy)
    block, part, rows = blocks(expected, n_classes, size)
    n_blocks = int(block.max(initial=-1)) + 1
    slot = block * size + part
    n_of = np.bincount(slot, minlength=n_blocks * size)
    mean_chance = np.bincount(slot, weights=chance[rows], minlength=n_blocks * size) / n_of
    least = _least_hits(mean_chance.reshape(n_blocks, size), n_classes, accuracy)
    stake = _stakes(least, n_of.reshape(n_blocks, size))[block] / n_of[slot]
    log_payoffs = np.zeros(n_blocks)
    np.add.at(log_payoffs, block, np.log1p(stake * (least[block] - hit[rows])))
    settled_at = np.zeros(n_blocks, dtype=np.int64)
    np.maximum.at(settled_at, block, rows)
    return settle(
        log_payoffs, settled_at, len(answers), len(rows), alpha, code,
        {"hits": int(hit.sum()), "n": len(answers), "accuracy": accuracy},
    )  # fmt: skip


def _size(n_classes: int, accuracy: float) -> int:
    """How many classes a block holds."""
    return max(2, math.ceil((1 - accuracy) * n_classes / (1 - WORST_MEAN * accuracy) - 1e-9))


def blocks(classes: Ints, n_classes: int, size: int) -> tuple[Ints, Ints, Ints]:
    """Answers about ``size`` distinct classes put together, in the order in which blocks become complete.

    Which answers these are depends on the classes alone, never on the answers.

    Returns
    -------
    block, part, row : int64 arrays of shape (n_used,)
        The block, the class within the block, and the position of the answer.

    Examples
    --------
    >>> block, part, row = blocks(np.array([0, 0, 0, 0, 1, 1]), 2, 2)
    >>> block.tolist(), part.tolist(), row.tolist()
    ([0, 0, 0, 1, 1], [0, 0, 1, 0, 1], [0, 1, 4, 2, 5])
    """
    waiting: list[deque[int]] = [deque() for _ in range(n_classes)]
    n_ready, n_blocks, used = 0, 0, []
    for row, k in enumerate(classes.tolist()):
        n_ready += not waiting[k]
        waiting[k].append(row)
        if n_ready == size:
            for part, queue in enumerate([queue for queue in waiting if queue]):
                used += [(n_blocks, part, queue.popleft()) for _ in range(-(-len(queue) // SETTLED))]
            n_ready = sum(map(bool, waiting))
            n_blocks += 1
    block, part_of, rows = np.array(used, dtype=np.int64).reshape(-1, 3).T
    return block, part_of, rows


def _least_hits(chance: Floats, n_classes: int, accuracy: float) -> Floats:
    """The least mean chance of a hit over each block's classes under the null; (n_blocks, size) -> (n_blocks,)."""
    if n_classes == 2:
        return np.asarray((accuracy * chance + (1 - accuracy) * (1 - chance)).mean(axis=1))
    missing = (1 - accuracy) * n_classes  # recall that may be missing, put where it costs the most
    dearest = np.sort(chance, axis=1)[:, ::-1]
    size = chance.shape[1]
    return np.asarray((chance.sum(axis=1) - dearest @ np.clip(missing - np.arange(size), 0, 1)) / size)


def _stakes(least: Floats, n_of: Ints) -> Floats:
    """A share of the stakes that make evidence against a spammer grow fastest (Kelly); 0 where nothing can be told.

    A little less than Kelly's loses hardly any growth and much variance, so that fewer spammers take long.
    """
    size = n_of.shape[1]
    gain = size * np.maximum(least - 1 / size, 0)
    kelly = gain / (least * (1 - least) * (1 / n_of).sum(axis=1))
    return np.asarray(np.minimum(BOLDNESS * kelly, BOUND * n_of.min(axis=1) / (1 - least)))


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
