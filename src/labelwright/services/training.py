"""Wait for a new model, or make one where no worker runs."""

from __future__ import annotations

import time

from sqlalchemy import select

from labelwright.engine.worker import Worker, live_workers
from labelwright.errors import NotReadyError
from labelwright.services import projects
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
    with store.read() as connection:
        project = projects.ready(store, connection)
    if project.state == "paused":
        raise NotReadyError(f"round: '{slug}' is paused.", f"labelwright resume {slug}")
    if not live_workers(site.store):
        Worker(site.store).run(until_idle=True)
    wait_for(site, slug, project.wanted_seq, timeout=timeout)


def wait_for(site: Site, slug: str, seq: int, *, timeout: float = 600.0) -> None:
    """Wait until a worker has published a ranking that knows all events up to ``seq``."""
    store, until = site.project(slug), time.monotonic() + timeout
    while True:
        with store.read() as connection:
            project = store.row(connection)
            newest = connection.execute(
                select(t.cycle.c.state, t.cycle.c.error)
                .where(t.cycle.c.project_id == store.project_id)
                .order_by(t.cycle.c.id.desc())
                .limit(1)
            ).one_or_none()
        if project.trained_seq >= seq and project.ranking_id is not None:
            return
        if newest is not None and newest.state == "failed":
            raise NotReadyError(f"round: training '{slug}' failed ({newest.error}).", "Look into HOME/logs/worker.log.")
        if time.monotonic() > until:
            raise NotReadyError(f"round: '{slug}' was not trained within {timeout:g} seconds.", "Is a worker running?")
        time.sleep(POLL_SECONDS)
