"""Second pass: rows are written in small transactions and become visible by one flag.

The import's event carries the hash of its manifest, one line an item; ``verify`` makes the manifest
anew from the stored rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import select

from labelwright.budgets import BLOCK_SIZE
from labelwright.exchange.guess import is_blank
from labelwright.exchange.reader import Columns
from labelwright.items.base import Content
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.files.ahead import Keep
from labelwright.store.project import ProjectStore
from labelwright.store.record.project import FIRST_QUESTION
from labelwright.store.rows import Rows

CHUNK = 1000


def item_row(columns: Columns, cells: Mapping[str, object], where: str) -> dict[str, object]:
    """The descriptive columns of an item."""

    def cell(column: str | None) -> str | None:
        if column is None or is_blank(cells[column]):
            return None
        return str(cells[column])[:200]

    time = cell(columns.time)
    return {
        "source": where[:300],
        "time": time[:40] if time else None,
        "domain": cell(columns.domain),
        "cost_class": cell(columns.cost),
        "licence": cell(columns.licence),
        "consent": cell(columns.consent),
    }


def write_media(keep: Keep, content: Content, content_hash: str) -> JsonObject:
    """Write an item's bytes under their hash, once; return the body with the name of the file."""
    if content.media is None:
        return content.body
    name = f"{content_hash[:2]}/{content_hash}{content.suffix}"
    keep(name, content.media)
    return {**content.body, "media": name}


def insert_chunk(
    rows: Rows, items: list[dict[str, object]], contents: list[dict[str, object]], given: list[dict[str, object]]
) -> None:
    """Insert one chunk of an invisible batch."""
    rows.load(t.item, items)
    rows.load(t.content, contents)
    rows.load(t.given, given)


class Chunk:
    """Rows that are written together."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        self._clear()

    def _clear(self) -> None:
        self._items: list[dict[str, object]] = []
        self._contents: list[dict[str, object]] = []
        self._given: list[dict[str, object]] = []
        self._size = 0

    def add(
        self, ordinal: int, item: dict[str, object], body: JsonObject, labels: Mapping[str, object], labels_are: str
    ) -> None:
        """Add one item; write all that were added once they are many or large."""
        self._items.append(item)
        self._contents.append({"ordinal": ordinal, "version": 0, "body": body})
        self._given += [
            {"ordinal": ordinal, "question_id": question_id, "answer": answer, "labels_are": labels_are}
            for question_id, answer in labels.items()
        ]
        self._size += Content(body).size
        if len(self._items) == CHUNK or self._size > BLOCK_SIZE:
            self.flush()

    def flush(self) -> None:
        """Write the rows that were added since the last write."""
        if self._items:
            with self._store.stage() as rows:
                insert_chunk(rows, self._items, self._contents, self._given)
            self._clear()


def remove_staged(store: ProjectStore) -> None:
    """Remove what an import that failed or was killed left behind; visible batches are not touched.

    A batch is known by its own items, so a row that some intruder put beyond them stays for ``verify`` to find.
    """
    table = t.import_batch
    with store.read() as rows:
        batches = rows.all(
            rows.select(table.c.id, table.c.first_ordinal, table.c.n_items).where(table.c.visible == False)  # noqa: E712
        )
    for batch in batches:
        last = batch.first_ordinal + batch.n_items
        with store.stage() as rows:
            for content in (t.given, t.content, t.item):
                rows.delete(content, content.c.ordinal >= batch.first_ordinal, content.c.ordinal < last)
            rows.delete(table, table.c.id == batch.id)


def manifest(rows: Iterable[tuple[object, ...]]) -> str:
    """Hash of an import: one line an item, in order of ordinals, of everything that is stored beside the content."""
    digest, encoder = hashlib.sha256(), json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
    for row in rows:
        digest.update(encoder.encode(row).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def manifest_rows(rows: Rows, first: int, n_items: int) -> Iterator[tuple[object, ...]]:
    """The rows of an import as they are stored now, for its manifest; one line more for each further given label."""
    item, given = t.item, t.given
    query = (
        select(
            item.c.ordinal, item.c.key, item.c.content_hash, item.c.split, item.c.group_key, item.c.dup_group,
            item.c.source, item.c.time, item.c.domain, item.c.cost_class, item.c.batch_id, given.c.answer,
            given.c.labels_are, given.c.question_id, item.c.licence, item.c.consent,
        )
        .select_from(item.outerjoin(given, rows.own(given) & (given.c.ordinal == item.c.ordinal)))
        .where(rows.own(item), item.c.ordinal >= first, item.c.ordinal < first + n_items)
        .order_by(item.c.ordinal, given.c.question_id)
    )  # fmt: skip
    for row in rows.stream(query):
        label = json.dumps(row.answer, sort_keys=True) if row.answer is not None else None
        line = (*row[:11], label, row.labels_are)
        line = line if row.question_id in (None, FIRST_QUESTION) else (*line, row.question_id)
        terms = {"licence": row.licence, "consent": row.consent}
        yield (*line, terms) if any(terms.values()) else line  # older imports have neither
