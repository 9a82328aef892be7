"""Table rows as features: numbers scaled, categories one-hot, missing values filled and marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.encoders import skops_io
from labelwright.encoders.base import Encoder, Features
from labelwright.items.base import Content
from labelwright.items.table import as_number, is_missing, is_numeric, row_of

MAX_CATEGORIES = 40


class Columns(Encoder):
    """Median-filled, scaled numbers with a column that marks what was missing; categories one-hot (40 at most)."""

    name: ClassVar[str] = "columns"
    items: ClassVar[tuple[str, ...]] = ("table",)
    default_for: ClassVar[tuple[str, ...]] = ("table",)

    def __init__(self, argument: str = "") -> None:
        super().__init__(argument)
        self._numeric: list[str] = []
        self._categorical: list[str] = []
        self._steps: Any = None

    def fit(self, contents: Sequence[Content]) -> Columns:
        """Learn types, medians, scales and categories."""
        from sklearn.compose import ColumnTransformer
        from sklearn.impute import SimpleImputer
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler

        rows = [row_of(c.body) for c in contents]
        columns = list(rows[0])
        self._numeric = [c for c in columns if is_numeric([r.get(c) for r in rows])]
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
        encoded = np.asarray(self._steps.transform(self._matrix(contents)), dtype=np.float64)
        return np.clip(encoded, -20.0, 20.0).astype(np.float32)

    def _matrix(self, contents: Sequence[Content]) -> npt.NDArray[np.object_]:
        rows = [row_of(c.body) for c in contents]
        matrix = np.empty((len(rows), len(self._numeric) + len(self._categorical)), dtype=object)
        for j, column in enumerate(self._numeric):
            matrix[:, j] = [as_number(r.get(column)) for r in rows]
        for j, column in enumerate(self._categorical, len(self._numeric)):
            matrix[:, j] = ["" if is_missing(r.get(column)) else str(r[column]) for r in rows]
        return matrix

    def dump(self) -> bytes:
        """Serialise."""
        return skops_io.dump({"numeric": self._numeric, "categorical": self._categorical, "steps": self._steps})

    @classmethod
    def load(cls, data: bytes) -> Columns:
        """Restore."""
        encoder, parts = cls(), skops_io.load(data)
        encoder._numeric, encoder._categorical, encoder._steps = parts["numeric"], parts["categorical"], parts["steps"]
        return encoder
