"""Who gets a name when several make a project of it at once, and when it is free again."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func

from benchmarks.processes import environment
from labelwright.errors import ConflictError
from labelwright.services.people import users
from labelwright.services.projects import create
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import Api, make_site, text_draft, write_texts

N_THREADS = 4
N_ITEMS = 60
IN_A_PROCESS = """
import sys
from pathlib import Path
from labelwright.services.people import users
from labelwright.errors import ConflictError
from tests.conftest import make_site, text_draft
from labelwright.services.projects import create
site = make_site(Path(sys.argv[1]))
admin = users.ensure_admin(site)[0]
print("ready", flush=True)
sys.stdin.readline()
try:
    create.create(site, admin, text_draft("topics", Path(sys.argv[2])))
    print("created")
except ConflictError as error:
    print("refused")
"""


def check_whole(site: Any) -> None:
    """The one project there is holds all of its items."""
    assert site.store.slugs() == ["topics"]
    store = site.project("topics")
    with store.read() as rows:
        assert store.row(rows).n_items == N_ITEMS
        assert rows.scalar(rows.select(func.count(), of=t.item)) == N_ITEMS
    assert verify(site, "topics").problems == []


def test_of_threads_that_take_one_name_at_once_exactly_one_gets_it(any_site: Any, tmp_path: Path) -> None:
    write_texts(tmp_path / "topics.jsonl", N_ITEMS)
    admin, start = users.ensure_admin(any_site)[0], threading.Barrier(N_THREADS)

    def make(_: int) -> str:
        start.wait()
        try:
            create.create(any_site, admin, text_draft("topics", tmp_path / "topics.jsonl"))
        except ConflictError as error:
            return error.message
        return "created"

    with ThreadPoolExecutor(N_THREADS) as pool:
        ends = list(pool.map(make, range(N_THREADS)))
    assert ends.count("created") == 1, ends
    assert all("'topics'" in end for end in ends if end != "created")
    check_whole(any_site)


def test_of_processes_that_take_one_name_at_once_exactly_one_gets_it(tmp_path: Path) -> None:
    write_texts(tmp_path / "topics.jsonl", N_ITEMS)
    site = make_site(tmp_path / "home")
    users.ensure_admin(site)
    command = [sys.executable, "-c", IN_A_PROCESS, str(tmp_path / "home"), str(tmp_path / "topics.jsonl")]
    processes = [
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(tmp_path / "home")
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ends = sorted(process.communicate(timeout=60)[0].strip() for process in processes)
    assert ends == ["created", "refused"]
    check_whole(site)
    site.close()


def test_a_name_that_is_being_made_is_refused_and_free_after_a_failure(site: Any, tmp_path: Path) -> None:
    write_texts(tmp_path / "topics.jsonl", N_ITEMS)
    admin = users.ensure_admin(site)[0]
    with site.store.claim("topics"):
        site.store.create("topics")
        with pytest.raises(ConflictError, match="a project 'topics' is being made at this moment"):
            create.create(site, admin, text_draft("topics", tmp_path / "topics.jsonl"))
        assert site.store.slugs() == ["topics"]
    create.create(site, admin, text_draft("topics", tmp_path / "topics.jsonl"))  # what was interrupted is replaced
    check_whole(site)
    assert not list((site.settings.home / "claims").iterdir())


class FailedImport:
    """An import over HTTP that failed in the background."""

    def __init__(self, api: Api, folder: Path) -> None:
        self.api, self.folder = api, folder
        bad = "".join(f'{{"id": "t1", "text": "number {k}"}}\n' for k in range(2))
        self.post("bad.jsonl", bad)
        for thread in threading.enumerate():
            if thread.name == "import-topics":
                thread.join()
        shown = api.get("/projects/topics")
        assert shown.json()["state"] == "failed", shown.text

    def post(self, name: str, content: str) -> Any:
        sent = self.api.client.post(
            self.api.base + "/uploads", files={"files": (name, content.encode())}, headers=self.api.headers
        )
        assert sent.status_code == 201, sent.text
        body = {
            "slug": "topics", "upload_id": sent.json()["id"], "task": "classification", "labels": ["sport", "food"],
            "columns": {"id": "id", "text": "text"},
        }  # fmt: skip
        return self.api.post("/projects", body)


def test_after_a_failed_import_the_name_can_be_used_at_once(api: Api, tmp_path: Path) -> None:
    failed = FailedImport(api, tmp_path)
    write_texts(tmp_path / "topics.jsonl", N_ITEMS)
    again = failed.post("topics.jsonl", (tmp_path / "topics.jsonl").read_text())
    assert again.status_code == 201 and again.json()["state"] == "importing"
    for thread in threading.enumerate():
        if thread.name == "import-topics":
            thread.join()
    assert api.get("/projects/topics").json()["state"] == "ready"
    check_whole(api.site)


def test_a_failed_import_does_not_speak_for_a_project_that_another_process_made(api: Api, tmp_path: Path) -> None:
    FailedImport(api, tmp_path)
    write_texts(tmp_path / "topics.jsonl", N_ITEMS)
    other = make_site(api.site.settings.home)
    create.create(other, users.ensure_admin(other)[0], text_draft("topics", tmp_path / "topics.jsonl"))
    other.close()
    assert api.get("/projects/topics").json()["state"] == "ready"
    assert [project["state"] for project in api.get("/projects").json()["items"]] == ["ready"]
