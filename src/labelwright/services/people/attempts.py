"""Attempts to sign in: many of late make the next one wait, and never refuse the right password."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, insert, select

from labelwright.errors import TooManyError
from labelwright.pauses import Pauses
from labelwright.services.people.digests import digest
from labelwright.store import site_tables
from labelwright.store.clock import new_id
from labelwright.store.site import SiteStore

OF_LATE_SECONDS: Final = 15 * 60
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
    """Counts attempts by account and by address, in the site's database, so that all its servers count together.

    An attempt counts when it begins, so that many at once gain nothing. A lock would let anybody keep the owner of an
    account out; a delay does not. E-mails and addresses are kept as hashes, and for fifteen minutes.

    Parameters
    ----------
    store : SiteStore
    pace : Pace, optional
    """

    def __init__(self, store: SiteStore, pace: Pace | None = None) -> None:
        self._store = store
        self._pace = pace or Pace()
        self._waiting = Counter[str]()  # at this server

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
        pauses = Pauses(self._pace.first, self._pace.longest)
        return pauses.after(excess + 1) if excess >= 0 else 0.0

    def count(self, address: str, email: str) -> None:
        """Count an attempt."""
        table, now = site_tables.attempt, time.time()
        with self._store.database.write(durable=False) as connection:
            connection.execute(delete(table).where(table.c.at < now - OF_LATE_SECONDS))
            connection.execute(
                insert(table),
                [
                    {"id": new_id("at"), "kind": kind, "key_hash": digest(key), "at": now}
                    for kind, key in ((_ACCOUNT, email), (_ADDRESS, address))
                ],
            )

    def forget(self, email: str) -> None:
        """The account's owner is in. Its address still counts: it may have tried other accounts."""
        table = site_tables.attempt
        with self._store.database.write(durable=False) as connection:
            connection.execute(delete(table).where(table.c.kind == _ACCOUNT, table.c.key_hash == digest(email)))

    def _n(self, kind: str, key: str) -> int:
        table = site_tables.attempt
        with self._store.read() as connection:
            return int(
                connection.scalar(
                    select(func.count())
                    .select_from(table)
                    .where(table.c.kind == kind, table.c.key_hash == digest(key))
                    .where(table.c.at >= time.time() - OF_LATE_SECONDS)
                )
                or 0
            )
