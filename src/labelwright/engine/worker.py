"""The worker: looks what wants training, runs cycles durably, and takes over from workers that died.

Level-triggered: a project holds the event it wants trained and the event that is trained, so that one
cycle runs and at most one waits, however many answers come. Only workers train; a site may have
several.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import IntegrityError as DuplicateKey

from labelwright.engine.cycle import Cycle
from labelwright.engine.durable import Durable
from labelwright.engine.steps import STEPS
from labelwright.errors import LabelwrightError
from labelwright.store import site_tables
from labelwright.store import tables as t
from labelwright.store.clock import new_id, now
from labelwright.store.project import ProjectStore
from labelwright.store.site import SiteStore

log = logging.getLogger("labelwright.worker")
POLL_SECONDS = 0.2
HEARTBEAT_SECONDS = 2.0
DEAD_SECONDS = 15.0
RETRY_SECONDS = 30.0
MAX_REST_SECONDS = 1.0
TIDY_SECONDS = 300.0
ACTIVE = ("waiting", "running")


class Worker:
    """One worker process on a site.

    Parameters
    ----------
    site : SiteStore
    kill_at : callable, optional
        Called with (step, "before" | "after"); tests of crashes stop the process there.
    """

    def __init__(self, site: SiteStore, kill_at: Callable[[str, str], None] = lambda *_: None) -> None:
        self.site = site
        self.id = f"{socket.gethostname()}-{os.getpid()}-{new_id('w')}"
        self._kill_at = kill_at
        self._stop = threading.Event()
        self._rest_until: dict[str, float] = {}
        self._began: dict[str, float] = {}
        self._failed_last: set[str] = set()
        self._until_idle = False
        self._durable = Durable(
            site.home, site.database_url, self.id, steps=list(STEPS), run_step=self._step, on_error=self._failed
        )

    def run(self, *, until_idle: bool = False) -> None:
        """Work until stopped, or with ``until_idle`` until nothing wants training or can be trained."""
        self._until_idle = until_idle
        beat = threading.Thread(target=self._beat, daemon=True)
        self._register()
        beat.start()
        last_reap, last_tidy = 0.0, time.monotonic()
        try:
            while not self._stop.is_set():
                look_closer = time.monotonic() - last_reap > HEARTBEAT_SECONDS
                if look_closer:
                    self._reap()
                    last_reap = time.monotonic()
                if time.monotonic() - last_tidy > TIDY_SECONDS:
                    self._durable.tidy()
                    last_tidy = time.monotonic()
                busy = [self._look_after(slug, look_closer) for slug in self.site.slugs()]
                if until_idle and not any(busy):
                    return
                self._stop.wait(POLL_SECONDS)
        finally:
            self._stop.set()
            self._unregister()
            self._durable.close()

    def stop(self) -> None:
        """Ask ``run`` to return."""
        self._stop.set()

    def _look_after(self, slug: str, look_closer: bool) -> bool:
        """Enqueue a cycle if the project wants one; whether something is to be done."""
        resting = time.monotonic() < self._rest_until.get(slug, 0.0)
        if resting and slug in self._failed_last:
            return not self._until_idle
        try:
            store = self.site.open(slug)
            with store.read() as connection:
                project = connection.execute(
                    select(t.project).where(t.project.c.project_id == store.project_id)
                ).one_or_none()
                active = connection.execute(
                    select(t.cycle.c.id, t.cycle.c.state).where(
                        t.cycle.c.project_id == store.project_id, t.cycle.c.state.in_(ACTIVE)
                    )
                ).first()
                newest = connection.scalar(
                    select(func.max(t.cycle.c.id)).where(t.cycle.c.project_id == store.project_id)
                )
            if project is None or project.n_items == 0:  # its first import is under way
                return False
            if active is not None:
                if active.state == "waiting":
                    self._durable.enqueue(store.project_id, slug, active.id)
                elif look_closer and self._durable.is_lost(store.project_id, active.id):
                    lost = "The runner's notes on this cycle are gone; a new one is started."
                    self._note(store, active.id, state="failed", ended_at=now(), error=lost)
                return True
            wants = project.wanted_seq > project.trained_seq or project.ranking_id is None
            if project.state != "ready" or not wants:
                return False
            if resting:
                return True
            return self._start(store, slug, int(newest or 0) + 1, project.wanted_seq)
        except (LabelwrightError, DatabaseError, OSError) as error:  # a damaged project does not take others down
            log.error("project cannot be looked after", extra={"project": slug, "error": str(error)})
            self._rest_until[slug] = time.monotonic() + RETRY_SECONDS
            self._failed_last.add(slug)
            return False

    def _start(self, store: ProjectStore, slug: str, cycle_id: int, wanted_seq: int) -> bool:
        try:
            with store.stage() as connection:
                connection.execute(
                    insert(t.cycle).values(
                        project_id=store.project_id, id=cycle_id, wanted_seq=wanted_seq, state="waiting",
                        started_at=now(),
                    )
                )  # fmt: skip
        except DuplicateKey:  # another worker was faster
            return True
        self._durable.enqueue(store.project_id, slug, cycle_id)
        return True

    def _step(self, slug: str, cycle_id: int, step: str) -> None:
        started = time.monotonic()
        self._began.setdefault(slug, started)
        store = self.site.open(slug)
        self._note(store, cycle_id, state="running", step=step, step_at=now())
        self._kill_at(step, "before")
        cycle = Cycle(store, cycle_id)
        result = STEPS[step](cycle)
        self._kill_at(step, "after")
        if step == "resolve":
            self._note(store, cycle_id, n_labels=int(result))
        if step == "publish":
            self._note(store, cycle_id, state="done", ended_at=now())
            # leave the processors to people for as long as the cycle took
            self._failed_last.discard(slug)
            took = time.monotonic() - self._began.pop(slug, started)
            self._rest_until[slug] = time.monotonic() + min(MAX_REST_SECONDS, took)
        log.info(
            "step", extra={"project": slug, "cycle": cycle_id, "step": step, "seconds": time.monotonic() - started}
        )

    def _failed(self, slug: str, cycle_id: int, error: Exception) -> None:
        log.error("cycle failed", exc_info=error, extra={"project": slug, "cycle": cycle_id})
        self._began.pop(slug, None)
        self._failed_last.add(slug)
        self._rest_until[slug] = time.monotonic() + RETRY_SECONDS
        with contextlib.suppress(LabelwrightError):
            self._note(
                self.site.open(slug), cycle_id, state="failed", ended_at=now(),
                error=f"{type(error).__name__}: {error}"[:2000],
            )  # fmt: skip

    @staticmethod
    def _note(store: ProjectStore, cycle_id: int, **values: Any) -> None:
        with store.stage() as connection:
            connection.execute(
                update(t.cycle)
                .where(t.cycle.c.project_id == store.project_id, t.cycle.c.id == cycle_id)
                .values(**values)
            )

    def _register(self) -> None:
        with self.site.write() as connection:
            connection.execute(
                insert(site_tables.worker).values(
                    id=self.id, pid=os.getpid(), host=socket.gethostname(), started_at=time.time(),
                    heartbeat_at=time.time(),
                )
            )  # fmt: skip

    def _unregister(self) -> None:
        with self.site.write() as connection:
            connection.execute(delete(site_tables.worker).where(site_tables.worker.c.id == self.id))

    def _beat(self) -> None:
        table = site_tables.worker
        while not self._stop.wait(HEARTBEAT_SECONDS):
            with contextlib.suppress(Exception), self.site.database.write(durable=False) as connection:
                connection.execute(update(table).where(table.c.id == self.id).values(heartbeat_at=time.time()))

    def _reap(self) -> None:
        """Take over from executors that are not alive any more."""
        alive = {w.id for w in live_workers(self.site)}
        for executor in self._durable.pending_of() - alive - {self.id}:
            n = self._durable.take_over(executor)
            log.warning("took over from a dead worker", extra={"worker": executor, "cycles": n})
        with self.site.database.write(durable=False) as connection:
            table = site_tables.worker
            dead = [w for w in connection.scalars(select(table.c.id)) if w not in alive and w != self.id]
            if dead:
                connection.execute(delete(table).where(table.c.id.in_(dead)))


def live_workers(site: SiteStore) -> list[Any]:
    """Workers with a fresh heartbeat; on this host their process must exist too."""
    with site.read() as connection:
        rows = connection.execute(select(site_tables.worker)).all()
    here = socket.gethostname()
    return [
        w for w in rows if time.time() - w.heartbeat_at < DEAD_SECONDS and (w.host != here or _process_exists(w.pid))
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
