"""Writers for exports; the file's ending decides. Values never make an export fail.

**Formulas.** A cell of a CSV file that a spreadsheet would run as a formula is written with an apostrophe before it,
which spreadsheets take for "this is text". Such a cell begins with ``=``, ``+``, ``-`` or ``@``, also in full width
(``＝＋－＠``) or after white space, or with a tab, a line feed or a carriage return. Numbers stay numbers. Spreadsheets
run no formula of a Parquet or JSON lines file, so these hold every value as it is.

**Mixed columns.** A column of a Parquet file has one type. Where the values have several, or do not fit one, the whole
column becomes text, and `Written.as_text` names it.

**Characters.** Half of a surrogate pair, which no file in UTF-8 can hold, is written as its escape:
``\\ud800``.

References
----------
OWASP, CSV injection. https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelwright.errors import InputError

Row = Mapping[str, object]
_FORMULA = re.compile(r"[\t\r\n]|[\s\ufeff\u200b]*[=+\-@＝＋－＠]")
_UNENCODABLE = "backslashreplace"


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes
    ----------
    as_text : tuple of str
        Columns whose values had several types and were written as text.
    """

    n_rows: int
    as_text: tuple[str, ...] = ()


def write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> Written:
    """Write rows to a CSV, JSONL or Parquet file, whole or not at all.

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


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> Written:
    n = 0
    with path.open("w", encoding="utf-8", errors=_UNENCODABLE, newline="") as file:
        out = csv.writer(file)
        out.writerow([_cell(column) for column in columns])
        for row in rows:
            out.writerow([_cell(row.get(c)) for c in columns])
            n += 1
    return Written(n)


def _cell(value: Any) -> Any:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return "'" + value if isinstance(value, str) and _FORMULA.match(value) else value


def _jsonl(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> Written:
    n = 0
    with path.open("w", encoding="utf-8", errors=_UNENCODABLE) as file:
        for row in rows:
            file.write(json.dumps({c: row.get(c) for c in columns}, ensure_ascii=False) + "\n")
            n += 1
    return Written(n)


def _parquet(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> Written:
    import pyarrow as pa
    import pyarrow.parquet as pq

    values: dict[str, list[object]] = {column: [] for column in columns}
    for row in rows:
        for column, cells in values.items():
            cells.append(row.get(column))
    arrays, as_text = {}, list[str]()
    for column, cells in values.items():
        try:
            arrays[column] = pa.array(cells)
        except (pa.ArrowException, ValueError, OverflowError):
            arrays[column] = pa.array([_as_text(cell) for cell in cells], pa.large_string())
            as_text.append(column)
    table = pa.table(arrays)
    pq.write_table(table, path)
    return Written(int(table.num_rows), tuple(as_text))


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", _UNENCODABLE).decode()


WRITERS: dict[str, Callable[[Path, Sequence[str], Iterable[Row]], Written]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "parquet": _parquet,
}
