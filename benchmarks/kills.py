"""Random kill -9 of server and worker under load: is everything acknowledged there, is verify clean, does it go on?

python -m benchmarks.kills --n 100 --seed 0
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.processes import API, Process, Server, Worker, make_people, make_texts, opened
from benchmarks.table import show

SLUG = "kills"
NAMED = ("freeze:after", "resolve:after", "fit:after", "predict:after", "rank:after", "publish:before")
PUBLISH_SECONDS = 90.0


@dataclass
class Load:
    """People who answer all the time, and repeat what was not acknowledged until it is.

    ``acknowledged`` holds (body, receipt) of every 2xx reply; ``refused`` every other reply to an answer.
    """

    url: Callable[[], str]
    tokens: list[str]
    truth: dict[str, str]
    pause: float = 0.2
    acknowledged: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Load:
        self._threads = [threading.Thread(target=self._work, args=(token,), daemon=True) for token in self.tokens]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def wait_for(self, n: int, seconds: float = 60.0) -> None:
        """Return once n more answers were acknowledged."""
        wanted, until = len(self.acknowledged) + n, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(self.acknowledged)} of {wanted} answers acknowledged; {self.refused[-3:]}")
            time.sleep(0.02)

    def _work(self, token: str) -> None:
        with httpx2.Client(headers={"Authorization": f"Bearer {token}"}, timeout=15) as client:
            while not self._stop.is_set():
                reply = self._post(client, "/queue", {"n": 2})
                for lease in reply.json()["leases"] if reply is not None and reply.status_code == 200 else ():
                    self._answer(client, lease)
                self._stop.wait(self.pause)

    def _answer(self, client: httpx2.Client, lease: dict[str, Any]) -> None:
        body = {
            "answer_id": str(uuid.uuid4()), "lease_id": lease["id"], "item_id": lease["item"]["id"], "kind": "answer",
            "answer": {"label": self.truth[lease["item"]["key"]]}, "seconds": 1.5,
        }  # fmt: skip
        reply = self._post(client, "/annotations", body)
        if reply is None:  # stopped before a server was back
            return
        if reply.status_code in (200, 201):
            self.acknowledged.append((body, reply.json()))
        else:
            self.refused.append(f"{reply.status_code} {reply.text[:200]}")
        self._stop.wait(self.pause)

    def _post(self, client: httpx2.Client, path: str, body: dict[str, Any]) -> httpx2.Response | None:
        """Repeat until somebody replies; a server that is gone comes back under another address."""
        while True:
            try:
                return client.post(f"{self.url()}{API}/projects/{SLUG}{path}", json=body)
            except httpx2.TransportError:
                if self._stop.wait(0.05):
                    return None


@dataclass
class Findings:
    """What is wrong after the kills; empty lists are the promise."""

    n_acknowledged: int
    missing: list[str]
    doubled: list[str]
    refused: list[str]
    problems: list[str]

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.missing or self.doubled or self.refused or self.problems)


def examine(home: Path, load: Load) -> Findings:
    """Hold every acknowledged answer against the database, once, with its receipt; and verify the record."""
    from labelwright.services.record.verify import verify
    from labelwright.store import tables as t

    annotation, event = t.annotation, t.event
    with opened(home) as site:
        store = site.project(SLUG)
        with store.read() as rows:
            kept = rows.all(
                rows.select(
                    annotation.c.answer_id, annotation.c.id, annotation.c.seq, annotation.c.answer, event.c.hash
                ).where(event.c.seq == annotation.c.seq)
            )
        problems = verify(site, SLUG).problems
    stored: dict[str, list[Any]] = {}
    for row in kept:
        stored.setdefault(row.answer_id, []).append(row)
    missing, doubled = [], []
    for body, receipt in load.acknowledged:
        found = stored.get(body["answer_id"], [])
        promised = (receipt["id"], receipt["seq"], receipt["hash"], body["answer"])
        if not found or (found[0].id, found[0].seq, found[0].hash, found[0].answer) != promised:
            missing.append(body["answer_id"])
        if len(found) > 1:
            doubled.append(body["answer_id"])
    return Findings(len(load.acknowledged), missing, doubled, load.refused, problems)


def wait_published(home: Path, seconds: float = PUBLISH_SECONDS) -> int:
    """Return the cycle once a ranking that knows all annotations so far is published."""
    from labelwright.services.steering import training

    with opened(home) as site:
        store = site.project(SLUG)
        with store.read() as rows:
            wanted = store.row(rows).wanted_seq
        training.wait_for(site, SLUG, wanted, timeout=seconds)
        with store.read() as rows:
            return int(store.row(rows).cycle)


def killing_worker(home: Path, point: str) -> Process:
    """A worker that kills itself at ``STEP:before`` or ``STEP:after``."""
    return Process(["-m", "benchmarks.kills", "--worker", str(home), "--at", point], home)


def prepare(home: Path, n_items: int, n_people: int, seed: int = 0) -> tuple[dict[str, str], list[str]]:
    """A project and people."""
    truth = make_texts(home, SLUG, n_items, seed=seed)
    return truth, make_people(home, n_people)


def kill_at_named_points(home: Path, *, n_items: int = 400) -> Findings:
    """One worker after the other dies at its point, then the server does; each time work goes on."""
    truth, tokens = prepare(home, n_items, 2)
    with Worker(home, "--until-idle") as first:
        first.wait(120)
    server = Server(home, worker=False).start()
    try:
        with Load(lambda: server.url, tokens, truth) as load:
            load.wait_for(4)
            for point in NAMED:
                with killing_worker(home, point) as worker:
                    code = worker.wait(120)
                    if code != -signal.SIGKILL:
                        raise RuntimeError(f"the worker was to be killed at {point}, but ended with {code}")
                load.wait_for(1)
            server.kill()
            server.start()
            load.wait_for(2)
        with Worker(home):
            before = wait_published(home)
            with Load(lambda: server.url, tokens, truth, acknowledged=load.acknowledged) as more:
                more.wait_for(3)
            if wait_published(home) <= before:
                raise RuntimeError("no new ranking was published after the kills")
        load.refused += more.refused
    finally:
        server.kill()
    return examine(home, load)


def kill_at_random(
    home: Path, n: int, seed: int, *, n_items: int, n_people: int, say: Callable[[str], None]
) -> Findings:
    """Kill server or worker n times, at any moment, under load."""
    rng = random.Random(seed)
    truth, tokens = prepare(home, n_items, n_people, seed)
    with Worker(home, "--until-idle") as first:
        first.wait(300)
    server, worker = Server(home, worker=False).start(), Worker(home).start()
    counts = {"server": 0, "worker": 0}
    try:
        with Load(lambda: server.url, tokens, truth) as load:
            for k in range(n):
                time.sleep(rng.uniform(0.05, 3.0))
                victim = rng.choice(("server", "worker", "worker"))
                counts[victim] += 1
                process: Process = server if victim == "server" else worker
                process.kill()
                process.start()
                if (k + 1) % 10 == 0:
                    load.wait_for(1)
                    say(
                        f"{k + 1} kills ({counts['server']} server, {counts['worker']} worker), "
                        f"{len(load.acknowledged)} answers acknowledged, cycle {wait_published(home)}"
                    )
        wait_published(home)
    finally:
        worker.kill()
        server.kill()
    return examine(home, load)


def main() -> None:
    """Parse the options, kill, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--n", type=int, default=100, help="kills")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--items", type=int, default=8000)
    parser.add_argument("--people", type=int, default=3)
    parser.add_argument("--named", action="store_true", help="only the named points, as in CI")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--at", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        _run_killing_worker(args.worker, args.at)
        return
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        if args.named:
            found, n = kill_at_named_points(home), len(NAMED) + 1
        else:
            found, n = (
                kill_at_random(
                    home,
                    args.n,
                    args.seed,
                    n_items=args.items,
                    n_people=args.people,
                    say=lambda s: print(s, flush=True),
                ),
                args.n,
            )
    show(f"{n} kills in {time.monotonic() - started:.0f} s", [
        ("acknowledged answers", found.n_acknowledged), ("missing or altered", len(found.missing)),
        ("stored twice", len(found.doubled)), ("refused or failed", len(found.refused)),
        ("problems that verify found", len(found.problems)),
    ])  # fmt: skip
    for line in [*found.refused[:5], *found.problems[:5]]:
        print("  " + line)
    raise SystemExit(0 if found.well else 1)


def _run_killing_worker(home: Path, point: str) -> None:
    from labelwright.engine.worker import Worker as Engine

    step, _, when = point.partition(":")

    def watch(at_step: str, at_moment: str) -> None:
        if (at_step, at_moment) == (step, when):
            os.kill(os.getpid(), signal.SIGKILL)

    with opened(home) as site:
        Engine(site.store, watch=watch).run()


if __name__ == "__main__":
    main()
