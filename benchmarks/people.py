"""Two hundred people at several servers while a worker trains, and one server killed on the way.

    python -m benchmarks.people --people 200 --rate 20 --minutes 10 --database postgres --servers 2 --kill

Each person has an account and a connection of their own, answers when an answer is due (in open loop, so waiting
counts) and repeats what was not acknowledged, at the next server if theirs is gone. Before the load, one person works
alone without a worker: what the same machine does when idle. ``--database postgres`` starts a PostgreSQL server for the
run; it lies, like the home, in the folder for temporary files.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
import time
import uuid
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.databases import make_database, postgres_server
from benchmarks.keepalive import KeepAlive, LostError
from benchmarks.processes import API, Server, Settings, Worker, make_people, make_texts, variables
from benchmarks.serving import PREFETCH, Measured, check, fsyncs, lock_errors
from benchmarks.table import milliseconds, quantile, show

SLUG = "people"
ACK_LIMIT, NEXT_LIMIT = 0.050, 0.100  # seconds at p95, which the table prints beside what was measured
GONE_SECONDS = 60.0  # a person gives up if no server answers for so long


@dataclass
class Run:
    """What the people of a run share: the servers, the truth, and what was measured in each part of it."""

    servers: Sequence[Server]
    truth: dict[str, str]
    parts: list[Measured] = field(default_factory=lambda: [Measured()])
    moves: int = 0

    @property
    def measured(self) -> Measured:
        """The part that runs now."""
        return self.parts[-1]

    @property
    def receipts(self) -> dict[str, dict[str, Any]]:
        """Of all parts, by ``answer_id``."""
        return {key: receipt for part in self.parts for key, receipt in part.receipts.items()}


class Person:
    """One annotator: answers what was prefetched, and asks for the next item after each answer."""

    def __init__(self, run: Run, token: str, at: int) -> None:
        self._run, self._http, self._at = run, KeepAlive(token), at
        self._leases: deque[dict[str, Any]] = deque()

    async def work(self, until: float, rate: float, rng: random.Random) -> None:
        """Answer at that rate, with a Poisson stream's pauses, until then."""
        async with self._http:
            await self._fetch(None)
            due = time.perf_counter() + rng.expovariate(rate)
            while due < until:
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                await self._answer(due)
                due += rng.expovariate(rate)

    async def _answer(self, due: float) -> None:
        if not self._leases and not await self._fetch(None):
            self._run.measured.empty += 1
            return
        lease = self._leases.popleft()
        body = {
            "answer_id": str(uuid.uuid4()), "lease_id": lease["id"], "item_id": lease["item"]["id"], "kind": "answer",
            "answer": {"label": self._run.truth[lease["item"]["key"]]}, "seconds": 2.5,
        }  # fmt: skip
        status, reply = await self._post("/annotations", body)
        measured = self._run.measured
        if status in (200, 201):  # 200: it had arrived at the server that is gone
            measured.acks.append(time.perf_counter() - due)
            measured.receipts[str(body["answer_id"])] = reply
        else:
            measured.failures.append(f"answer: {status} {reply}"[:200])
        await self._fetch(time.perf_counter())

    async def _fetch(self, began: float | None) -> bool:
        status, reply = await self._post("/queue", {"n": PREFETCH})
        if status != 200:
            self._run.measured.failures.append(f"queue: {status} {reply}"[:200])
            return False
        if began is not None:
            self._run.measured.nexts.append(time.perf_counter() - began)
        self._leases = deque(reply["leases"])
        return bool(self._leases)

    async def _post(self, path: str, body: Any) -> tuple[int, Any]:
        """The same request until somebody replies; at the next server if this one is gone."""
        end = time.monotonic() + GONE_SECONDS
        while True:
            try:
                return await self._http.post(self._run.servers[self._at].url, f"{API}/projects/{SLUG}{path}", body)
            except LostError as error:
                if time.monotonic() > end:
                    return 0, str(error)
                self._at = (self._at + 1) % len(self._run.servers)
                self._run.moves += 1
                await asyncio.sleep(0.02)


async def load(run: Run, tokens: Sequence[str], *, seconds: float, rate: float, kill: bool, seed: int) -> None:
    """All people at once, spread over the servers; with ``kill`` the first server is killed half way."""
    until = time.perf_counter() + seconds
    people = [Person(run, token, k % len(run.servers)) for k, token in enumerate(tokens)]
    rngs = [random.Random(f"{seed}-{k}") for k in range(len(people))]
    working = [
        asyncio.create_task(person.work(until, rate / len(people), rng))
        for person, rng in zip(people, rngs, strict=True)
    ]
    if kill:
        await asyncio.sleep(seconds / 2)
        run.parts.append(Measured())
        await asyncio.to_thread(run.servers[0].kill)
    await asyncio.gather(*working)


