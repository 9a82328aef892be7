"""Promise 10: export works where the loop is broken; a migration backs up first; a damaged project is alone."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks.processes import environment
from labelwright.errors import IntegrityError
from labelwright.services.record.verify import verify
from labelwright.store import migrate
from labelwright.store import tables as t
from tests.conftest import make_site


def labelwright(lived: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    rows = {} if lived.database_url is None else {"LABELWRIGHT_DATABASE_URL": lived.database_url}
    return subprocess.run(
        [sys.executable, "-m", "labelwright", "--home", str(lived.home), *arguments],
        env=environment(lived.home, **rows), capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def labels_in(path: Path) -> int:
    return sum(json.loads(line)["label"] is not None for line in path.read_text().splitlines())


@pytest.mark.parametrize("damage", ["deleted", "corrupted", "arrays", "running"])
def test_export_works_where_the_loop_is_broken(lived: Any, tmp_path: Path, damage: str) -> None:
    """Without the rows of cycles and slots, with rubbish in them, without any array, or with a cycle that hangs."""
    standing = lived.api.counts("topics")["answers"]
    if damage == "arrays":
        shutil.rmtree(lived.home / "projects/topics/arrays")
    else:
        with lived.store.stage() as rows:
            if damage == "deleted":
                for table in (t.cycle, t.slot, t.lease):
                    rows.delete(table)
            elif damage == "corrupted":
                rows.update(t.cycle, state="rubbish", step="rubbish", worker="rubbish", fence=-1)
            else:
                rows.update(t.cycle, state="running", worker="gone", ended_at=None)
    lived.site.close()
    done = labelwright(lived, "export", "topics", str(tmp_path / "out.jsonl"))
    assert done.returncode == 0, done.stderr
    assert labels_in(tmp_path / "out.jsonl") == standing > 10


def test_export_works_without_a_worker_and_while_paused(lived: Any, tmp_path: Path) -> None:
    from labelwright.engine.heartbeat import live_workers

    assert live_workers(lived.site.store) == []
    assert lived.api.post("/projects/topics/pause").status_code == 200
    assert lived.api.get("/projects/topics/export", format="csv").status_code == 200


def test_export_works_where_the_record_cannot_be_written(
    lived: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk must not keep labels in: the event of the export is let go, the file is written."""
    from sqlalchemy.exc import OperationalError

    from labelwright.services.people import users
    from labelwright.services.record import exports
    from labelwright.store.project import Transaction

    def full(*_: Any, **__: Any) -> Any:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    actor, _ = users.ensure_admin(lived.site)
    monkeypatch.setattr(Transaction, "record", full)
    exports.export(lived.site, actor, "topics", tmp_path / "out.jsonl")
    assert labels_in(tmp_path / "out.jsonl") > 10


