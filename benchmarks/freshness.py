"""From an answer to a published ranking that knows it: 100,000 texts, a worker at rest.

python -m benchmarks.freshness --trials 5
"""

from __future__ import annotations

import argparse
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.processes import API, Server, Worker, make_people, make_texts, opened
from benchmarks.table import quantile, show

SLUG = "freshness"


def answer(client: httpx2.Client, truth: dict[str, str], n: int) -> int:
    """Answer n items; the number of the last event."""
    leases = client.post(f"/projects/{SLUG}/queue", json={"n": n}).json()["leases"]
    seq = 0
    for lease in leases:
        reply = client.post(f"/projects/{SLUG}/annotations", json={
            "answer_id": str(uuid.uuid4()), "lease_id": lease["id"], "item_id": lease["item"]["id"], "kind": "answer",
            "answer": {"label": truth[lease["item"]["key"]]}, "seconds": 2.0,
        })  # fmt: skip
        reply.raise_for_status()
        seq = int(reply.json()["seq"])
    if not seq:
        raise RuntimeError("the queue was empty")
    return seq


def wait(store: Any, seq: int, seconds: float = 600.0) -> str:
    """Return the ranking whose label version includes event ``seq``, once it is published."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with store.read() as rows:
            project = store.row(rows)
        if project.trained_seq >= seq:
            return str(project.ranking_id)
        time.sleep(0.01)
    raise TimeoutError(f"event {seq} was not trained within {seconds:g} s")


def main() -> None:
    """Parse the options, answer, wait, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--trials", type=int, default=7)
    parser.add_argument("--warm", type=int, default=60, help="answers before the first trial")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, help="a file of texts, one a line, in place of made-up ones")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        started = time.perf_counter()
        truth = make_texts(home, SLUG, args.items, seed=args.seed, data=args.data)
        imported = time.perf_counter() - started
        (token,) = make_people(home, 1)
        with Worker(home, "--until-idle") as worker:
            worker.wait(1800)
        first = time.perf_counter() - started - imported
        took = []
        with Server(home) as server, opened(home) as site, httpx2.Client(
            base_url=server.url + API, headers={"Authorization": f"Bearer {token}"}, timeout=60
        ) as client:  # fmt: skip
            store = site.project(SLUG)
            for done in range(0, args.warm, 50):
                wait(store, answer(client, truth, min(50, args.warm - done)))
            for _ in range(args.trials):
                time.sleep(2.0)  # the worker is at rest again
                begun = time.perf_counter()
                wait(store, answer(client, truth, 1))
                took.append(time.perf_counter() - begun)
            with store.read() as rows:
                cycles = store.row(rows).cycle
    show(f"freshness: {args.items:,} texts, one answer to a ranking that knows it", [
        ("seconds, each", " ".join(f"{t:.2f}" for t in took)), ("median", f"{quantile(took, 0.5):.2f} s"),
        ("largest", f"{max(took):.2f} s"), ("import", f"{imported:.1f} s"),
        ("encode and first ranking", f"{first:.1f} s"), ("cycles", cycles),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
