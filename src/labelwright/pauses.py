"""How long to wait between tries: longer with each one that failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST_DOUBLINGS: Final = 64  # beyond them any pause is the longest one, and 2.0**1024 would be an error


@dataclass(frozen=True)
class Pauses:
    """Pauses that double up to a longest one.

    Parameters
    ----------
    first, longest : float
        Seconds.
    """

    first: float
    longest: float

    def after(self, n_failures: int) -> float:
        """Seconds to wait after so many failures in a row, one or more.

        Examples
        --------
        >>> pauses = Pauses(first=2.0, longest=60.0)
        >>> [pauses.after(n) for n in (1, 2, 3, 6, 10_000)]
        [2.0, 4.0, 8.0, 60.0, 60.0]
        """
        return min(self.first * 2.0 ** min(n_failures - 1, MOST_DOUBLINGS), self.longest)
