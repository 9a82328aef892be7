"""A training cycle by the worker itself and on a cluster: seconds of its steps, and whether the rankings are equal.

python -m benchmarks.executors --items 100000 --executor local dask

``dask`` starts a cluster of two worker processes on this machine; ``dask://HOST:PORT`` and ``ray://HOST:PORT`` name one
that runs. On one machine a cluster shares the cores with the worker, so this shows what handing out costs, not what it
brings.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.processes import make_texts, opened

SLUG = "executors"


@contextmanager
def engine(spec: str) -> Iterator[Any]:
    """An executor; ``dask`` alone stands for a cluster that is started for it."""
    from labelwright.engine.executors import executor_of

    if spec != "dask":
        yield executor_of(spec)
        return
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0") as cluster:
        yield executor_of(f"dask://{cluster.scheduler_address.removeprefix('tcp://')}")


def timed(home: Path, executor: Any) -> tuple[dict[str, float], dict[str, str]]:
    """Seconds of each step of the project's cycles, and digests of predictions, features and rankings."""
    from labelwright.engine.worker import Worker
    from labelwright.store import tables as t

    seconds: dict[str, float] = {}
    began: dict[str, float] = {}

    def watch(step: str, when: str) -> None:
        if when == "before":
            began[step] = time.perf_counter()
        else:
            seconds[step] = seconds.get(step, 0.0) + time.perf_counter() - began[step]

    with opened(home) as site:
        start = time.perf_counter()
        Worker(site.store, watch, maps=False, executor=executor).run(until_idle=True)
        seconds["in all"] = time.perf_counter() - start
        with site.project(SLUG).read() as rows:
            listed = rows.all(rows.select(t.array_file.c.path, t.array_file.c.digest))
    return seconds, {row.path: row.digest for row in listed if not row.path.endswith((".skops", "computed.json"))}


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


def main() -> None:
    """Parse the options, make a project, run its cycle on each executor, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--answers", type=int, default=200)
    parser.add_argument("--executor", nargs="+", default=["local", "dask"])
    args = parser.parse_args()
    results: dict[str, dict[str, str]] = {}
    columns: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder) / "origin", args.items, args.answers)
        for spec in args.executor:
            home = Path(folder) / spec.replace("/", "-").replace(":", "-")
            shutil.copytree(Path(folder) / "origin", home)
            with engine(spec) as executor:
                columns[spec], results[spec] = timed(home, executor)
    first = args.executor[0]
    steps = list(columns[first])
    print(f"\nexecutors: {args.items:,} texts, {args.answers} answers, the first training; seconds")
    print(f"  {'':12}" + "".join(f"{spec:>28}" for spec in args.executor))
    for step in steps:
        print(f"  {step:12}" + "".join(f"{columns[spec].get(step, float('nan')):28.2f}" for spec in args.executor))
    for spec in args.executor[1:]:
        one, other = results[first], results[spec]
        unequal = sorted(path for path in one | other if one.get(path) != other.get(path))
        print(f"  files of {spec} that differ from those of {first}: {unequal or 'none'}, of {len(one)}")


if __name__ == "__main__":
    main()
