"""A figure with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from labelwright.words import NO_REASON, Reason


@dataclass(frozen=True)
class Estimate:
    """A value, its interval and the number of items behind it.

    The limits are NaN where there is no interval; ``reason`` says why if that is known.

    >>> print(Estimate(0.912, 0.880, 0.938, 400))
    0.912 [0.880, 0.938] n=400
    >>> print(Estimate(0.5, math.nan, math.nan, 40, Reason("few-positives", {"n": 7, "needed": 10})))
    0.500 [nan, nan] n=40 (No interval: it rests on 7 items, and takes 10.)
    """

    value: float
    low: float
    high: float
    n: int
    reason: Reason = field(default=NO_REASON, compare=False)

    def __str__(self) -> str:
        figures = f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] n={self.n}"
        return f"{figures} ({self.reason})" if self.reason.code else figures

    @property
    def known(self) -> bool:
        """Whether there is an interval."""
        return not (math.isnan(self.low) or math.isnan(self.high))

    @property
    def bounded(self) -> bool:
        """Whether the value and both limits are numbers that can be stored and drawn."""
        return all(math.isfinite(figure) for figure in (self.value, self.low, self.high))
