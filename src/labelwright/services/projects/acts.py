"""Ordinary acts on items: exclude and include, replace a content, undo an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labelwright import items as kinds
from labelwright.engine import answers
from labelwright.engine.importing import is_importing, stage
from labelwright.engine.project import Project
from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import Transaction
from labelwright.store.record.imports import (
    ImportUndone,
    ItemContentReplaced,
    ItemsExcluded,
    ItemsImported,
    ItemsIncluded,
)
from labelwright.store.rows import Rows

MAX_ITEMS = 100_000


@dataclass(frozen=True)
class Changed:
    """How many items an act changed, and its event; none where nothing had to be changed."""

    changed: int
    seq: int | None


@dataclass(frozen=True)
class ImportView:
    """One import.

    Attributes
    ----------
    first : bool
        Whether the project was made from it.
    by : str, optional
        The name of the person who imported it.
    """

    id: str
    source: str
    at: str
    first: bool
    n_items: int
    labels_are: str
    undone: bool
    by: str | None


@dataclass(frozen=True)
class ImportList:
    """All imports, newest first."""

    items: list[ImportView]


def exclude(site: Site, actor: Actor, slug: str, item_ids: Sequence[str], *, reason: str = "") -> Changed:
    """Take items out: they are not asked, trained on, measured or exported until they are included again.

    Raises
    ------
    InputError, NotFoundError
        If none or too many are named, or one is neither an id nor a key.
    """
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        new = sorted(_ordinals(transaction.rows, project, item_ids) - _excluded(transaction.rows, project))
        if not new:
            return Changed(0, None)
        sealed = transaction.seal(reason) if reason else None
        event = transaction.record(ItemsExcluded(tuple(new), sealed), actor=actor.person_id)
        _close(transaction, new)
    return Changed(len(new), event.seq)


def include(site: Site, actor: Actor, slug: str, item_ids: Sequence[str]) -> Changed:
    """Take excluded items back, with the answers that they had."""
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        back = sorted(_ordinals(transaction.rows, project, item_ids) & _excluded(transaction.rows, project))
        refuse_erased(transaction.rows, back)
        if not back:
            return Changed(0, None)
        event = transaction.record(ItemsIncluded(tuple(back)), actor=actor.person_id)
    return Changed(len(back), event.seq)


def replace_content(site: Site, actor: Actor, slug: str, item_id: str, cells: Mapping[str, object]) -> Changed:
    """Give an item another content; answers about the old one are kept and count no more.

    Parameters
    ----------
    cells : mapping
        The cells of the item's columns, by name.

    Raises
    ------
    InputError
        If a column is missing or unknown, or a cell cannot be read.
    ConflictError
        If the content is the one that the item has.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        ordinal, kind = shown.named(rows, project, [item_id])[item_id], kinds.make(project.kind)
        if kind.name == "image":
            raise InputError("replace: the content of an image cannot be replaced.", "Exclude it, and add the new one.")
        refuse_erased(rows, [ordinal])
        columns = project.columns.features if kind.name == "table" else (str(project.columns.text),)
        if kind.name == "text" and set(cells) == {"text"}:  # the page knows it by what it is, a file by its column
            cells = {columns[0]: cells["text"]}
        if set(cells) != set(columns):
            raise InputError(
                f"replace: cells must be given for the columns {', '.join(columns)}, got {', '.join(sorted(cells))}."
            )
        content = kind.content(dict(cells))
        kind.check_size(content, site.settings.max_text)
        content_hash = kind.content_hash(content)
        table = t.replacement
        latest = rows.first(
            rows.select(table.c.version, table.c.content_hash)
            .where(table.c.ordinal == ordinal)
            .order_by(table.c.version.desc())
        )
        imported = rows.scalar(rows.select(t.item.c.content_hash).where(t.item.c.ordinal == ordinal))
        if content_hash == (latest.content_hash if latest is not None else imported):
            raise ConflictError("replace: the item has this content already.")
        version = 1 if latest is None else latest.version + 1
        body = stage.write_media(store.media.keep, content, content_hash)
        rows.insert(t.content, {"ordinal": ordinal, "version": version, "body": body})
        event = transaction.record(ItemContentReplaced(version, content_hash), actor=actor.person_id, ordinal=ordinal)
        rows.update(t.slot, t.slot.c.ordinal == ordinal, done=False)
        lease = t.lease
        rows.update(lease, lease.c.ordinal == ordinal, lease.c.state == "live", state="returned")
    return Changed(1, event.seq)