@contextmanager
def settings_of(database: str) -> Iterator[Settings]:
    """The settings of a site whose rows are in this database."""
    if database == "sqlite":
        yield {}
    elif database == "postgres":
        with postgres_server() as template:
            yield {"database_url": make_database(template, SLUG)}
    else:
        yield {"database_url": database}


def main() -> None:
    """Parse the options, serve, load, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--rate", type=float, default=20.0, help="answers a second of all people together")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--database", default="postgres", help="postgres, sqlite, or the URL of an empty database")
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--kill", action="store_true", help="kill -9 the first server half way")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--idle", type=float, default=20.0, help="seconds of one person alone")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    if args.people < 1 or args.rate <= 0 or args.servers < 1 + args.kill:
        parser.error("people and rate must be above 0, and --kill needs two servers")
    with tempfile.TemporaryDirectory() as folder, settings_of(args.database) as settings:
        raise SystemExit(0 if measure(args, Path(folder) / "home", settings) else 1)


def measure(args: argparse.Namespace, home: Path, settings: Settings) -> bool:
    """Make the project, measure, print; whether nothing is wrong, however long it took."""
    env = variables(settings)
    print(f"importing {args.items:,} texts …", flush=True)
    truth = make_texts(home, SLUG, args.items, seed=args.seed, settings=settings)
    tokens = make_people(home, args.people, settings=settings)
    print("first ranking …", flush=True)
    with Worker(home, "--until-idle", **env) as first:
        first.wait(1800)
    with ExitStack() as stack:
        syncs = stack.enter_context(fsyncs(home))
        servers = [stack.enter_context(Server(home, worker=False, **env)) for _ in range(args.servers)]
        print(f"one person alone, {args.idle:g} s …", flush=True)
        alone = Run(servers, truth)
        asyncio.run(load(alone, tokens[:1], seconds=args.idle, rate=2.0, kill=False, seed=args.seed))
        for k in range(args.workers):
            stack.enter_context(Worker(home, "--log", str(home / "logs" / f"worker-{k}.log"), **env))
        print(f"{args.people} people, {args.rate:g} answers a second, {args.minutes:g} min …", flush=True)
        run = Run(servers, truth)
        asyncio.run(load(
            run, tokens, seconds=60 * args.minutes, rate=args.rate, kill=args.kill, seed=args.seed + 1
        ))  # fmt: skip
    found = check(home, {**alone.receipts, **run.receipts}, slug=SLUG, settings=settings)
    failures = [line for part in (*alone.parts, *run.parts) for line in part.failures]
    errors = lock_errors(home)
    show(
        f"people: {args.items:,} texts, {args.people} people, {args.rate:g}/s for {args.minutes:g} min on "
        f"{'PostgreSQL' if settings else 'SQLite'}, {args.servers} server(s), {args.workers} worker(s), "
        f"{os.cpu_count()} cores",
        [
            *rows("answer acknowledged", ACK_LIMIT, [part.acks for part in run.parts], alone.measured.acks),
            *rows("next item", NEXT_LIMIT, [part.nexts for part in run.parts], alone.measured.nexts),
            ("fsync of this disk", milliseconds(syncs)), ("answers acknowledged", f"{len(run.receipts):,}"),
            ("lost", found.lost), ("stored twice", found.doubled), ("stored without a receipt", found.unknown),
            ("grants beyond overlap", found.beyond), ("lock errors", errors),
            ("refused or failed", f"{len(failures)} {dict(Counter(line.split(' ', 2)[1] for line in failures)) or ''}"),
            ("changes of server", run.moves), ("empty queue", run.measured.empty),
            ("cycles trained meanwhile", found.cycles),
            ("problems that verify found", "; ".join([str(len(found.problems)), *found.problems[:3]])),
        ],
    )  # fmt: skip
    for line in failures[:5]:
        print("  " + line)
    wrong = (found.lost, found.doubled, found.unknown, found.beyond, errors, len(failures), len(found.problems))
    return not any(wrong)


def rows(name: str, limit: float, parts: Sequence[Sequence[float]], alone: Sequence[float]) -> list[tuple[str, str]]:
    """Lines of the table: the whole run beside its limit, its parts where a server was killed, and one person alone."""
    whole = [seconds for part in parts for seconds in part]
    within = "within" if quantile(whole, 0.95) < limit else "above"
    lines = [(name, f"{milliseconds(whole)}; p95 {within} the limit of {limit * 1000:g} ms")]
    if len(parts) > 1:
        lines += [("  all servers", milliseconds(parts[0])), ("  after the kill", milliseconds(parts[1]))]
    return [*lines, ("  one person alone", milliseconds(alone))]


if __name__ == "__main__":
    main()
