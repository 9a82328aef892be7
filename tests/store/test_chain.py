"""The chain, the arrays and the databases beneath: what the record stands on."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import func, insert, select

from labelwright.errors import IntegrityError
from labelwright.store import events, migrate
from labelwright.store import tables as t
from labelwright.store.arrays import Arrays
from labelwright.store.database import Database
from labelwright.store.keys import Keys, check_signature
from labelwright.store.projections import PROJECTED, PROJECTORS, project


def test_a_hash_is_of_the_predecessor_and_the_bytes_as_stored(lived: Any) -> None:
    """Recomputed here with nothing but hashlib, as an auditor would."""
    with sqlite3.connect(lived.home / "projects/topics/project.sqlite") as db:
        rows = db.execute("SELECT seq, prev_hash, hash, body FROM event ORDER BY seq").fetchall()
    db.close()
    prev = "0" * 64
    for number, (seq, prev_hash, hash_, body) in enumerate(rows, 1):
        assert seq == number and prev_hash == prev
        prev = hashlib.sha256(prev.encode() + bytes(body)).hexdigest()
        assert hash_ == prev
        assert rfc8785.dumps(json.loads(body)) == bytes(body)  # canonical as stored


def test_bodies_hold_ids_only(lived: Any) -> None:
    """No text of an item, no name, no reason: what could identify a person or a content lies outside the chain."""
    with lived.store.read() as connection:
        everything = b"".join(e.body for e in events.read(connection, lived.store.chain)).lower()
    for secret in (b"striker", b"onions", b"clause", b"cannot tell", b"example.com", b"admin"):
        assert secret not in everything


def test_sequence_numbers_have_no_gap_under_threads(any_site: Any, make_project: Any) -> None:
    make_project(any_site)
    store = any_site.project("topics")
    before = store.receipt()["seq"]

    def work() -> None:
        for _ in range(10):
            with store.write() as transaction:
                transaction.record("export", {"format": "csv", "n_items": 0, "upto_seq": None}, actor="system")

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as connection:
        found = list(events.read(connection, store.chain))
    assert [e.seq for e in found] == list(range(1, before + 61))
    assert sorted(r["seq"] for r in store.anchors())[-60:] == list(range(before + 1, before + 61))


def test_a_transaction_that_fails_leaves_nothing(any_site: Any, make_project: Any) -> None:
    make_project(any_site)
    store = any_site.project("topics")
    before = store.receipt()
    with pytest.raises(RuntimeError), store.write() as transaction:
        transaction.record("project.state", {"state": "paused"}, actor="system")
        raise RuntimeError("in the middle")
    with store.read() as connection:
        assert store.row(connection).state == "ready"
    assert store.receipt()["hash"] == before["hash"] and store.anchors()[-1]["seq"] == before["seq"]


def test_an_unknown_kind_of_event_is_refused(site: Any, make_project: Any) -> None:
    make_project(site)
    with pytest.raises(IntegrityError, match="unknown kind 'surprise'"), site.project("topics").write() as transaction:
        transaction.record("surprise", {}, actor="system")


def test_every_projected_table_has_a_projector() -> None:
    assert {table.name for table in PROJECTED} < set(t.META.tables)
    assert {"annotation", "import", "ranking", "model", "label-version", "decision", "policy"} <= set(PROJECTORS)
    assert callable(project)


JSON = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**50), 2**50) | some.floats(-1e12, 1e12) | some.text(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_canonical_bytes_say_the_same_whatever_the_order_of_keys(value: Any) -> None:
    body = rfc8785.dumps({"data": value, "a": 1})
    assert rfc8785.dumps({"a": 1, "data": value}) == body
    assert rfc8785.dumps(json.loads(body)) == body


def test_a_receipt_is_bound_to_all_that_it_says(tmp_path: Path) -> None:
    keys, other = Keys(tmp_path / "keys"), Keys(tmp_path / "other")
    receipt = keys.sign("pr_1", 7, "a" * 64)
    assert check_signature(receipt) and check_signature(receipt, keys.public)
    assert not check_signature(receipt, other.public)
    for change in (
        {"seq": 8},
        {"hash": "b" * 64},
        {"project": "pr_2"},
        {"at": "2020"},
        {"key": other.public},
        {"signature": "00"},
    ):
        assert not check_signature({**receipt, **change}), change
    assert Keys(tmp_path / "keys").public == keys.public  # kept from start to start


def test_an_array_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = Arrays(tmp_path, "pr_1")
    digests = arrays.write("a/b.npy", np.arange(5))
    assert arrays.digest("a/b.npy") == digests["a/b.npy"] and np.array_equal(arrays.read("a/b.npy"), np.arange(5))
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        arrays.write("a/b.npy", np.arange(9))
    assert len(synced) == 1 and np.array_equal(arrays.read("a/b.npy"), np.arange(5))
    with pytest.raises(IntegrityError, match=r"c\.npy is missing"):
        arrays.read("c.npy")


def test_readers_see_one_view_while_others_write(any_site: Any, make_project: Any) -> None:
    make_project(any_site)
    store = any_site.project("topics")
    with store.read() as connection:
        before = connection.scalar(select(func.count()).select_from(t.event))
        with store.write() as transaction:
            transaction.record("export", {"format": "csv", "n_items": 0, "upto_seq": None}, actor="system")
        assert connection.scalar(select(func.count()).select_from(t.event)) == before


def test_two_processes_write_without_a_lock_error(tmp_path: Path) -> None:
    """Two engines on one file stand for two processes: the second waits, it does not fail."""
    one, two = Database(f"sqlite:///{tmp_path}/a.sqlite"), Database(f"sqlite:///{tmp_path}/a.sqlite")
    t.META.create_all(one.engine)
    errors: list[BaseException] = []

    def work(database: Database, k: int) -> None:
        try:
            for i in range(40):
                with database.write(durable=i % 2 == 0) as connection:
                    connection.execute(insert(t.content).values(project_id="p", ordinal=1000 * k + i, body={}))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(d, k)) for k, d in enumerate((one, two, one, two))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with one.read() as connection:
        assert errors == [] and connection.scalar(select(func.count()).select_from(t.content)) == 160
    one.close()
    two.close()


def test_the_heads_named_in_code_are_the_last_scripts() -> None:
    from alembic.script import ScriptDirectory

    for branch, head in migrate.HEADS.items():
        assert ScriptDirectory.from_config(migrate._config(branch)).get_heads() == [head]


@pytest.mark.parametrize("branch", ["site", "project"])
def test_the_scripts_make_the_tables_that_the_code_has(tmp_path: Path, branch: Any) -> None:
    from sqlalchemy import inspect

    from labelwright.store import site_tables

    database = Database(f"sqlite:///{tmp_path}/a.sqlite")
    migrate.upgrade(database, branch, backup_to=tmp_path)
    meta = {"site": site_tables.META, "project": t.META}[branch]
    found = inspect(database.engine)
    assert set(found.get_table_names()) == set(meta.tables) | {f"alembic_version_{branch}"}
    for name, table in meta.tables.items():
        assert {c["name"] for c in found.get_columns(name)} == set(table.columns.keys()), name
        assert {i["name"] for i in found.get_indexes(name) if i["name"] and not i["name"].startswith("sqlite_")} >= {
            i.name for i in table.indexes
        }, name
    database.close()
    assert list(tmp_path.glob("*.sqlite")) == [tmp_path / "a.sqlite"]  # nothing to back up of nothing