def imports(site: Site, slug: str) -> ImportList:
    """All imports, newest first."""
    store, table, names = site.project(slug), t.import_batch, site.names()
    with store.read() as rows:
        access.ready(store, rows)
        actors = {event.seq: event.actor for event in store.events(rows, kinds=(ItemsImported.kind,))}
        found = rows.all(rows.select(table).where(table.c.visible).order_by(table.c.first_ordinal.desc()))
    return ImportList(
        [
            ImportView(
                row.id, row.source, row.at, row.first_ordinal == 0, row.n_items, row.labels_are,
                row.undone_seq is not None, names.get(actors.get(row.seq, ""), (None, False))[0],
            )
            for row in found
        ]
    )  # fmt: skip


def undo_import(site: Site, actor: Actor, slug: str, batch: str | None = None, *, reason: str = "") -> Changed:
    """Exclude the items of an import, the last one where none is named; rows and answers stay in the record.

    Raises
    ------
    NotFoundError
        If there is no such import.
    ConflictError
        If it was undone already, no other import would be left, or another import is running.
    """
    store, table = site.project(slug), t.import_batch
    if is_importing(store):
        raise ConflictError(f"undo: an import into '{slug}' is running.", "Wait until it has ended.")
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        standing = rows.all(
            rows.select(table.c.id)
            .where(table.c.visible, table.c.undone_seq.is_(None))
            .order_by(table.c.first_ordinal.desc())
        )
        known = set(rows.scalars(rows.select(table.c.id).where(table.c.visible)))
        wanted = batch if batch is not None else standing[0].id if standing else ""
        if wanted not in known:
            raise NotFoundError(f"There is no import '{wanted}'.")
        if wanted not in {row.id for row in standing}:
            raise ConflictError(f"undo: the import '{wanted}' was undone already.")
        if len(standing) == 1:
            raise ConflictError("undo: the only import cannot be undone.", "Add the right rows first.")
        before = _excluded(rows, project)
        sealed = transaction.seal(reason) if reason else None
        event = transaction.record(ImportUndone(wanted, sealed), actor=actor.person_id)
        gone = sorted(set(answers.batch_items(rows, wanted)) - before)
        _close(transaction, gone)
    return Changed(len(gone), event.seq)


def refuse_erased(rows: Rows, ordinals: Sequence[int]) -> None:
    """Nothing brings an erased item back.

    Raises
    ------
    ConflictError
    """
    wanted = set(ordinals)
    found = sorted(wanted & set(rows.scalars(rows.select(t.erasure.c.ordinal)))) if wanted else []
    if found:
        raise ConflictError(f"items: the content of {shown.item_id_of(found[0])} was erased, so it stays excluded.")


def _ordinals(rows: Rows, project: Project, item_ids: Sequence[str]) -> set[int]:
    if not 1 <= len(item_ids) <= MAX_ITEMS:
        raise InputError(f"items: between 1 and {MAX_ITEMS:,} must be named, got {len(item_ids)}.")
    return set(shown.named(rows, project, item_ids).values())


def _excluded(rows: Rows, project: Project) -> set[int]:
    return set(answers.excluded(rows, project.row.n_items).tolist())


def _close(transaction: Transaction, ordinals: Sequence[int]) -> None:
    """Nobody is lent an excluded item any more; who holds one may still answer it."""
    for start in range(0, len(ordinals), 500):
        transaction.rows.update(t.slot, t.slot.c.ordinal.in_(ordinals[start : start + 500]), done=True)
