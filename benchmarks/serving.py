"""Serving under load while training goes on: 25 people, 10 answers a second in open loop, 100,000 texts on SQLite.

    python -m benchmarks.serving --seconds 300

Latency is measured from the moment a request was due, so that waiting in line counts.
"""

from __future__ import annotations

import argparse
import os
import queue
import random
import socket
import tempfile
import threading
import time
import uuid
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.processes import API, NO_SETTINGS, Server, Settings, Worker, make_people, make_texts, opened
from benchmarks.table import milliseconds, show

SLUG = "serving"
PREFETCH = 5
NODELAY = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]  # as browsers do; else each request waits 40 ms


@dataclass
class Measured:
    """What the clients saw; durations in seconds."""

    acks: list[float] = field(default_factory=list)
    nexts: list[float] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    empty: int = 0


class Client:
    """One annotator: answers what was prefetched, and asks for the next item after each answer."""

    def __init__(self, url: str, token: str, truth: dict[str, str], measured: Measured, lock: threading.Lock) -> None:
        self._http = httpx2.Client(
            base_url=url + API, headers={"Authorization": f"Bearer {token}"}, timeout=30,
            transport=httpx2.HTTPTransport(socket_options=NODELAY),
        )  # fmt: skip
        self._truth, self._measured, self._lock = truth, measured, lock
        self._leases: deque[dict[str, Any]] = deque()
        self.due: queue.Queue[float | None] = queue.Queue()
        self.thread = threading.Thread(target=self._work, daemon=True)

    def prepare(self) -> None:
        """Fetch the first items, as the page does before anybody answers."""
        self._fetch(None)

    def _work(self) -> None:
        while (due := self.due.get()) is not None:
            self._answer(due)
        self._http.close()

    def _answer(self, due: float) -> None:
        """One answer that was due then, and the next item after it."""
        if not self._leases and not self._fetch(None):
            with self._lock:
                self._measured.empty += 1
            return
        lease = self._leases.popleft()
        body = {
            "answer_id": str(uuid.uuid4()), "lease_id": lease["id"], "item_id": lease["item"]["id"], "kind": "answer",
            "answer": {"label": self._truth[lease["item"]["key"]]}, "seconds": 2.5,
        }  # fmt: skip
        reply = self._http.post(f"/projects/{SLUG}/annotations", json=body)
        took = time.perf_counter() - due
        with self._lock:
            if reply.status_code == 201:
                self._measured.acks.append(took)
                self._measured.receipts[body["answer_id"]] = reply.json()
            else:
                self._measured.failures.append(f"answer: {reply.status_code} {reply.text[:200]}")
        self._fetch(time.perf_counter())

    def _fetch(self, due: float | None) -> bool:
        reply = self._http.post(f"/projects/{SLUG}/queue", json={"n": PREFETCH})
        with self._lock:
            if reply.status_code != 200:
                self._measured.failures.append(f"queue: {reply.status_code} {reply.text[:200]}")
                return False
            if due is not None:
                self._measured.nexts.append(time.perf_counter() - due)
        self._leases = deque(reply.json()["leases"])
        return bool(self._leases)


def load(url: str, tokens: list[str], truth: dict[str, str], *, seconds: float, rate: float, seed: int) -> Measured:
    """Answers fall due as a Poisson stream of that rate, whoever is busy; each goes to the next person in turn."""
    measured, lock, rng = Measured(), threading.Lock(), random.Random(seed)
    clients = [Client(url, token, truth, measured, lock) for token in tokens]
    for client in clients:
        client.prepare()
        client.thread.start()
    start = time.perf_counter()
    due, k = start, 0
    while due < start + seconds:
        time.sleep(max(0.0, due - time.perf_counter()))
        clients[k % len(clients)].due.put(due)
        due, k = due + rng.expovariate(rate), k + 1
    for client in clients:
        client.due.put(None)
    for client in clients:
        client.thread.join(60)
    return measured


@contextmanager
def fsyncs(folder: Path, every: float = 0.5) -> Iterator[list[float]]:
    """Measure, now and then, what an fsync of 4 KiB costs on this disk while all this goes on."""
    took: list[float] = []
    stop = threading.Event()

    def probe() -> None:
        descriptor = os.open(folder / "fsync.probe", os.O_WRONLY | os.O_CREAT)
        while not stop.wait(every):
            os.write(descriptor, b"x" * 4096)
            started = time.perf_counter()
            os.fsync(descriptor)
            took.append(time.perf_counter() - started)
        os.close(descriptor)

    thread = threading.Thread(target=probe, daemon=True)
    thread.start()
    try:
        yield took
    finally:
        stop.set()
        thread.join(10)


