"""Millions of items with embeddings of their own: the import, a cycle, the next item meanwhile, and the page.

python -m benchmarks.large --items 10000000 [--dims 64] [--page]

The Parquet file has an id, a short text and a list of float16 numbers in each row; the first 500 rows have a label.
The worker is a process of its own, beside a server from which one person takes and answers items all the time.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import httpx2
import numpy as np

from benchmarks.imports import run
from benchmarks.processes import API, Server, environment, make_people
from benchmarks.table import quantile, show

SLUG, CLASSES, LABELED, PAGE = "large", 4, 500, 100_000
CHILD = """
import json, resource, sys, time
from pathlib import Path
from benchmarks.processes import opened
from labelwright.engine.worker import Worker
seconds, began = {}, {}
def watch(step, when):
    if when == "before":
        began[step] = time.perf_counter()
    else:
        seconds[step] = seconds.get(step, 0.0) + time.perf_counter() - began[step]
        if step == "publish":  # answers go on coming, and with them cycles
            worker.stop()
with opened(Path(sys.argv[1])) as site:
    start = time.perf_counter()
    worker = Worker(site.store, watch, maps=False)
    worker.run()
    seconds["in all"] = time.perf_counter() - start
seconds["peak MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(seconds))
"""


def write(path: Path, n_items: int, n_dims: int) -> None:
    """A file of clusters whose texts say nothing about them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(0)
    words = np.array([f"word{k}" for k in range(2000)])
    centres = rng.normal(size=(CLASSES, n_dims))
    kinds = {"id": pa.string(), "text": pa.string(), "label": pa.string(), "vector": pa.list_(pa.float16(), n_dims)}
    schema = pa.schema(list(kinds.items()))
    with pq.ParquetWriter(path, schema) as writer:
        for first in range(0, n_items, PAGE):
            n = min(PAGE, n_items - first)
            code = rng.integers(0, CLASSES, n)
            vectors = (centres[code] + 1.5 * rng.normal(size=(n, n_dims))).astype(np.float16)
            writer.write_table(pa.table({
                "id": [f"item-{first + k}" for k in range(n)],
                "text": [" ".join(row) for row in words[rng.integers(0, len(words), (n, 8))]],
                "label": [f"class {c}" if first + k < LABELED else None for k, c in enumerate(code)],
                "vector": pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), n_dims),
            }, schema=schema))  # fmt: skip


def imported(home: Path, source: Path, n_items: int, n_dims: int) -> list[tuple[str, Any]]:
    """Import such a file by the command line."""
    write(source, n_items, n_dims)
    columns = ("--id", "id", "--text", "text", "--label", "label", "--embedding", "vector")
    seconds, peak = run(home, "create", SLUG, str(source), "--task", "classification", *columns)
    return [
        ("file", f"{source.stat().st_size / 2**20:,.0f} MiB"),
        ("import", f"{seconds:.0f} s, {n_items / seconds:,.0f} rows a second, peak {peak:,.0f} MiB"),
    ]


def train(home: Path) -> dict[str, float]:
    """Run a worker until it has published a ranking; seconds of its steps and its peak memory."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(home)], env=environment(home), capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    seconds: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return seconds


class Annotator(threading.Thread):
    """Takes an item and answers it, over and over; keeps how long each took."""

    def __init__(self, url: str, token: str) -> None:
        super().__init__(daemon=True)
        self._client = httpx2.Client(base_url=url + API, headers={"Authorization": f"Bearer {token}"}, timeout=120)
        self._ended = threading.Event()
        self.took, self.answered = list[float](), list[float]()
        self.error: Exception | None = None

    def run(self) -> None:
        """Until it is told to end."""
        try:
            while not self._ended.wait(0.2):
                self._one()
        except Exception as error:
            self.error = error

    def _one(self) -> None:
        begun = time.perf_counter()
        reply = self._client.post(f"/projects/{SLUG}/queue", json={"n": 1})
        reply.raise_for_status()
        self.took.append(time.perf_counter() - begun)
        for lease in reply.json()["leases"]:
            begun = time.perf_counter()
            self._client.post(f"/projects/{SLUG}/annotations", json={
                "answer_id": str(uuid.uuid4()), "lease_id": lease["id"], "item_id": lease["item"]["id"],
                "kind": "answer", "answer": {"label": "l_1"}, "seconds": 2.0,
            }).raise_for_status()  # fmt: skip
            self.answered.append(time.perf_counter() - begun)

    def stop(self) -> None:
        """End; raise what went wrong."""
        self._ended.set()
        self.join(130)
        if self.error is not None:
            raise self.error


def latencies(took: list[float]) -> str:
    """Half of them, nearly all, and the largest."""
    half, most = (1e3 * quantile(took, share) for share in (0.5, 0.95))
    return f"p50 {half:.0f} ms, p95 {most:.0f} ms, largest {1e3 * max(took):.0f} ms of {len(took)}"


def opening(home: Path) -> list[tuple[str, str]]:
    """Seconds from an address to its content in a browser, of a server that has just started."""
    from benchmarks.screen_page import browsing, person_of

    rows = []
    with browsing(home) as served:
        person = person_of(served)
        for path, shown in (("label", "item"), ("progress", "sentence"), ("items", "item-count")):
            for when in ("first", "again"):
                begun = time.perf_counter()
                person.page.goto(f"{served.base}/p/{SLUG}/{path}")
                person.page.get_by_test_id(shown).first.wait_for()
                rows.append((f"{path}, {when}", f"{time.perf_counter() - begun:.2f} s"))
    return rows


def main() -> None:
    """Parse the options, import, train twice with people beside, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--dims", type=int, default=64)
    parser.add_argument("--page", action="store_true", help="also open pages in a browser")
    parser.add_argument("--home", type=Path, help="a home with such a project, in place of an import")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, source, rows = args.home or Path(folder) / "home", Path(folder) / "items.parquet", list[tuple[str, Any]]()
        if args.home is None:
            rows += imported(home, source, args.items, args.dims)
            print(rows, flush=True)
        (token,) = make_people(home, 1)
        with Server(home, worker=False) as server:
            person = Annotator(server.url, token)
            person.start()
            for name in ("first cycle", "second cycle, in a new process"):
                begun = len(person.took)
                seconds = train(home)
                steps = ", ".join(f"{step} {value:.1f}" for step, value in seconds.items() if step != "peak MiB")
                rows.append((name, f"{seconds['in all']:.1f} s ({steps}), peak {seconds['peak MiB']:,.0f} MiB"))
                rows.append(("  next item meanwhile", latencies(person.took[begun:])))
                print(rows[-2:], flush=True)
            person.stop()
            rows.append(("answers acknowledged", latencies(person.answered)))
        if args.page:
            rows += opening(home)
        show(f"{args.items:,} items with embeddings of {args.dims} numbers", rows)


if __name__ == "__main__":
    main()
