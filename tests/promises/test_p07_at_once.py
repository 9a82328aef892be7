"""Promise 7, where answers come while items are lent: neither waits for the other, and nothing is lent too often."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from labelwright.policy import Policy
from labelwright.store import tables as t
from tests.conftest import fresh_database, make_api, make_site

LABEL = {"label": "l_1"}


@pytest.fixture
def trained_on_postgres(
    tmp_path: Path, request: pytest.FixtureRequest, postgres: str, make_project: Any, train: Any
) -> Iterator[Any]:
    """A client of a site on PostgreSQL with the project "topics" and its first ranking."""
    site = make_site(tmp_path / "home", fresh_database(request))
    make_project(site)
    train(site)
    yield make_api(site)
    site.close()


def lates(store: Any) -> list[bool]:
    with store.read() as rows:
        return list(rows.scalars(rows.select(t.annotation.c.late).order_by(t.annotation.c.seq)))


def wait_until_one_waits(store: Any) -> None:
    """Until a statement of another connection waits for a lock; on SQLite, which does not tell, a moment."""
    if store.database.is_sqlite:
        time.sleep(0.3)
        return
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with store.look() as rows:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            if rows.connection.exec_driver_sql(waiting).scalar():
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_an_answer_does_not_wait_for_somebody_who_is_lent_an_item(trained_on_postgres: Any) -> None:
    api = trained_on_postgres
    lease, store = api.queue("topics")[0], api.site.project("topics")
    with ThreadPoolExecutor(1) as pool, store.lend():
        stored = pool.submit(api.answer, "topics", lease, LABEL).result(timeout=30)
    assert stored.status_code == 201
    assert lates(store) == [False]


@pytest.mark.parametrize("overlap", [1, 2])
def test_an_item_that_goes_back_while_its_answer_is_stored_is_answered_late(
    any_api: Any, make_project: Any, train: Any, overlap: int
) -> None:
    api = any_api
    make_project(api.site, policy=Policy(overlap=overlap))
    train(api.site)
    lease, store = api.queue("topics")[0], api.site.project("topics")
    with ThreadPoolExecutor(1) as pool:
        with store.lend() as rows:
            rows.update(t.lease, t.lease.c.id == lease["id"], state="returned")
            answering = pool.submit(api.answer, "topics", lease, LABEL)
            wait_until_one_waits(store)
            assert not answering.done()
        assert answering.result(timeout=30).status_code == 201
    assert lates(store) == [True]
    others = {one["item"]["key"] for one in api.as_role("annotator").queue("topics", n=50)}
    assert (lease["item"]["key"] in others) == (overlap == 2)


def test_an_answer_that_comes_too_late_waits_for_those_who_are_lent_its_item(trained_on_postgres: Any) -> None:
    """Else both would see a free place."""
    api = trained_on_postgres
    lease, store = api.queue("topics")[0], api.site.project("topics")
    with store.lend() as rows:
        rows.update(t.lease, t.lease.c.id == lease["id"], state="returned")
    with ThreadPoolExecutor(1) as pool:
        with store.lend():
            answering = pool.submit(api.answer, "topics", lease, LABEL)
            wait_until_one_waits(store)
            assert not answering.done()
        assert answering.result(timeout=30).status_code == 201
    assert lates(store) == [True]


def test_an_item_that_is_answered_while_another_asks_is_lent_to_nobody_else(trained_on_postgres: Any) -> None:
    """The answer is not committed yet when the other one asks: its item still counts as lent."""
    api = trained_on_postgres
    other = api.as_role("annotator")
    lease, store = api.queue("topics")[0], api.site.project("topics")
    with store.write(leases_too=False) as transaction:
        rows = transaction.rows
        rows.update(t.lease, t.lease.c.id == lease["id"], state="answered")
        with ThreadPoolExecutor(1) as pool:
            others = pool.submit(other.queue, "topics", 50).result(timeout=30)
    assert others and lease["item"]["key"] not in {one["item"]["key"] for one in others}
