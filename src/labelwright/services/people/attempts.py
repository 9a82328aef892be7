"""Attempts to sign in: many of late make the next one wait, and never refuse the right password."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from labelwright.errors import TooManyError

_OF_LATE = RateLimitItemPerMinute(100, 15)
_ADDRESS, _ACCOUNT = "address", "account"


@dataclass(frozen=True)
class Pace:
    """How fast passwords may be tried.

    Parameters
    ----------
    free, free_of_address : int
        Attempts on an account, or from an address, within 15 minutes that wait for nothing.
    first, longest : float
        Seconds that the next attempt waits; each further one waits twice as long, up to the longest.
    waiting : int
        Attempts of one address that may wait at the same time.
    """

    free: int = 5
    free_of_address: int = 20
    first: float = 0.5
    longest: float = 8.0
    waiting: int = 5


class Attempts:
    """Counts attempts by account and by address, in this process.

    An attempt counts when it begins, so that many at once gain nothing. A lock would let anybody keep the owner of an
    account out; a delay does not.

    Examples
    --------
    >>> attempts = Attempts(Pace(free=1, first=0.5))
    >>> for _ in range(3):
    ...     attempts.count("10.0.0.1", "ann@example.com")
    >>> attempts.delay("10.0.0.1", "ann@example.com")
    2.0
    """

    def __init__(self, pace: Pace | None = None) -> None:
        self._pace = pace or Pace()
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._waiting = Counter[str]()

    @contextmanager
    def turn(self, address: str, email: str) -> Iterator[float]:
        """Count an attempt, and give the seconds that it has to wait. For one event loop, which is one thread.

        Raises
        ------
        TooManyError
            If too many attempts of the address are waiting.
        """
        if self._waiting[address] >= self._pace.waiting:
            raise TooManyError("Too many attempts to sign in at once.", "Wait until the others are answered.")
        self._waiting[address] += 1
        try:
            seconds = self.delay(address, email)
            self.count(address, email)
            yield seconds
        finally:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address]

    def delay(self, address: str, email: str) -> float:
        """Seconds that the next attempt has to wait."""
        excess = max(
            self._n(_ACCOUNT, email) - self._pace.free, self._n(_ADDRESS, address) - self._pace.free_of_address
        )
        return min(self._pace.first * 2.0**excess, self._pace.longest) if excess >= 0 else 0.0

    def count(self, address: str, email: str) -> None:
        """Count an attempt."""
        self._limiter.hit(_OF_LATE, _ACCOUNT, email)
        self._limiter.hit(_OF_LATE, _ADDRESS, address)

    def forget(self, email: str) -> None:
        """The account's owner is in. Its address still counts: it may have tried other accounts."""
        self._limiter.clear(_OF_LATE, _ACCOUNT, email)

    def _n(self, kind: str, key: str) -> int:
        return _OF_LATE.amount - self._limiter.get_window_stats(_OF_LATE, kind, key).remaining
