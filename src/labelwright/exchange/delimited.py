"""CSV and TSV, streamed; also gzipped. Written for spreadsheets: no cell is one that they would run."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from labelwright.budgets import MAX_CELL
from labelwright.exchange.cells import UNENCODABLE, cell
from labelwright.exchange.format import Export, Format, Written
from labelwright.exchange.reader import Record
from labelwright.exchange.text_files import TextReader, lines

csv.field_size_limit(MAX_CELL)


class Delimited(TextReader, Format):
    """Rows of cells with a header line; comma, semicolon or tab is found from the header and a comma is written."""

    name: ClassVar[str] = "csv"
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".csv.gz")
    ending: ClassVar[str] = ".csv"
    title: ClassVar[str] = "CSV"
    delimiter: ClassVar[str | None] = None

    @cached_property
    def _delimiter(self) -> str:
        if self.delimiter is not None:
            return self.delimiter
        with self.open() as file:
            header = next(lines(file, self.path.name), "")
        return max(",;\t", key=header.count)

    @cached_property
    def columns(self) -> list[str]:
        """The header."""
        with self.open() as file:
            header = next(csv.reader([next(lines(file, self.path.name), "")], delimiter=self._delimiter), [])
        names = [name.strip() for name in header]
        if len(set(names)) < len(names):
            double = next(n for n in names if names.count(n) > 1)
            raise self.fail(f"column names must be distinct, got '{double}' twice.", "Rename one of them.")
        return names

    def __iter__(self) -> Iterator[Record]:
        """Stream the rows; blank lines are left out."""
        names, number, file_name = self.columns, 0, self.path.name
        with self.open() as file:
            rows = csv.reader(lines(file, self.path.name), delimiter=self._delimiter, strict=True)
            try:
                next(rows)
                for row in rows:
                    if not row:
                        continue
                    number += 1
                    if len(row) != len(names):
                        raise self.fail(
                            f"a row must have {len(names)} cells, got {len(row)}.",
                            f"Look at line {rows.line_num}: an unquoted delimiter or a missing cell.",
                            row=number,
                        )
                    yield Record(number, f"{file_name}, line {rows.line_num}", dict(zip(names, row, strict=True)))
            except csv.Error as error:
                raise self.fail(f"the row cannot be read ({error}).", "Check its quotes.", row=number + 1) from error

    @classmethod
    def write(cls, path: Path, export: Export) -> Written:
        """Write a header and one line a row; lists and objects as JSON."""
        n_rows = 0
        with path.open("w", encoding="utf-8", errors=UNENCODABLE, newline="") as file:
            out = csv.writer(file, delimiter=cls.delimiter or ",")
            out.writerow([cell(column) for column in export.columns])
            for row in export.rows:
                out.writerow([cell(row.get(column)) for column in export.columns])
                n_rows += 1
        return Written(n_rows)


class TabDelimited(Delimited):
    """Rows of cells with a header line, with a tab between two cells."""

    name: ClassVar[str] = "tsv"
    suffixes: ClassVar[tuple[str, ...]] = (".tsv", ".tsv.gz")
    ending: ClassVar[str] = ".tsv"
    title: ClassVar[str] = "TSV"
    delimiter: ClassVar[str | None] = "\t"
