"""Items: every import's manifest made anew, every content's hash, nothing outside the imports."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import Table, func

from labelwright.engine import erasing
from labelwright.engine.contents import erased
from labelwright.engine.importing import stage
from labelwright.engine.verifying.chain import Collected
from labelwright.engine.verifying.report import Report
from labelwright.items import make as make_kind
from labelwright.items.base import Content, ItemKind
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import AnyRow, Rows
from labelwright.words import counted

CURE: Final = "The next worker that starts on this home finishes the erasure."


def check_imports(store: ProjectStore, rows: Rows, collected: Collected, report: Report) -> None:
    """Check that the imports tile the items exactly, and that each one's manifest comes out as recorded."""
    batch = t.import_batch
    n_items = store.row(rows).n_items
    expected = 0
    for row in rows.all(rows.select(batch).where(batch.c.visible).order_by(batch.c.first_ordinal)):
        if row.first_ordinal != expected:
            report.complain(f"import {row.id}: it must begin at item {expected}, it begins at {row.first_ordinal}.")
        expected = row.first_ordinal + row.n_items
        if stage.manifest(stage.manifest_rows(rows, row.first_ordinal, row.n_items)) != row.manifest:
            report.complain(f"import {row.id}: its items differ from its manifest.")
    if expected != n_items:
        report.complain(f"the imports hold {expected} items, the project {n_items}.")
    staged = rows.scalar(
        rows.select(func.min(batch.c.first_ordinal)).where(batch.c.visible == False)  # noqa: E712
    )
    for table in (t.item, t.content, t.given):
        _check_outside(rows, table, n_items, staged, report)
    report.say(f"items: {expected} compared with their manifests")


def check_contents(store: ProjectStore, rows: Rows, collected: Collected, report: Report) -> None:
    """Check that every item has its content, and that each content gives its hash."""
    row = store.row(rows)
    kind = make_kind(str(row.config["kind"]))
    item, content, replacement = t.item, t.content, t.replacement
    imported = (
        rows.select(item.c.ordinal, item.c.content_hash, content.c.body)
        .where(content.c.ordinal == item.c.ordinal, content.c.version == 0, item.c.ordinal < row.n_items)
        .order_by(item.c.ordinal)
    )
    gone = erased(rows)
    replaced = rows.select(replacement.c.ordinal, replacement.c.content_hash, content.c.body).where(
        content.c.ordinal == replacement.c.ordinal, content.c.version == replacement.c.version
    )
    n = _check_each(store, kind, rows.stream(imported), report, gone)
    if n < row.n_items:
        have = set(rows.scalars(rows.select(content.c.ordinal).where(content.c.version == 0)))
        missing = next(ordinal for ordinal in range(row.n_items) if ordinal not in have)
        report.complain(f"item i{missing}: its content is missing.")
    n_replaced = _check_each(store, kind, rows.stream(replaced), report, gone)
    if n_replaced < (rows.scalar(rows.select(func.count(), of=replacement)) or 0):
        report.complain("the content of a replaced item is missing.")
    n_erased = sum(ordinal in gone for ordinal in rows.scalars(rows.select(content.c.ordinal)))
    report.say(f"contents: {n + n_replaced - n_erased} compared with their hashes")
    for name in erasing.leftovers(store, rows):
        report.complain(f"the file {name} of an erased item is still there. {CURE}")
    if gone:
        seqs = ", ".join(map(str, sorted(set(gone.values()))))
        report.say(f"{counted(len(gone), 'item')} erased, seq {seqs}")


def _check_each(
    store: ProjectStore, kind: ItemKind, contents: Iterable[AnyRow], report: Report, gone: Mapping[int, int]
) -> int:  # fmt: skip
    """Compare contents with their hashes; how many there were. Media are read ahead, so the rows come twice."""
    compared, of_media = itertools.tee(contents)
    names = (str(row.body["media"]) if "media" in row.body and row.ordinal not in gone else None for row in of_media)
    n = 0
    for found, media in zip(compared, store.media.read_each(names, or_none=True), strict=True):
        _check_content(kind, found, media, report, gone)
        n += 1
    return n


def _check_content(
    kind: ItemKind, found: AnyRow, media: bytes | None, report: Report, gone: Mapping[int, int]
) -> None:  # fmt: skip
    """Compare a content with its hash, or that of an erased item with its tombstone."""
    ordinal, content_hash, body = found
    if ordinal in gone:
        if body != kind.tombstone(body).body:
            report.complain(f"item i{ordinal}: it was erased by event {gone[ordinal]}, but has a content.")
        return
    if "media" in body and media is None:
        report.complain(f"item i{ordinal}: its file {body['media']} is missing.")
        return
    if kind.content_hash(Content(body, media)) != content_hash:
        report.complain(f"item i{ordinal}: its content was altered.")


def _check_outside(rows: Rows, table: Table, n_items: int, staged: int | None, report: Report) -> None:
    """No row may lie beyond the imports, but for those of an import that is under way."""
    beyond = table.c.ordinal >= n_items
    if staged is not None and staged >= n_items:
        beyond &= table.c.ordinal < staged
    outside = rows.scalar(rows.select(func.min(table.c.ordinal)).where(beyond | (table.c.ordinal < 0)))
    if outside is not None:
        report.complain(f"table {table.name}: the row of item {outside} is of no import.")
