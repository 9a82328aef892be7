"""Copy all rows of a site to another database: SQLite to PostgreSQL, and back.

Nothing of a row changes on the way, so the chains are the same; each is hashed anew where it arrives.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, MetaData, func, select
from sqlalchemy.exc import OperationalError

from labelwright.errors import InputError, IntegrityError
from labelwright.store import chain as chains
from labelwright.store import migrate, site_tables, tables, whereabouts
from labelwright.store.chain import GENESIS, Chain
from labelwright.store.clock import now
from labelwright.store.database import Database, driver_url, private_folder
from labelwright.store.loading import load
from labelwright.store.site import SITE, SiteStore
from labelwright.store.whereabouts import POSTGRESQL, SQLITE, Whereabouts

LEFT: Final = frozenset({"worker", "search_progress"})  # of processes, and of an index that is made anew
READ_ROWS: Final = 2000
Progress = Callable[[str, int, int | None], None]


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
            heads = _copy_site(site, lambda _: writer, progress)
            writer.exec_driver_sql("ANALYZE")
    finally:
        target.close()
    whereabouts.write(site.home, Whereabouts(POSTGRESQL, now(), heads.of[SITE]))
    site.close_rows()
    left = _put_aside(site)
    return heads.moved(str(left))


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
    with _scratch(site.home) as scratch, _Files(scratch, site.home / "backups") as files:
        heads = _copy_site(site, files.writer, progress)
        files.close()
        for path in sorted(scratch.rglob("*.sqlite")):
            target = site.home / path.relative_to(scratch)
            for end in ("-wal", "-shm"):  # of a file that an earlier move was killed before it put away
                target.with_name(target.name + end).unlink(missing_ok=True)
            os.replace(path, target)
    whereabouts.write(site.home, Whereabouts(SQLITE, now(), heads.of[SITE]))
    return heads.moved("the PostgreSQL database; drop it once you have checked")


class _Heads:
    """What has been copied so far."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}
        self.n_rows = self.n_events = 0

    def moved(self, left_at: str) -> Moved:
        return Moved(self.n_rows, self.n_events, self.of, left_at)


def _copy_site(site: SiteStore, writer_of: Callable[[str | None], Connection], progress: Progress) -> _Heads:
    """Copy the site's rows and those of each project, and check the chains.

    Parameters
    ----------
    writer_of : callable
        The connection that takes the rows of a project, or of the site.
    """
    copied = _Heads()
    with site.database.write(durable=False) as reader:
        writer = writer_of(None)
        copied.n_rows += _copy(reader, writer, site_tables.META, None, "site", progress)
        _check(copied, SITE, site.chain, reader, writer)
    for slug in [*site.slugs(), *(one.slug for one in site.deleted())]:
        store, writer = site.open(slug, or_deleted=True), writer_of(slug)
        with store.stage() as rows:
            copied.n_rows += _copy(rows.connection, writer, tables.META, store.project_id, slug, progress)
            _check(copied, slug, store.chain, rows.connection, writer)
    return copied


def _copy(
    reader: Connection, writer: Connection, meta: MetaData, project_id: str | None, name: str, progress: Progress
) -> int:  # fmt: skip
    n_rows = 0
    for table in meta.sorted_tables:
        if table.name in LEFT:
            continue
        query = select(table) if project_id is None else select(table).where(table.c.project_id == project_id)
        found = reader.execute(query.order_by(*table.primary_key.columns), execution_options={"yield_per": READ_ROWS})

        def told(rows: Any = found, before: int = n_rows) -> Iterator[dict[str, object]]:
            for n_read, row in enumerate(rows.mappings(), 1):
                if n_read % READ_ROWS == 0:
                    progress(name, before + n_read, None)
                yield dict(row)

        n_rows += load(writer, table, told())
    return n_rows


def _check(copied: _Heads, name: str, chain: Chain, reader: Connection, writer: Connection) -> None:
    """Hash a chain where it arrived: it must be whole, and end where it ends at home."""
    last = GENESIS
    for event in chains.read(writer, chain):
        if event.prev_hash != last or chains.link(last, event.body) != event.hash:
            raise IntegrityError(f"move: event {event.seq} of '{name}' does not follow the one before it.",
                                 "Run 'labelwright verify' before anything is moved.")  # fmt: skip
        last = event.hash
        copied.n_events += 1
    head = reader.scalar(select(chain.head.c.hash).where(chain.head.c.project_id == chain.project_id))
    if head != last:
        raise IntegrityError(f"move: the chain of '{name}' does not end where its head says.",
                             "Run 'labelwright verify' before anything is moved.")  # fmt: skip
    copied.of[name] = last


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


class _Files:
    """New SQLite files, one for the site and one for each project, each written in one transaction."""

    def __init__(self, folder: Path, backups: Path) -> None:
        self._folder, self._backups = folder, backups
        self._databases: list[Database] = []
        self._open: Any = None

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, *error: object) -> None:
        if self._open is not None:
            self._open.__exit__(*error)
            self._open = None
        for database in self._databases:
            database.close()

    def writer(self, slug: str | None) -> Connection:
        """A connection that writes the site's rows, or a project's."""
        self._commit()
        path = self._folder / ("site.sqlite" if slug is None else f"projects/{slug}/project.sqlite")
        path.parent.mkdir(parents=True, exist_ok=True)
        database = Database(f"sqlite:///{path}")
        self._databases.append(database)
        migrate.upgrade(database, "site" if slug is None else "project", backup_to=self._backups)
        self._open = database.write()
        connection: Connection = self._open.__enter__()
        return connection

    def close(self) -> None:
        """Write all to the files themselves, so that each can be moved alone."""
        self._commit()
        for database in self._databases:
            database.compact()
            database.close()

    def _commit(self) -> None:
        if self._open is not None:
            self._open.__exit__(None, None, None)
            self._open = None
