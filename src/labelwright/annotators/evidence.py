"""Evidence against a person that may be looked at after every answer without raising the rate of false alarms.

Each answer, or block of answers, is a bet whose expected payoff is at most 1 for an honest person. The product of all
payoffs is the evidence. By Ville's inequality an honest person's evidence ever reaches 1 / alpha with a chance of at
most alpha, however long they work and however often it is looked at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.check import Floats, Ints
from labelwright.words import Figure, Reason

ALPHA: Final = 0.01
LARGEST: Final = 700.0  # logarithm of the largest evidence that is reported


@dataclass(frozen=True)
class Evidence:
    """What a sequential test found about a person.

    Attributes
    ----------
    alarm : bool
        The evidence has reached the threshold at some time; it stays so.
    value : float
        The greatest evidence so far: 1 is none, at most 1e304.
    threshold : float
        1 / alpha.
    n_answers : int
        Answers that were given to the test.
    n_used : int
        Answers that a bet was settled with; others wait for a partner of another class, or say nothing.
    alarm_at : int or None
        Position of the answer that raised the alarm.
    reason : Reason
        In words, with the figures behind it.

    Examples
    --------
    >>> e = settle(np.log([20.0, 0.5, 20.0]), np.array([0, 1, 2]), 3, 3, 0.01, "my-test", {})
    >>> e.alarm, round(e.value), e.threshold, e.alarm_at
    (True, 200, 100.0, 2)
    """

    alarm: bool
    value: float
    threshold: float
    n_answers: int
    n_used: int
    alarm_at: int | None
    reason: Reason


def settle(
    log_payoffs: Floats, positions: Ints, n_answers: int, n_used: int, alpha: float, code: str,
    figures: dict[str, Figure],
) -> Evidence:  # fmt: skip
    """Multiply payoffs in the order they were settled.

    Parameters
    ----------
    log_payoffs : array of shape (n_bets,)
        Natural logarithms.
    positions : int64 array of shape (n_bets,)
        The answer that settled each bet.
    code : str
        Of the reason of an alarm; the reason otherwise is this code with ``-none`` added.
    """
    sums = np.cumsum(log_payoffs)
    crossed = np.flatnonzero(sums >= -math.log(alpha) - 1e-12)
    alarm = len(crossed) > 0
    value = math.exp(min(max(0.0, float(sums.max(initial=0.0))), LARGEST))
    shown: dict[str, Figure] = {**figures, "n_used": n_used, "evidence": value, "threshold": 1 / alpha}
    return Evidence(
        alarm, value, 1 / alpha, n_answers, n_used, int(positions[crossed[0]]) if alarm else None,
        Reason(code if alarm else f"{code}-none", shown),
    )  # fmt: skip


def log_ratio(hit: Floats, under_null: Floats, under_alternative: Floats) -> Floats:
    """The logarithm of the likelihood ratio of each yes (1) or no (0).

    >>> log_ratio(np.array([1.0, 0.0]), np.array([0.5, 0.5]), np.array([0.5, 0.75])).round(2)
    array([ 0.  , -0.69])
    """
    yes, no = np.log(under_alternative / under_null), np.log((1 - under_alternative) / (1 - under_null))
    return np.asarray(np.where(hit > 0, yes, no))
