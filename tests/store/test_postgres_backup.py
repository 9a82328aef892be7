"""A backup of rows on PostgreSQL is a home in files: made while people work, verified, and moved to another database."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert

from labelwright.errors import IntegrityError
from labelwright.services.record.verify import verify
from labelwright.services.site import scheduled
from labelwright.services.site.backup import backup
from labelwright.services.site.moving import move
from labelwright.services.site.settings import load
from labelwright.store import site_tables, tables
from labelwright.store.snapshot import snapshot
from tests.conftest import Prepared, Ready, fresh_database, make_api, make_site, train_until_idle


@pytest.fixture
def new_database(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Makes an empty PostgreSQL database and gives its URL."""
    return lambda: fresh_database(request)


@pytest.fixture
def ready(lived_once: Prepared, tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Ready]:
    """A project after some life, with its rows on PostgreSQL."""
    home, url = tmp_path / "home", new_database()
    shutil.copytree(lived_once.home, home)
    move(load({"home": home}, environ={}), url)
    site = make_site(home, url)
    yield Ready(make_api(site), lived_once.truth)
    site.close()


def events_of(site: Any) -> list[str]:
    store = site.project("topics")
    with store.read() as rows:
        return [event.hash for event in store.events(rows)]


def test_a_backup_made_while_people_answer_goes_back_to_postgres(
    ready: Ready, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    stop, stored = threading.Event(), list[int]()

    def work() -> None:
        while not stop.is_set():
            for lease in ready.api.queue("topics", n=1):
                stored.append(ready.api.answer("topics", lease, ready.right(lease)).status_code)

    before = len(events_of(ready.site))
    thread = threading.Thread(target=work)
    thread.start()
    try:
        done = backup(ready.site, tmp_path / "backup")
    finally:
        stop.set()
        thread.join()
    there = events_of(ready.site)
    assert stored and set(stored) == {201}
    assert before <= done.upto["topics"] < len(there), "answers came while it was made"
    assert verify(ready.site, "topics", full=True).problems == []

    with_heads = (done.folder / "keys/anchor.jsonl").read_text()
    assert there[done.upto["topics"] - 1] in with_heads and there[-1] not in with_heads
    copy = make_site(done.folder)
    assert events_of(copy) == there[: done.upto["topics"]]
    assert verify(copy, "topics", full=True, replay=True).problems == []
    copy.close()

    url = new_database()
    moved = move(load({"home": done.folder}, environ={}), url)
    assert moved.verified == dict(done.upto)
    restored = make_site(done.folder, url)
    train_until_idle(restored)
    assert events_of(restored)[: done.upto["topics"]] == there[: done.upto["topics"]]
    assert verify(restored, "topics", full=True).problems == []
    restored.close()


def test_what_comes_after_the_moment_is_left_out(ready: Ready, tmp_path: Path) -> None:
    """Of all projects and the site at once: also a project that is made, and one that is removed, meanwhile."""
    with snapshot(ready.site.store) as rows:
        upto = len(events_of(ready.site))
        ready.site.store.create("later")
        (lease,) = ready.api.queue("topics", n=1)
        assert ready.api.answer("topics", lease, ready.right(lease)).status_code == 201
        copied = rows.write(tmp_path / "copy")
    assert set(copied.heads) == {"site", "topics"} and copied.heads["topics"] == events_of(ready.site)[upto - 1]
    with snapshot(ready.site.store) as rows:
        assert set(rows.projects) == {"topics", "later"}


def test_a_project_that_has_no_chain_yet_is_left_out(ready: Ready, tmp_path: Path) -> None:
    with ready.site.store.write() as connection:
        values = {"id": "pr_half", "slug": "half", "created_at": "2026-01-01T00:00:00Z"}
        connection.execute(insert(site_tables.catalogue).values(**values))
    done = backup(ready.site, tmp_path / "backup")
    assert set(done.upto) == {"topics"}
    copy = make_site(done.folder)
    assert copy.store.slugs() == ["topics"]
    copy.close()


def test_a_chain_that_was_cut_is_not_taken_for_a_backup(ready: Ready, tmp_path: Path) -> None:
    event = tables.event
    with ready.site.store.write() as connection:
        connection.execute(delete(event).where(event.c.seq == 9))
    with pytest.raises(IntegrityError, match="event 10 of 'topics' does not follow"):
        backup(ready.site, tmp_path / "backup")
    assert not (tmp_path / "backup" / "keys").exists()


def test_the_schedule_makes_and_checks_them(ready: Ready, tmp_path: Path) -> None:
    ready.site.settings = replace(ready.site.settings, backup_dir=tmp_path / "backups")
    tried = scheduled.run(ready.site, 1_790_000_000.0)
    assert tried is not None and tried.problem is None and tried.n_bytes > 0
    (folder,) = scheduled.kept(tmp_path / "backups")
    copy = make_site(folder)
    assert events_of(copy) == events_of(ready.site)
    copy.close()
