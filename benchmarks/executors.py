"""A training cycle by the worker itself and on a cluster: seconds of its steps, and whether the rankings are equal.

python -m benchmarks.executors --items 100000 --executor local dask
python -m benchmarks.executors --items 100000 1000000 10000000 --given --executor local dask dask-killed

``dask`` starts a cluster of two worker processes on this machine, ``dask-killed`` one that loses a process while items
are predicted; ``dask://HOST:PORT`` and ``ray://HOST:PORT`` name one that runs. On one machine a cluster shares the
cores with the worker, so this shows what handing out costs, not what it brings. ``--given`` takes items with embeddings
of 64 numbers and 500 labels from a Parquet file, in place of texts.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import large
from benchmarks.imports import run
from benchmarks.processes import make_texts, opened

SLUG = "large"
KILL_AFTER = 0.2  # seconds from the start of the predictions
Kill = Callable[[], None]


@contextmanager
def engine(spec: str) -> Iterator[tuple[Any, Kill | None]]:
    """An executor, and what kills one of its processes; ``dask`` alone stands for a cluster that is started for it."""
    from labelwright.engine.executors import executor_of

    if not spec.startswith("dask") or "://" in spec:
        yield executor_of(spec), None
        return
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0") as cluster:

        def kill() -> None:
            os.kill(cluster.workers[0].process.pid, signal.SIGKILL)

        address = cluster.scheduler_address.removeprefix("tcp://")
        yield executor_of(f"dask://{address}"), kill if spec.endswith("killed") else None


def timed(home: Path, executor: Any, kill: Kill | None) -> tuple[dict[str, float], dict[str, str]]:
    """Seconds of each step of the project's cycles, and digests of predictions, features and rankings."""
    from labelwright.engine.worker import Worker
    from labelwright.store import tables as t

    seconds: dict[str, float] = {}
    began: dict[str, float] = {}

    def watch(step: str, when: str) -> None:
        if when == "before":
            began[step] = time.perf_counter()
            if step == "predict" and kill is not None:
                threading.Timer(KILL_AFTER, kill).start()
        else:
            seconds[step] = seconds.get(step, 0.0) + time.perf_counter() - began[step]

    with opened(home) as site:
        start = time.perf_counter()
        Worker(site.store, watch, maps=False, executor=executor).run(until_idle=True)
        seconds["in all"] = time.perf_counter() - start
        seconds["peak MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with site.project(SLUG).read() as rows:
            listed = rows.all(rows.select(t.array_file.c.path, t.array_file.c.digest))
    return seconds, {row.path: row.digest for row in listed if not row.path.endswith((".skops", "computed.json"))}


def prepare_given(folder: Path, home: Path, n_items: int) -> None:
    """A project of items with embeddings and labels, which no worker has looked at yet."""
    source = folder / "items.parquet"
    large.write(source, n_items, 64)
    columns = ("--id", "id", "--text", "text", "--label", "label", "--embedding", "vector")
    seconds, peak = run(home, "create", SLUG, str(source), "--task", "classification", *columns)
    print(f"{n_items:,} items imported in {seconds:.0f} s, peak {peak:,.0f} MiB", flush=True)
    source.unlink()


def prepare(home: Path, n_items: int, n_answers: int) -> None:
    """A project of texts with answers, which no worker has looked at yet."""
    from labelwright.services.labeling import annotations, queue
    from labelwright.services.labeling.annotations import Given
    from labelwright.services.people import users

    truth = make_texts(home, SLUG, n_items)
    with opened(home) as site:
        admin, _ = users.ensure_admin(site)
        while n_answers > 0:
            leases = queue.take(site, admin, SLUG, n=min(50, n_answers)).leases
            answers = [
                Given.of(
                    answer_id=str(uuid.uuid4()), lease_id=lease.id, item_id=lease.item.id, kind="answer",
                    answer={"label": truth[lease.item.key]}, seconds=1.0,
                )
                for lease in leases
            ]  # fmt: skip
            annotations.give(site, admin, SLUG, answers)
            n_answers -= len(leases)


def compare(origin: Path, title: str, specs: list[str]) -> None:
    """Run a project's next training on each executor; print seconds of its steps, and the files that differ."""
    results: dict[str, dict[str, str]] = {}
    columns: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for spec in specs:
            home = Path(folder) / spec.replace("/", "-").replace(":", "-")
            shutil.copytree(origin, home)
            os.sync()  # or the copy is still being written while files are timed
            with engine(spec) as (executor, kill):
                columns[spec], results[spec] = timed(home, executor, kill)
            shutil.rmtree(home)
    first = specs[0]
    print(f"\nexecutors: {title}; seconds")
    print(f"  {'':12}" + "".join(f"{spec:>28}" for spec in specs))
    for step in columns[first]:
        print(f"  {step:12}" + "".join(f"{columns[spec].get(step, float('nan')):28.2f}" for spec in specs))
    for spec in specs[1:]:
        one, other = results[first], results[spec]
        unequal = sorted(path for path in one | other if one.get(path) != other.get(path))
        print(f"  files of {spec} that differ from those of {first}: {unequal or 'none'}, of {len(one)}", flush=True)


def main() -> None:
    """Parse the options, compare executors at each size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, nargs="+", default=[100_000])
    parser.add_argument("--answers", type=int, default=200)
    parser.add_argument("--executor", nargs="+", default=["local", "dask"])
    parser.add_argument(
        "--home", type=Path, help=f"a home with a project '{SLUG}' that wants training, in place of new ones"
    )
    parser.add_argument("--given", action="store_true", help="items with embeddings and labels, in place of texts")
    args = parser.parse_args()
    if args.home is not None:
        compare(args.home, f"the next training of {args.home.name}", args.executor)
        return
    for n_items in args.items:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "origin"
            if args.given:
                prepare_given(Path(folder), home, n_items)
                title = f"{n_items:,} items with embeddings"
            else:
                prepare(home, n_items, args.answers)
                title = f"{n_items:,} texts, {args.answers} answers"
            compare(home, f"{title}, the first training", args.executor)


if __name__ == "__main__":
    main()
