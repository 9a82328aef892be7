"""Copy all rows of a site to another database: SQLite to PostgreSQL, and back.

Nothing of a row changes on the way, so the chains are the same; each is hashed anew where it arrives.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError

from labelwright.errors import InputError
from labelwright.store import migrate, site_tables, tables, whereabouts
from labelwright.store.clock import now
from labelwright.store.copying import Copied, Progress
from labelwright.store.database import Database, driver_url, private_folder
from labelwright.store.site import SITE, SiteStore
from labelwright.store.snapshot import snapshot
from labelwright.store.whereabouts import POSTGRESQL, SQLITE, Whereabouts


@dataclass(frozen=True)
class Moved:
    """What was moved.

    Attributes
    ----------
    heads : dict of str to str
        The hash of the last event by chain: the site's, and each project's by its name.
    left_at : str
        Where the rows that were left behind are.
    """

    n_rows: int
    n_events: int
    heads: dict[str, str]
    left_at: str


def to_postgresql(site: SiteStore, url: str, progress: Progress = lambda *_: None) -> Moved:
    """Copy the rows of a home into an empty PostgreSQL database, in one transaction there.

    Raises
    ------
    InputError
        If the rows are on PostgreSQL already, or the database cannot be reached or holds a site.
    ConflictError
        If another process has the home open.
    """
    if not site.database.is_sqlite:
        raise InputError("move: the rows are on PostgreSQL already.", "Move a database with pg_dump and pg_restore.")
    site.use.alone()
    target = _reached(driver_url(url))
    try:
        for branch in ("site", "project"):
            migrate.upgrade(target, branch, backup_to=site.home / "backups")
        with target.write() as writer:
            if writer.scalar(select(func.count()).select_from(site_tables.chain_head)):
                raise InputError(
                    "move: the database must be empty, it holds a site already.", "Make another: createdb NAME."
                )
            copied = _copy_files(site, writer, progress)
            writer.exec_driver_sql("ANALYZE")
    finally:
        target.close()
    whereabouts.write(site.home, Whereabouts(POSTGRESQL, now(), copied.heads[SITE]))
    site.close_rows()
    left = _put_aside(site)
    return Moved(copied.n_rows, copied.n_events, copied.heads, str(left))


def to_sqlite(site: SiteStore, progress: Progress = lambda *_: None) -> Moved:
    """Copy the rows of a site on PostgreSQL into files of its home.

    Raises
    ------
    InputError
        If they are in files already.
    ConflictError
        If another process has the home open.
    """
    if site.database.is_sqlite:
        raise InputError("move: the rows are in files of the home already.")
    site.use.alone()
    with _scratch(site.home) as scratch, snapshot(site) as rows:
        copied = rows.write(scratch, progress)
        for path in sorted(scratch.rglob("*.sqlite")):
            target = site.home / path.relative_to(scratch)
            for end in ("-wal", "-shm"):  # of a file that an earlier move was killed before it put away
                target.with_name(target.name + end).unlink(missing_ok=True)
            os.replace(path, target)
    whereabouts.write(site.home, Whereabouts(SQLITE, now(), copied.heads[SITE]))
    left = "the PostgreSQL database; drop it once you have checked"
    return Moved(copied.n_rows, copied.n_events, copied.heads, left)


def _copy_files(site: SiteStore, writer: Connection, progress: Progress) -> Copied:
    """Copy the rows of the site's file and of each project's into one database."""
    copied = Copied()
    with site.database.write(durable=False) as reader:
        copied.take(SITE, site.chain, site_tables.META, None, reader, writer, progress)
    for slug in [*site.slugs(), *(one.slug for one in site.deleted())]:
        store = site.open(slug, or_deleted=True)
        with store.stage() as rows:
            copied.take(slug, store.chain, tables.META, store.project_id, rows.connection, writer, progress)
    return copied


def _reached(url: str) -> Database:
    try:
        target = Database(url)
        with target.read() as connection:
            connection.execute(select(1))
    except ModuleNotFoundError as error:
        raise InputError(
            "move: PostgreSQL needs its driver, which is not installed.", "pip install 'labelwright[postgres]'"
        ) from error
    except OperationalError as error:
        raise InputError(
            "move: the database cannot be reached.", "Check its address, its name and the password in the URL."
        ) from error
    return target


def _put_aside(site: SiteStore) -> Path:
    """Move the SQLite files out of the way, where nothing opens them any more; a copy of how it was."""
    aside = site.home / "moved" / now().replace(":", "")
    private_folder(aside)
    for path in [site.home / "site.sqlite", *sorted((site.home / "projects").glob("*/project.sqlite"))]:
        target = aside / path.relative_to(site.home)
        target.parent.mkdir(parents=True, exist_ok=True)
        for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            if file.exists():
                os.replace(file, target.with_name(file.name))
    return aside


@contextmanager
def _scratch(home: Path) -> Iterator[Path]:
    """A folder in the home for files that are not whole yet; one that a killed move left is removed."""
    folder = home / ".moving"
    shutil.rmtree(folder, ignore_errors=True)
    private_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
