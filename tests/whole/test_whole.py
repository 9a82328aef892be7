"""The whole system on real processes: servers, workers, a cluster, PostgreSQL and an object store; some are killed.

It runs by ``make test-all``, or with the variable LABELWRIGHT_TEST_WHOLE=1.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import labelwright as lw
from benchmarks.databases import make_database
from benchmarks.processes import Server, Settings, Worker, environment, make_people, opened, variables
from benchmarks.serving import check
from labelwright.store import tables as t
from tests.conftest import LABEL, write_texts
from tests.object_store import KEY_ID, SECRET
from tests.whole.machines import Cluster, cluster, object_store, until
from tests.whole.people import Person

pytestmark = pytest.mark.skipif(
    os.environ.get("LABELWRIGHT_TEST_WHOLE") != "1", reason="LABELWRIGHT_TEST_WHOLE=1, as in make test-all, runs it"
)
SLUG, N_ITEMS, OVERLAP = "topics", 600, 2


@dataclass
class Whole:
    """Everything that runs."""

    home: Path
    settings: Settings
    cluster: Cluster
    servers: list[Server]
    workers: list[Worker]
    site: Any  # of this process, to look at the rows

    def cycles(self) -> list[Any]:
        """The cycles of the project; number 0 is the import's."""
        with self.site.project(SLUG).read() as rows:
            return list(rows.all(rows.select(t.cycle).where(t.cycle.c.id >= 1).order_by(t.cycle.c.id)))

    def n_done(self) -> int:
        """How many cycles are done."""
        return sum(cycle.state == "done" for cycle in self.cycles())

    def wait_for_cycles(self, more: int) -> None:
        """Return once so many more cycles are done; one that fails ends the test."""
        wanted = self.n_done() + more

        def done() -> bool:
            failed = [f"cycle {cycle.id}: {cycle.error}" for cycle in self.cycles() if cycle.state == "failed"]
            assert failed == []
            return self.n_done() >= wanted

        until(done, f"{more} more cycle(s) are done", 90)

    def at_work(self) -> tuple[int, Worker] | None:
        """A cycle that is being computed, beyond its first steps, and the worker that computes it."""
        for cycle in self.cycles():
            if cycle.state == "running" and cycle.step in ("fit", "evaluate", "predict", "judge", "rank"):
                for worker in self.workers:
                    assert worker.process is not None
                    if f"-{worker.process.pid}-" in cycle.worker:
                        return int(cycle.id), worker
        return None


