"""Wait for a new model, or make one where no worker runs."""

from __future__ import annotations

import time

from labelwright.engine.executors import executor_of
from labelwright.engine.heartbeat import live_workers
from labelwright.engine.worker import Worker
from labelwright.errors import NotReadyError
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.store import tables as t

POLL_SECONDS = 0.1


def train_now(site: Site, slug: str, *, timeout: float = 600.0) -> None:
    """Return when all answers so far are in a published ranking.

    Raises
    ------
    NotReadyError
        If the project is paused, training failed, or the time is over.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
    if project.row.state == "paused":
        raise NotReadyError(f"round: '{slug}' is paused.", f"labelwright resume {slug}")
    if not live_workers(site.store):
        Worker(site.store, executor=executor_of(site.settings.executor)).run(until_idle=True)
    wait_for(site, slug, project.row.wanted_seq, timeout=timeout)


def wait_for(site: Site, slug: str, seq: int, *, timeout: float = 600.0) -> None:
    """Wait until a worker has published a ranking that knows all events up to ``seq``."""
    store, until = site.project(slug), time.monotonic() + timeout
    while True:
        with store.read() as rows:
            row = store.row(rows)
            newest = rows.first(rows.select(t.cycle.c.state, t.cycle.c.error).order_by(t.cycle.c.id.desc()))
        if row.trained_seq >= seq and not row.awaits_features:
            return
        if newest is not None and newest.state == "failed":
            raise NotReadyError(f"round: training '{slug}' failed ({newest.error}).", "Look into HOME/logs/worker.log.")
        if time.monotonic() > until:
            raise NotReadyError(f"round: '{slug}' was not trained within {timeout:g} seconds.", "Is a worker running?")
        time.sleep(POLL_SECONDS)
