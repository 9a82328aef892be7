"""A figure about people with its interval, or the reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

from labelwright.loop.steps import ENOUGH
from labelwright.stats import Estimate
from labelwright.stats.intervals import wilson
from labelwright.words import NO_REASON, Reason


@dataclass(frozen=True)
class FigureView:
    """A value with its 95 % interval.

    Attributes
    ----------
    value, low, high : float, optional
        None where they are undefined.
    n : int
        Answers, items or comparisons behind it.
    enough : bool
        False below 30: too few to judge.
    why : str, optional
        Why it is undefined.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    enough: bool
    why: str | None

    @classmethod
    def of(cls, estimate: Estimate, reason: Reason = NO_REASON) -> FigureView:
        """An estimate whose NaN means that it is undefined.

        >>> FigureView.of(Estimate(float("nan"), float("nan"), float("nan"), 0), Reason("person-alone")).why
        'Nobody else answered the items of this person.'
        """
        value, low, high = (_finite(x) for x in (estimate.value, estimate.low, estimate.high))
        return cls(value, low, high, int(estimate.n), estimate.n >= ENOUGH, str(reason) or None)

    @classmethod
    def share(cls, n_hits: float, n: float, reason: Reason) -> FigureView:
        """A share with Wilson's interval; undefined for the reason given where there is nothing to share.

        >>> FigureView.share(8, 10, Reason("no-gold-answers")).value
        0.8
        """
        return cls.of(wilson(n_hits, n)) if n > 0 else cls.none(reason)

    @classmethod
    def none(cls, reason: Reason) -> FigureView:
        """An undefined one."""
        return cls.of(Estimate(math.nan, math.nan, math.nan, 0), reason)


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
