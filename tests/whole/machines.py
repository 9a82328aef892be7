"""Processes beside the product's own, all real: a server that speaks S3, and a dask cluster."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.processes import Process

START_SECONDS = 60.0


def until(condition: Callable[[], Any], what: str, seconds: float = START_SECONDS, every: float = 0.05) -> Any:
    """What the condition returns once it is true of something.

    Raises
    ------
    TimeoutError
        Which says what did not come.
    """
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"{seconds:g} seconds went by before {what}")
        time.sleep(every)
    return found


def free_port() -> int:
    """A port of this machine that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        urlopen(url, timeout=5).close()
    except URLError:
        return False
    return True


@contextmanager
def object_store(folder: Path) -> Iterator[str]:
    """The address of a server that speaks S3, in a process of its own."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with Process(["-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], folder) as server:
        until(lambda: not server.is_alive or _answers(f"{address}/moto-api/"), "the object store answers")
        yield address


@dataclass
class Cluster:
    """A scheduler of dask and its workers, each a process of its own."""

    folder: Path
    variables: dict[str, str]
    address: str = ""
    workers: list[Process] = field(default_factory=list)

    def add(self) -> Process:
        """One more worker, with one thread."""
        flags = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(self.folder)]
        worker = Process(["-m", "dask", "worker", f"tcp://{self.address}", *flags], self.folder, **self.variables)
        self.workers.append(worker.start())
        return worker

    def n_workers(self) -> int:
        """How many workers the scheduler knows now."""
        return len(self._ask(lambda client: client.scheduler_info(n_workers=-1)["workers"]))

    def n_shards(self) -> int:
        """How many pieces of work of ours the workers have finished."""
        return int(self._ask(lambda client: client.run_on_scheduler(count_shards)))

    def _ask(self, use: Callable[[Any], Any]) -> Any:
        from distributed import Client

        with Client(f"tcp://{self.address}", set_as_default=False, timeout=10) as client:
            return use(client)


def count_shards(dask_scheduler: Any) -> int:
    """Run within the scheduler: tasks of all groups of ours whose result was made and fetched."""
    groups = dask_scheduler.task_prefixes.items()
    return sum(prefix.state_counts["memory"] for name, prefix in groups if name.startswith("labelwright"))


@contextmanager
def cluster(folder: Path, **variables: str) -> Iterator[Cluster]:
    """A cluster of two workers."""
    folder.mkdir()
    file = folder / "scheduler.json"
    flags = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
    scheduler = Process(["-m", "dask", "scheduler", *flags, "--scheduler-file", str(file)], folder, **variables)
    made = Cluster(folder, variables)
    with scheduler:
        try:
            until(file.exists, "the scheduler has said where it is")
            made.address = json.loads(until(file.read_text, "its file is written"))["address"].removeprefix("tcp://")
            for _ in range(2):
                made.add()
            until(lambda: made.n_workers() == 2, "both workers are there")
            yield made
        finally:
            for worker in made.workers:
                worker.kill()
