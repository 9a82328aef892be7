"""The first order of a project, published as soon as its items are there.

A representative first batch needs features, and features of many items take a while. Until they are there, people get
items at random, interleaved with the reserve, their propensities recorded as ever. The cycle that makes this order has
the steps of any other; it has no features, so it fits nothing (`CycleInputs.is_cold`).
"""

from __future__ import annotations

import logging

from labelwright.engine import runner
from labelwright.engine.heartbeat import Heartbeat
from labelwright.store.project import ProjectStore
from labelwright.store.site import SiteStore

log = logging.getLogger("labelwright.imports")


def publish_cold(site: SiteStore, store: ProjectStore) -> None:
    """Publish the first order in this process; a worker does it where that fails, or is faster."""
    with store.read() as rows:
        row = store.row(rows)
    if row.ranking_id is not None:
        return
    heartbeat = Heartbeat(site)
    heartbeat.start()  # so that no worker takes the cycle for an abandoned one
    try:
        hold = runner.begin(store, heartbeat.id, row.wanted_seq)
        if hold is not None:
            runner.run(hold, may_go_on=lambda: heartbeat.is_known_alive)
    except Exception as error:  # the items are there, so the import has not failed
        log.error("the first order was not published", exc_info=error, extra={"project": store.slug})
    finally:
        heartbeat.stop()
