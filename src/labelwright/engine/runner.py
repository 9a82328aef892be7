"""Run a cycle's steps: each once, in order, and on from where a worker that died had come.

A cycle is a row that says who holds it and how far it is. A step's part is in files that are written once
and in events, so a step that is run again finds what is there (decisions/0013).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import IntegrityError as DuplicateKey

from labelwright.engine.cycle import Cycle
from labelwright.engine.due import MAX_DEATHS
from labelwright.engine.executors import Executor, StoppedError
from labelwright.engine.steps import Hold, TakenOverError, steps
from labelwright.errors import ConflictError
from labelwright.store import tables as t
from labelwright.store.clock import now
from labelwright.store.project import COLD_CYCLE, ProjectStore

log = logging.getLogger("labelwright.worker")
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
ACTIVE: Final = (WAITING, RUNNING)
Watch = Callable[[str, str], None]


def begin(store: ProjectStore, worker: str, wanted_seq: int) -> Hold | None:
    """Make the next cycle of a project and hold it; None if another worker was faster."""
    try:
        with store.stage() as rows:
            newest = rows.scalar(rows.select(t.cycle.c.id).order_by(t.cycle.c.id.desc()).limit(1))
            if rows.first(rows.select(t.cycle.c.id).where(t.cycle.c.state.in_(ACTIVE))) is not None:
                return None
            cycle_id = COLD_CYCLE if newest is None else int(newest) + 1
            rows.insert(
                t.cycle,
                {
                    "id": cycle_id, "wanted_seq": wanted_seq, "state": RUNNING, "worker": worker, "fence": 1,
                    "started_at": now(),
                },
            )  # fmt: skip
        return Hold(store, cycle_id, 1)
    except DuplicateKey:
        return None


def take_over(store: ProjectStore, worker: str, alive: set[str]) -> Hold | None:
    """Hold a cycle that nobody alive holds; None if there is none.

    A cycle that killed its worker three times without getting further is given up, so that it cannot kill every worker
    in turn; `due` says when the project is tried again.
    """
    table = t.cycle
    with store.stage() as rows:
        row = rows.first(
            rows.select(table.c.id, table.c.fence, table.c.worker, table.c.step, table.c.deaths).where(
                table.c.state.in_(ACTIVE)
            )
        )
        if row is None or row.worker in alive:
            return None
        deaths = row.deaths + (row.worker is not None and row.worker != worker)
        values = {"fence": row.fence + 1, "deaths": deaths, "worker": worker, "state": RUNNING}
        if given_up := deaths >= MAX_DEATHS:
            error = (
                f"The worker died {deaths} times in the step '{row.step}', so training of this project is suspended. "
                "Exclude the items that are too large for this machine, or change the policy, or pause and resume the "
                "project to try again."
            )
            values |= {"state": FAILED, "ended_at": now(), "error": error}
        taken = rows.update(table, table.c.id == row.id, table.c.fence == row.fence, **values)
    return Hold(store, row.id, row.fence + 1) if taken and not given_up else None


def run(
    hold: Hold, watch: Watch = lambda *_: None, may_go_on: Callable[[], bool] = lambda: True,
    executor: Executor | None = None,
) -> bool:  # fmt: skip
    """Do the steps that are not done; whether the cycle was finished.

    Parameters
    ----------
    watch : callable
        Called with (step, "before" | "after"); tests of crashes stop the process there.
    may_go_on : callable
        Asked before each step, and between shards; a worker that is being stopped leaves the cycle where it is.
    executor : Executor, optional
        Where work by shards is done; here if left out.

    Raises
    ------
    Exception
        Of a step that failed; the cycle is marked as failed.
    """
    hold = Hold(hold.store, hold.cycle_id, hold.fence, executor, may_go_on)
    cycle, order = Cycle(hold.store, hold.cycle_id), [step.name for step in steps()]
    for step in steps():
        if not may_go_on():
            hold.note(state=WAITING, worker=None)
            return False
        started = time.monotonic()
        try:
            with hold.store.read() as rows:
                hold.check(rows)
                reached = rows.scalar(rows.select(t.cycle.c.step).where(t.cycle.c.id == hold.cycle_id))
            if step.done(cycle):
                continue
            hold.note(state=RUNNING)
            if reached is None or order.index(step.name) > order.index(reached):  # deaths before count no more
                hold.note(step=step.name, step_at=now(), deaths=0)
            watch(step.name, "before")
            step.run(cycle, hold)
            watch(step.name, "after")
        except TakenOverError as error:
            log.warning(str(error))
            return False
        except StoppedError:
            hold.note(state=WAITING, worker=None)
            return False
        except Exception as error:
            if not hold.is_mine:  # it failed because another worker goes on with the cycle
                return False
            if isinstance(error, ConflictError) and step.done(cycle):  # one that had been stopped was faster
                continue
            hold.note(state=FAILED, ended_at=now(), error=f"{type(error).__name__}: {error}"[:2000])
            raise
        log.info(
            "step",
            extra={
                "project": hold.store.slug, "cycle": hold.cycle_id, "step": step.name,
                "seconds": time.monotonic() - started,
            },
        )  # fmt: skip
    hold.note(state=DONE, ended_at=now())
    return True
