"""A figure with its interval."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A value, its interval and the number of items behind it.

    >>> print(Estimate(0.912, 0.880, 0.938, 400))
    0.912 [0.880, 0.938] n=400
    """

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] n={self.n}"