@pytest.mark.usefixtures("rows_in_files")
@pytest.mark.parametrize("damage", ["rubbish", "truncated", "empty", "missing"])
def test_a_damaged_project_takes_no_other_down(lived: Any, make_project: Any, train: Any, damage: str) -> None:
    truth = make_project(lived.site, "other", n=45)
    train(lived.site)
    lived.site.close()
    folder = lived.home / "projects/topics"
    content = (folder / "project.sqlite").read_bytes()
    for path in folder.glob("project.sqlite*"):
        path.unlink()
    if damage != "missing":
        broken = {"rubbish": b"not a database" * 500, "truncated": content[: len(content) // 3], "empty": b""}[damage]
        (folder / "project.sqlite").write_bytes(broken)
    site = make_site(lived.home)
    try:
        from tests.conftest import LABEL, make_api

        api = make_api(site)
        listed = {p["slug"]: p for p in api.get("/projects").json()["items"]}
        assert listed["topics"]["state"] == "damaged" and listed["topics"]["error"]
        assert listed["other"]["state"] == "ready"
        lease = api.queue("other")[0]
        assert api.answer("other", lease, {"label": LABEL[truth[lease["item"]["key"]]]}).status_code == 201
        for path in ("", "/items", "/progress", "/export"):
            refused = api.get(f"/projects/topics{path}")
            assert refused.status_code == 500 and refused.json()["code"] == "integrity", refused.text
        train(site)  # the worker goes on with the healthy one
        assert api.get("/projects/other/progress").json()["ranking"] == "r-2"
    finally:
        site.close()


@pytest.mark.usefixtures("rows_in_files")
def test_the_command_line_names_a_damaged_project(lived: Any) -> None:
    lived.site.close()
    (lived.home / "projects/topics/project.sqlite").write_bytes(b"not a database" * 500)
    for arguments in (("export", "topics", "x.csv"), ("verify", "topics")):
        done = labelwright(lived, *arguments)
        assert done.returncode == 1, (arguments, done.stdout, done.stderr)
        assert done.stderr.startswith("error: ") and "hint: Restore it from a backup" in done.stderr
    doctor = labelwright(lived, "doctor")
    assert doctor.returncode == 1 and "CHECK project topics" in doctor.stdout


def test_a_schema_of_a_newer_version_is_refused_and_left_alone(lived: Any) -> None:
    lived.site.close()
    with lived.raw() as db:
        db.execute("UPDATE alembic_version_project SET version_num = '9999'")
    unknown = pytest.raises(IntegrityError, match="9999, which this version does not know")
    with unknown as refused, closing(make_site(lived.home, lived.database_url)) as site:
        site.project("topics")
    assert "upgrade" in refused.value.hint
    with lived.raw() as db:
        assert db.execute("SELECT version_num FROM alembic_version_project").fetchone() == ("9999",)
        assert db.execute("SELECT count(*) FROM annotation").fetchone()[0] > 10


HEAD = migrate.HEADS["project"]
LATER = f"{int(HEAD) + 1:04}"
STEP = '''
"""a later schema"""
import sqlalchemy as sa
from alembic import op

revision = "{later}"
down_revision = "{head}"


def upgrade() -> None:
    op.execute("CREATE TABLE later (id INTEGER)")
    {then}
'''


@pytest.mark.usefixtures("rows_in_files")
@pytest.mark.parametrize("then", ["pass", "raise RuntimeError('the power went')"])
def test_a_migration_backs_up_first(lived: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: str) -> None:
    lived.site.close()
    shutil.copytree(Path(migrate.__file__).parent / "migrations", tmp_path / "migrations")
    step = tmp_path / f"migrations/project/versions/{LATER}_later.py"
    step.write_text(STEP.format(later=LATER, head=HEAD, then=then))
    monkeypatch.setattr(migrate, "__file__", str(tmp_path / "migrate.py"))
    monkeypatch.setitem(migrate.HEADS, "project", LATER)
    site = make_site(lived.home)
    try:
        if then == "pass":
            store = site.project("topics")
            with store.read() as rows:
                assert store.row(rows).slug == "topics"
        else:
            with pytest.raises(RuntimeError, match="the power went"):
                site.project("topics")
    finally:
        site.close()
    (backup,) = (lived.home / "projects/topics/backups").glob(f"project-{HEAD}-*.sqlite")
    with sqlite3.connect(backup) as db:
        assert db.execute("SELECT version_num FROM alembic_version_project").fetchone() == (HEAD,)
        assert db.execute("SELECT count(*) FROM annotation").fetchone()[0] > 10
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_a_content_that_is_missing_is_told_and_its_label_gets_out(lived: Any, tmp_path: Path) -> None:
    import csv

    from labelwright.services.people import users
    from labelwright.services.record import exports

    whole = exports.export(lived.site, users.first_admin(lived.site), "topics", tmp_path / "whole.csv")
    assert whole.findings == ()
    with lived.raw() as db:
        db.execute("DELETE FROM content WHERE ordinal = 5")
    damaged = exports.export(lived.site, users.first_admin(lived.site), "topics", tmp_path / "damaged.csv")
    assert damaged.n_items == whole.n_items and damaged.without_content == ("i5",)
    told = lived.api.client.get("/api/v1/projects/topics/export", headers=lived.api.headers).headers["X-Findings"]
    assert "The content of 1 item is missing from the database: i5." in told
    before, after = (
        {row["id"]: row for row in csv.DictReader((tmp_path / name).open())} for name in ("whole.csv", "damaged.csv")
    )
    assert after["i5"]["text"] == "" and {**after, "i5": 0} == {**before, "i5": 0}
    assert any("item i5" in problem for problem in verify(lived.site, "topics").problems)


def test_an_export_holds_what_the_model_predicts_and_how_each_item_was_asked(lived: Any, tmp_path: Path) -> None:
    """Predictions of all rows, but of the reserve only where somebody has answered (decisions/0016)."""
    import csv

    from labelwright.services.people import users
    from labelwright.services.record import exports

    admin = users.first_admin(lived.site)
    exports.export(lived.site, admin, "topics", tmp_path / "now.csv")
    exports.export(lived.site, admin, "topics", tmp_path / "then.csv", at="lv-2")
    now, then = (list(csv.DictReader((tmp_path / name).open())) for name in ("now.csv", "then.csv"))
    pool = [row for row in now if row["split"] == "pool"]
    assert all(row["prediction"] in ("sport", "food", "law") for row in pool)
    assert all(0 < float(row["prediction_confidence"]) <= 1 for row in pool)
    reserve = [row for row in now if row["split"] != "pool"]
    assert {bool(row["prediction"]) == bool(row["label"]) for row in reserve} == {True} and len(reserve) > 5
    labeled = [row for row in now if int(row["n_answers"])]
    assert {row["asked_as"] for row in labeled} >= {"chosen", "reserve"}
    assert all(float(row["seconds"]) > 0 for row in labeled)
    assert any(row["reason"] == "cannot tell" for row in now)
    assert any(float(row["propensity"] or 1) < 1 for row in labeled)
    assert [row["prediction_confidence"] for row in then] != [row["prediction_confidence"] for row in now]
