"""Text files, streamed: in their encoding, through gzip where the name says so, line by line within a budget."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO, Any, TextIO

from labelwright.budgets import FREE_EXPANSION, MAX_CELL, MAX_DECOMPRESSED, MAX_EXPANSION
from labelwright.errors import InputError
from labelwright.exchange.encoding import WINDOWS_1252, Encoding, detect
from labelwright.exchange.reader import Reader


def encoding_of(path: Path) -> Encoding:
    """The encoding of a file, also if it is gzipped.

    Raises
    ------
    InputError
        If the archive is broken or becomes too large.
    """
    with _whole_archive(path):
        return detect(lambda: _open_bytes(path))


@contextmanager
def open_text(path: Path, encoding: Encoding) -> Iterator[TextIO]:
    """Open a file for reading, without a byte-order mark.

    Raises
    ------
    InputError
        If what is read is not in the encoding, or the archive is broken.
    """
    with ExitStack() as stack:
        binary = stack.enter_context(_open_bytes(path))
        stack.enter_context(_whole_archive(path))
        try:
            yield stack.enter_context(io.TextIOWrapper(binary, encoding=encoding.codec, newline=""))
        except UnicodeDecodeError as error:
            raise _not_text(path, encoding, error) from error


@contextmanager
def _whole_archive(path: Path) -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(
            f"{path.name}: the file must be whole and gzipped, got another ({error}).", "Copy or gzip it anew."
        ) from error


def _not_text(path: Path, encoding: Encoding, error: UnicodeDecodeError) -> InputError:
    if encoding != WINDOWS_1252:
        return InputError(
            f"{path.name}: the text must be whole {encoding.name}, got bytes that are not ({error.reason}).",
            "Save it as UTF-8 and try again.",
        )
    return InputError(
        f"{path.name}, line {_first_odd_line(path, encoding)}: the text must be UTF-8, UTF-16 or Windows-1252, got a "
        f"byte that is neither (0x{error.object[error.start]:02x}).",
        "Save it as UTF-8 and try again.",
    )


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


def _first_odd_line(path: Path, encoding: Encoding) -> int:
    """Where the first byte stands that cannot be decoded; text is decoded in blocks, which say nothing of lines."""
    with _open_bytes(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_CELL), b""), 1):
            try:
                line.decode(encoding.codec)
            except UnicodeDecodeError:
                return number
    return 0


class TextReader(Reader):
    """A reader of one text file in any of the encodings."""

    @cached_property
    def _encoding(self) -> Encoding:
        return encoding_of(self.path)

    @property
    def encoding(self) -> str | None:
        """The encoding that the file is read in."""
        return self._encoding.name

    def open(self) -> AbstractContextManager[TextIO]:
        """The file as text."""
        return open_text(self.path, self._encoding)
