"""Rows past our code: a connection to SQLite's file or to PostgreSQL, for whoever changes a record by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.types.json import set_json_loads

REFUSED: Final = (sqlite3.IntegrityError, psycopg.IntegrityError, psycopg.DataError, psycopg.ProgrammingError)
"""What a database raises that does not take a change: both watch over keys, PostgreSQL over types as well."""
COLUMNS: Final = "SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position"


class Raw:
    """A connection that takes the same statements on both databases; values stand where ``?`` is.

    JSON comes as its text. Use it inside `raw_rows`, which commits and closes.

    Attributes
    ----------
    place : str
        The hidden column that tells rows of a table apart.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._is_sqlite = isinstance(connection, sqlite3.Connection)
        self.place = "rowid" if self._is_sqlite else "ctid"

    def execute(self, statement: str, values: Sequence[object] = ()) -> Any:
        """Run a statement; the cursor has ``fetchone`` and ``fetchall`` and is iterable."""
        return self._connection.execute(statement if self._is_sqlite else statement.replace("?", "%s"), values)

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns, in the order of ``SELECT *``."""
        if self._is_sqlite:
            return [row[1] for row in self.execute(f"PRAGMA table_info({table})")]
        return [row[0] for row in self.execute(COLUMNS, (table,))]


@contextmanager
def raw_rows(home: Path, database_url: str | None = None, slug: str | None = "topics") -> Iterator[Raw]:
    """The rows of a project, or of the site if the slug is None; PostgreSQL holds those of all in one schema.

    Raises
    ------
    sqlite3.Error, psycopg.Error
        What the database says; nothing of the block is kept then.
    """
    if database_url is not None:
        with psycopg.connect(database_url) as connection:
            set_json_loads(lambda text: text if isinstance(text, str) else bytes(text).decode(), connection)
            yield Raw(connection)
        return
    path = home / "site.sqlite" if slug is None else home / "projects" / slug / "project.sqlite"
    db = sqlite3.connect(path)
    try:
        with db:
            yield Raw(db)
    finally:
        db.close()
