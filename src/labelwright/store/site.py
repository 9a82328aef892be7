"""The site's store: people, sessions, catalogue of projects, and where each project's files are."""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from labelwright.errors import ConflictError, IntegrityError, LabelwrightError, NotFoundError
from labelwright.store import chain as chains
from labelwright.store import migrate, site_tables, tables, whereabouts
from labelwright.store.chain import Chain, Event
from labelwright.store.clock import new_id, now
from labelwright.store.database import Database, driver_url, private_folder
from labelwright.store.files import CACHE_BYTES, FilesPlace
from labelwright.store.keys import Keys
from labelwright.store.project import ProjectStore
from labelwright.store.record.base import EventBody
from labelwright.store.record.site import ProjectDeleted, ProjectRemoved, ProjectRestored
from labelwright.store.slugs import check_slug, no_project
from labelwright.store.wake import wake

SITE = "site"


@dataclass(frozen=True)
class Deleted:
    """A project that was deleted and can be restored."""

    slug: str
    created_at: str
    deleted_at: str


class SiteStore:
    """One home folder, or one home folder and one PostgreSQL database.

    Parameters
    ----------
    home : path
        Holds ``site.sqlite``, ``projects/SLUG/{project.sqlite, arrays, media}``, ``keys``. Nobody but its owner may
        enter it.
    database_url : str, optional
        A PostgreSQL URL; rows of site and projects then live there, arrays and media stay in ``home``.
    files_url, files_cache : str, optional, and int
        Where arrays and media of new projects go instead, and the bytes of copies in ``home``; see `FilesPlace`.
    """

    def __init__(
        self, home: Path, database_url: str | None = None, key_file: Path | None = None,
        files_url: str | None = None, files_cache: int = CACHE_BYTES,
    ) -> None:  # fmt: skip
        self.home, self.key_file = home, key_file
        self.files = FilesPlace(home, files_url, files_cache)
        private_folder(home)
        self.use = whereabouts.Use(home)
        whereabouts.check(home, whereabouts.POSTGRESQL if database_url else whereabouts.SQLITE)
        self.database_url = driver_url(database_url) if database_url else None
        self.database = Database(self.database_url or f"sqlite:///{home / 'site.sqlite'}")
        migrate.upgrade(self.database, "site", backup_to=home / "backups")
        if self.database_url:
            migrate.upgrade(self.database, "project", backup_to=home / "backups")
        self.chain = Chain(site_tables.event, site_tables.chain_head, site_tables.sealed, SITE)
        self._open: dict[str, ProjectStore] = {}
        self._lock = threading.Lock()
        with self.database.write() as connection:
            seq = connection.scalar(select(self.chain.head.c.seq))
            if seq is None:
                chains.start(connection, self.chain)
        self.keys = Keys(home / "keys", key_file, is_new=not seq)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A durable transaction on the site's tables; what it recorded is anchored when it ends."""
        with self.database.write() as connection:
            connection.info.pop("last_event", None)  # of a transaction that was rolled back
            yield connection
            last = connection.info.pop("last_event", None)
            if last is not None:
                self.keys.prepare(SITE, last.seq, last.hash)
        if last is not None:
            self.keys.confirm(SITE, last.hash)

    def read(self) -> AbstractContextManager[Connection]:
        """One consistent view of the site's tables."""
        return self.database.read()

    def look(self) -> AbstractContextManager[Connection]:
        """Single statements, for what is asked at each request: a transaction around one costs more than itself."""
        return self.database.statements()

    def record(self, connection: Connection, body: EventBody, *, actor: str) -> Event:
        """Append an event to the site's chain (roles, sign-ins)."""
        event = connection.info["last_event"] = chains.append(
            connection, self.chain, body.kind, body.body_version, body.data(), actor=actor
        )
        return event

    def slugs(self) -> list[str]:
        """The projects there are, oldest first; also those whose files are damaged, but not those that were deleted."""
        table = site_tables.catalogue
        query = select(table.c.slug).where(table.c.deleted_at.is_(None)).order_by(table.c.created_at, table.c.slug)
        with self.read() as connection:
            return list(connection.scalars(query))

    def deleted(self) -> list[Deleted]:
        """The projects that were deleted, the latest first."""
        table = site_tables.catalogue
        query = select(table.c.slug, table.c.created_at, table.c.deleted_at).where(table.c.deleted_at.is_not(None))
        with self.read() as connection:
            return [Deleted(*row) for row in connection.execute(query.order_by(table.c.deleted_at.desc()))]

    def open(self, slug: str, *, or_deleted: bool = False) -> ProjectStore:
        """The store of one project; opened once a process.

        Parameters
        ----------
        or_deleted : bool
            Whether one that was deleted is opened too.

        Raises
        ------
        NotFoundError
            If there is no such project.
        IntegrityError
            If its database cannot be read; other projects are not affected.
        """
        with self.look() as connection:
            table = site_tables.catalogue
            query = select(table.c.id).where(table.c.slug == slug)
            project_id = connection.scalar(query if or_deleted else query.where(table.c.deleted_at.is_(None)))
        with self._lock:
            known = self._open.get(slug)
            if known is not None and known.project_id == project_id:
                return known
            if known is not None:  # another process took it away, and may have made one of the same name since
                self._open.pop(slug)
                if not self.database_url:
                    known.database.close()
            if project_id is None:
                raise no_project(slug)
            return self._attach(slug, project_id)

    @contextmanager
    def claim(self, slug: str) -> Iterator[None]:
        """Hold a name while a project of that name is made; the claim goes with the process that holds it.

        Of several threads and processes that make a project of one name, one holds the claim, and nobody else takes
        what it has made so far for the rest of an interrupted import.

        Raises
        ------
        InputError, ConflictError
            If the slug is malformed, or another claim is held.
        """
        check_slug(slug)
        path = self.home / "claims" / slug
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with path.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                is_current = path.exists() and path.stat().st_ino == os.fstat(file.fileno()).st_ino
            except OSError:
                is_current = False
            if not is_current:  # held, or given up and removed since it was opened
                raise ConflictError(
                    f"create: a project '{slug}' is being made at this moment.", "Choose another name, or try again."
                )
            try:
                yield
            finally:
                path.unlink(missing_ok=True)

    def create(self, slug: str) -> ProjectStore:
        """Make a place for a project and begin its chain; it is listed only once ``publish`` is called.

        Raises
        ------
        InputError, ConflictError
            If the slug is malformed or taken.
        """
        check_slug(slug)
        project_id = new_id("pr")
        with self._lock:
            with self.write() as connection:
                table = site_tables.catalogue
                there = connection.execute(select(table.c.deleted_at).where(table.c.slug == slug)).one_or_none()
                if there is not None and there.deleted_at is not None:
                    raise ConflictError(
                        f"create: a project '{slug}' was deleted and can still be restored.",
                        f"Choose another name, or remove it for good with 'labelwright delete {slug} --for-good'.",
                    )
                if there is not None:
                    raise ConflictError(
                        f"create: there is a project '{slug}' already.",
                        f"Choose another name, or add rows to it with 'labelwright add {slug} SOURCE'.",
                    )
                connection.execute(insert(table).values(id=project_id, slug=slug, created_at=now()))
            try:
                store = self._attach(slug, project_id)
                self.files.note(store.folder)
                store.make_files()
                with store.database.write() as connection:
                    chains.start(connection, store.chain)
            except BaseException:  # so that the name can be used again
                with self.write() as connection:
                    connection.execute(delete(table).where(table.c.id == project_id))
                raise
            return store

    def discard(self, store: ProjectStore) -> None:
        """Undo ``create`` after a failed first import: nothing half imported stays."""
        with self._lock:
            self._open.pop(store.slug, None)
            if self.database_url:
                with self.write() as connection:
                    for table in tables.META.sorted_tables:
                        connection.execute(delete(table).where(table.c.project_id == store.project_id))
            else:
                store.database.close()
            with self.write() as connection:
                member, catalogue = site_tables.membership, site_tables.catalogue
                connection.execute(delete(member).where(member.c.project_id == store.project_id))
                connection.execute(delete(catalogue).where(catalogue.c.id == store.project_id))
            with suppress(LabelwrightError):  # where a store is away, its files stay there
                store.delete_files()
            shutil.rmtree(store.folder, ignore_errors=True)

    def hide(self, slug: str, *, actor: str) -> None:
        """Delete a project: it is listed and opened no more, and its files stay."""
        with self.write() as connection:
            project_id = self._mark(connection, slug, deleted=True)
            self.record(connection, ProjectDeleted(project_id), actor=actor)

    def unhide(self, slug: str, *, actor: str) -> None:
        """Bring a deleted project back."""
        with self.write() as connection:
            project_id = self._mark(connection, slug, deleted=False)
            self.record(connection, ProjectRestored(project_id), actor=actor)

    def remove(self, slug: str, *, actor: str) -> None:
        """Remove a deleted project with its record and its files."""
        if slug in self.slugs():
            raise ConflictError(f"remove: the project '{slug}' is not deleted.", "Delete it first.")
        store = self.open(slug, or_deleted=True)
        if store.files_url is not None:  # while the store is away the project stays, so that no file is left there
            store.delete_files()
        with self.write() as connection:
            self.record(connection, ProjectRemoved(store.project_id, slug), actor=actor)
        self.discard(store)

    def _mark(self, connection: Connection, slug: str, *, deleted: bool) -> str:
        """Say of a project whether it is deleted; ``NotFoundError`` where there is none of which it would be news."""
        table = site_tables.catalogue
        is_other = table.c.deleted_at.is_(None) if deleted else table.c.deleted_at.is_not(None)
        project_id = connection.scalar(select(table.c.id).where(table.c.slug == slug, is_other))
        if project_id is None:
            raise NotFoundError(f"There is no {'' if deleted else 'deleted '}project '{slug}'.")
        connection.execute(update(table).where(table.c.id == project_id).values(deleted_at=now() if deleted else None))
        return str(project_id)

    def close(self) -> None:
        """Drop all connections, and let the home go."""
        self.close_rows()
        self.use.end()

    def close_rows(self) -> None:
        """Drop all connections."""
        for store in self._open.values():
            store.database.close()
        self._open.clear()
        self.database.close()

    def _attach(self, slug: str, project_id: str) -> ProjectStore:
        folder = self.home / "projects" / slug
        folder.mkdir(parents=True, exist_ok=True)
        if self.database_url:
            database = self.database
        else:
            path = folder / "project.sqlite"
            if self.files.knows(folder) and not (path.exists() and path.stat().st_size):
                raise IntegrityError(
                    f"store: the database of '{slug}' is missing from {folder}.",
                    "Restore it from a backup; its arrays and media are untouched.",
                )
            database = Database(f"sqlite:///{path}")
            migrate.upgrade(database, "project", backup_to=folder / "backups")
        self._open[slug] = ProjectStore(
            slug, project_id, database, folder, self.keys, self.files, lambda changed: wake(self.home, changed)
        )
        return self._open[slug]