@dataclass
class Checked:
    """What the database says afterwards.

    Attributes
    ----------
    lost : int
        Acknowledged answers that are not there under the number of their receipt.
    doubled : int
        Answers that are there twice: under one id, or by one person of one item.
    unknown : int
        Answers that are there though nobody got a receipt: 0 where clients repeat until they get one.
    beyond : int
        Items that more people have, or have answered, than the overlap.
    """

    lost: int
    doubled: int
    unknown: int
    beyond: int
    cycles: int
    problems: list[str]


def check(
    home: Path, receipts: Mapping[str, Mapping[str, Any]], *, slug: str = SLUG, overlap: int = 1,
    settings: Settings = NO_SETTINGS,
) -> Checked:  # fmt: skip
    """Every acknowledged answer once; no item to more people than the overlap; the record whole."""
    from sqlalchemy import func

    from labelwright.services.record.verify import verify
    from labelwright.store import tables as t

    answer, lease = t.annotation, t.lease
    with opened(home, settings) as site:
        store = site.project(slug)
        with store.read() as rows:
            stored = rows.all(rows.select(answer.c.answer_id, answer.c.seq, answer.c.ordinal, answer.c.person_id))
            held = rows.all(
                rows.select(lease.c.ordinal, lease.c.person_id).where(lease.c.state.in_(("live", "answered")))
            )
            cycles = rows.scalar(rows.select(func.count(), of=t.cycle).where(t.cycle.c.state == "done"))
        problems = verify(site, slug).problems
    seqs = {row.answer_id: row.seq for row in stored}
    n_people = Counter(ordinal for ordinal, _ in {(row.ordinal, row.person_id) for row in held})
    by_person = Counter((row.ordinal, row.person_id) for row in stored)
    return Checked(
        lost=sum(seqs.get(key) != receipt["seq"] for key, receipt in receipts.items()),
        doubled=max(len(stored) - len(seqs), sum(by_person.values()) - len(by_person)),
        unknown=len(seqs.keys() - receipts.keys()), beyond=sum(n > overlap for n in n_people.values()),
        cycles=int(cycles or 0) - 1, problems=problems,
    )  # fmt: skip


def lock_errors(home: Path) -> int:
    """Lines in the logs that speak of a locked database."""
    return sum(
        "locked" in line or "deadlock" in line or "busy" in line.lower()
        for log in (home / "logs").glob("*.log")
        for line in log.read_text("utf-8", "replace").splitlines()
    )


def main() -> None:
    """Parse the options, serve, load, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--rate", type=float, default=10.0, help="answers a second")
    parser.add_argument("--clients", type=int, default=25)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, help="a file of texts, one a line, in place of made-up ones")
    parser.add_argument("--home", type=Path, help="a folder to work in; default a temporary one")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = (args.home or Path(temporary)) / "home"
        print(f"importing {args.items:,} texts …", flush=True)
        truth = make_texts(home, SLUG, args.items, seed=args.seed, data=args.data)
        tokens = make_people(home, args.clients)
        print("first ranking …", flush=True)
        with Worker(home, "--until-idle") as worker:
            worker.wait(1800)
        print(f"{args.clients} people, {args.rate:g} answers a second, {args.seconds:g} s …", flush=True)
        with Server(home) as server, fsyncs(home) as syncs:
            measured = load(server.url, tokens, truth, seconds=args.seconds, rate=args.rate, seed=args.seed)
        found = check(home, measured.receipts)
        errors = lock_errors(home)
    failures = Counter(line.split(" ", 2)[1] for line in measured.failures)
    show(f"serving: {args.items:,} texts, {args.clients} people, {args.rate:g}/s for {args.seconds:g} s", [
        ("answer acknowledged", milliseconds(measured.acks)), ("next item", milliseconds(measured.nexts)),
        ("fsync of this disk", milliseconds(syncs)), ("answers acknowledged", f"{len(measured.acks):,}"),
        ("lost", found.lost), ("stored twice", found.doubled), ("grants beyond overlap", found.beyond),
        ("lock errors", errors), ("refused or failed", f"{len(measured.failures)} {dict(failures) or ''}"),
        ("empty queue", measured.empty), ("cycles trained meanwhile", found.cycles),
        ("problems that verify found", "; ".join([str(len(found.problems)), *found.problems[:3]])),
    ])  # fmt: skip
    for line in measured.failures[:5]:
        print("  " + line)
    bad = found.lost + found.doubled + found.beyond + errors + len(measured.failures) + len(found.problems)
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
