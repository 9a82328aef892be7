"""Full-text search of items, by the database's own index: FTS5 of SQLite, tsvector of PostgreSQL.

Workers fill the index in pages. `progress` gives how far it has come, so that a search can read the other items itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text

from labelwright.store import tables as t
from labelwright.store.rows import Rows

VERSION_BITS = 40  # of a row of the index: the ordinal below, the version of the content above
MAX_WORDS = 20


@dataclass(frozen=True)
class Indexed:
    """How far the index has come: the first ``n_items``, and replaced contents up to an event."""

    n_items: int
    seq: int


@dataclass(frozen=True)
class Text:
    """What is searched of one content of an item."""

    ordinal: int
    version: int
    text: str


def progress(rows: Rows) -> Indexed:
    """How far the index has come."""
    table = t.search_progress
    row = rows.first(rows.select(table.c.n_items, table.c.seq))
    return Indexed(0, 0) if row is None else Indexed(*row)


def add(rows: Rows, texts: Iterable[Text], upto: Indexed) -> None:
    """Add contents, and note how far the index has come; in one transaction, so that nothing is added twice."""
    listed = list(texts)
    if rows.connection.dialect.name == "sqlite":
        statement = text("INSERT INTO item_text (rowid, body) VALUES (:row, :body)")
        values = [{"row": one.ordinal | one.version << VERSION_BITS, "body": one.text} for one in listed]
    else:
        statement = text(
            "INSERT INTO item_text (project_id, ordinal, version, body) "
            "VALUES (:project, :ordinal, :version, to_tsvector('simple', :body)) ON CONFLICT DO NOTHING"
        )
        values = [
            {
                "project": rows.project_id, "ordinal": one.ordinal, "version": one.version,
                "body": one.text.replace("\0", " "),
            }
            for one in listed
        ]  # fmt: skip
    if values:
        rows.connection.execute(statement, values)
    table = t.search_progress
    if not rows.update(table, n_items=upto.n_items, seq=upto.seq):
        rows.insert(table, {"n_items": upto.n_items, "seq": upto.seq})


def forget(rows: Rows, texts: Iterable[Text]) -> None:
    """Take contents out of the index, and merge its parts so that no word of them is left in it.

    Parameters
    ----------
    texts : iterable of Text
        Exactly what was added; the index of SQLite finds its entries by the text.
    """
    if rows.connection.dialect.name == "sqlite":
        statement = text("INSERT INTO item_text (item_text, rowid, body) VALUES ('delete', :row, :body)")
        for one in texts:
            row = one.ordinal | one.version << VERSION_BITS
            rows.connection.execute(statement, {"row": row, "body": one.text})
        rows.connection.execute(text("INSERT INTO item_text (item_text) VALUES ('optimize')"))
        return
    statement = text("DELETE FROM item_text WHERE project_id = :project AND ordinal = :ordinal AND version = :version")
    for one in texts:
        values = {"project": rows.project_id, "ordinal": one.ordinal, "version": one.version}
        rows.connection.execute(statement, values)


def matches(rows: Rows, words: str) -> dict[int, set[int]]:
    """Which contents hold all words, each as the beginning of a word: versions by ordinal."""
    wanted = re.findall(r"\w+", words)[:MAX_WORDS]
    if not wanted:
        return {}
    if rows.connection.dialect.name == "sqlite":
        query = " ".join(f'"{word}"*' for word in wanted)
        matching = rows.connection.execute(
            text("SELECT rowid FROM item_text WHERE item_text MATCH :query"), {"query": query}
        )
        pairs = [(row & (1 << VERSION_BITS) - 1, row >> VERSION_BITS) for row in matching.scalars()]
    else:
        query = " & ".join(f"{word}:*" for word in wanted)
        pairs = [
            (ordinal, version)
            for ordinal, version in rows.connection.execute(
                text(
                    "SELECT ordinal, version FROM item_text "
                    "WHERE project_id = :project AND body @@ to_tsquery('simple', :query)"
                ),
                {"project": rows.project_id, "query": query},
            )
        ]
    by_ordinal: dict[int, set[int]] = {}
    for ordinal, version in pairs:
        by_ordinal.setdefault(ordinal, set()).add(version)
    return by_ordinal
