"""Writers for exports; the file's ending decides. A formula in a cell is never run by a spreadsheet."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from labelwright.errors import InputError

Row = Mapping[str, object]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Write rows to a CSV, JSONL or Parquet file, whole or not at all; return how many.

    Raises
    ------
    InputError
        If the ending is none of these.
    """
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in WRITERS:
        raise InputError(f"export: OUT must end in {', '.join('.' + w for w in WRITERS)}, got '{path.name}'.")
    with _whole(path) as temporary:
        return WRITERS[suffix](temporary, columns, rows)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    n = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(columns)
        for row in rows:
            out.writerow([_cell(row.get(c)) for c in columns])
            n += 1
    return n


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value  # a spreadsheet would run it
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return value


def _jsonl(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    n = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps({c: row.get(c) for c in columns}, ensure_ascii=False) + "\n")
            n += 1
    return n


def _parquet(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pylist([{c: row.get(c) for c in columns} for row in rows])
    pq.write_table(table.select([c for c in columns if c in table.column_names]), path)
    return int(table.num_rows)


WRITERS: dict[str, Callable[[Path, Sequence[str], Iterable[Row]], int]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "parquet": _parquet,
}
