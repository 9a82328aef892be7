"""Every released version's project opens, verifies, exports, and goes on."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from labelwright.engine.worker import Worker
from labelwright.services.labeling import queue
from labelwright.services.people import users
from labelwright.services.projects import create, overview, questions
from labelwright.services.record import exports
from labelwright.services.record.verify import verify
from labelwright.services.steering import progress
from tests.conftest import make_site

KEPT = sorted((Path(__file__).parent.parent / "fixtures").glob("home-*.zip"))


def test_this_version_is_kept() -> None:
    import labelwright

    assert f"home-{labelwright.__version__}.zip" in [path.name for path in KEPT]


def events_of(home: Path) -> list[tuple[int, str, bytes]]:
    """The record of a home as its file holds it."""
    with closing(sqlite3.connect(home / "projects/topics/project.sqlite")) as db:
        return db.execute("SELECT seq, hash, body FROM event ORDER BY seq").fetchall()


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_opening_a_kept_home_changes_no_event(kept: Path, tmp_path: Path) -> None:
    """Tables are made anew, what was recorded stays as it was written; the old database is kept beside it."""
    with zipfile.ZipFile(kept) as stored:
        stored.extractall(tmp_path / "home")
    before = events_of(tmp_path / "home")
    site: Any = make_site(tmp_path / "home")
    try:
        assert verify(site, "topics", full=True).problems == []
    finally:
        site.close()
    assert events_of(tmp_path / "home") == before and len(before) > 20
    backups = [path.name for path in (tmp_path / "home/projects/topics/backups").glob("project-*.sqlite")]
    if kept.stem in ("home-0.1.0", "home-0.2.0"):  # of the first schema
        assert len(backups) == 1 and backups[0].startswith("project-0001-")


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_the_rankings_of_a_kept_home_replay(kept: Path, tmp_path: Path) -> None:
    """What an earlier version published comes out equal, on another machine too."""
    with zipfile.ZipFile(kept) as stored:
        stored.extractall(tmp_path / "home")
    site: Any = make_site(tmp_path / "home")
    try:
        for slug in site.store.slugs():
            assert verify(site, slug, replay=True).problems == [], slug
    finally:
        site.close()


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_a_kept_home_opens_and_goes_on(kept: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(kept) as stored:
        stored.extractall(tmp_path / "home")
    site: Any = make_site(tmp_path / "home")
    try:
        admin, _ = users.ensure_admin(site)
        listed = next(one for one in overview.listing(site, admin).items if one.slug == "topics")
        assert (listed.slug, listed.state, listed.items) == ("topics", "ready", 45)
        assert verify(site, "topics").problems == []
        exports.export(site, admin, "topics", tmp_path / "labels.jsonl")
        assert (tmp_path / "labels.jsonl").read_text().count('"label": "') == listed.answers
        before = progress.show(site, admin, "topics").ranking
        assert queue.take(site, admin, "topics", n=2).leases
        questions.write_guidelines(site, admin, "topics", "# Later")
        create.add(site, admin, "topics", rows=[{"id": "later", "text": "a sentence that came with a later version"}])
        Worker(site.store).run(until_idle=True)
        assert progress.show(site, admin, "topics").ranking != before
        for slug in site.store.slugs():
            assert verify(site, slug).problems == [], slug
    finally:
        site.close()
