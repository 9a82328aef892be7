"""Answers that come faster than a person can see an item and press a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.annotators.evidence import ALPHA, Evidence, log_ratio, settle
from labelwright.check import Floats, Ints, check_between, complain

FLOOR: Final = 0.25  # seconds: a choice between two known keys takes people about 0.3 s
SLIPS: Final = 0.05  # share of a person's answers that may be below the floor: keys held down, presses in advance
MACHINE: Final = 0.5  # share below the floor in the alternative
SPREADS: Final = 4.0  # robust standard deviations of log-time below a person's own median
TO_SD: Final = 1.4826  # from the median absolute deviation to a standard deviation, for normal values


@dataclass(frozen=True)
class Haste:
    """Which of a person's answers are too fast.

    Attributes
    ----------
    machine : int64 array
        Positions of answers below the floor.
    unlike : int64 array
        Positions of other answers far below the person's own pace: not impossible, worth a look.
    pace : float
        The person's median, in seconds; NaN without answers.
    limit : float
        Seconds below which an answer is unlike the person's pace.
    evidence : Evidence
        Against a person whose answers are below the floor in at most 5 %, whatever came before.
    """

    machine: Ints
    unlike: Ints
    pace: float
    limit: float
    evidence: Evidence


def too_fast(seconds: Floats, *, floor: float = FLOOR, alpha: float = ALPHA) -> Haste:
    """Name the answers that are faster than a person can be, and those far below the person's own pace.

    Parameters
    ----------
    seconds : array of shape (n,)
        From when the item was shown to the answer, in the order of the answers; not negative.
    floor : float
        In seconds. Raise it where an item must be read, say by 0.2 s a word.

    Returns
    -------
    Haste

    Raises
    ------
    InputError
        If a time is negative or not finite.

    References
    ----------
    Luce (1986). Response times, sec. 2.3 and 6.4: fastest true reactions to a choice are above 0.2 s. Ratcliff (1993).
    Methods for dealing with reaction time outliers, sec. 2.

    Examples
    --------
    >>> haste = too_fast(np.array([2.0, 3.0, 0.1, 2.5, 2.2, 0.1]))
    >>> haste.machine.tolist(), haste.pace, haste.evidence.alarm
    ([2, 5], 2.1, False)
    >>> too_fast(np.full(10, 0.05)).evidence.alarm_at
    1
    """
    check_between("too_fast", "floor", floor, 0.0, 60.0)
    check_between("too_fast", "alpha", alpha, 1e-12, 1 - 1e-9)
    if len(seconds) and not (np.isfinite(seconds).all() and seconds.min() >= 0):
        raise complain("too_fast", "seconds", "finite and not negative", float(np.min(seconds)))
    below = seconds < floor
    n = len(seconds)
    human = seconds[~below]
    limit = floor
    if len(human) > 1:
        logs = np.log(human) if floor > 0 else np.log(np.maximum(human, 1e-3))
        middle = float(np.median(logs))
        spread = TO_SD * float(np.median(np.abs(logs - middle)))
        limit = max(floor, float(np.exp(middle - SPREADS * spread))) if spread > 0 else floor
    payoffs = log_ratio(below.astype(np.float64), np.full(n, SLIPS), np.full(n, MACHINE))
    evidence = settle(
        payoffs, np.arange(n), n, n, alpha, "machine-speed",
        {"fast": int(below.sum()), "n": n, "floor": floor, "expected": SLIPS},
    )  # fmt: skip
    pace = float(np.median(seconds)) if n else float("nan")
    return Haste(np.flatnonzero(below), np.flatnonzero(~below & (seconds < limit)), pace, limit, evidence)
