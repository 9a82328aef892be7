"""Label Studio's JSON-MIN, CSV and TSV: one row an annotation, with the data and the answers beside each other.

References
----------
Label Studio, "Export annotations": JSON_MIN, CSV, TSV. https://labelstud.io/guide/export
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final

from labelwright.errors import InputError
from labelwright.exchange.delimited import Delimited, TabDelimited
from labelwright.exchange.json_array import JsonArray
from labelwright.exchange.reader import Reader, Record
from labelwright.exchange.translated import MAX_COLUMNS, first_object, plain

ID: Final = "id"
ANNOTATION: Final = "annotation_id"
ABOUT: Final = frozenset({ANNOTATION, "annotator", "created_at", "updated_at", "lead_time"})
MARKS: Final = frozenset({ID, ANNOTATION, "annotator", "lead_time"})
NUMBERS: Final = ("number", "rating")
REGIONS: Final = ("start", "x", "points", "rle", "vertices", "width")
"""Keys of which a part of an item has one, and an answer about a whole item none."""


@dataclass(frozen=True)
class _Overview:
    columns: list[str]
    has_several: set[str]
    last: dict[str, int]
    n_others: int


class LabelStudioRows(Reader):
    """A file with one row an annotation; the one that was made last is the label of its task.

    Nothing in such a file tells answers from data, so the column of a question keeps its name and is named on import.
    """

    name: ClassVar[str] = "label-studio-rows"
    suffixes: ClassVar[tuple[str, ...]] = (*JsonArray.suffixes, *Delimited.suffixes, *TabDelimited.suffixes)
    by_content: ClassVar[bool] = True

    @classmethod
    def accepts(cls, path: Path) -> bool:
        """Whether the first object, or the header, has what Label Studio writes about each annotation."""
        if not (path.is_file() and path.name.lower().endswith(cls.suffixes)):
            return False
        if path.name.lower().endswith(JsonArray.suffixes):
            stat = path.stat()
            return set(first_object(path, stat.st_mtime_ns, stat.st_size) or ()) >= MARKS
        try:
            return set(_inner(path).columns) >= MARKS
        except InputError:  # the reader of its suffix says what is wrong
            return False

    @property
    def encoding(self) -> str | None:
        """That of the file."""
        return _inner(self.path).encoding

    @cached_property
    def columns(self) -> list[str]:
        """The data and the questions; what is told about the annotations is left out."""
        return self._overview.columns

    @property
    def remarks(self) -> tuple[str, ...]:
        """How many annotations are left out."""
        n = self._overview.n_others
        return (f"Further annotations of the same tasks left out, as the last one counts: {n:,}.",) if n else ()

    def __iter__(self) -> Iterator[Record]:
        """Stream the tasks."""
        seen, count = self._overview, 0
        for number, where, cells in self._rows():
            if seen.last[str(cells[ID])] != number:
                continue
            count += 1
            row = {name: cells.get(name) for name in seen.columns}
            for name in seen.has_several:
                row[name] = row[name] if isinstance(row[name], list) or row[name] in (None, "") else [row[name]]
            yield Record(count, where, row)

    @cached_property
    def _overview(self) -> _Overview:
        columns, has_several = dict[str, None](), set[str]()
        last, newest, n_others = dict[str, int](), dict[str, int](), 0
        for number, _, cells in self._rows():
            columns.update(dict.fromkeys(name for name in cells if name not in ABOUT))
            if len(columns) > MAX_COLUMNS:
                raise self.fail(f"rows must have at most {MAX_COLUMNS:,} columns in all, got more.", row=number)
            has_several |= {name for name, cell in cells.items() if isinstance(cell, list)}
            task, annotation = str(cells[ID]), self._number_of(cells.get(ANNOTATION), number)
            n_others += annotation > 0 and newest.get(task, 0) > 0
            if annotation >= newest.get(task, 0):
                last[task], newest[task] = number, annotation
        return _Overview(list(columns), has_several, last, n_others)

    def _number_of(self, cell: object, number: int) -> int:
        try:
            return int(str(cell)) if cell not in (None, "") else 0
        except ValueError:
            raise self.fail(
                f"the id of an annotation must be a whole number, got '{cell}'.", "Export it anew.",
                row=number, column=ANNOTATION,
            ) from None  # fmt: skip

    def _rows(self) -> Iterator[tuple[int, str, dict[str, object]]]:
        """Number, place and cells of each annotation, the answers in words."""
        reader = _inner(self.path)
        if isinstance(reader, JsonArray):
            for number, place, value in reader._objects():
                yield number, f"{self.path.name}, {place}", self._cells(value, number)
        else:
            for record in reader:
                yield record.number, record.where, self._cells(record.cells, record.number)

    def _cells(self, found: dict[str, Any], number: int) -> dict[str, object]:
        if found.get(ID) in (None, ""):
            raise self.fail("a row must have the id of its task.", "Export it anew.", row=number, column=ID)
        return {name: self._cell(cell, name, number) for name, cell in found.items()}

    def _cell(self, cell: object, name: str, number: int) -> object:
        """What one control says: a text, a number or several names; other cells as they are."""
        value = cell
        if isinstance(cell, str) and cell.startswith(('[{"', '{"choices"')):
            try:
                value = json.loads(cell)
            except (ValueError, RecursionError):
                return cell
        if isinstance(value, dict) and set(value) == {"choices"} and isinstance(value["choices"], list):
            return [plain(one) for one in value["choices"]]
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            if any(key in one for one in value for key in REGIONS):
                raise self.fail(
                    "an answer must be about the whole item, got parts of it.",
                    "Export a project that asks for labels of whole items; regions and spans are not read.",
                    row=number, column=name,
                )  # fmt: skip
            for kind in NUMBERS:
                if set(value[-1]) == {kind}:
                    return plain(value[-1][kind])
        return plain(cell)


def _inner(path: Path) -> Reader:
    """The reader of the rows as they are."""
    for reader in (JsonArray, TabDelimited):
        if path.name.lower().endswith(reader.suffixes):
            return reader(path)
    return Delimited(path)
