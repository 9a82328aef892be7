"""CSV and TSV, streamed; also gzipped."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from labelwright.budgets import MAX_CELL
from labelwright.exchange.reader import Record
from labelwright.exchange.text_files import TextReader, lines

csv.field_size_limit(MAX_CELL)


class Delimited(TextReader):
    """Rows of cells with a header line; comma, semicolon or tab is found from the header."""

    name: ClassVar[str] = "csv"
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".csv.gz", ".tsv.gz")

    @cached_property
    def _delimiter(self) -> str:
        if ".tsv" in self.path.name.lower():
            return "\t"
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
