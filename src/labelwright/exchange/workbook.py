"""Excel workbooks (XLSX): the first sheet that holds something, with the values that formulas had when it was saved."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from typing import Any, ClassVar, Final
from xml.etree.ElementTree import ParseError

from labelwright.budgets import COUNT_SIZE, FREE_EXPANSION, MAX_EXPANSION
from labelwright.errors import InputError
from labelwright.exchange.reader import Reader, Record

TEXTS: Final = "xl/sharedStrings.xml"
"""The part of a workbook that is held in memory as a whole: each distinct text once."""


class Workbook(Reader):
    """Rows of a sheet below a line of names, streamed; dates become ISO text, rows without any value are left out."""

    name: ClassVar[str] = "xlsx"
    suffixes: ClassVar[tuple[str, ...]] = (".xlsx",)

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
        except (zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, OSError, EOFError) as error:
            raise self._not_a_workbook(error) from error

    def _check_size(self) -> None:
        """Refuse an archive that would fill memory or take forever, by the sizes that it states of its parts."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                sizes = {part.filename: part.file_size for part in archive.infolist()}
        except (zipfile.BadZipFile, OSError, ValueError) as error:
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


def _plain(cell: object) -> object:
    """A cell as text, number, truth value or None; a date without a time of day is the date alone."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat()
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    return str(cell) if isinstance(cell, datetime.timedelta) else cell