@pytest.fixture
def whole(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Whole]:
    """Two servers, two workers and a cluster of two, on a database and a bucket that are empty."""
    for name in ("s3fs", "boto3", "moto.server", "distributed"):
        pytest.importorskip(name)
    database_url = make_database(postgres, "whole")
    home = tmp_path / "home"
    with ExitStack() as stack:
        endpoint = stack.enter_context(object_store(tmp_path))
        for name, value in {
            "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": endpoint,
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        bucket().create_bucket(Bucket="labels")
        dask = stack.enter_context(cluster(tmp_path / "cluster"))
        settings = {
            "database_url": database_url, "files_url": "s3://labels/site",
            "executor": f"dask://{dask.address}",
        }  # fmt: skip
        site = stack.enter_context(opened(home, settings))  # makes the tables
        servers = [Server(home, worker=False, **variables(settings)) for _ in range(2)]
        workers = [Worker(home, **variables(settings)) for _ in range(2)]
        for process in (*servers, *workers):
            stack.callback(process.kill)  # whatever became of it
            process.start()
        yield Whole(home, settings, dask, servers, workers, site)


def bucket() -> Any:
    """boto3's own client, to look at the bucket past our code."""
    import boto3

    return boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"])


def test_a_project_is_carried_through_kills(whole: Whole, tmp_path: Path) -> None:
    truth = write_texts(tmp_path / "topics.jsonl", N_ITEMS)
    (lead,) = make_people(whole.home, 1, "admin", whole.settings)
    tokens = make_people(whole.home, 4, settings=whole.settings)
    fields = {"task": "classification", "labels": list(LABEL), "overlap": OVERLAP}
    lw.connect(whole.servers[0].url, lead).create(SLUG, tmp_path / "topics.jsonl", fields=fields, wait=60)
    people = [Person(token, whole.servers, k % 2, SLUG, truth) for k, token in enumerate(tokens)]
    for person in people:
        person.start()
    whole.wait_for_cycles(1)

    # a worker is killed while it computes a cycle: the other one goes on with that cycle
    cycle_id, victim = until(whole.at_work, "a worker is within a cycle", 60, every=0.01)
    victim.kill()
    until(lambda: whole.cycles()[cycle_id - 1].state == "done", "its cycle is done", 90)
    taken_over = whole.cycles()[cycle_id - 1]
    assert taken_over.fence >= 2, "the cycle was over before its worker was killed"
    (survivor,) = [worker.process.pid for worker in whole.workers if worker is not victim and worker.process]
    assert f"-{survivor}-" in taken_over.worker
    victim.start()

    # a server and a worker of the cluster are killed while people answer: they go to the other server
    before = sum(len(person.receipts) for person in people)
    whole.servers[0].kill()
    whole.cluster.workers[0].kill()
    until(lambda: sum(len(person.receipts) for person in people) >= before + 12, "people answer at the other server")
    assert [person.at for person in people] == [1] * 4 and sum(person.moves for person in people) >= 2
    whole.wait_for_cycles(1)
    whole.cluster.add()
    whole.servers[0].start()
    for person in people[:2]:
        person.at = 0
    whole.wait_for_cycles(1)
    for person in people:
        person.ended.set()
    for person in people:
        person.join(60)
    assert [person.failure for person in people] == [None] * 4
    for server in whole.servers:
        lw.connect(server.url, lead).project(SLUG).wait(timeout=90)
    assert whole.n_done() >= 4 and whole.cluster.n_shards() >= 4
    assert_nothing_lost(whole, people)
    assert_where_things_are(whole)
    verified = subprocess.run(
        [sys.executable, "-m", "labelwright", "verify", SLUG, "--replay"], timeout=120, capture_output=True, text=True,
        env=environment(whole.home, **variables(whole.settings)),
    )  # fmt: skip
    assert verified.returncode == 0 and f"{SLUG}: the record is whole." in verified.stdout, (
        verified.stdout + verified.stderr
    )


def assert_nothing_lost(whole: Whole, people: list[Person]) -> None:
    """Every answer that was given is stored once, as its receipt says, and no item was given to too many people."""
    receipts = {answer_id: receipt for person in people for answer_id, receipt in person.receipts.items()}
    given = {answer_id: LABEL[label] for person in people for answer_id, label in person.given.items()}
    assert given.keys() == receipts.keys()
    found = check(
        whole.home, {key: {"seq": receipt.seq} for key, receipt in receipts.items()}, slug=SLUG, overlap=OVERLAP,
        settings=whole.settings,
    )  # fmt: skip
    assert (found.lost, found.doubled, found.unknown, found.beyond, found.problems) == (0, 0, 0, 0, [])
    with whole.site.project(SLUG).read() as rows:
        answer, event = t.annotation, t.event
        columns = (answer.c.answer_id, answer.c.id, answer.c.answer, answer.c.ordinal, answer.c.person_id, event.c.hash)
        stored = rows.all(rows.select(*columns).where(event.c.seq == answer.c.seq))
    assert {row.answer_id: (row.id, row.hash) for row in stored} == {
        key: (receipt.id, receipt.hash) for key, receipt in receipts.items()
    }
    assert {row.answer_id: row.answer for row in stored} == {key: {"label": label} for key, label in given.items()}
    people_of: dict[int, set[str]] = {}
    for row in stored:
        people_of.setdefault(row.ordinal, set()).add(row.person_id)
    assert max(len(who) for who in people_of.values()) == OVERLAP


def assert_where_things_are(whole: Whole) -> None:
    """Rows are in PostgreSQL and files in the bucket, and none of them in the home; no log tells the credentials."""
    assert list(whole.home.rglob("*.sqlite")) == []
    names = [path.relative_to(whole.home / "projects").as_posix() for path in (whole.home / "projects").rglob("*.npy")]
    assert names == []
    listed = bucket().get_paginator("list_objects_v2").paginate(Bucket="labels")
    keys = [one["Key"] for page in listed for one in page.get("Contents", ())]
    assert any("/arrays/features/" in key for key in keys) and any("/arrays/cycles/" in key for key in keys)
    logs = [path.read_text("utf-8", "replace") for path in (whole.home / "logs").iterdir()]
    assert logs and not any(SECRET in log or KEY_ID in log for log in logs)
