"""A site moves from files to PostgreSQL and back, and nothing of its record changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labelwright.errors import ConflictError, InputError
from labelwright.services.record.verify import verify
from labelwright.services.site.moving import FILES, move
from labelwright.services.site.settings import load
from labelwright.store import site_tables, tables
from tests.conftest import make_site


def records(site: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that is moved, by name of table and project."""
    found = {}
    with site.store.read() as connection:
        for table in site_tables.META.sorted_tables:
            if table.name != "worker":
                found[table.name] = sorted(map(repr, connection.execute(table.select())))
    for slug in site.store.slugs():
        with site.project(slug).read() as rows:
            for table in tables.META.sorted_tables:
                if table.name != "search_progress":
                    found[f"{slug} {table.name}"] = sorted(map(repr, rows.all(rows.select(table))))
    return found


@pytest.fixture
def labeled(tmp_path: Path) -> Path:
    """The home of a site with two projects, answers in one of them and a model."""
    from labelwright.engine.worker import Worker
    from labelwright.services.labeling import annotations, queue
    from labelwright.services.people import users
    from labelwright.services.projects import create
    from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft
    from labelwright.services.webhooks import hooks

    home, site = tmp_path / "home", make_site(tmp_path / "home")
    admin, _ = users.ensure_admin(site)
    source = tmp_path / "texts.csv"
    lines = [
        f'"naïve note {k} about {"cats" if k % 2 else "dogs"} \U0001f600",{"c" if k % 2 else "d"}' for k in range(60)
    ]
    source.write_text("text,label\n" + "\n".join(lines), "utf-8")
    for slug in ("pets", "others"):
        create.create(site, admin, ProjectDraft(slug, source, questions=(QuestionDraft(labels=("c", "d")),)))
    object.__setattr__(site.settings, "webhook_hosts", "hooks.example.org")
    hooks.put(site, admin, "pets", "https://hooks.example.org/", ["label"])
    worker = Worker(site.store)
    worker.run(until_idle=True)
    for k, lease in enumerate(queue.take(site, admin, "pets", n=20).leases):
        given = annotations.Given.of(
            answer_id=f"{k:036x}", lease_id=lease.id, item_id=lease.item.id, kind="answer",
            answer={"label": f"l_{k % 2 + 1}"}, seconds=1.5,
        )  # fmt: skip
        annotations.give(site, admin, "pets", [given])
    Worker(site.store).run(until_idle=True)
    site.close()
    return home


@pytest.fixture
def url(postgres: str) -> str:
    """An empty PostgreSQL database."""
    import psycopg

    name = "moved"
    with psycopg.connect(postgres.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return postgres.format(name=name)


def test_there_and_back_every_row_is_the_same(labeled: Path, url: str) -> None:
    site = make_site(labeled)
    before = records(site)
    site.close()
    there = move(load({"home": labeled}, environ={}), url)
    assert set(there.verified) == {"pets", "others"} and there.n_events > 40
    assert not (labeled / "site.sqlite").exists() and (Path(there.left_at) / "site.sqlite").exists()
    site = make_site(labeled, url)
    assert records(site) == before
    assert verify(site, "pets", replay=True).problems == []
    store = site.project("pets")
    with store.read() as rows:
        hook = rows.first(rows.select(tables.webhook))
    assert store.sealer.open(hook.secret, store.project_id, hook.id).startswith("whs_")  # the key stays in the home
    site.close()
    with pytest.raises(InputError, match="were moved to PostgreSQL"):
        make_site(labeled)

    back = move(load({"home": labeled, "database_url": url}, environ={}), FILES)
    assert back.n_rows == there.n_rows
    with pytest.raises(InputError, match="moved from PostgreSQL to SQLite"):
        make_site(labeled, url)
    site = make_site(labeled)
    assert records(site) == before
    assert verify(site, "pets", replay=True).problems == []
    site.close()


def test_work_goes_on_where_the_rows_arrived(labeled: Path, url: str) -> None:
    from labelwright.engine.worker import Worker
    from labelwright.services.labeling import queue
    from labelwright.services.people import users

    move(load({"home": labeled}, environ={}), url)
    site = make_site(labeled, url)
    admin = users.first_admin(site)
    assert queue.take(site, admin, "pets", n=5).leases
    Worker(site.store).run(until_idle=True)
    site.close()
    move(load({"home": labeled, "database_url": url}, environ={}), FILES)
    site = make_site(labeled)
    assert queue.take(site, admin, "others", n=5).leases
    site.close()


def test_an_open_home_is_not_moved(labeled: Path, url: str) -> None:
    other = make_site(labeled)
    with pytest.raises(ConflictError, match="nobody else may have"):
        move(load({"home": labeled}, environ={}), url)
    other.close()


def test_a_database_with_a_site_is_not_written_to(labeled: Path, url: str, tmp_path: Path) -> None:
    make_site(tmp_path / "another", url).close()
    with pytest.raises(InputError, match="must be empty"):
        move(load({"home": labeled}, environ={}), url)
    assert (labeled / "site.sqlite").exists()


def test_an_altered_record_is_not_moved(labeled: Path, url: str) -> None:
    import sqlite3

    from labelwright.errors import IntegrityError

    with sqlite3.connect(labeled / "projects" / "pets" / "project.sqlite") as connection:
        connection.execute(
            "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '1.5', '2.5') AS BLOB) WHERE kind = 'annotation'"
        )
    with pytest.raises(IntegrityError, match="does not follow"):
        move(load({"home": labeled}, environ={}), url)
    assert (labeled / "site.sqlite").exists()
    make_site(labeled).close()


def test_an_address_that_does_not_answer(labeled: Path) -> None:
    with pytest.raises(InputError, match="cannot be reached") as found:
        move(load({"home": labeled}, environ={}), "postgresql://u:secret@127.0.0.1:9/none")
    assert "secret" not in str(found.value)
    with pytest.raises(InputError, match="in files of the home already"):
        move(load({"home": labeled}, environ={}), FILES)
