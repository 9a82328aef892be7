"""Interruptions: processes stop and go on, clocks jump, key, files and database go away and come back.

python -m labs.interrupted

After each: the answers that were acknowledged are there once, `verify` finds the record whole, and labeling and
training go on. What is away is refused with a clear error, and nothing is half recorded.
"""

from __future__ import annotations

import argparse
import datetime
import logging
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from labelwright.engine import runner
from labelwright.engine.steps import steps
from labelwright.engine.worker import Worker
from labelwright.errors import LabelwrightError
from labelwright.services.labeling import queue
from labelwright.store import clock
from labs import homes

DAY: Final = 86_400.0
NOT_ALWAYS: Final = (
    "judge",
    "arms",
    "control",
    "drift",
    "represent",
)  # no goal, no fork, one encoder, and too few new items or labels
JUMPS: Final = {"a minute back": -60.0, "a day back": -DAY, "a day on": DAY, "a year on": 365 * DAY}


def stopped_and_continued(home: Path, step: str, when: str) -> str:
    """A worker process is stopped at a point of its cycle; another publishes; it goes on."""
    with homes.opened(home) as (site, admin):
        homes.answer(site, admin, 3)
    worker = os.fork()
    if worker == 0:
        with homes.opened(home) as (site, _):
            hold = runner.begin(site.project(homes.SLUG), "sleeper", 1)
            assert hold is not None
            runner.run(hold, lambda *at: os.kill(os.getpid(), signal.SIGSTOP) if at == (step, when) else None)
        os._exit(0)
    _, status = os.waitpid(worker, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        return "" if step in NOT_ALWAYS else f"the worker did not come to {step}"
    with homes.opened(home) as (site, admin):
        store = site.project(homes.SLUG)
        taken = runner.take_over(store, "peer", alive=set())
        if taken is not None:
            runner.run(taken)
        homes.answer(site, admin, 2)
        Worker(site.store).run(until_idle=True)
    os.kill(worker, signal.SIGCONT)
    os.waitpid(worker, 0)
    return homes.judge(home, [])


@contextmanager
def clock_off_by(seconds: float) -> Iterator[None]:
    """The wall clock of this process, off by so much."""
    real_time, real_datetime = time.time, clock.datetime

    class Shifted(real_datetime):  # type: ignore[misc, valid-type]
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
            return real_datetime.now(tz) + datetime.timedelta(seconds=seconds)

    time.time = lambda: real_time() + seconds
    clock.datetime = Shifted  # type: ignore[misc]
    try:
        yield
    finally:
        time.time, clock.datetime = real_time, real_datetime  # type: ignore[misc]


def clock_jumps(home: Path, seconds: float) -> str:
    """Answers before, during and after a jump of the clock, with leases that were made before it."""
    said: list[str] = []
    with homes.opened(home) as (site, admin):
        homes.answer(site, admin, 3, said.append)
        queue.take(site, admin, homes.SLUG, n=5)
        with clock_off_by(seconds):
            homes.answer(site, admin, 3, said.append)
            Worker(site.store).run(until_idle=True)
            homes.answer(site, admin, 3, said.append)
    if len(said) != 9:
        return f"only {len(said)} of 9 answers were taken"
    return homes.judge(home, said)


def away(home: Path, name: str, must_refuse: bool) -> str:
    """A file or folder of the home is moved away while somebody works, and comes back."""
    path, elsewhere = home / name, home.parent / "away"
    said: list[str] = []
    for suffix in ("", "-wal", "-shm"):
        if Path(f"{path}{suffix}").exists():
            Path(f"{path}{suffix}").rename(f"{elsewhere}{suffix}")
    if elsewhere.is_dir():
        path.mkdir()  # the mount point of a disk that is not mounted
    refused = ""
    try:
        with homes.opened(home) as (site, admin):
            homes.answer(site, admin, 2, said.append)
            Worker(site.store).run(until_idle=True)
    except LabelwrightError as error:
        refused = error.message
    finally:
        for suffix in ("", "-wal", "-shm"):
            if Path(f"{elsewhere}{suffix}").exists():
                made = Path(f"{path}{suffix}")
                if made.is_dir():  # an empty mount point may be left, or what was written without being recorded
                    shutil.rmtree(made)
                elif made.exists() and not suffix:
                    return f"something was made in place of {name}"
                Path(f"{elsewhere}{suffix}").rename(made)
    if must_refuse and not refused:
        return f"nothing was refused without {name}"
    return homes.judge(home, said)


def experiments() -> dict[str, Callable[[Path], str]]:
    """By name; each acts on a fresh copy of a home and says what is wrong."""
    listed: dict[str, Callable[[Path], str]] = {}
    for step in steps():
        for when in ("before", "after"):
            listed[f"stopped {when} {step.name}, continued after another published"] = (
                lambda home, step=step.name, when=when: stopped_and_continued(home, step, when)
            )  # type: ignore[misc]
    for name, seconds in JUMPS.items():
        listed[f"clock jumps {name}"] = lambda home, seconds=seconds: clock_jumps(home, seconds)  # type: ignore[misc]
    for name, must_refuse in (
        ("keys/signing-key.pem", True), ("projects/topics/project.sqlite", True), ("projects/topics/arrays", False),
    ):  # fmt: skip
        listed[f"{name} away and back"] = lambda home, name=name, must=must_refuse: away(home, name, must)  # type: ignore[misc]
    return listed


def main() -> None:
    """Parse the options, try, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--share", type=int, default=1, help="try one interruption in so many")
    tried = dict(list(experiments().items())[:: parser.parse_args().share])
    logging.disable()  # of errors that are expected
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        honest, home = Path(folder) / "honest", Path(folder) / "copy"
        homes.make("training", honest)
        for name, experiment in tried.items():
            homes.copy(honest, home)
            try:
                problem = experiment(home)
            except Exception as error:  # the table must show what happened
                problem = f"{type(error).__name__}: {error}"
            wrong += bool(problem)
            print(f"{'ok' if not problem else 'FAIL':4}  {name}{': ' + problem if problem else ''}", flush=True)
    print(f"{len(tried)} interruptions, {wrong} problems")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
