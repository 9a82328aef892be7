"""A thin seam over the durable runner (DBOS): run a cycle's steps so that each is done once and survives kills.

Only this file knows the library. Rules that were measured: WAL before its first use, a pinned
application version (or workflows of an earlier build are never recovered), an executor id unique to
each live process, portable JSON in its tables instead of pickles, ids only as arguments.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event

from labelwright.store.clock import iso

APP: Final = "labelwright"
WORKFLOW_VERSION: Final = "wf-1"  # bump by hand when the order of steps changes
QUEUE: Final = "cycles"
KEEP_SECONDS: Final = 3600


class Durable:
    """One executor in this process.

    Parameters
    ----------
    home : Path
        ``engine.sqlite`` lies here, unless a PostgreSQL URL is given.
    executor : str
        Unique among live processes.
    run_step : callable ``(slug, cycle_id, step)``
        Does one step; may be called again after a kill.
    steps : list of str
        In order.
    on_error : callable ``(slug, cycle_id, error)``
        Told when a step raised.
    """

    def __init__(
        self,
        home: Path,
        database_url: str | None,
        executor: str,
        *,
        steps: list[str],
        run_step: Callable[[str, int, str], None],
        on_error: Callable[[str, int, Exception], None],
    ) -> None:
        from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

        config: DBOSConfig = {
            "name": APP,
            "executor_id": executor,
            "application_version": WORKFLOW_VERSION,
            "log_level": "ERROR",
            "console_log_level": "ERROR",
            "notification_listener_polling_interval_sec": 0.2,  # nothing listens, but closing waits for it
            "serializer": DBOSPortableJSONSerializer(),
        }
        if database_url:
            config["system_database_url"] = database_url
        else:
            config["system_database_engine"] = _engine(home / "engine.sqlite")
            config["system_database_url"] = f"sqlite:///{home / 'engine.sqlite'}"
        self._executor = executor
        self._dbos: Any = DBOS
        DBOS(config=config)

        @DBOS.workflow(name="cycle", max_recovery_attempts=50)
        def cycle(slug: str, cycle_id: int) -> str:
            for step in steps:
                try:
                    DBOS.run_step({"name": step}, run_step, slug, cycle_id, step)
                except Exception as error:
                    on_error(slug, cycle_id, error)
                    return "failed"
            return "done"

        self._cycle = cycle
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=0.1)

    def enqueue(self, project_id: str, slug: str, cycle_id: int) -> None:
        """Ask for a cycle; asking again for the same one changes nothing."""
        from dbos import SetWorkflowID

        with SetWorkflowID(f"{project_id}-{cycle_id}"):
            self._dbos.enqueue_workflow(QUEUE, self._cycle, slug, cycle_id)

    def is_lost(self, project_id: str, cycle_id: int) -> bool:
        """Whether nobody will ever go on with a cycle: its notes are gone, or say that it ended."""
        status = self._dbos.get_workflow_status(f"{project_id}-{cycle_id}")
        return status is None or status.status not in ("PENDING", "ENQUEUED", "DELAYED")

    def take_over(self, executor: str) -> int:
        """Resume what a dead process was running; return how many cycles."""
        found = self._dbos.list_workflows(status="PENDING", executor_id=executor)
        for workflow in found:
            self._dbos.resume_workflow(workflow.workflow_id)
        return len(found)

    def pending_of(self) -> set[str]:
        """Executors that hold a running cycle."""
        return {w.executor_id for w in self._dbos.list_workflows(status="PENDING") if w.executor_id}

    def tidy(self) -> None:
        """Forget cycles that ended more than an hour ago; what they did is in the projects' records."""
        before = iso(time.time() - KEEP_SECONDS)
        done = self._dbos.list_workflows(status=["SUCCESS", "ERROR", "CANCELLED"], end_time=before, limit=1000)
        if done:
            self._dbos.delete_workflows([workflow.workflow_id for workflow in done])

    def close(self) -> None:
        """Stop taking work; a cycle that runs gets a few seconds to end."""
        busy = self._dbos.list_workflows(status="PENDING", executor_id=self._executor)
        self._dbos.destroy(workflow_completion_timeout_sec=4 if busy else 0)


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
