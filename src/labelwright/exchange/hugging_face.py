"""Parquet of Hugging Face datasets, read and written with Arrow alone.

The features are in the schema's metadata under ``huggingface``, so that ``load_dataset("parquet", data_files=…)`` knows
the names of the classes.

References
----------
Hugging Face `datasets`: `ArrowWriter`, `Features.arrow_schema`. https://huggingface.co/docs/datasets
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final

from labelwright.exchange.arrow import table
from labelwright.exchange.class_labels import Features
from labelwright.exchange.format import SAID, Export, Said, Written
from labelwright.exchange.parquet import Parquet
from labelwright.exchange.reader import Record

KEY: Final = b"huggingface"


class HuggingFace(Parquet):
    """Parquet whose schema has the features of a dataset: classes are names, images are bytes."""

    name: ClassVar[str] = "huggingface"
    title: ClassVar[str] = "Hugging Face"
    by_content: ClassVar[bool] = True
    items_only: ClassVar[bool] = True
    ending: ClassVar[str] = ".huggingface.parquet"

    @classmethod
    def accepts(cls, path: Path) -> bool:
        """A Parquet file with the metadata of `datasets`."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not super().accepts(path):
            return False
        try:
            return KEY in (pq.read_schema(path).metadata or {})
        except (pa.ArrowException, OSError, ValueError):
            return False

    @cached_property
    def _features(self) -> Features:
        try:
            stored = json.loads(self._file.schema_arrow.metadata[KEY])
        except (KeyError, ValueError, RecursionError):
            return Features()
        info = stored.get("info") if isinstance(stored, dict) else None
        return Features.of(info.get("features") if isinstance(info, dict) else None)

    def only(self, columns: list[str]) -> Iterator[Record]:
        """Stream the rows with these columns alone."""
        for record in super().only(columns):
            yield Record(record.number, record.where, self._features.apply(self, record.number, record.cells))

    @classmethod
    def write(cls, path: Path, export: Export) -> Written:
        """Write all columns; the label of each classification is a class, -1 where there is none."""
        import pyarrow.parquet as pq

        made, _, texts = with_features(export)
        pq.write_table(made, path)
        return Written(int(made.num_rows), texts)


def with_features(export: Export) -> tuple[Any, dict[str, object], tuple[str, ...]]:
    """The rows as an Arrow table, its features, which are in its metadata too, and the columns that became text."""
    import pyarrow as pa

    classes = {
        f"{question.prefix}label": (question.id, {name: k for k, name in enumerate(question.labels)})
        for question in export.questions
        if question.task == "classification"
    }

    def rows() -> Iterator[dict[str, object]]:
        for row in export.rows:
            said: Any = row.get(SAID) or {}
            numbered = {
                column: position.get(str(said.get(question, Said()).label), -1)
                for column, (question, position) in classes.items()
            }
            yield {**row, **numbered}

    made, texts = table(export.columns, rows())
    features = dict[str, object]()
    for k, column in enumerate(made.schema):
        if column.name in classes:
            names = list(classes[column.name][1])
            features[column.name] = {"names": names, "_type": "ClassLabel"}
            made = made.set_column(k, pa.field(column.name, pa.int64()), made.column(k).cast(pa.int64()))
        else:
            features[column.name] = _feature(column.type)
            if pa.types.is_null(column.type):
                made = made.set_column(k, pa.field(column.name, pa.string()), made.column(k).cast(pa.string()))
    info = json.dumps({"info": {"features": features}})
    return made.replace_schema_metadata({KEY: info.encode()}), features, texts


def _feature(kind: Any) -> dict[str, object]:
    """The feature of an Arrow type, as `datasets` names it."""
    import pyarrow as pa

    if pa.types.is_list(kind):
        return {"feature": _feature(kind.value_type), "_type": "List"}
    name = str(kind)
    return {"dtype": {"double": "float64", "float": "float32", "null": "string"}.get(name, name), "_type": "Value"}
