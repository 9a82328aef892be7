"""One project's store: its database, arrays, media and chain. Only ``SiteStore.open`` knows where they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select

from labelwright.errors import IntegrityError
from labelwright.store import events, projections, tables
from labelwright.store.arrays import Arrays
from labelwright.store.database import Database
from labelwright.store.events import Chain, Event
from labelwright.store.keys import Keys, Receipt


class Transaction:
    """A writing transaction on a project: ``record`` appends an event and writes what it means."""

    def __init__(self, connection: Connection, chain: Chain) -> None:
        self.connection = connection
        self._chain = chain
        self.last: Event | None = None

    def record(self, kind: str, data: Mapping[str, Any], *, actor: str, ordinal: int | None = None) -> Event:
        """Append an event and write its projections, all or nothing with the rest of the transaction."""
        self.last = events.append(self.connection, self._chain, kind, data, actor=actor, ordinal=ordinal)
        projections.project(self.connection, self._chain.project_id, self.last)
        return self.last

    def seal(self, text: str) -> dict[str, str]:
        """Store free text outside the chain; the returned reference goes into an event."""
        sealed_id, digest = events.seal(self.connection, self._chain, text)
        return {"id": sealed_id, "hash": digest}


class ProjectStore:
    """Everything that is remembered about one project."""

    def __init__(self, slug: str, project_id: str, database: Database, folder: Path, keys: Keys) -> None:
        self.slug = slug
        self.project_id = project_id
        self.database = database
        self.folder = folder
        self.media = folder / "media"
        self.arrays = Arrays(folder / "arrays", project_id)
        self.chain = Chain(tables.event, tables.chain_head, tables.sealed, project_id)
        self._keys = keys

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A durable transaction: when this ends, what was recorded is on disk, and its head is anchored."""
        with self.database.write(durable=True) as connection:
            self._queue_up(connection)
            transaction = Transaction(connection, self.chain)
            yield transaction
        if transaction.last is not None:
            self._keys.anchor(self.project_id, transaction.last.seq, transaction.last.hash)

    @contextmanager
    def stage(self) -> Iterator[Connection]:
        """A transaction for what is not part of the record (leases, staging, progress): fast, not fsynced."""
        with self.database.write(durable=False) as connection:
            self._queue_up(connection)
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view."""
        with self.database.read() as connection:
            yield connection

    def _queue_up(self, connection: Connection) -> None:
        """One writer a project: what it checks stays true until it commits. SQLite has one anyway."""
        if not self.database.is_sqlite:
            head = tables.chain_head
            connection.execute(select(head.c.seq).where(head.c.project_id == self.project_id).with_for_update())

    def row(self, connection: Connection) -> Row[Any]:
        """The project's own row."""
        found = connection.execute(
            select(tables.project).where(tables.project.c.project_id == self.project_id)
        ).one_or_none()
        if found is None:
            raise IntegrityError(
                f"store: the database of '{self.slug}' holds no project {self.project_id}.",
                "Restore it from a backup; export works only where the database is.",
            )
        return found

    def receipt(self) -> Receipt:
        """The signed head of the chain, to be kept elsewhere."""
        with self.read() as connection:
            head = connection.execute(
                select(tables.chain_head).where(tables.chain_head.c.project_id == self.project_id)
            ).one()
        return self._keys.sign(self.project_id, head.seq, head.hash)

    def anchors(self) -> list[Receipt]:
        """The heads that were anchored beside the key."""
        return self._keys.anchored(self.project_id)

    @property
    def public_key(self) -> str:
        """The key that signs this site's heads."""
        return self._keys.public

    def unseal(self, connection: Connection, sealed_id: str | None) -> str | None:
        """Read sealed text."""
        return events.unseal(connection, self.chain, sealed_id)
