"""Exports go out in a format by its name, or by the ending of the file. Values never make an export fail.

**Formulas.** A cell of a CSV, TSV or XLSX file that a spreadsheet would run as a formula is written with an apostrophe
before it, which spreadsheets take for "this is text". Such a cell begins with ``=``, ``+``, ``-`` or ``@``, also in
full width (``＝＋－＠``) or after white space, or with a tab, a line feed or a carriage return. Numbers stay numbers.
Spreadsheets run no formula of a Parquet or JSON file, so these hold every value as it is.

**Mixed columns.** A column of a Parquet file has one type. Where the values have several, or do not fit one, the whole
column becomes text, and `Written.as_text` names it.

**Characters.** Half of a surrogate pair, which no file in UTF-8 can hold, is written as its escape:
``\\ud800``.

References
----------
OWASP, CSV injection. https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from labelwright.errors import InputError
from labelwright.exchange.format import Export, Format, Row, Written
from labelwright.exchange.reader import Reader
from labelwright.registry import plugins, unknown


def formats() -> dict[str, type[Format]]:
    """All formats that exports can have, by name; those of other distributions included."""
    readers = plugins("labelwright.exchange", Reader)
    return {name: reader for name, reader in readers.items() if issubclass(reader, Format)}


def write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> Written:
    """Write rows to a file whose ending decides, whole or not at all.

    Raises
    ------
    InputError
        If no format for any rows has the ending.
    """
    return write_as(path, Export(columns, rows))


def write_as(path: Path, export: Export, format: str | None = None) -> Written:
    """Write an export in a format, or in that of the file's ending, whole or not at all.

    Raises
    ------
    InputError
        If there is no such format.
    """
    chosen = format_for(path, format, any_rows=not export.questions)
    with whole(path) as temporary:
        return chosen.write(temporary, export)


def format_for(path: Path, name: str | None = None, *, any_rows: bool = False) -> type[Format]:
    """The format of that name, else the one with the longest ending that the file's name has.

    Raises
    ------
    InputError
        If there is none; the message lists the endings.
    """
    there = {key: one for key, one in formats().items() if not (any_rows and one.items_only)}
    if name is not None:
        if name not in there:
            raise unknown("export", "format", name, there, ", ".join(there))
        return there[name]
    fitting = [one for one in there.values() if path.name.lower().endswith(one.ending)]
    if not fitting:
        endings = ", ".join(sorted(one.ending for one in there.values()))
        cure = "" if any_rows else "Or name the format: --format " + ", ".join(there) + "."
        raise InputError(f"export: OUT must end in {endings}, got '{path.name}'.", cure)
    return max(fitting, key=lambda one: len(one.ending))


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A name beside a file to write to; what was written takes the file's place if nothing was raised."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
