"""The chain, the arrays and the databases beneath: what the record stands on."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import func, insert, select

from labelwright.errors import ConflictError, IntegrityError
from labelwright.services.record.verify import verify
from labelwright.store import migrate, record
from labelwright.store import tables as t
from labelwright.store.arrays import Arrays, digest_of_bundle
from labelwright.store.database import Database
from labelwright.store.files import LocalFiles
from labelwright.store.keys import Keys
from labelwright.store.receipts import check_signature
from labelwright.store.record.base import EventBody
from labelwright.store.record.exports import LabelsExported
from labelwright.store.record.project import ProjectStateChanged
from labelwright.store.ring import Ring

EXPORT = LabelsExported("csv", 0, None, None)


def receipt(store: Any) -> Any:
    """The signed head of a project's chain as of now."""
    with store.read() as rows:
        return store.receipt(rows)


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
    with lived.store.read() as rows:
        everything = b"".join(e.body for e in lived.store.events(rows)).lower()
    for secret in (b"striker", b"onions", b"clause", b"cannot tell", b"example.com", b"admin"):
        assert secret not in everything


def test_sequence_numbers_have_no_gap_under_threads(any_site: Any, make_project: Any) -> None:
    make_project(any_site)
    store = any_site.project("topics")
    before = receipt(store)["seq"]

    def work() -> None:
        for _ in range(10):
            with store.write() as transaction:
                transaction.record(EXPORT, actor="system")

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as rows:
        found = list(store.events(rows))
    assert [e.seq for e in found] == list(range(1, before + 61))
    assert sorted(r["seq"] for r in store.anchors().heads)[-60:] == list(range(before + 1, before + 61))


def test_a_transaction_that_fails_leaves_nothing(any_site: Any, make_project: Any) -> None:
    make_project(any_site)
    store = any_site.project("topics")
    before = receipt(store)
    with pytest.raises(RuntimeError), store.write() as transaction:
        transaction.record(ProjectStateChanged("paused"), actor="system")
        raise RuntimeError("in the middle")
    with store.read() as rows:
        assert store.row(rows).state == "ready"
    assert receipt(store)["hash"] == before["hash"] and store.anchors().heads[-1]["seq"] == before["seq"]


def test_an_unknown_kind_of_event_is_refused(site: Any, make_project: Any) -> None:
    """An event that a newer version wrote is not guessed at."""

    @dataclass(frozen=True)
    class Surprise(EventBody):
        kind: ClassVar[str] = "surprise"

    make_project(site)
    store = site.project("topics")
    with store.write() as transaction:
        event = transaction.record(Surprise(), actor="system")
    with pytest.raises(IntegrityError, match="no kind of event 'surprise'") as refused:
        record.read(event)
    assert "upgrade" in refused.value.hint
    assert any("surprise" in problem for problem in verify(site, "topics").problems)


def test_an_event_of_a_newer_version_is_refused() -> None:
    for kind, body in record.kinds().items():
        with pytest.raises(IntegrityError, match=rf"'?{kind}.* version {body.body_version + 1}") as refused:
            record.read_data(kind, body.body_version + 1, {})
        assert "upgrade" in refused.value.hint


def test_an_event_with_a_field_that_does_not_fit_is_refused() -> None:
    with pytest.raises(IntegrityError, match=r"a 'project.state' event has a wrong field 'state'"):
        record.read_data("project.state", 1, {"state": 7})
    with pytest.raises(IntegrityError, match=r"a 'project.state' event has a wrong field 'surprise'"):
        record.read_data("project.state", 1, {"state": "ready", "surprise": 1})


def test_every_event_of_a_life_is_read_back_as_it_was_written(lived: Any) -> None:
    """The stored data is what the type of the event writes, byte for byte."""
    with lived.store.read() as rows:
        found = list(lived.store.events(rows))
    for event in found:
        envelope = json.loads(event.body)
        body = record.read(event)
        assert (body.kind, body.body_version) == (envelope["kind"], envelope["v"])
        assert rfc8785.dumps(body.data()) == rfc8785.dumps(envelope["data"]), event.kind
    assert {"annotation", "import", "ranking", "model", "label-version", "policy"} <= {e.kind for e in found}


def test_every_version_of_an_event_has_a_step_to_the_next() -> None:
    for kind, body in record.kinds().items():
        assert sorted(body.upcasters) == list(range(1, body.body_version)), kind


