"""The rows of a site on PostgreSQL as of one moment, written into SQLite files while others go on writing.

A home that is moved back to files and a backup are made of this, so that a backup has one form wherever the rows are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from labelwright.store import migrate, site_tables, tables
from labelwright.store.chain import Chain
from labelwright.store.copying import Copied, Progress
from labelwright.store.database import Database
from labelwright.store.site import SITE, SiteStore


class Snapshot:
    """What the database held at one moment; open as long as the transaction that reads it.

    Attributes
    ----------
    projects : dict of str to str
        The id of each project by its name, those that were deleted too. Left out is one that has no chain: it is being
        made or removed at that moment, and holds nothing.
    """

    def __init__(self, site: SiteStore, reader: Connection) -> None:
        self._site, self._reader = site, reader
        catalogue, head = site_tables.catalogue, tables.chain_head
        query = (
            select(catalogue.c.slug, catalogue.c.id)
            .join(head, head.c.project_id == catalogue.c.id)
            .order_by(catalogue.c.created_at, catalogue.c.slug)
        )
        self.projects: dict[str, str] = {row.slug: row.id for row in reader.execute(query)}

    def write(self, folder: Path, progress: Progress = lambda *_: None) -> Copied:
        """Write ``site.sqlite`` and ``projects/NAME/project.sqlite`` to a folder that has none, and check every chain.

        Raises
        ------
        IntegrityError
            If a chain is not whole.
        """
        copied = Copied()
        with _Files(folder, self._site.home / "backups") as files:
            writer = files.writer(None)
            copied.take(SITE, self._site.chain, site_tables.META, None, self._reader, writer, progress)
            catalogue = site_tables.catalogue  # of a project without a chain there is no file either
            for table, column in ((site_tables.membership, "project_id"), (catalogue, "id")):
                writer.execute(table.delete().where(table.c[column].not_in(list(self.projects.values()))))
            for slug, project_id in self.projects.items():
                chain = Chain(tables.event, tables.chain_head, tables.sealed, project_id)
                writer = files.writer(slug)
                copied.take(slug, chain, tables.META, project_id, self._reader, writer, progress)
            files.close()
        return copied


@contextmanager
def snapshot(site: SiteStore) -> Iterator[Snapshot]:
    """The rows of a site on PostgreSQL as they are now: read only, all projects at the same moment."""
    with site.database.read() as reader:
        yield Snapshot(site, reader)


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
