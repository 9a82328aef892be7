"""Table rows: numbers stay numbers, blank cells are null."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from labelwright.check import MAX_MAGNITUDE, check_magnitude
from labelwright.errors import InputError
from labelwright.items.base import ERASED, Content, ItemKind
from labelwright.plain import Json, JsonObject

_MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?"))
_LONGEST_MISSING = max(map(len, _MISSING))


class Table(ItemKind):
    """A row of named cells."""

    name: ClassVar[str] = "table"

    def content(self, cells: Mapping[str, Any]) -> Content:
        """Numbers stay numbers, text that reads as one becomes one, blank cells become null."""
        row = {column: _clean(column, cell) for column, cell in cells.items()}
        if all(value is None for value in row.values()):
            raise InputError("the row has no value at all.", "Drop it.")
        return Content({"row": row})

    def tombstone(self, body: Mapping[str, Json]) -> Content:
        """A row whose cells are all blank."""
        return Content({"row": dict.fromkeys(row_of(body)), ERASED: True})

    def preview(self, body: Mapping[str, Json]) -> str:
        """The first four cells that say something."""
        shown = [f"{k} {_short(v)}" for k, v in row_of(body).items() if v is not None][:4]
        return " · ".join(shown)

    def search_text(self, body: Mapping[str, Json]) -> str:
        """All cells."""
        return json.dumps(row_of(body), ensure_ascii=False)

    def length(self, body: Mapping[str, Json]) -> int:
        """Characters of all cells, their columns and the marks between them."""
        return len(str(row_of(body)))


def row_of(body: Mapping[str, Json]) -> JsonObject:
    """The cells of an item that is a row of a table, by column."""
    row = body["row"]
    assert isinstance(row, dict)
    return row


def typical_row(contents: Sequence[Content]) -> JsonObject:
    """Median of numbers, most frequent value otherwise: what a card marks differences from."""
    typical: JsonObject = {}
    for column in row_of(contents[0].body):
        values = [row_of(c.body).get(column) for c in contents]
        known = [v for v in values if v is not None]
        if not known:
            typical[column] = None
        elif is_numeric(values):
            numbers = np.array([as_number(v) for v in known])
            typical[column] = {"median": float(np.median(numbers)), "spread": float(np.std(numbers))}
        else:
            distinct, counts = np.unique([str(v) for v in known], return_counts=True)
            typical[column] = str(distinct[np.argmax(counts)])
    return typical


def is_missing(cell: object) -> bool:
    """Whether a cell is blank, or holds a word for a missing value."""
    if cell is None or (isinstance(cell, float) and np.isnan(cell)):
        return True
    return isinstance(cell, str) and cell.strip().lower() in _MISSING


def _clean(column: str, cell: Any) -> Any:
    if isinstance(cell, str):
        return _clean_text(column, cell.strip())
    if is_missing(cell):
        return None
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, (int, float)):
        return _number(column, cell)
    return _clean_text(column, str(cell).strip())


def _clean_text(column: str, text: str) -> Json:
    if len(text) <= _LONGEST_MISSING and text.lower() in _MISSING:
        return None
    if "A" <= text[0] <= "z":
        return text  # the quick way out of what would be an error of float(), which takes longer
    try:
        number = float(text)
    except ValueError:
        return text
    if text.isalpha() or (len(text) > 1 and text[0] == "0" and text.isdigit()):
        return text  # the word "inf", or a code with leading zeros
    return _number(column, number)


def _number(column: str, value: float) -> float:
    if not -MAX_MAGNITUDE <= value <= MAX_MAGNITUDE:
        check_magnitude(f"column '{column}'", "a number", value)
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def is_numeric(values: Sequence[object]) -> bool:
    """Whether all cells that are not blank are numbers, and there is one."""
    known = [v for v in values if v is not None]
    return bool(known) and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in known)


def as_number(value: object) -> float:
    """The cell as a float, at most `MAX_MAGNITUDE` also if an earlier version took in more; NaN if it is no number."""
    if not isinstance(value, (int, float)) or value != value:
        return float("nan")
    return float(max(-MAX_MAGNITUDE, min(MAX_MAGNITUDE, value)))


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)[:40]
