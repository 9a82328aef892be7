"""Rows as an Arrow table: each column has one type, or becomes text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from labelwright.exchange.cells import as_text


def table(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> tuple[Any, tuple[str, ...]]:
    """The table, and the columns whose values had several types and became text.

    Objects, and lists of them, become JSON: their keys differ from row to row.
    """
    import pyarrow as pa

    values: dict[str, list[object]] = {column: [] for column in columns}
    for row in rows:
        for column, cells in values.items():
            cells.append(row.get(column))
    arrays, texts = {}, list[str]()
    for column, cells in values.items():
        if any(_has_keys(cell) for cell in cells):
            arrays[column] = pa.array([as_text(cell) for cell in cells], pa.large_string())
            continue
        try:
            arrays[column] = pa.array(cells)
        except (pa.ArrowException, ValueError, OverflowError):
            arrays[column] = pa.array([as_text(cell) for cell in cells], pa.large_string())
            texts.append(column)
    return pa.table(arrays), tuple(texts)


def _has_keys(cell: object) -> bool:
    return isinstance(cell, dict) or (isinstance(cell, list) and any(isinstance(part, dict) for part in cell))
