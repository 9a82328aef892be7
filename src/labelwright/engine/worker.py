"""The worker: waits for changes, runs the cycles that are due, and takes over from workers that died.

Level-triggered: a project holds the event it wants trained and the event that is trained, so that one
cycle runs and at most one waits, however many answers come. Only workers train; a site may have several. A
worker that waits uses no processor: whoever commits a change wakes it.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from dataclasses import dataclass

from sqlalchemy.exc import DatabaseError

from labelwright.engine import runner
from labelwright.engine.beside import Beside
from labelwright.engine.due import due
from labelwright.engine.erasing import finish as finish_erasure
from labelwright.engine.erasing import forget_copies
from labelwright.engine.executors import Executor, Local
from labelwright.engine.heartbeat import HEARTBEAT_SECONDS, Heartbeat, live_workers
from labelwright.engine.patience import Patience
from labelwright.engine.plans.playing import play_some
from labelwright.engine.searching import index_page
from labelwright.engine.steps import Hold
from labelwright.errors import LabelwrightError, UnavailableError
from labelwright.store.clock import iso
from labelwright.store.project import ProjectStore
from labelwright.store.site import SiteStore
from labelwright.store.wake import Bell

log = logging.getLogger("labelwright.worker")
LOOK_SECONDS = 10.0  # between checks without a wake-up: for changes on other machines and workers that died
INDEX_SECONDS = 10.0  # between pages of the full-text index while answers come in
GROWTH = 1.5  # of the events, until the database samples its tables again


@dataclass(frozen=True)
class _Last:
    """When the last cycle ended, and how many seconds it took."""

    ended: float
    took: float


class Worker:
    """One worker process on a site.

    Parameters
    ----------
    site : SiteStore
    watch : callable, optional
        Called with (step, "before" | "after"); tests of crashes stop the process there.
    maps : bool
        Whether maps of the pools are made when nothing else is to do.
    executor : Executor, optional
        Where the work of a cycle that is cut by shards is done; here if left out.
    """

    def __init__(
        self, site: SiteStore, watch: runner.Watch = lambda *_: None, *, maps: bool = True,
        executor: Executor | None = None,
    ) -> None:  # fmt: skip
        self.site = site
        self._watch = watch
        self._executor = Local() if executor is None else executor
        self._stop = threading.Event()
        self._heartbeat = Heartbeat(site)
        self._bell = Bell(site.home, self.id)
        self._hold: Hold | None = None
        self._beside = Beside(site, maps=maps, executor=self._executor.spec)
        self._last: dict[str, _Last] = {}  # cycle of a project
        self._index_at: dict[str, float] = {}  # where the full-text index is not complete
        self._patience = Patience()
        self._analyzed: dict[str, int] = {}  # events of a project when the database last sampled its tables

    @property
    def id(self) -> str:
        """Unique among workers."""
        return self._heartbeat.id

    def run(self, *, until_idle: bool = False) -> None:
        """Work until stopped, or with ``until_idle`` until nothing wants training or can be trained."""
        self._heartbeat.start()
        for slug in self.site.slugs():
            self._finish_erasure(slug)
        changed: set[str] | None = None  # all
        next_look = 0.0
        try:
            while not self._stop.is_set():
                now = time.monotonic()
                if now >= next_look:
                    changed, next_look = None, now + LOOK_SECONDS
                soonest = self._look(changed, until_idle)
                if soonest > 0 and not self._stop.is_set() and play_some(self.site.home):
                    soonest = 0.0  # there may be more of them, and answers may have come meanwhile
                if until_idle and soonest == math.inf:
                    return
                wait = max(0.0, min(soonest, next_look - time.monotonic()))
                changed = self._bell.wait(wait)
                if soonest <= wait:
                    changed = None
        finally:
            self._stop.set()
            self._beside.stop()
            self._heartbeat.stop()
            self._bell.close()

    def stop(self) -> None:
        """Ask ``run`` to return; a cycle that runs stops before its next step and waits for the next worker.

        If the process is killed before it comes to that, the cycle is not blamed for it.
        """
        self._stop.set()
        self._bell.ring()
        if (hold := self._hold) is not None:  # a thread, since this may be a signal's handler within a transaction
            threading.Thread(target=hold.note, kwargs={"worker": None}, daemon=True).start()

    def _finish_erasure(self, slug: str) -> None:
        """Finish what a process that was killed while it erased items has left; a damaged project stops nothing."""
        try:
            store = self.site.open(slug)
            forget_copies(store)
            finish_erasure(store)
        except (LabelwrightError, DatabaseError, OSError) as error:
            log.error("an erasure is not finished", extra={"project": slug, "error": type(error).__name__})

    def _look(self, changed: set[str] | None, until_idle: bool) -> float:
        """Work on projects, all or those that changed; in how many seconds one of them is due."""
        soonest = math.inf
        for slug in self.site.slugs():
            if self._stop.is_set():
                break
            if changed is not None and slug not in changed:
                continue
            try:
                soonest = min(soonest, self._look_after(slug, until_idle))
            except (LabelwrightError, DatabaseError, OSError) as error:  # a damaged project takes no other down
                log.error("work on a project failed", extra={"project": slug, "error": type(error).__name__})
                self._patience.failed(slug, error)
        return soonest

    def _look_after(self, slug: str, until_idle: bool) -> float:
        """Run what is due in a project; the seconds until the next check, infinity if none is needed."""
        if (left := self._patience.left(slug)) > 0:
            return math.inf if until_idle else left
        if not self._heartbeat.is_known_alive:  # others may take over what this worker takes
            return HEARTBEAT_SECONDS
        store = self.site.open(slug)
        alive = {worker.id for worker in live_workers(self.site)}
        hold = runner.take_over(store, self.id, alive - {self.id})
        if hold is None:
            with store.read() as rows:
                row = store.row_if_any(rows)
                if row is None:
                    return math.inf
                last = self._last.get(slug, _Last(-math.inf, 0.0))
                rested = math.inf if until_idle else time.monotonic() - last.ended
                judged = due(rows, row, rested, last.took)
            if not judged.now:
                again = judged.in_seconds if judged.wanted and judged.in_seconds else math.inf
                if until_idle:
                    return again
                return min(again, self._index(store, slug, judged.wanted), self._beside.look(store))
            hold = runner.begin(store, self.id, row.wanted_seq)
            if hold is None:  # another worker runs it
                return math.inf
        self._run(store, slug, hold)
        self._analyze(store, slug)
        return 0.0

    def _analyze(self, store: ProjectStore, slug: str) -> None:
        """Let the database know that a project has grown, when this worker begins with it and each time by half."""
        with store.read() as rows:
            head = store.head_seq(rows)
        if head >= GROWTH * self._analyzed.get(slug, 0):
            store.analyze()
            self._analyzed[slug] = head

    def _index(self, store: ProjectStore, slug: str, busy: bool) -> float:
        """Use half of what time is left for the full-text index, little while people work; seconds to the next page."""
        began = time.monotonic()
        if (left := self._index_at.get(slug, 0.0) - began) > 0:
            return left
        if not index_page(store):
            return math.inf
        ended = time.monotonic()
        pause = INDEX_SECONDS if busy else ended - began
        self._index_at[slug] = ended + pause
        return pause

    def _run(self, store: ProjectStore, slug: str, hold: Hold) -> None:
        began = time.monotonic()
        self._hold = hold
        try:
            runner.run(hold, self._watch, self._may_go_on, self._executor)
            self._patience.succeeded(slug)
        except Exception as error:
            self._failed(slug, hold, error)
        finally:
            self._hold = None
        ended = time.monotonic()
        self._last[slug] = _Last(ended, ended - began)

    def _may_go_on(self) -> bool:
        return not self._stop.is_set() and self._heartbeat.is_known_alive

    def _failed(self, slug: str, hold: Hold, error: Exception) -> None:
        log.error("cycle failed", exc_info=error, extra={"project": slug, "cycle": hold.cycle_id})
        seconds = self._patience.failed(slug, error)
        if isinstance(error, UnavailableError):  # people see what training waits for, and until when
            at = iso(time.time() + seconds)[11:19]
            again = f"Training waits for it; the next try is at {at} UTC, or when a worker starts."
            hold.note(error=f"{type(error).__name__}: {error} {again}"[:2000])
