"""Which workers are alive: each says so every few seconds, and stops when it cannot say so any more."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from labelwright.store import site_tables
from labelwright.store.clock import new_id
from labelwright.store.site import SiteStore

log = logging.getLogger("labelwright.worker")
HEARTBEAT_SECONDS = 2.0
DEAD_SECONDS = 15.0
DOUBT_SECONDS = 10.0  # before others think it dead, a worker that cannot say that it lives must stop


@dataclass(frozen=True)
class LiveWorker:
    """A worker that was heard of lately."""

    id: str
    pid: int
    host: str
    heartbeat_at: float


class Heartbeat:
    """Says in the background that this worker is alive.

    Parameters
    ----------
    site : SiteStore
    """

    def __init__(self, site: SiteStore) -> None:
        self._site = site
        self.id = f"{socket.gethostname()}-{os.getpid()}-{new_id('w')}"[-60:]
        self._stop = threading.Event()
        self._heard_at = time.monotonic()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    @property
    def is_known_alive(self) -> bool:
        """Whether the other workers know that this one is alive; if not, one of them may take its cycle over."""
        return time.monotonic() - self._heard_at < DOUBT_SECONDS

    def start(self) -> None:
        """Register and go on saying so."""
        with self._site.write() as connection:
            connection.execute(
                insert(site_tables.worker).values(
                    id=self.id, pid=os.getpid(), host=socket.gethostname(), started_at=time.time(),
                    heartbeat_at=time.time(),
                )
            )  # fmt: skip
        self._heard_at = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Take this worker off the list."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)
        try:
            with self._site.write() as connection:
                connection.execute(delete(site_tables.worker).where(site_tables.worker.c.id == self.id))
        except SQLAlchemyError as error:  # others will see that it is silent
            log.error("the worker cannot be taken off the list", extra={"error": type(error).__name__})

    def _beat(self) -> None:
        while not self._stop.wait(HEARTBEAT_SECONDS):
            try:
                self._say_alive()
            except SQLAlchemyError as error:
                log.error("the heartbeat cannot be written", extra={"error": type(error).__name__})

    def _say_alive(self) -> None:
        table = site_tables.worker
        started = time.monotonic()
        with self._site.database.write(durable=False) as connection:
            updated = connection.execute(update(table).where(table.c.id == self.id).values(heartbeat_at=time.time()))
            silent = time.time() - 60 * DEAD_SECONDS
            connection.execute(delete(table).where(table.c.heartbeat_at < silent))
        if updated.rowcount:
            self._heard_at = started


def live_workers(site: SiteStore) -> list[LiveWorker]:
    """The workers that are alive now, as far as this machine can tell."""
    table = site_tables.worker
    with site.read() as connection:
        rows = connection.execute(select(table.c.id, table.c.pid, table.c.host, table.c.heartbeat_at)).all()
    here = socket.gethostname()
    workers = [LiveWorker(*row) for row in rows]
    return [
        worker
        for worker in workers
        if time.time() - worker.heartbeat_at < DEAD_SECONDS and (worker.host != here or _process_exists(worker.pid))
    ]


def _process_exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:  # a zombie has been killed and waits for its parent
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True
