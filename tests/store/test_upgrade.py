"""From 0.2 to 0.3 while people work: unsent answers, live leases, an open tab, a running cycle, an old worker."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import make_api, make_site, train_until_idle

HOME_0_2 = Path(__file__).parent.parent / "fixtures" / "home-0.2.0.zip"


@dataclass
class Old:
    """A home that version 0.2.0 wrote, not opened yet."""

    home: Path

    @property
    def database(self) -> Path:
        """The project's database."""
        return self.home / "projects" / "topics" / "project.sqlite"

    def execute(self, statement: str, *values: Any) -> list[Any]:
        """Run SQL as version 0.2.0 would have."""
        with sqlite3.connect(self.database) as connection:
            found = connection.execute(statement, values).fetchall()
        connection.close()
        return found


@pytest.fixture
def old(tmp_path: Path) -> Old:
    """A fresh copy of the kept home."""
    with zipfile.ZipFile(HOME_0_2) as stored:
        stored.extractall(tmp_path / "home")
    return Old(tmp_path / "home")


@pytest.fixture
def upgraded(old: Old) -> Iterator[Any]:
    """The kept home, opened by this version: a client."""
    site = make_site(old.home)
    yield make_api(site)
    site.close()


def person_of(old: Old) -> str:
    """Who answered in the kept home."""
    return str(old.execute("SELECT person_id FROM annotation LIMIT 1")[0][0])


def lend(old: Old, ordinal: int) -> str:
    """A live lease, as version 0.2.0 stored it."""
    lease_id, now = f"le_{uuid.uuid4().hex[:16]}", time.time()
    project = old.execute("SELECT project_id FROM project")[0][0]
    old.execute(
        "INSERT INTO lease (project_id, id, ordinal, person_id, ranking_id, position, slot_kind, granted_at, expires_at,"
        " state, grid) VALUES (?, ?, ?, ?, 'r-3', 0, 'chosen', ?, ?, 'live', 0)",
        project, lease_id, ordinal, person_of(old), now, now + 600,
    )  # fmt: skip
    return lease_id


def unanswered(old: Old) -> int:
    """An item of the pool that nobody has answered."""
    return int(
        old.execute(
            "SELECT ordinal FROM item WHERE split = 'pool' AND ordinal NOT IN (SELECT ordinal FROM annotation) LIMIT 1"
        )[0][0]
    )


def test_an_unsent_answer_of_the_old_outbox_is_taken(old: Old) -> None:
    """Field for field what version 0.2.0 sent: every field, also those that say nothing; no question."""
    ordinal = unanswered(old)
    lease = lend(old, ordinal)
    site = make_site(old.home)
    try:
        api = make_api(site)
        body = {
            "answer_id": str(uuid.uuid4()), "lease_id": lease, "item_id": f"i{ordinal}", "kind": "answer",
            "answer": {"label": "l_2"}, "reason": None, "replaces": None, "seconds": 2.5,
        }  # fmt: skip
        first = api.post("/projects/topics/annotations", body)
        assert first.status_code == 201, first.text
        again = api.post("/projects/topics/annotations", body)
        assert again.status_code == 200 and again.json() == first.json()
        with site.project("topics").read() as rows:
            row = rows.one(rows.select(t.annotation).where(t.annotation.c.answer_id == body["answer_id"]))
        assert (row.question_id, row.late, row.exposed) == ("q_1", False, False)
    finally:
        site.close()


def test_an_answer_that_the_old_version_stored_is_known_when_it_is_sent_again(old: Old) -> None:
    """Its acknowledgement was lost: the repeated request gets the receipt of then, and another body is a conflict."""
    stored = old.execute(
        "SELECT a.answer_id, a.lease_id, a.ordinal, a.answer, a.seconds, a.id, a.seq, e.hash FROM annotation a "
        "JOIN event e ON e.seq = a.seq WHERE a.kind = 'answer' AND a.standing"
    )
    site = make_site(old.home)
    try:
        api = make_api(site)
        for answer_id, lease_id, ordinal, answer, seconds, annotation_id, seq, hash_ in stored:
            body = {
                "answer_id": answer_id, "lease_id": lease_id, "item_id": f"i{ordinal}", "kind": "answer",
                "answer": json.loads(answer), "reason": None, "replaces": None, "seconds": seconds,
            }  # fmt: skip
            again = api.post("/projects/topics/annotations", body)
            assert again.status_code == 200, again.text
            assert again.json() == {"id": annotation_id, "seq": seq, "hash": hash_}
            other = api.post("/projects/topics/annotations", {**body, "answer": {"label": "l_3"}, "seconds": 9.0})
            assert other.status_code == 409
        assert len(stored) > 8
    finally:
        site.close()


