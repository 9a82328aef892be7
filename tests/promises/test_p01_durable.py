"""Promise 1: an acknowledged annotation survives kill -9 at any moment, and is stored exactly once."""

from __future__ import annotations

import random
import shutil
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, text

from benchmarks.kills import SLUG, Load, examine, prepare
from benchmarks.processes import API, Server, Worker, opened
from labelwright.store import tables as t


@pytest.mark.slow
def test_acknowledged_answers_survive_kills_of_the_server(tmp_path: Path) -> None:
    home, rng = tmp_path / "home", random.Random(0)
    truth, tokens = prepare(home, 300, 3)
    with Worker(home, "--until-idle") as worker:
        worker.wait(120)
    server = Server(home, worker=False).start()
    try:
        with Load(lambda: server.url, tokens, truth, pause=0.01) as load:
            for _ in range(3):
                load.wait_for(10)
                time.sleep(rng.uniform(0, 0.2))
                server.kill()
                server.start()
            load.wait_for(5)
        found = examine(home, load)
        assert found.n_acknowledged >= 35 and found.well, found
        body, receipt = load.acknowledged[0]  # sent again after three crashes: same receipt, stored once
        headers = [{"Authorization": f"Bearer {token}"} for token in tokens]
        replies = [
            httpx2.post(f"{server.url}{API}/projects/{SLUG}/annotations", json=body, headers=h, timeout=15)
            for h in headers
        ]
        assert [r.json() for r in replies if r.status_code == 200] == [receipt]
        assert sorted(r.status_code for r in replies) == [200, 409, 409]  # another person cannot take its id
    finally:
        server.kill()
    assert examine(home, load).doubled == []


@pytest.mark.usefixtures("rows_in_files")
def test_a_commit_that_was_cut_off_leaves_no_half(trained: Any) -> None:
    lease = trained.api.queue("topics")[0]
    assert trained.api.answer("topics", lease, trained.right(lease)).status_code == 201
    copy = trained.home.parent / "copy"  # what a crash leaves behind: the files as they lie, log and all
    shutil.copytree(trained.home, copy)
    with opened(copy) as site, site.project("topics").read() as rows:
        assert rows.scalar(rows.select(func.count(), of=t.annotation)) == 1


def synchronous(connection: Any) -> str:
    """How a commit of this connection is written: "2" and "on" return after the fsync, "1" and "off" do not."""
    pragma = "PRAGMA synchronous" if connection.dialect.name == "sqlite" else "SHOW synchronous_commit"
    return str(connection.execute(text(pragma)).scalar())


def test_annotations_are_committed_with_full_sync(trained: Any) -> None:
    """A durable commit returns after the fsync: FULL on a write-ahead log of SQLite, "on" on PostgreSQL."""
    is_sqlite = trained.database_url is None
    with trained.store.write() as transaction:
        assert synchronous(transaction.rows.connection) == ("2" if is_sqlite else "on")
        if is_sqlite:
            assert transaction.rows.connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    with trained.store.stage() as rows:
        assert synchronous(rows.connection) == ("1" if is_sqlite else "off")
    with trained.store.write() as transaction:  # of the same connections
        assert synchronous(transaction.rows.connection) == ("2" if is_sqlite else "on")


def test_an_annotation_goes_through_the_durable_connection(trained: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every event is appended on a connection that commits durably, whoever appends it."""
    from labelwright.store import chain

    seen: list[Any] = []
    append = chain.append

    def watched(connection: Any, *args: Any, **more: Any) -> Any:
        seen.append(synchronous(connection))
        return append(connection, *args, **more)

    monkeypatch.setattr(chain, "append", watched)
    leases = trained.api.queue("topics", n=2)
    first = trained.api.answer("topics", leases[0], trained.right(leases[0])).json()
    trained.api.answer("topics", leases[0], None, kind="undo", replaces=first["id"])
    trained.api.answer("topics", leases[1], None, kind="skip")
    assert seen == ["2" if trained.database_url is None else "on"] * 3


def test_the_same_answer_from_many_threads_is_stored_once(any_api: Any, make_project: Any, train: Any) -> None:
    make_project(any_api.site)
    train(any_api.site)
    lease = any_api.queue("topics")[0]
    answer_id = str(uuid.uuid4())
    gate = threading.Barrier(6)

    def send(_: int) -> Any:
        gate.wait()
        return any_api.answer("topics", lease, {"label": "l_1"}, answer_id=answer_id)

    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(send, range(6)))
    assert sorted(r.status_code for r in replies) == [200] * 5 + [201], [r.text for r in replies]
    assert len({r.text for r in replies}) == 1
    assert any_api.counts("topics")["answers"] == 1


def test_one_person_cannot_answer_an_item_twice_at_once(any_api: Any, make_project: Any, train: Any) -> None:
    make_project(any_api.site)
    train(any_api.site)
    lease = any_api.queue("topics")[0]
    gate = threading.Barrier(6)

    def send(_: int) -> Any:
        gate.wait()
        return any_api.answer("topics", lease, {"label": "l_1"})

    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(send, range(6)))
    assert sorted(r.status_code for r in replies) == [201] + [409] * 5, [r.text for r in replies]
