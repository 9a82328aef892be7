"""Second pass: rows are written in small transactions and become visible by one flag.

The import's event carries the hash of its manifest, one line an item; ``verify`` makes the manifest
anew from the stored rows.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from labelwright.exchange.guess import is_blank
from labelwright.exchange.reader import Columns, Reader
from labelwright.items.base import Content
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore

CHUNK = 1000


def item_row(
    store: ProjectStore, reader: Reader, columns: Columns, cells: Mapping[str, Any], where: str
) -> dict[str, Any]:
    """The descriptive columns of an item."""

    def cell(column: str | None) -> str | None:
        if column is None or is_blank(cells[column]):
            return None
        return str(cells[column])[:200]

    time = cell(columns.time)
    return {
        "project_id": store.project_id,
        "source": where[:300],
        "time": time[:40] if time else None,
        "domain": cell(columns.domain),
        "cost_class": cell(columns.cost),
    }


def write_media(store: ProjectStore, content: Content, content_hash: str) -> dict[str, Any]:
    """Write an item's bytes under their hash, once; return the body with the relative path."""
    if content.media is None:
        return content.body
    name = f"{content_hash[:2]}/{content_hash}{content.suffix}"
    target = store.media / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        temporary.write_bytes(content.media)
        os.replace(temporary, target)
    return {**content.body, "media": name}


def insert_chunk(
    connection: Connection,
    items: list[dict[str, Any]],
    contents: list[dict[str, Any]],
    given: list[dict[str, Any]],
) -> None:
    """Insert one chunk of an invisible batch."""
    connection.execute(insert(t.item), items)
    connection.execute(insert(t.content), contents)
    if given:
        connection.execute(insert(t.given), given)


def remove_staged(store: ProjectStore) -> None:
    """Remove what an import that failed or was killed left behind; visible batches are not touched."""
    with store.read() as connection:
        batches = connection.execute(
            select(t.import_batch.c.id, t.import_batch.c.first_ordinal).where(
                t.import_batch.c.project_id == store.project_id,
                t.import_batch.c.visible == False,  # noqa: E712
            )
        ).all()
    for batch in batches:
        with store.stage() as connection:
            for table in (t.given, t.content, t.item):
                connection.execute(
                    delete(table).where(table.c.project_id == store.project_id, table.c.ordinal >= batch.first_ordinal)
                )
            connection.execute(
                delete(t.import_batch).where(
                    t.import_batch.c.project_id == store.project_id, t.import_batch.c.id == batch.id
                )
            )


def manifest(rows: Iterable[tuple[Any, ...]]) -> str:
    """Hash of an import: one line an item, in order of ordinals, of everything that is stored beside the content."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def manifest_rows(connection: Connection, project_id: str, first: int, n_items: int) -> Iterator[tuple[Any, ...]]:
    """The rows of an import as they are stored now, for its manifest."""
    item, given = t.item, t.given
    query = (
        select(
            item.c.ordinal, item.c.key, item.c.content_hash, item.c.split, item.c.group_key, item.c.dup_group,
            item.c.source, item.c.time, item.c.domain, item.c.cost_class, item.c.batch_id, given.c.answer,
            given.c.labels_are,
        )
        .select_from(
            item.outerjoin(given, (given.c.project_id == item.c.project_id) & (given.c.ordinal == item.c.ordinal))
        )
        .where(item.c.project_id == project_id, item.c.ordinal >= first, item.c.ordinal < first + n_items)
        .order_by(item.c.ordinal)
    )  # fmt: skip
    for row in connection.execute(query, execution_options={"yield_per": 2000}):
        yield (*row[:11], json.dumps(row.answer, sort_keys=True) if row.answer is not None else None, row.labels_are)
