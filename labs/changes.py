"""The changes that tampering makes: to rows and cells of a database, to arrays, media, heads and keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import Table

from labs.raw import REFUSED, Raw, raw_rows


def in_database(home: Path, database_url: str | None, slug: str | None, table: Table, how: str, column: str) -> bool:
    """Change rows as whoever can write to the database would; whether there was something to change."""
    try:
        with raw_rows(home, database_url, slug) as db:
            rows = _rows_of(db, table, slug)
            return bool(rows) and _change(db, table, rows, how, column)
    except REFUSED:  # the database itself refuses it
        return False


def _rows_of(db: Raw, table: Table, slug: str | None) -> list[tuple[object, ...]]:
    """Rows of one project with their place in the table; of slots those that are served."""
    where, values = "", tuple[str, ...]()
    if slug is not None:
        where, values = "WHERE project_id = (SELECT project_id FROM project WHERE slug = ?)", (slug,)
        if table.name == "slot":
            where, values = f"{where} AND ranking_id = (SELECT ranking_id FROM project WHERE slug = ?)", (slug, slug)
    columns = ", ".join(column.name for column in table.c)
    query = f"SELECT {db.place}, {columns} FROM {table.name} {where} ORDER BY {db.place}"
    return [tuple(row) for row in db.execute(query, values)]


def _change(db: Raw, table: Table, rows: list[tuple[object, ...]], how: str, column: str) -> bool:
    columns = [column.name for column in table.c]
    place, *values = rows[len(rows) // 2]
    if how == "delete":
        db.execute(f"DELETE FROM {table.name} WHERE {db.place} = ?", (place,))
        return True
    if how == "insert":
        keys = [column.name for column in table.primary_key if column.name != "project_id"] or [columns[0]]
        new = [
            other(value) if name in keys or (name in UNIQUE and value is not None) else value
            for name, value in zip(columns, values, strict=True)
        ]
        marks = ", ".join("?" * len(new))
        db.execute(f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})", new)
        return True
    if how == "swap":
        return _swap(db, table, columns, rows)
    before = values[columns.index(column)]
    after = other(before) if how == "alter" else retyped(before)
    if after is None or after == before:
        return False
    changed = db.execute(
        f"UPDATE {table.name} SET {column} = ? WHERE {db.place} = ? RETURNING {column}", (after, place)
    ).fetchall()
    return any(stored != before or type(stored) is not type(before) for (stored,) in changed)


def _swap(db: Raw, table: Table, columns: list[str], rows: list[tuple[object, ...]]) -> bool:
    """Two rows exchange everything but their keys."""
    keys = {column.name for column in table.primary_key}
    free = [k for k, name in enumerate(columns) if name not in keys and name not in UNIQUE]
    one = rows[0]
    two = next((row for row in rows[1:] if any(row[k + 1] != one[k + 1] for k in free)), None)
    if two is None:
        return False
    assignment = ", ".join(f"{columns[k]} = ?" for k in free)
    for target, source in ((one, two), (two, one)):
        db.execute(
            f"UPDATE {table.name} SET {assignment} WHERE {db.place} = ?", [source[k + 1] for k in free] + [target[0]]
        )
    return True


UNIQUE: Final = ("id", "seq", "answer_id", "key", "email", "slug", "secret_hash", "number", "hash", "prev_hash", "name")


def other(value: object) -> object:
    """Another value of the same type."""
    match value:
        case None:
            return None
        case bool():
            return not value
        case int():
            return 1 - value if value in (0, 1) else value + 1_000_000
        case float():
            return value + 0.25
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:] if value else b"x"
        case str() if value.startswith(("{", "[")):
            return json.dumps({"forged": True})
        case str():
            return f"{value[:-1]}{'a' if value[-1:] != 'a' else 'b'}" if value else "x"
    raise TypeError(type(value))


def retyped(value: object) -> object:
    """A value of another type: SQLite stores it all the same, PostgreSQL refuses most of them."""
    match value:
        case None:
            return None
        case str():
            return value.encode()
        case bytes():
            return value.decode("latin-1")
        case _:
            return "not a number"


def _array(home: Path, how: str) -> bool:
    path = sorted((home / "projects/topics/arrays").rglob("labels.npz"))[-1]
    return _file(path, how)


def _media(home: Path, how: str) -> bool:
    paths = sorted(path for path in (home / "projects").glob("*/media/*/*"))
    return bool(paths) and _file(paths[0], how)


def _file(path: Path, how: str) -> bool:
    content = path.read_bytes()
    if how == "delete":
        path.unlink()
    else:
        path.write_bytes(content[: len(content) // 2] if how == "cut" else bytes([content[0] ^ 1]) + content[1:])
    return True


def _anchor(home: Path, how: str) -> bool:
    path = home / "keys/anchor.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    if how == "delete":
        path.unlink()
    elif how == "cut":
        path.write_text("".join(lines[:-6]))
    elif how == "garbage":
        path.write_text("".join(line[: len(line) // 2] + "\n" for line in lines))
    else:
        heads = [json.loads(line) for line in lines if '"signature"' in line]
        forged = [json.dumps({**head, "hash": "0" * 64, "signature": "00" * 64}) + "\n" for head in heads]
        path.write_text("".join(forged))
    return True


def _public_key(home: Path, how: str) -> bool:
    (home / "keys/signing-key.pem").unlink()
    (home / "keys/signing-key.pub").write_text("00" * 32)
    return True


FILES: Final[dict[str, Callable[[Path, str], bool]]] = {
    "array": _array, "media": _media, "anchor": _anchor, "public key": _public_key,
}  # fmt: skip
