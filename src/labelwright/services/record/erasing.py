"""Erase items: their content goes for good, the record stays whole, and what had used them is named."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from labelwright import items as kinds
from labelwright.engine import erasing
from labelwright.engine.contents import erased
from labelwright.engine.importing import is_importing
from labelwright.engine.project import Project
from labelwright.engine.searching import indexed
from labelwright.errors import ConflictError, InputError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shared_uploads, shown
from labelwright.services.site import Site
from labelwright.store import record, search
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.project import ProjectStore
from labelwright.store.record.base import EventBody, SealedText
from labelwright.store.record.erasing import ItemsErased
from labelwright.store.record.imports import ItemsExcluded
from labelwright.store.record.pins import ItemsPinned
from labelwright.store.rows import Rows
from labelwright.words import counted

MAX_ITEMS: Final = 10_000
LEFT_SECONDS: Final = 600.0  # older files in HOME/exports are of downloads that ended
CHUNK: Final = 500
T = TypeVar("T")
OF_SEVERAL: Final = (ItemsExcluded.kind, ItemsPinned.kind)  # events with a reason that holds for all of their items


@dataclass(frozen=True)
class Erased:
    """What an erasure did.

    Attributes
    ----------
    erased : int
        Items; those that were erased before are not counted.
    seq : int, optional
        The event; None where all of them had been erased before.
    label_versions, models : tuple of str
        What had used the items. Neither is changed: a model may still know what it learned.
    texts : int
        Reasons and notes that people had written about the items, and that went with them.
    same_content : tuple of str
        Other items that hold exactly the same content, which is therefore still there.
    copies : tuple of str
        Folders of the home with copies from before, which still hold the content. Backups elsewhere do too.
    """

    erased: int
    seq: int | None
    label_versions: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    texts: int = 0
    same_content: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[str, ...]:
        """What is to be told beside the number."""
        found = []
        if self.models or self.label_versions:
            used = [counted(len(self.label_versions), "label version"), counted(len(self.models), "model")]
            last = ", ".join(self.label_versions[-1:] + self.models[-1:])
            found.append(f"The items were used by {' and '.join(used)}, the last ones {last}; these stay as they are.")
        if self.same_content:
            same = ", ".join(self.same_content[:5])
            found.append(f"The same content is still in {counted(len(self.same_content), 'other item')}: {same}.")
        if self.copies:
            found.append(f"Copies from before the erasure are in {', '.join(self.copies)}.")
        if self.seq is not None:
            found.append(f"Backups made before event {self.seq} still hold the content.")
        return tuple(found)


def erase_items(site: Site, actor: Actor, slug: str, item_ids: Sequence[str], *, reason: str) -> Erased:
    """Destroy the content of items; they are excluded from then on, and nothing brings them back.

    Parameters
    ----------
    item_ids : sequence of str
        Ids or keys.
    reason : str
        Why; kept in the record. It must not repeat what is to be erased.

    Raises
    ------
    InputError, NotFoundError
        If none or too many are named, one is neither an id nor a key, or there is no reason.
    ConflictError
        If an import into the project is running.
    UnavailableError
        If its files are in a store that is away.
    """
    if not reason.strip():
        raise InputError("erase: a reason must be given.", "It is kept in the record; it must not repeat the content.")
    if not 1 <= len(item_ids) <= MAX_ITEMS:
        raise InputError(f"erase: between 1 and {MAX_ITEMS:,} items must be named, got {len(item_ids)}.")
    store = site.project(slug)
    if is_importing(store):
        raise ConflictError(f"erase: an import into '{slug}' is running.", "Wait until it has ended.")
    with store.read() as rows:
        project = access.ready(store, rows)
        named = set(shown.named(rows, project, item_ids).values())
        new = sorted(named - set(erased(rows)))
        if store.files_url is not None:  # nothing is destroyed here while the rest of it is out of reach
            store.arrays.check_there(rows)
        used = erasing.use_of(store, rows, new)
        copies = _copies(site, store)
    if not new:
        erasing.finish(store)
        return Erased(0, None)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        new = sorted(named - set(erased(rows)))
        same = _same_content(rows, new)
        texts = _destroy_texts(rows, store, set(new))
        excluded = set(rows.scalars(rows.select(t.exclusion.c.ordinal)))
        sealed = transaction.seal(reason)
        if out := [ordinal for ordinal in new if ordinal not in excluded]:
            transaction.record(ItemsExcluded(tuple(out), sealed), actor=actor.person_id)
        arrays = erasing.altered(store, rows, new)
        event = transaction.record(
            ItemsErased(tuple(new), sealed, used.label_versions, used.models, arrays), actor=actor.person_id
        )
        _destroy_contents(store, rows, project, new)
    if not erasing.finish(store):  # which compacts where it had files to do
        store.database.compact()
    _drop_downloads(site.settings.home / "exports")
    return Erased(
        len(new), event.seq, used.label_versions, used.models, texts,
        tuple(shown.item_id_of(ordinal) for ordinal in same), copies,
    )  # fmt: skip


def _destroy_contents(store: ProjectStore, rows: Rows, project: Project, ordinals: Sequence[int]) -> None:
    """Every version of the contents becomes a tombstone, and nobody is lent the items any more."""
    kind, content = kinds.make(project.kind), t.content
    for part in _chunks(ordinals):
        search.forget(rows, indexed(rows, kind, part))
        query = rows.select(content.c.ordinal, content.c.version, content.c.body).where(content.c.ordinal.in_(part))
        for row in rows.all(query):
            body = erasing.tombstone(store, project.kind, row.body)
            rows.update(content, content.c.ordinal == row.ordinal, content.c.version == row.version, body=body)
        rows.update(t.slot, t.slot.c.ordinal.in_(part), done=True)
        rows.update(t.lease, t.lease.c.ordinal.in_(part), t.lease.c.state == "live", state="returned")


def _destroy_texts(rows: Rows, store: ProjectStore, gone: set[int]) -> int:
    """Delete what people wrote about these items alone; a text that also speaks of other items stays."""
    event, found = t.event, list[Event]()
    for part in _chunks(sorted(gone)):
        columns = (event.c.seq, event.c.prev_hash, event.c.hash, event.c.body, event.c.kind, event.c.at, event.c.actor)
        query = rows.select(*columns, event.c.ordinal).where(event.c.ordinal.in_(part))
        found += [Event(*row) for row in rows.all(query)]
    ids = {text.id for one in found for text in _sealed_in(record.read(one))}
    for one in store.events(rows, kinds=OF_SEVERAL):
        body = record.read(one)
        if gone.issuperset(getattr(body, "items", ())):
            ids |= {text.id for text in _sealed_in(body)}
    return sum(rows.delete(t.sealed, t.sealed.c.id.in_(part)) for part in _chunks(sorted(ids)))


def _sealed_in(body: EventBody) -> list[SealedText]:
    return [value for value in vars(body).values() if isinstance(value, SealedText)]


def _same_content(rows: Rows, ordinals: Sequence[int]) -> list[int]:
    """Other items with exactly the same content as one of these."""
    item, gone = t.item, set(ordinals) | set(erased(rows))
    same: set[int] = set()
    for part in _chunks(ordinals):
        hashes = list(rows.scalars(rows.select(item.c.content_hash).where(item.c.ordinal.in_(part))))
        same |= set(rows.scalars(rows.select(item.c.ordinal).where(item.c.content_hash.in_(hashes))))
    return sorted(same - gone)


def _copies(site: Site, store: ProjectStore) -> tuple[str, ...]:
    """Folders of the home with copies that an erasure leaves alone."""
    folders = (store.folder / "backups", site.settings.home / "plans", site.settings.home / "uploads")
    here = [f"{folder.relative_to(site.settings.home)}" for folder in folders if _has_files(folder)]
    return (*here, *shared_uploads.places(site))


def _has_files(folder: Path) -> bool:
    return folder.is_dir() and any(path.is_file() for path in folder.rglob("*"))


def _drop_downloads(folder: Path) -> None:
    """Exports whose download was cut off; one that is on its way is younger."""
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.is_file() and time.time() - path.stat().st_mtime > LEFT_SECONDS:
            path.unlink(missing_ok=True)


def _chunks(values: Sequence[T]) -> Iterable[list[T]]:
    for start in range(0, len(values), CHUNK):
        yield list(values[start : start + CHUNK])
