"""Events about items: imported, an import undone, excluded and included again, content replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from labelwright.plain import Json, JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText, Upcaster
from labelwright.store.rows import Rows


def _import_1_to_2(data: dict[str, Json]) -> dict[str, Json]:
    """An import of version 1 always made the project ready, so it resumed a paused one."""
    return {**data, "makes_ready": True}


def _import_2_to_3(data: dict[str, Json]) -> dict[str, Json]:
    """An import of version 2 never brought labels of another domain."""
    return {**data, "came_from": None}


@dataclass(frozen=True)
class ItemsImported(EventBody):
    """A batch of items became visible, all at once.

    Attributes
    ----------
    batch : str
    first_ordinal, n_items : int
        The items are first_ordinal to first_ordinal + n_items - 1.
    labels_are : str
        What labels that came with the rows are good for: "training", "random" or "gold"; "source" where the items are
        those of another domain.
    manifest : str
        Hash of what is stored of every item of the batch.
    arrays : mapping of str to str
        Files and their digests.
    reserve_share : float
        Share of the items that was put aside for measuring, in [0, 1].
    seed : int
    makes_ready : bool
        Whether the project becomes ready; so it does at its first import, and never later.
    came_from : JSON object, optional
        Of a source: the project, the moment and the digest of its labels, or the name of the file and its SHA-256.
    """

    kind: ClassVar[str] = "import"
    body_version: ClassVar[int] = 3
    upcasters: ClassVar[Mapping[int, Upcaster]] = {1: _import_1_to_2, 2: _import_2_to_3}
    projected: ClassVar[tuple[Projected, ...]] = (
        Projected(
            t.import_batch,
            ("id", "first_ordinal", "n_items", "labels_are", "manifest", "visible", "at", "seq", "undone_seq"),
        ),
    )

    batch: str
    first_ordinal: int
    n_items: int
    labels_are: str
    manifest: str
    arrays: dict[str, str]
    reserve_share: float
    seed: int
    makes_ready: bool
    came_from: JsonObject | None = None

    def project(self, rows: Rows, event: Event) -> None:
        values = {
            "first_ordinal": self.first_ordinal, "n_items": self.n_items, "labels_are": self.labels_are,
            "manifest": self.manifest, "visible": True, "at": event.at, "seq": event.seq, "undone_seq": None,
        }  # fmt: skip
        if not rows.update(t.import_batch, t.import_batch.c.id == self.batch, **values):
            rows.insert(t.import_batch, {"id": self.batch, "source": "", **values})  # replay into an empty database
        state = {"state": "ready"} if self.makes_ready else {}
        rows.update(t.project, n_items=self.first_ordinal + self.n_items, wanted_seq=event.seq, **state)


@dataclass(frozen=True)
class ItemsExcluded(EventBody):
    """Items were taken out: they are not asked, trained on, measured or exported until they are included again.

    Attributes
    ----------
    items : tuple of int
        Ordinals.
    reason : SealedText, optional
    """

    kind: ClassVar[str] = "items.excluded"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.exclusion),)

    items: tuple[int, ...]
    reason: SealedText | None

    def project(self, rows: Rows, event: Event) -> None:
        _exclude(rows, event, self.items)


@dataclass(frozen=True)
class ItemsIncluded(EventBody):
    """Items that had been excluded are back, with the answers they had.

    Attributes
    ----------
    items : tuple of int
        Ordinals.
    """

    kind: ClassVar[str] = "items.included"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.exclusion),)

    items: tuple[int, ...]

    def project(self, rows: Rows, event: Event) -> None:
        for start in range(0, len(self.items), 500):
            rows.delete(t.exclusion, t.exclusion.c.ordinal.in_(self.items[start : start + 500]))
        rows.update(t.question, wanted_seq=event.seq)
        rows.update(t.project, wanted_seq=event.seq)


@dataclass(frozen=True)
class ImportUndone(EventBody):
    """An import was undone: its items are excluded together; rows and answers stay in the record.

    Attributes
    ----------
    batch : str
    reason : SealedText, optional
    """

    kind: ClassVar[str] = "import.undone"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.exclusion),)

    batch: str
    reason: SealedText | None

    def project(self, rows: Rows, event: Event) -> None:
        batch = t.import_batch
        row = rows.one(rows.select(batch.c.first_ordinal, batch.c.n_items).where(batch.c.id == self.batch))
        rows.update(batch, batch.c.id == self.batch, undone_seq=event.seq)
        _exclude(rows, event, tuple(range(row.first_ordinal, row.first_ordinal + row.n_items)))


@dataclass(frozen=True)
class ItemContentReplaced(EventBody):
    """An item's content was replaced; answers about the old content do not count any more.

    Attributes
    ----------
    version : int
        Of the content; 0 is what was imported.
    content_hash : str
    """

    kind: ClassVar[str] = "item.replaced"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.replacement), Projected(t.annotation))

    version: int
    content_hash: str

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.replacement,
            {"ordinal": event.ordinal, "version": self.version, "content_hash": self.content_hash, "seq": event.seq},
        )
        rows.update(t.annotation, t.annotation.c.ordinal == event.ordinal, first=False, standing=False)
        rows.update(t.question, wanted_seq=event.seq)
        rows.update(t.project, wanted_seq=event.seq)


def _exclude(rows: Rows, event: Event, ordinals: tuple[int, ...]) -> None:
    """Items that are excluded already keep the event that excluded them."""
    exclusion = t.exclusion
    known: set[int] = set()
    if ordinals:
        known = set(
            rows.scalars(
                rows.select(exclusion.c.ordinal).where(exclusion.c.ordinal.between(min(ordinals), max(ordinals)))
            )
        )
    rows.insert(exclusion, *({"ordinal": ordinal, "seq": event.seq} for ordinal in ordinals if ordinal not in known))
    rows.update(t.question, wanted_seq=event.seq)
    rows.update(t.project, wanted_seq=event.seq)
