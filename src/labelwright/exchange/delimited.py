"""CSV and TSV, streamed; also gzipped."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO, Any, ClassVar, TextIO

from labelwright.budgets import FREE_EXPANSION, MAX_CELL, MAX_DECOMPRESSED, MAX_EXPANSION
from labelwright.errors import InputError
from labelwright.exchange.reader import Reader, Record

csv.field_size_limit(MAX_CELL)


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Open a file as UTF-8, through gzip where the name says so, without a byte-order mark.

    Raises
    ------
    InputError
        If what is read is not UTF-8, naming the line, or the archive is broken.
    """
    with ExitStack() as stack:
        binary = stack.enter_context(_open_bytes(path))
        try:
            yield stack.enter_context(io.TextIOWrapper(binary, encoding="utf-8-sig", newline=""))
        except UnicodeDecodeError as error:
            raise InputError(
                f"{path.name}, line {_first_odd_line(path)}: the text must be UTF-8, got a byte that is not "
                f"(0x{error.object[error.start]:02x}).",
                "Save it as UTF-8 and try again.",
            ) from error
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise InputError(f"{path.name}: the file must be whole and gzipped, got another ({error}).") from error


def lines(file: TextIO, name: str) -> Iterator[str]:
    """The lines of a file with their ends.

    Raises
    ------
    InputError
        If one has more than `MAX_CELL` characters, before more of it is read.
    """
    number = 0
    while line := file.readline(MAX_CELL):
        number += 1
        if len(line) == MAX_CELL and not line.endswith("\n"):
            raise InputError(
                f"{name}, line {number}: a line must have at most {MAX_CELL:,} characters, got more.", "Cut it up."
            )
        yield line


def _open_bytes(path: Path) -> IO[bytes]:
    return io.BufferedReader(_Decompressed(path)) if path.name.endswith(".gz") else path.open("rb")


class _Decompressed(io.RawIOBase):
    """A gzipped file that is refused once it has become too large."""

    def __init__(self, path: Path) -> None:
        self._name, self._file, self._n_bytes = path.name, gzip.GzipFile(path), 0
        self._limit = min(MAX_DECOMPRESSED, max(FREE_EXPANSION, MAX_EXPANSION * path.stat().st_size))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read1(len(buffer))
        buffer[: len(data)] = data
        self._n_bytes += len(data)
        if self._n_bytes > self._limit:
            raise InputError(
                f"{self._name}: a gzipped file must become at most {MAX_EXPANSION} times its size and "
                f"{MAX_DECOMPRESSED:,} bytes, got more.",
                "Send it without compression, or in several files.",
            )
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _first_odd_line(path: Path) -> int:
    """Where the first byte stands that is not UTF-8; text is decoded in blocks, which say nothing of lines."""
    with _open_bytes(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_CELL), b""), 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 0


class Delimited(Reader):
    """Rows of cells with a header line; comma, semicolon or tab is found from the header."""

    name: ClassVar[str] = "csv"
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".csv.gz", ".tsv.gz")

    @cached_property
    def _delimiter(self) -> str:
        if ".tsv" in self.path.name.lower():
            return "\t"
        with open_text(self.path) as file:
            header = next(lines(file, self.path.name), "")
        return max(",;\t", key=header.count)

    @cached_property
    def columns(self) -> list[str]:
        """The header."""
        with open_text(self.path) as file:
            header = next(csv.reader([next(lines(file, self.path.name), "")], delimiter=self._delimiter), [])
        names = [name.strip() for name in header]
        if len(set(names)) < len(names):
            double = next(n for n in names if names.count(n) > 1)
            raise self.fail(f"column names must be distinct, got '{double}' twice.", "Rename one of them.")
        return names

    def __iter__(self) -> Iterator[Record]:
        """Stream the rows; blank lines are left out."""
        names, number = self.columns, 0
        with open_text(self.path) as file:
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
                    yield Record(number, f"{self.path.name}, line {rows.line_num}", dict(zip(names, row, strict=True)))
            except csv.Error as error:
                raise self.fail(f"the row cannot be read ({error}).", "Check its quotes.", row=number + 1) from error
