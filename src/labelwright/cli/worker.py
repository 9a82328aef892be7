"""labelwright worker"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import click

from labelwright.cli.site import open_site


@click.command("worker")
@click.option("--until-idle", is_flag=True, help="Stop when nothing wants training.")
@click.option("--log", default=None, help="Write the log to this file.")
@click.pass_context
def command(ctx: click.Context, until_idle: bool, log: str | None) -> None:
    """Train models and publish rankings for all projects of this site, until stopped.

    Several workers may run; one takes over what another that died was doing.

    \b
    Example:
      labelwright worker
    """
    if hasattr(os, "nice"):
        os.nice(5)  # people go first
    from labelwright.engine.executors import executor_of
    from labelwright.engine.webhooks.delivering import Deliveries
    from labelwright.engine.worker import Worker
    from labelwright.server.logs import set_up
    from labelwright.services.record.receipts import Daily
    from labelwright.services.tracking.following import Following
    from labelwright.services.webhooks.hooks import reach

    with open_site(ctx) as site:
        set_up(site.settings.log_level, log)
        worker = Worker(
            site.store, maps=site.settings.maps, executor=executor_of(site.settings.executor)
        )  # fmt: skip

        def stop(*_: Any) -> None:
            worker.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        parent = os.environ.get("LABELWRIGHT_PARENT")
        if parent:
            threading.Thread(target=_end_with, args=(int(parent), worker.stop), daemon=True).start()
        receipts = Daily(site)
        if parent is None:  # else the server sends them
            receipts.start()
        deliveries = Deliveries(site.store, reach(site))
        deliveries.start()
        following = Following(site)
        following.start()
        worker.run(until_idle=until_idle)
        following.stop()
        deliveries.stop()
        receipts.stop()


def _end_with(parent: int, stop: Callable[[], None]) -> None:
    """Stop when the server that started this worker is gone, however it went."""
    while os.getppid() == parent:
        time.sleep(1)
    stop()
