"""How long a worker waits after a cycle that failed: longer each time while something that it needs is away."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

from labelwright.errors import UnavailableError
from labelwright.pauses import Pauses

PAUSES: Final = Pauses(first=30.0, longest=600.0)
JITTER: Final = 0.2


def pause(n_away: int, draw: float) -> float:
    """Seconds until the next try.

    Parameters
    ----------
    n_away : int
        Cycles in a row that failed since something was away; 0 where the last one failed for another reason.
    draw : float
        In [0, 1), random: projects and workers that failed together do not all come back together.

    Returns
    -------
    seconds : float
        30 for another reason. Else 30 doubled with each failure up to 600, and up to a fifth less.

    Examples
    --------
    >>> [pause(n, 0.0) for n in (0, 1, 2, 3, 9)]
    [30.0, 30.0, 60.0, 120.0, 600.0]
    >>> round(pause(9, 0.5))
    540
    """
    if n_away <= 0:
        return PAUSES.first
    return PAUSES.after(n_away) * (1.0 - JITTER * draw)


class Patience:
    """When each project is tried again; a worker that starts tries all at once.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.
    draw : callable
        A random number in [0, 1).
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, draw: Callable[[], float] = random.random) -> None:
        self._clock, self._draw = clock, draw
        self._at: dict[str, float] = {}
        self._n_away: dict[str, int] = {}

    def failed(self, slug: str, error: Exception) -> float:
        """Note a failure; in how many seconds the project is tried again."""
        self._n_away[slug] = self._n_away.get(slug, 0) + 1 if isinstance(error, UnavailableError) else 0
        seconds = pause(self._n_away[slug], self._draw())
        self._at[slug] = self._clock() + seconds
        return seconds

    def succeeded(self, slug: str) -> None:
        """Begin anew: what was away has answered."""
        self._at.pop(slug, None)
        self._n_away.pop(slug, None)

    def left(self, slug: str) -> float:
        """Seconds until a project is tried again; 0 or less if it may be now."""
        return self._at.get(slug, float("-inf")) - self._clock()