def test_every_projected_table_has_an_event_that_writes_it() -> None:
    names = {projected.table.name for projected in record.projected_tables()}
    assert names < set(t.META.tables)
    assert {"annotation", "import_batch", "ranking", "model", "label_version", "decision", "question"} <= names
    assert {"annotation", "import", "ranking", "model", "label-version", "verdict", "policy"} <= set(record.kinds())


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
    signed = keys.sign("pr_1", 7, "a" * 64)
    assert check_signature(signed) and Ring(keys.public).refusal(signed) is None
    assert Ring(other.public).refusal(signed) == f"the signature of event {signed['seq']} is not by this site's key."
    for change in (
        {"seq": 8},
        {"hash": "b" * 64},
        {"project": "pr_2"},
        {"at": "2020"},
        {"key": other.public},
        {"signature": "00"},
    ):
        assert not check_signature({**signed, **change}), change
    assert Keys(tmp_path / "keys").public == keys.public  # kept from start to start


def test_an_array_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = Arrays(LocalFiles(tmp_path))
    digests = arrays.write("a/b.npy", np.arange(5))
    assert arrays.digest("a/b.npy") == digests["a/b.npy"] and np.array_equal(arrays.read("a/b.npy"), np.arange(5))
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        arrays.write("a/c.npy", np.arange(9))
    assert len(synced) == 1 and not arrays.has("a/c.npy") and arrays.files("a") == ["a/b.npy"]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["b.npy"]  # no temporary file is left
    with pytest.raises(IntegrityError, match=r"c\.npy is missing"):
        arrays.read("a/c.npy")


def test_an_array_is_never_replaced(tmp_path: Path) -> None:
    """A worker that slept through its own replacement cannot alter what was recorded."""
    arrays = Arrays(LocalFiles(tmp_path))
    digests = arrays.write("a/b.npy", np.arange(5))
    assert arrays.write("a/b.npy", np.arange(5)) == digests  # the same again changes nothing
    with pytest.raises(ConflictError, match=r"b\.npy is there with other content"):
        arrays.write("a/b.npy", np.arange(9))
    assert np.array_equal(arrays.read("a/b.npy"), np.arange(5))
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["b.npy"]


def test_a_bundle_has_the_same_bytes_whenever_it_is_written(tmp_path: Path) -> None:
    arrays, parts = Arrays(LocalFiles(tmp_path)), {"b": np.arange(3), "a": np.array("words")}
    digests = arrays.write_bundle("one.npz", parts)
    assert arrays.write_bundle("two.npz", dict(reversed(parts.items())))["two.npz"] == digests["one.npz"]
    assert digest_of_bundle(parts) == digests["one.npz"]
    read = arrays.read_bundle("one.npz")
    assert sorted(read) == ["a", "b"] and np.array_equal(read["b"], np.arange(3)) and str(read["a"]) == "words"


def test_readers_see_one_view_while_others_write(any_site: Any, make_project: Any) -> None:
    make_project(any_site)
    store = any_site.project("topics")
    with store.read() as rows:
        n_events = rows.select(func.count(), of=t.event)
        before = rows.scalar(n_events)
        with store.write() as transaction:
            transaction.record(EXPORT, actor="system")
        assert rows.scalar(n_events) == before == store.head_seq(rows)


def test_two_processes_write_without_a_lock_error(tmp_path: Path) -> None:
    """Two engines on one file stand for two processes: the second waits, it does not fail."""
    one, two = Database(f"sqlite:///{tmp_path}/a.sqlite"), Database(f"sqlite:///{tmp_path}/a.sqlite")
    t.META.create_all(one.engine)
    errors: list[BaseException] = []

    def work(database: Database, k: int) -> None:
        try:
            for i in range(40):
                with database.write(durable=i % 2 == 0) as connection:
                    connection.execute(
                        insert(t.content).values(project_id="p", ordinal=1000 * k + i, version=0, body={})
                    )
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
        scripts = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations" / branch))
        assert scripts.get_heads() == [head]


@pytest.mark.parametrize("branch", ["site", "project"])
def test_the_scripts_make_the_tables_that_the_code_has(tmp_path: Path, branch: Any) -> None:
    from sqlalchemy import inspect

    from labelwright.store import site_tables

    database = Database(f"sqlite:///{tmp_path}/a.sqlite")
    migrate.upgrade(database, branch, backup_to=tmp_path)
    meta = {"site": site_tables.META, "project": t.META}[branch]
    found = inspect(database.engine)
    tables = set(found.get_table_names())
    index = {name for name in tables if name.startswith("item_text")}  # the full-text index is the database's own
    assert tables - index == set(meta.tables) | {f"alembic_version_{branch}"}
    assert ("item_text" in index) == (branch == "project")
    for name, table in meta.tables.items():
        assert {c["name"] for c in found.get_columns(name)} == set(table.columns.keys()), name
        assert {i["name"] for i in found.get_indexes(name) if i["name"] and not i["name"].startswith("sqlite_")} >= {
            i.name for i in table.indexes
        }, name
    database.close()
    assert list(tmp_path.glob("*.sqlite")) == [tmp_path / "a.sqlite"]  # nothing to back up of nothing
