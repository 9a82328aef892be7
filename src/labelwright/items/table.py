"""Table rows: numbers scaled, categories one-hot, missing values filled and marked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.errors import InputError
from labelwright.items import skops_io
from labelwright.items.base import Content, Encoder, Features, ItemKind

MAX_CATEGORIES = 40
_MISSING = ("", "na", "n/a", "nan", "null", "none", "?")


class TableEncoder(Encoder):
    """Median-filled, scaled numbers with a column that marks what was missing; categories one-hot (40 at most)."""

    def __init__(self) -> None:
        self._numeric: list[str] = []
        self._categorical: list[str] = []
        self._steps: Any = None

    def fit(self, contents: Sequence[Content]) -> TableEncoder:
        """Learn types, medians, scales and categories."""
        from sklearn.compose import ColumnTransformer
        from sklearn.impute import SimpleImputer
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler

        rows = [c.body["row"] for c in contents]
        columns = list(rows[0])
        self._numeric = [c for c in columns if _is_numeric([r.get(c) for r in rows])]
        self._categorical = [c for c in columns if c not in self._numeric]
        numbers = Pipeline([
            ("fill", SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)),
            ("scale", StandardScaler()),
        ])  # fmt: skip
        onehot = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=MAX_CATEGORIES, sparse_output=False)
        n, k = len(self._numeric), len(self._categorical)
        self._steps = ColumnTransformer(
            [("numbers", numbers, list(range(n))), ("categories", onehot, list(range(n, n + k)))], sparse_threshold=0
        )
        self._steps.fit(self._matrix(contents))
        return self

    def transform(self, contents: Sequence[Content]) -> Features:
        """Encode; extreme values are kept within 20 standard deviations."""
        encoded = np.asarray(self._steps.transform(self._matrix(contents)), dtype=np.float32)
        return np.clip(encoded, -20.0, 20.0)

    def _matrix(self, contents: Sequence[Content]) -> npt.NDArray[np.object_]:
        rows = [c.body["row"] for c in contents]
        matrix = np.empty((len(rows), len(self._numeric) + len(self._categorical)), dtype=object)
        for j, column in enumerate(self._numeric):
            matrix[:, j] = [_number(r.get(column)) for r in rows]
        for j, column in enumerate(self._categorical, len(self._numeric)):
            matrix[:, j] = ["" if is_missing(r.get(column)) else str(r[column]) for r in rows]
        return matrix

    def dump(self) -> bytes:
        """Serialise."""
        return skops_io.dump({"numeric": self._numeric, "categorical": self._categorical, "steps": self._steps})

    @classmethod
    def load(cls, data: bytes) -> TableEncoder:
        """Restore."""
        encoder, parts = cls(), skops_io.load(data)
        encoder._numeric, encoder._categorical, encoder._steps = parts["numeric"], parts["categorical"], parts["steps"]
        return encoder


class Table(ItemKind):
    """A row of named cells."""

    name: ClassVar[str] = "table"
    encoder: ClassVar[type[Encoder]] = TableEncoder

    def content(self, cells: Mapping[str, Any]) -> Content:
        """Numbers stay numbers, text that reads as one becomes one, blank cells become null."""
        row = {column: _clean(column, cell) for column, cell in cells.items()}
        if all(value is None for value in row.values()):
            raise InputError("the row has no value at all.", "Drop it.")
        return Content({"row": row})

    def preview(self, body: Mapping[str, Any]) -> str:
        """The first four cells that say something."""
        shown = [f"{k} {_short(v)}" for k, v in body["row"].items() if v is not None][:4]
        return " · ".join(shown)

    def search_text(self, body: Mapping[str, Any]) -> str:
        """All cells."""
        return json.dumps(body["row"], ensure_ascii=False)


def typical_row(contents: Sequence[Content]) -> dict[str, Any]:
    """Median of numbers, most frequent value otherwise: what a card marks differences from."""
    typical: dict[str, Any] = {}
    for column in contents[0].body["row"]:
        values = [c.body["row"].get(column) for c in contents]
        known = [v for v in values if v is not None]
        if not known:
            typical[column] = None
        elif _is_numeric(values):
            numbers = np.array([_number(v) for v in known])
            typical[column] = {"median": float(np.median(numbers)), "spread": float(np.std(numbers))}
        else:
            distinct, counts = np.unique([str(v) for v in known], return_counts=True)
            typical[column] = str(distinct[np.argmax(counts)])
    return typical


def is_missing(cell: Any) -> bool:
    """Whether a cell says nothing."""
    if cell is None or (isinstance(cell, float) and np.isnan(cell)):
        return True
    return isinstance(cell, str) and cell.strip().lower() in _MISSING


def _clean(column: str, cell: Any) -> Any:
    if is_missing(cell):
        return None
    if isinstance(cell, (bool, int)):
        return cell
    if isinstance(cell, float):
        if not np.isfinite(cell):
            raise InputError(f"column '{column}': a number must be finite, got {cell}.")
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    text = str(cell).strip()
    try:
        number = float(text)
    except ValueError:
        return text
    if not np.isfinite(number) or (len(text) > 1 and text[0] == "0" and text.isdigit()):
        return text  # such as a code with leading zeros
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _is_numeric(values: Sequence[Any]) -> bool:
    known = [v for v in values if v is not None]
    return bool(known) and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in known)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else float("nan")


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)[:40]
