"""Playing the plans of a home: a few replays at a time, one on each core, so that training never waits for long."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from labelwright.engine.plans.folder import CANCELLED, RUNNING, WAITING, PlanFolder, folders
from labelwright.errors import LabelwrightError
from labelwright.loop.planning import run_cells

log = logging.getLogger("labelwright.worker")
MAX_TRIES: Final = 3  # workers that died while they played the same replays


def play_some(home: Path, *, n_jobs: int | None = None) -> bool:
    """Play the next replays of the oldest plan that is not finished.

    Parameters
    ----------
    n_jobs : int, optional
        Replays at once; one a core by default.

    Returns
    -------
    played : bool
        False where no plan waits, or another worker plays.
    """
    if not (home / "plans").is_dir():
        return False
    with _alone(home) as alone:
        folder = next((one for one in folders(home) if one.state in (WAITING, RUNNING)), None) if alone else None
        if folder is None:
            return False
        n_at_once = n_jobs or len(os.sched_getaffinity(0))
        try:
            if folder.tried() > MAX_TRIES:
                folder.fail(f"Workers died {MAX_TRIES} times while they played it, perhaps for want of memory.")
                return True
            _play(folder, n_at_once)
        except LabelwrightError as error:
            folder.fail(error.message)
        except Exception as error:
            log.error("plan failed", exc_info=error, extra={"plan": folder.id})
            folder.fail(f"{type(error).__name__}: {error}")
        return True


def _play(folder: PlanFolder, n_at_once: int) -> None:
    """Play the next replays; a plan that is deleted meanwhile gets no more of them."""
    plan = folder.plan()
    done = {run.cell for run in plan.replays}
    cells = [cell for cell in plan.grid.cells if cell not in done][:n_at_once]
    for run in run_cells(folder.data(), cells, n_jobs=n_at_once):
        if not folder.path.exists() or (folder.path / CANCELLED).exists():
            return
        folder.append([run])


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[bool]:
    """Whether no other worker plays now."""
    with (home / "plans" / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