def test_a_live_lease_goes_on(old: Old) -> None:
    ordinal = unanswered(old)
    lease = lend(old, ordinal)
    site = make_site(old.home)
    try:
        api = make_api(site)
        leases = api.queue("topics", n=1)
        assert [one["id"] for one in leases] == [lease]
        assert api.post(f"/projects/topics/leases/{lease}/renew").status_code == 200
        assert api.answer("topics", leases[0], {"label": "l_1"}).status_code == 201
    finally:
        site.close()


def test_an_open_tab_of_the_old_app_finds_the_fields_it_reads(upgraded: Any) -> None:
    detail = upgraded.get("/projects/topics").json()
    assert detail["question"]["labels"][0] == {"id": "l_1", "name": "sport", "key": None}
    assert detail["guidelines"].items() >= {"version": 1, "markdown": "# Topics"}.items()
    assert {"today", "total", "pace"} <= detail["mine"].keys()
    (lease,) = upgraded.queue("topics", n=1)
    assert lease["question"] == detail["question"]["id"]
    assert upgraded.get("/projects/topics/items", show="all", limit=5).json()["items"][0].keys() >= {
        "id", "key", "split", "label", "answers", "preview",
    }  # fmt: skip
    for path in ("progress", "rounds", "events", "annotations"):
        assert upgraded.get(f"/projects/topics/{path}").status_code == 200


def test_a_cycle_that_was_running_is_done_anew(old: Old) -> None:
    project = old.execute("SELECT project_id FROM project")[0][0]
    old.execute("UPDATE project SET wanted_seq = wanted_seq + 1")
    old.execute(
        "INSERT INTO cycle (project_id, id, wanted_seq, state, step, started_at) VALUES (?, 4, 34, 'running', 'fit', '2026')",
        project,
    )
    shutil.copytree(
        old.home / "projects/topics/arrays/cycles/000003/labels",
        old.home / "projects/topics/arrays/cycles/000004/labels",
    )
    site = make_site(old.home)
    try:
        api = make_api(site)
        for lease in api.queue("topics", n=3):
            assert api.answer("topics", lease, {"label": "l_1"}).status_code == 201
        train_until_idle(site)
        with site.project("topics").read() as rows:
            states = {row.id: row.state for row in rows.all(rows.select(t.cycle.c.id, t.cycle.c.state))}
            ranking = site.project("topics").row(rows).ranking_id
        assert states[4] == "failed" and states[5] == "done" and ranking == "r-5"
        assert verify(site, "topics").problems == []
    finally:
        site.close()


def test_an_old_worker_beside_the_new_server_records_nothing(upgraded: Any, old: Old) -> None:
    """What version 0.2.0 wrote at the end of each step is refused by the new tables, so its events roll back."""
    project = old.execute("SELECT project_id FROM project")[0][0]
    writes = {
        "label_version": "(project_id, id, cycle, upto_seq, n_labels, arrays, seq) VALUES (?, 'lv-9', 9, 1, 1, '{}', 99)",
        "model": "(project_id, id, cycle, name, n_labels, arrays, params, stage, seq) "
        "VALUES (?, 'm-9', 9, 'linear', 1, '{}', '{}', 'served', 99)",
        "ranking": "(project_id, id, cycle, strategy, seed, n_slots, n_labels, arrays, at, seq) "
        "VALUES (?, 'r-9', 9, 'auto', 1, 1, 1, '{}', '2026', 99)",
        "decision": "(project_id, seq, kind, cycle, actor, at, data) VALUES (?, 99, 'verdict', 9, 'system', '2026', '{}')",
        "annotation": "(project_id, seq, id, answer_id, body_hash, ordinal, question_id, person_id, kind, at, "
        "schema_version, guideline_version, late, grid, first, standing) "
        "VALUES (?, 99, 'a', 'b', 'c', 1, 'q_1', 'p', 'answer', '2026', 1, 1, 0, 0, 1, 1)",
        "content": "(project_id, ordinal, body) VALUES (?, 99, '{}')",
    }
    assert upgraded.get("/projects/topics").status_code == 200
    taken = []
    for table, values in writes.items():
        try:
            old.execute(f"INSERT INTO {table} {values}", project)
            taken.append(table)
        except (sqlite3.IntegrityError, sqlite3.OperationalError):
            pass
    assert taken == []
    assert verify(upgraded.site, "topics").problems == []


def test_a_record_that_was_altered_is_not_upgraded(old: Old) -> None:
    """A migration checks the chain and the flags that it replaces; the backup stays, the project is listed as damaged."""
    old.execute(
        "UPDATE annotation SET standing = 0 WHERE seq = (SELECT max(seq) FROM annotation WHERE kind = 'answer')"
    )
    site = make_site(old.home)
    try:
        api = make_api(site)
        (listed,) = api.get("/projects").json()["items"]
        assert listed["state"] == "damaged" and "annotations" in listed["error"]
        assert list((old.home / "projects" / "topics" / "backups").glob("project-0001-*.sqlite"))
        assert old.execute("SELECT version_num FROM alembic_version_project") == [("0001",)]
    finally:
        site.close()
