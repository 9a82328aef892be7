"""Uploads in a store: sent to one server of a site and imported by another; nothing stays of what fails or is old."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from benchmarks.databases import make_database
from labelwright.services.people import users
from labelwright.services.people.roles import SYSTEM
from labelwright.services.projects import uploads
from labelwright.services.site import Site
from labelwright.services.site.settings import load
from labelwright.store import site_tables as t
from labelwright.store.files import driver as drivers
from tests.conftest import Api, make_api, train_until_idle, write_texts
from tests.object_store import ObjectStore, running


@dataclass
class Two:
    """Two servers on homes of their own, with one database and one store."""

    one: Api
    other: Api
    store: ObjectStore

    def sent(self) -> list[str]:
        """What of uploads is in the store."""
        return [path for path in self.store.paths() if "/uploads/" in path]


@pytest.fixture
def two(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    monkeypatch.setattr(drivers, "DOWN_SECONDS", 0.2)
    url = make_database(postgres, f"uploads_{time.time_ns()}")
    with running() as store:
        values = {"database_url": url, "files_url": store.url}
        first = Site(load({"home": tmp_path / "one", **values}, environ={}))
        (tmp_path / "two").mkdir()
        (tmp_path / "two/keys").symlink_to(tmp_path / "one/keys", target_is_directory=True)  # who signs is one
        second = Site(load({"home": tmp_path / "two", **values}, environ={}))
        one = make_api(first)
        yield Two(one, Api(second, make_api(second).client, one.headers), store)
        first.close()
        second.close()


def send(api: Api, *files: tuple[str, bytes]) -> Any:
    parts = [("files", (name, io.BytesIO(content))) for name, content in files]
    return api.client.post(api.base + "/uploads", files=parts, headers=api.headers)


def kept(api: Api) -> list[str]:
    folder = Path(api.site.settings.home) / "uploads"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def n_rows(api: Api) -> int:
    with api.site.store.read() as connection:
        return len(connection.execute(select(t.upload.c.id)).all())


def test_an_upload_to_one_server_is_imported_by_the_other(two: Two, tmp_path: Path) -> None:
    write_texts(tmp_path / "topics.jsonl")
    sent = send(two.one, ("topics.jsonl", (tmp_path / "topics.jsonl").read_bytes()))
    assert sent.status_code == 201, sent.text
    upload_id = sent.json()["id"]
    assert two.sent() == [f"site/uploads/{upload_id}/content.zip"] and kept(two.other) == []
    shown = two.other.post(f"/uploads/{upload_id}/preview", {"columns": {}})
    assert shown.status_code == 200 and len(shown.json()["rows"]) == 20, shown.text
    body = {
        "slug": "topics", "upload_id": upload_id,
        "questions": [{"task": "classification", "labels": ["sport", "food", "law"]}],
    }  # fmt: skip
    made = two.other.post("/projects", body)
    assert made.status_code == 201, made.text
    until = time.monotonic() + 60
    while two.other.get("/projects/topics").json()["state"] != "ready" and time.monotonic() < until:
        time.sleep(0.1)
    assert two.other.get("/projects/topics").json()["counts"]["items"] == 90
    again = two.other.post("/projects/topics/items", {"upload_id": upload_id})
    assert again.status_code in (200, 201) and again.json()["added"] == 0, again.text
    train_until_idle(two.one.site)
    assert two.one.queue("topics", n=3) and len(two.sent()) == 1


def test_a_folder_comes_as_it_was_sent_and_is_of_its_sender_alone(two: Two) -> None:
    files = {"in/a b.txt": b"one", "in/deep/Ü ☃.txt": b"two", "in/.hidden": b"three"}
    upload_id = send(two.one, *files.items()).json()["id"]
    admin = users.first_admin(two.other.site)
    for _ in range(2):  # fetched, then there
        folder = uploads.find(two.other.site, admin, upload_id)
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert found == files
    assert kept(two.other) == [upload_id]
    stranger = two.other.as_role("lead")
    assert stranger.post(f"/uploads/{upload_id}/preview", {"columns": {}}).status_code in (403, 404)


def test_all_copies_go_after_a_day(two: Two) -> None:
    upload_id = send(two.one, ("a.csv", b"text\nx\n")).json()["id"]
    admin = users.first_admin(two.other.site)
    uploads.find(two.other.site, admin, upload_id)
    with two.one.site.store.write() as connection:
        connection.execute(update(t.upload).values(created_at=time.time() - uploads.KEEP_SECONDS - 5))
    two.store.stop()
    uploads.drop_old(two.one.site)  # while the store is away the row says what is still to be deleted
    assert n_rows(two.one) == 1 and kept(two.one) == []
    two.store.start()
    time.sleep(0.3)
    uploads.drop_old(two.one.site)
    assert n_rows(two.one) == 0 and two.sent() == []
    yesterday = time.time() - uploads.KEEP_SECONDS - 5
    os.utime(two.other.site.settings.home / "uploads" / upload_id, (yesterday, yesterday))
    uploads.drop_old(two.other.site)
    assert kept(two.other) == []
    assert two.other.post(f"/uploads/{upload_id}/preview", {"columns": {}}).status_code == 404


def test_while_the_store_is_away_an_upload_is_refused_and_nothing_stays(two: Two) -> None:
    two.store.stop()
    sent = send(two.one, ("a.csv", b"text\nx\n"))
    assert sent.status_code == 503 and sent.json()["code"] == "unavailable", sent.text
    assert kept(two.one) == []
    two.store.start()
    time.sleep(0.3)
    with two.one.site.store.write() as connection:
        connection.execute(update(t.upload).values(created_at=0.0))
    assert send(two.one, ("b.csv", b"text\nx\n")).status_code == 201
    assert n_rows(two.one) == 1 and len(two.sent()) == 1


def test_what_a_killed_server_was_sending_is_nobodys_and_goes(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = users.first_admin(two.one.site)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(uploads.shared_uploads, "drop", lambda *_: None)
        original = uploads.shared_uploads.send

        def killed(*args: Any) -> None:
            original(*args)
            raise KeyboardInterrupt

        patched.setattr(uploads.shared_uploads, "send", killed)
        with uploads.Receiver(two.one.site, admin) as receiver:
            receiver.begin("a.csv")
            receiver.write(b"text\nx\n")
            receiver.finish()
    assert len(two.sent()) == 1
    upload_id = two.sent()[0].split("/")[2]
    assert (
        uploads.show(two.one.site, admin, upload_id) is None and uploads.show(two.one.site, SYSTEM, upload_id) is None
    )
    with two.one.site.store.write() as connection:
        connection.execute(update(t.upload).values(created_at=0.0))
    uploads.drop_old(two.other.site)
    assert two.sent() == [] and n_rows(two.one) == 0
