"""What every executor must keep: order, errors, retries, cancellation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from labelwright.engine.executors import Executor, Shard, StoppedError, Work
from labelwright.errors import InputError

ECHO: Final = "labelwright.engine.work.echoing:echo"
SHARDS: Final = [Shard(index, first=100 * index, n_rows=100) for index in range(6)]


def check_order(executor: Executor, folder: Path) -> None:
    """Results come in the order of the shards, though the last ones are done first; progress is told."""
    told = list[tuple[int, int]]()
    work = Work(ECHO, {"add": 7, "seconds": 0.01})
    results = executor.map_shards(work, SHARDS, on_done=lambda n_done, n: told.append((n_done, n)))
    assert results == [{"first": 100 * index + 7} for index in range(6)], f"{executor.spec}: out of order: {results}"
    assert told == [(n, 6) for n in range(1, 7)], f"{executor.spec}: progress must be told shard by shard, got {told}"
    assert executor.map_shards(work, []) == [], f"{executor.spec}: no shards, no results"


def check_errors(executor: Executor, folder: Path) -> None:
    """An error of the work comes back as what it is, with its hint."""
    try:
        executor.map_shards(Work(ECHO, {"fail_at": 3}), SHARDS)
    except InputError as error:
        assert (error.message, error.hint) == ("echo: the shard must not be 3.", "Take another."), str(error)
    else:
        raise AssertionError(f"{executor.spec}: an error of the work must be raised")


def check_stops(executor: Executor, folder: Path) -> None:
    """Work that may not go on ends with `StoppedError`, and what has not begun is never done."""
    log = folder / f"{executor.name}-calls"
    work = Work(ECHO, {"seconds": 0.02, "log": str(log)})
    many = [Shard(index, first=0, n_rows=1) for index in range(60)]
    try:
        executor.map_shards(work, many, may_go_on=lambda: not (log.exists() and log.stat().st_size))
    except StoppedError:
        n_called = len(log.read_text().splitlines())
        assert n_called < len(many), f"{executor.spec}: all {n_called} shards were done after it was stopped"
    else:
        raise AssertionError(f"{executor.spec}: StoppedError must be raised when the work may not go on")


def check_retries(executor: Executor, folder: Path) -> None:
    """A shard whose worker dies is done by another; a local executor dies with its own process, so it is left out."""
    if executor.is_local:
        return
    mark = folder / f"{executor.name}-died"
    results = executor.map_shards(Work(ECHO, {"die_at": 2, "mark": str(mark)}), SHARDS)
    assert mark.exists(), f"{executor.spec}: no worker died"
    assert results == [{"first": 100 * index} for index in range(6)], f"{executor.spec}: got {results}"


EXECUTOR_CHECKS: Final[tuple[Callable[[Executor, Path], None], ...]] = (
    check_order, check_errors, check_stops, check_retries,
)  # fmt: skip


def check_executor(executor: Executor, folder: Path) -> None:
    """Check that an executor keeps its contract.

    Parameters
    ----------
    executor : Executor
        One that can do work now.
    folder : Path
        Empty; its workers must see it under the same path.

    Raises
    ------
    AssertionError
    """
    for check in EXECUTOR_CHECKS:
        check(executor, folder)
