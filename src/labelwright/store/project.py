"""One project's store: its database, arrays, media and chain. Only ``SiteStore.open`` knows where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labelwright.errors import IntegrityError
from labelwright.plain import JsonObject
from labelwright.store import chain as chains
from labelwright.store import tables, turns
from labelwright.store.anchors import Anchors
from labelwright.store.arrays import Arrays
from labelwright.store.chain import Chain, Event, Head
from labelwright.store.database import Database
from labelwright.store.files import FilesPlace
from labelwright.store.keys import Keys
from labelwright.store.media import Media
from labelwright.store.receipts import Receipt
from labelwright.store.record.base import EventBody, SealedText
from labelwright.store.ring import Ring
from labelwright.store.rows import Rows

COLD_CYCLE: Final = 0  # it has neither features nor a model


@dataclass(frozen=True)
class ProjectRow:
    """The project's own row.

    Attributes
    ----------
    state : str
        "importing", "ready" or "paused".
    config : JSON object
        Opaque here, read by `labelwright.engine.project`.
    n_items : int
        Visible items; their ordinals are below it.
    wanted_seq, trained_seq : int
        The last event that training should know, and the last one that the published ranking knows.
    cycle : int
        The cycle of the published ranking; 0 before the first, and for the order without features that an import
        publishes.
    settings_version : int
        Grows with each change of policy.
    """

    slug: str
    created_at: str
    state: str
    config: JsonObject
    n_items: int
    wanted_seq: int
    trained_seq: int
    cycle: int
    ranking_id: str | None
    settings_version: int

    @property
    def awaits_features(self) -> bool:
        """Whether no ranking that has looked at the items is published yet."""
        return self.ranking_id is None or self.cycle == COLD_CYCLE


class Transaction:
    """A writing transaction on a project: ``record`` appends an event and writes what it means."""

    def __init__(self, rows: Rows, chain: Chain, head: Head | None) -> None:
        self.rows = rows
        self._chain, self._head = chain, head
        self.last: Event | None = None

    def record(self, body: EventBody, *, actor: str, ordinal: int | None = None) -> Event:
        """Append an event and write its projections, all or nothing with the rest of the transaction."""
        self.last = chains.append(
            self.rows.connection, self._chain, body.kind, body.body_version, body.data(), actor=actor, ordinal=ordinal,
            head=self._head,
        )  # fmt: skip
        self._head = Head(self.last.seq, self.last.hash)
        body.project(self.rows, self.last)
        return self.last

    def seal(self, text: str) -> SealedText:
        """Store free text outside the chain; the returned reference goes into an event."""
        sealed_id, digest = chains.seal(self.rows.connection, self._chain, text)
        return SealedText(sealed_id, digest)


class ProjectStore:
    """Everything that is remembered about one project.

    Parameters
    ----------
    place : FilesPlace
        Where arrays and media are.
    on_commit : callable
        Called after each commit that recorded something, with the slug.
    """

    def __init__(
        self, slug: str, project_id: str, database: Database, folder: Path, keys: Keys, place: FilesPlace,
        on_commit: Callable[[str], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self.slug = slug
        self.project_id = project_id
        self.database = database
        self.folder = folder
        self._place = place
        self.media = Media(place.files(folder, project_id, "media"))
        self.arrays = Arrays(place.files(folder, project_id, "arrays"))
        self.chain = Chain(tables.event, tables.chain_head, tables.sealed, project_id)
        self._keys = keys
        self.sealer = keys.sealer
        self._on_commit = on_commit

    @contextmanager
    def write(self, *, leases_too: bool = True) -> Iterator[Transaction]:
        """A durable transaction: when this ends, what was recorded is on disk, and its head is anchored.

        Parameters
        ----------
        leases_too : bool
            Whether leases stand still too; answers, of which there are many, do without.
        """
        with self.database.write(durable=True) as connection:
            head = turns.wait_for_turn(connection, self.project_id, durable=True, leases_too=leases_too)
            transaction = Transaction(Rows(connection, self.project_id), self.chain, head)
            yield transaction
            if transaction.last is not None:
                self._keys.prepare(self.project_id, transaction.last.seq, transaction.last.hash)
        if transaction.last is not None:
            self._keys.confirm(self.project_id, transaction.last.hash)
            self._on_commit(self.slug)

    @contextmanager
    def stage(self) -> Iterator[Rows]:
        """A transaction for what is not part of the record (staging, progress): fast, not fsynced."""
        with self.database.write(durable=False) as connection:
            turns.wait_for_turn(connection, self.project_id, durable=False)
            yield Rows(connection, self.project_id)

    @contextmanager
    def lend(self) -> Iterator[Rows]:
        """The same for leases alone, which wait for each other and not for answers.

        Whoever is in it reads leases before answers: an answer ends its lease in one transaction, so an item that is
        answered meanwhile is found in one of the two, at worst in both.
        """
        with self.database.write(durable=False) as connection:
            turns.wait_to_lend(connection, self.project_id)
            yield Rows(connection, self.project_id)

    @contextmanager
    def aside(self) -> Iterator[Rows]:
        """The same for rows that do not depend on what others write: it waits for nobody, and nobody for it."""
        with self.database.write(durable=False) as connection:
            turns.flush_later(connection)
            yield Rows(connection, self.project_id)

    @contextmanager
    def read(self) -> Iterator[Rows]:
        """One consistent view."""
        with self.database.read() as connection:
            yield Rows(connection, self.project_id)

    @contextmanager
    def look(self) -> Iterator[Rows]:
        """Single statements, each of a moment of its own: less than half the cost where one statement says all."""
        with self.database.statements() as connection:
            yield Rows(connection, self.project_id)

    @property
    def files_url(self) -> str | None:
        """The store of arrays and media; None where they are in the project's folder."""
        return self._place.address(self.folder)

    def make_files(self) -> None:
        """Make the places of arrays and media of a new project."""
        self.arrays.make_folder()
        self.media.make_folder()

    def delete_files(self) -> None:
        """Delete arrays and media for good."""
        for what in ("arrays", "media"):
            self._place.files(self.folder, self.project_id, what).delete_all()

    def forget_copies(self) -> None:
        """Drop what this machine has copied of a store, as where another machine has erased something there."""
        self.arrays.forget()
        self.media.forget()

    def analyze(self) -> None:
        """Let the database know how its tables have grown, see `Database.analyze`."""
        self.database.analyze(table.name for table in tables.META.sorted_tables if "project_id" in table.c)

    def row(self, rows: Rows) -> ProjectRow:
        """The project's own row.

        Raises
        ------
        IntegrityError
            If there is none.
        """
        row = self.row_if_any(rows)
        if row is None:
            raise IntegrityError(
                f"store: the database of '{self.slug}' holds no project {self.project_id}.",
                "Restore it from a backup; export works only where the database is.",
            )
        return row

    def row_if_any(self, rows: Rows) -> ProjectRow | None:
        """The project's own row, None while the first import has not recorded it."""
        columns = [column for column in tables.project.c if column.name != "project_id"]
        row = rows.first(rows.select(*columns))
        return None if row is None else ProjectRow(**row._mapping)

    def events(
        self, rows: Rows, *, after: int = 0, limit: int | None = None, kinds: tuple[str, ...] = ()
    ) -> Iterator[Event]:
        """Events after a sequence number, oldest first."""
        return chains.read(rows.connection, self.chain, after=after, limit=limit, kinds=kinds)

    def head_seq(self, rows: Rows) -> int:
        """The number of the last event."""
        return int(rows.scalar(rows.select(tables.chain_head.c.seq)) or 0)

    def receipt(self, rows: Rows) -> Receipt:
        """The signed head of the chain as of a view, to be kept elsewhere."""
        head = rows.one(rows.select(tables.chain_head.c.seq, tables.chain_head.c.hash))
        return self._keys.sign(self.project_id, head.seq, head.hash)

    def vouch(self, rows: Rows, digest: str) -> Receipt:
        """The signature of something that was made of the record as of a view, by its digest."""
        return self._keys.sign(f"{self.project_id}:evidence", self.head_seq(rows), digest)

    def anchors(self) -> Anchors:
        """The heads that were anchored beside the key."""
        return self._keys.anchored(self.project_id)

    @property
    def public_key(self) -> str:
        """The key that signs this site's heads."""
        return self._keys.public

    def ring(self) -> Ring:
        """All keys of this site, those that ended too."""
        return self._keys.ring()

    def settled_seq(self) -> int:
        """The number of the last event, once every transaction that is under way has ended."""
        with self.stage() as rows:
            return self.head_seq(rows)

    def unseal(self, rows: Rows, sealed_id: str | None) -> str | None:
        """Read sealed text; None if there is none or it was erased."""
        return chains.unseal(rows.connection, self.chain, sealed_id)

    def unseal_all(self, rows: Rows, sealed_ids: Sequence[str]) -> dict[str, str]:
        """Read sealed texts by id, in one statement; those that were erased are left out."""
        sealed = tables.sealed
        if not sealed_ids:
            return {}
        found = rows.all(rows.select(sealed.c.id, sealed.c.content).where(sealed.c.id.in_(list(sealed_ids))))
        return {row.id: bytes(row.content).decode() for row in found}
