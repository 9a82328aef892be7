"""A site's catalogue: names, projects that come and go, two processes on one home."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.exchange import Columns
from labelwright.services.people import users
from labelwright.services.projects import create
from labelwright.services.projects.drafts import ProjectDraft
from labelwright.services.record.verify import verify
from labelwright.services.site import Site
from labelwright.services.site.settings import load
from labelwright.store import site_tables as st
from labelwright.store import tables as t
from labelwright.store.site import SiteStore
from tests.conftest import make_site


@pytest.mark.parametrize("slug", ["", "A", "a b", "a_b", "ä", "../x", "a" * 65, "a\n"])
def test_a_name_that_is_no_slug_is_refused(site: Any, slug: str) -> None:
    with pytest.raises(InputError, match="NAME must be a slug"):
        site.store.create(slug)
    assert site.store.slugs() == []


def test_a_name_that_is_taken_is_refused(site: Any, make_project: Any) -> None:
    make_project(site)
    with pytest.raises(ConflictError, match="there is a project 'topics' already"):
        make_project(site)
    assert site.project("topics")


def test_a_project_made_anew_under_its_name_is_found_by_another_process(any_site: Any, make_project: Any) -> None:
    """What a process remembers of a name does not outlive the project: a worker must find the new one."""
    settings = any_site.settings
    other = SiteStore(settings.home, settings.database_url)
    try:
        first = any_site.store.create("topics")
        assert other.open("topics").project_id == first.project_id
        any_site.store.discard(first)
        with pytest.raises(NotFoundError):
            other.open("topics")
        make_project(any_site)
        second = other.open("topics")
        assert second.project_id == any_site.project("topics").project_id != first.project_id
        with second.read() as rows:
            assert second.row(rows).n_items == 90
    finally:
        other.close()


def test_a_discarded_project_leaves_no_row_and_no_file(any_site: Any, tmp_path: Path) -> None:
    source = tmp_path / "bad.csv"
    source.write_text("id,text,label\n1,first words here,a\n2,second words here,b\n2,third words here,a\n")
    admin, _ = users.ensure_admin(any_site)
    draft = ProjectDraft("bad", source, columns=Columns(id="id", label="label"))
    with pytest.raises(InputError, match="ids must be distinct"):
        create.create(any_site, admin, draft)
    assert any_site.store.slugs() == []
    assert not list((any_site.settings.home / "projects").iterdir())
    if any_site.settings.database_url:
        with any_site.store.read() as connection:
            for table in t.META.sorted_tables:
                assert connection.scalar(select(func.count()).select_from(table)) == 0, table.name


def test_two_projects_do_not_see_each_other(any_site: Any, make_project: Any, train: Any) -> None:
    make_project(any_site, "one", n=45)
    make_project(any_site, "two", n=60)
    train(any_site)
    for slug, n_items in (("one", 45), ("two", 60)):
        store = any_site.project(slug)
        with store.read() as rows:
            assert store.row(rows).n_items == n_items
            assert rows.scalar(rows.select(func.count(), of=t.item)) == n_items
        assert verify(any_site, slug).problems == []


def test_the_site_records_roles_and_sign_ins(site: Any) -> None:
    from labelwright.services.people.roles import SYSTEM
    from labelwright.store import chain

    made = users.add(site, SYSTEM, email="Ann@Example.com ", role="annotator")
    assert made.user.email == "ann@example.com"
    with pytest.raises(ConflictError):
        users.add(site, SYSTEM, email="ann@example.com", role="lead")
    with site.store.read() as connection:
        kinds = [e.kind for e in chain.read(connection, site.store.chain)]
        rows = connection.scalar(select(func.count()).select_from(st.person))
    assert kinds == ["role"] and rows == 1


def test_secrets_are_stored_by_their_hash_only(site: Any, tmp_path: Path) -> None:
    admin, link = users.ensure_admin(site)
    token = users.make_token(site, admin).secret
    site.close()
    stored = b"".join(p.read_bytes() for p in (tmp_path / "home").glob("site.sqlite*"))
    assert link is not None and link.encode() not in stored and token.encode() not in stored
    make_site(tmp_path / "home").close()


def test_keys_are_for_the_owner_alone(site: Any) -> None:
    folder = site.settings.home / "keys"
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "signing-key.pem").stat().st_mode & 0o077 == 0


def test_nobody_but_its_owner_may_enter_a_home(lived: Any, tmp_path: Path) -> None:
    """A home of an earlier version, which others could read, is closed when it is opened."""
    from labelwright.services.record import exports
    from tests.conftest import train_until_idle

    lived.site.close()
    databases = [lived.home / "site.sqlite", lived.home / "projects/topics/project.sqlite"]
    lived.home.chmod(0o755)
    for path in databases:
        path.chmod(0o644)
    site = Site(load({"home": lived.home}, environ={}))
    train_until_idle(site)
    admin, _ = users.ensure_admin(site)
    exported, _ = exports.to_temporary(site, admin, "topics", format="csv", at=None)
    assert exported.is_relative_to(lived.home)
    modes = {path: path.stat().st_mode & 0o777 for path in [lived.home, exported.parent, *databases]}
    modes |= {path: path.stat().st_mode & 0o777 for path in lived.home.rglob("*.sqlite-*")}
    assert modes == {path: 0o700 if path.suffix == "" else 0o600 for path in modes}
    site.close()


def test_a_backup_that_is_made_while_people_work_is_whole(lived: Any, tmp_path: Path, train: Any) -> None:
    """Answers come in and models are trained meanwhile; the backup opens, verifies, and can be worked with."""
    import threading

    from labelwright.services.site import backup

    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            for lease in lived.api.queue("topics", n=1):
                lived.api.answer("topics", lease, lived.right(lease))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for k in range(3):
            done = backup.backup(lived.site, tmp_path / f"backup-{k}")
            assert done.projects == 1 and done.events > 20
    finally:
        stop.set()
        thread.join()
    for k in range(3):
        copy = Site(load({"home": tmp_path / f"backup-{k}"}, environ={}))
        assert verify(copy, "topics", full=True, replay=True).problems == []
        train(copy)
        assert verify(copy, "topics", full=True).problems == []
        copy.close()
    with pytest.raises(InputError, match="FOLDER must be new or empty"):
        backup.backup(lived.site, tmp_path / "backup-0")
