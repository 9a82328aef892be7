"""The seam for sources: a reader streams records and never holds the file.

A new source is one file in this package with one subclass of ``Reader``, or of ``Format`` if it is written as well; it
is found by its suffixes, or by ``accepts`` for folders and for files that are told by what they hold.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

from labelwright.errors import InputError
from labelwright.exchange.vectors import Ints, Vectors, embedding_columns, from_cells
from labelwright.registry import plugins


class SourceError(InputError):
    """A fault in a source, with the row (from 1) and the column that are to blame, where they are known.

    ``where`` names the place in words, and ``reason`` says what is wrong there; the message is both.
    """

    def __init__(
        self, where: str, reason: str, hint: str = "", *, row: int | None = None, column: str | None = None
    ) -> None:
        super().__init__(f"{where}: {reason}", hint)
        self.reason = reason
        self.row = row
        self.column = column


@dataclass(frozen=True)
class Record:
    """One row as it stands in the source.

    ``number`` counts data rows from 1; ``where`` names file and line for error messages.
    """

    number: int
    where: str
    cells: dict[str, object]

    @property
    def size(self) -> int:
        """About how many bytes the cells take."""
        return sum(len(cell) if isinstance(cell, (str, bytes)) else 8 for cell in self.cells.values())

    def fail(self, message: str, hint: str = "", column: str | None = None) -> SourceError:
        """Build an error that names the record and the column."""
        where = f"{self.where}, row {self.number}" + ("" if column is None else f", column '{column}'")
        return SourceError(where, message, hint, row=self.number, column=column)


@dataclass(frozen=True)
class Columns:
    """Which column holds what.

    None means not said, an empty string means none: a guess leaves it alone. ``features`` empty means
    every column without another role. ``embedding`` is a column of lists of numbers, or a pattern such as ``e_*`` that
    names columns of numbers. ``labels`` are the label columns of questions beside the primary one, whose
    column is ``label``: pairs of question and column.
    """

    id: str | None = None
    text: str | None = None
    image: str | None = None
    features: tuple[str, ...] = ()
    label: str | None = None
    group: str | None = None
    time: str | None = None
    domain: str | None = None
    cost: str | None = None
    licence: str | None = None
    consent: str | None = None
    embedding: str | None = None
    labels: tuple[tuple[str, str], ...] = ()

    def named(self) -> dict[str, str]:
        """The single-column roles that are set."""
        return {k: v for k, v in asdict(self).items() if k not in ("features", "labels") and v}

    def check(self, available: list[str], who: str) -> None:
        """Refuse columns that the source does not have.

        Raises
        ------
        InputError
            Naming the role, the column and the columns there are.
        """
        for role, column in [
            *self.named().items(), *(("features", name) for name in self.features),
            *((f"label {question}", column) for question, column in self.labels),
        ]:  # fmt: skip
            if column not in available and not (role == "embedding" and embedding_columns(self, available)):
                raise InputError(
                    f"{who}: --{role} must be one of the columns {', '.join(available)}, got '{column}'.",
                    "Column names are case-sensitive.",
                )

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Columns:
        """Build from JSON or command-line values; null means not set."""
        known = {f.name for f in fields(cls)}
        clean: dict[str, Any] = {k: v for k, v in values.items() if k in known and v is not None}
        if "features" in clean:
            clean["features"] = tuple(clean["features"])
        if "labels" in clean:
            clean["labels"] = tuple((question, column) for question, column in clean["labels"])
        return cls(**clean)


class Reader(ABC):
    """A source of records.

    Subclasses state ``name`` and ``suffixes`` and implement ``columns`` and ``__iter__``. Iterating
    twice gives the same records twice. Malformed input raises ``InputError`` that names file, row and
    column.
    """

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]] = ()
    by_content: ClassVar[bool] = False
    """Whether ``accepts`` looks into the file; such readers are asked before those that go by the suffix."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def accepts(cls, path: Path) -> bool:
        """Whether this reader opens the path; by suffix unless overridden."""
        return path.is_file() and path.name.lower().endswith(cls.suffixes)

    @property
    def encoding(self) -> str | None:
        """The name of the encoding that the file is read in; None if it is not one file of text."""
        return None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the source holds and its records do not, in sentences; shown to whoever imports it."""
        return ()

    @property
    @abstractmethod
    def columns(self) -> list[str]:
        """The names of the columns, in order."""

    @abstractmethod
    def __iter__(self) -> Iterator[Record]:
        """Stream the records."""

    def only(self, columns: list[str]) -> Iterator[Record]:
        """Stream the records with at least these columns; a format that stores columns apart reads no others."""
        return iter(self)

    def vectors(self, columns: list[str]) -> Iterator[tuple[Ints, Vectors]]:
        """Stream the embeddings that stand in one column of lists, or in several of numbers, in blocks of rows.

        See `labelwright.exchange.vectors.from_cells`.
        """
        return from_cells(self, columns)

    def count(self) -> int | None:
        """The number of records if it is cheap to know, else None."""
        return None

    def resolve(self, name: str) -> Path:
        """The file that an image cell names, inside the source's folder.

        Raises
        ------
        InputError
            If it lies outside.
        """
        base = self.path if self.path.is_dir() else self.path.parent
        target = (base / name).resolve()
        if not target.is_relative_to(base.resolve()):
            raise InputError(f"{self.path.name}: image path '{name}' must lie inside {base.name or base}.")
        return target

    def fail(self, message: str, hint: str = "", *, row: int | None = None, column: str | None = None) -> SourceError:
        """Build an error that names file, row and column."""
        where = self.path.name
        if row is not None:
            where += f", row {row}"
        if column is not None:
            where += f", column '{column}'"
        return SourceError(where, message, hint, row=row, column=column)


def open_source(path: Path) -> Reader:
    """Open a file or folder with the reader that accepts it.

    Raises
    ------
    InputError
        If nothing is there, it is empty, or no reader accepts it.
    """
    if not path.exists():
        raise InputError(f"create: SOURCE must exist, got '{path}'.", "Check the path.")
    if path.is_file() and path.stat().st_size == 0:
        raise InputError(f"{path.name}: the file is empty.", "Choose a file with a header and at least one row.")
    readers = plugins("labelwright.exchange", Reader)
    for reader in sorted(readers.values(), key=lambda reader: not reader.by_content):
        if reader.accepts(path):
            opened: Reader = reader(path)
            if not opened.columns:
                raise InputError(f"{path.name}: no columns were found.", "The first line must name the columns.")
            return opened
    known = ", ".join(sorted({s for r in readers.values() for s in r.suffixes}))
    raise InputError(
        f"create: SOURCE must be a file that ends in {known}, or a folder of images or of text files, "
        f"got '{path.name}'."
    )
