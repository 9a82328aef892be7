"""Excel workbooks (XLSX): the first sheet that holds something, with the values that formulas had when it was saved.

What is written has no formula. Excel holds 32,767 characters in a cell and 1,048,576 rows in a sheet: longer texts are
cut, which is said, and more rows are refused.
"""

from __future__ import annotations

import datetime
import math
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO, Any, ClassVar, Final
from xml.etree.ElementTree import ParseError

from labelwright.budgets import COUNT_SIZE, FREE_EXPANSION, MAX_EXPANSION
from labelwright.check import complain
from labelwright.errors import InputError
from labelwright.exchange.cells import as_text, cell
from labelwright.exchange.format import Export, Format, Written
from labelwright.exchange.reader import Record
from labelwright.exchange.zips import DAMAGED, MALFORMED

LONGEST_CELL: Final = 32_767
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
MOST_ROWS: Final = 1_048_576
TEXTS: Final = "xl/sharedStrings.xml"
"""The part of a workbook that is held in memory as a whole: each distinct text once."""
_TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_STAMP: Final = "1980-01-01T00:00:00Z"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_MALFORMED: Final[tuple[type[Exception], ...]] = (ParseError, *MALFORMED)


class Workbook(Format):
    """Rows of a sheet below a line of names, streamed; dates become ISO text, rows without any value are left out."""

    name: ClassVar[str] = "xlsx"
    suffixes: ClassVar[tuple[str, ...]] = (".xlsx",)
    ending: ClassVar[str] = ".xlsx"
    title: ClassVar[str] = "Excel"

    @cached_property
    def columns(self) -> list[str]:
        """The cells of the first row that has any."""
        with self._opened() as book:
            _, header = next(self._filled_rows(book), (0, ()))
        names = ["" if cell is None else str(cell).strip() for cell in header]
        while names and not names[-1]:
            names.pop()
        if "" in names:
            raise self.fail(
                f"every column must have a name, got none for column {names.index('') + 1}.",
                "Write it into the header.",
            )
        if len(set(names)) < len(names):
            double = next(n for n in names if names.count(n) > 1)
            raise self.fail(f"column names must be distinct, got '{double}' twice.", "Rename one of them.")
        return names

    def __iter__(self) -> Iterator[Record]:
        """Stream the rows."""
        names = self.columns
        with self._opened() as book:
            rows = self._filled_rows(book)
            next(rows)
            for number, (line, cells) in enumerate(rows, 1):
                if any(cell is not None for cell in cells[len(names) :]):
                    raise self.fail(
                        f"a row must have {len(names)} cells, got a value beyond them.",
                        f"Look at row {line} of the sheet.",
                        row=number,
                    )
                padded = [*cells[: len(names)], *[None] * (len(names) - len(cells))]
                yield Record(number, f"{self.path.name}, line {line}", dict(zip(names, padded, strict=True)))

    @classmethod
    def write(cls, path: Path, export: Export) -> Written:
        """Write one sheet; what a cell has no room for is cut and counted.

        Raises
        ------
        InputError
            If there are more rows than a sheet holds.
        """
        import openpyxl

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("labels")
        try:
            n_rows, n_cut = _fill(sheet, export)
        except BaseException:
            sheet.close()
            sheet._writer.cleanup()  # else the rows so far stay in a file until the process ends
            raise
        with tempfile.TemporaryFile() as file:
            book.save(file)
            _without_times(file, path)
        left = (f"what is beyond {LONGEST_CELL:,} characters, in {n_cut} cells",) if n_cut else ()
        return Written(n_rows, left_out=left)

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        import openpyxl

        self._check_size()
        try:
            # the file is ours to close: a workbook leaves it open for as long as rows of it are half read
            with self.path.open("rb") as file:
                book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
                with closing(book):
                    yield book
        except InputError:
            raise
        except _MALFORMED as error:
            raise self._not_a_workbook(error) from error

    def _check_size(self) -> None:
        """Refuse an archive that would fill memory or take forever, by the sizes that it states of its parts."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                sizes = {part.filename: part.file_size for part in archive.infolist()}
        except DAMAGED as error:
            raise self._not_a_workbook(error) from error
        if sum(sizes.values()) > max(FREE_EXPANSION, MAX_EXPANSION * self.path.stat().st_size):
            raise self.fail(
                f"the file must become at most {MAX_EXPANSION} times its size, got more.", "Save it as CSV."
            )
        if sizes.get(TEXTS, 0) > COUNT_SIZE:
            raise self.fail(f"the texts must have at most {COUNT_SIZE:,} bytes, got more.", "Save it as CSV.")

    def _not_a_workbook(self, error: Exception) -> InputError:
        return self.fail(
            f"the file must be an Excel workbook (XLSX), got another ({str(error)[:200]}).",
            "It may be damaged or have a password; save it anew, or as CSV.",
        )

    @staticmethod
    def _filled_rows(book: Any) -> Iterator[tuple[int, tuple[object, ...]]]:
        """Line in the sheet, from 1, and cells of the rows with a value, of the first sheet that has one."""
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what programs write there is often wrong
            is_filled = False
            for line, row in enumerate(sheet.iter_rows(values_only=True), 1):
                cells = tuple(_plain(cell) for cell in row)
                if any(cell is not None for cell in cells):
                    is_filled = True
                    yield line, cells
            if is_filled:
                return


def _fill(sheet: Any, export: Export) -> tuple[int, int]:
    """Write header and rows; return how many rows there are, and how many cells were cut."""
    sheet.append([_written(column) for column in export.columns])
    n_rows, n_cut = 0, 0
    for row in export.rows:
        n_rows += 1
        if n_rows >= MOST_ROWS:
            raise complain("export", "rows of a sheet", f"at most {MOST_ROWS - 1:,}", "more", "Export as CSV.")
        cells = [_written(row.get(column)) for column in export.columns]
        n_cut += sum(isinstance(value, str) and len(value) > LONGEST_CELL for value in cells)
        sheet.append([value[:LONGEST_CELL] if isinstance(value, str) else value for value in cells])
    return n_rows, n_cut


def _without_times(made: IO[bytes], path: Path) -> None:
    """Copy a workbook without the moment at which it was made, so that the same labels have the same bytes."""
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if part.filename == "docProps/core.xml":  # holds the time of saving
                out.writestr(entry, _TIMES.sub(_STAMP, parts.read(part).decode()))
                continue
            with parts.open(part) as source, out.open(entry, "w") as target:
                shutil.copyfileobj(source, target)


def _written(value: object) -> Any:
    """A value that Excel keeps as it is: text without control characters, numbers that a double holds exactly."""
    shown = cell(value)
    if isinstance(shown, str):
        return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", as_text(shown) or "")
    if isinstance(shown, (bool, type(None))):
        return shown
    is_exact = (isinstance(shown, float) and math.isfinite(shown)) or (isinstance(shown, int) and abs(shown) < 2**53)
    return shown if is_exact else str(shown)


def _plain(cell: object) -> object:
    """A cell as text, number, truth value or None; a date without a time of day is the date alone."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat()
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    return str(cell) if isinstance(cell, datetime.timedelta) else cell
