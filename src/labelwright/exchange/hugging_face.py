"""Hugging Face datasets: Parquet with its features, and folders that ``save_to_disk`` made.

Both are read with Arrow alone. In Parquet the features are in the schema's metadata under ``huggingface``, so that
``load_dataset("parquet", data_files=…)`` knows the names of the classes.

References
----------
Hugging Face `datasets`: `ArrowWriter`, `Features.arrow_schema`, `Dataset.save_to_disk`.
https://huggingface.co/docs/datasets
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final

from labelwright.budgets import BLOCK_SIZE, MAX_CELL
from labelwright.errors import InputError
from labelwright.exchange.arrow import table
from labelwright.exchange.class_labels import Features
from labelwright.exchange.format import SAID, Export, Said, Written
from labelwright.exchange.parquet import Parquet
from labelwright.exchange.reader import Reader, Record

KEY: Final = b"huggingface"
INFO: Final = "dataset_info.json"
STATE: Final = "state.json"
SPLITS: Final = "dataset_dict.json"


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
        import pyarrow as pa
        import pyarrow.parquet as pq

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
        pq.write_table(made.replace_schema_metadata({KEY: info.encode()}), path)
        return Written(int(made.num_rows), texts)


class HuggingFaceFolder(Reader):
    """A folder of Arrow files that ``Dataset.save_to_disk`` made."""

    name: ClassVar[str] = "huggingface-folder"
    by_content: ClassVar[bool] = True

    @classmethod
    def accepts(cls, path: Path) -> bool:
        """A folder with the state of a dataset, or with the list of its splits."""
        return path.is_dir() and ((_root(path) / STATE).is_file() or (_root(path) / SPLITS).is_file())

    @cached_property
    def _info(self) -> tuple[Features, list[Path]]:
        root = _root(self.path)
        if (root / SPLITS).is_file():
            splits = sorted(part.name for part in root.iterdir() if (part / STATE).is_file())
            raise self.fail(
                f"the dataset must be one split, got {len(splits)}: {', '.join(splits[:8])}.",
                f"Name the folder of one of them, such as {root.name}/{splits[0] if splits else 'train'}.",
            )
        try:
            state = json.loads((root / STATE).read_text("utf-8"))
            info = json.loads((root / INFO).read_text("utf-8"))
            files = [root / Path(str(one["filename"])).name for one in state["_data_files"]]
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise self.fail(
                f"'{STATE}' and '{INFO}' must be those of a dataset, got others ({error}).", "Save the dataset anew."
            ) from error
        if missing := [file.name for file in files if not file.is_file()]:
            raise self.fail(f"the file '{missing[0]}' of the dataset must be there, got none.", "Save it anew.")
        if state.get("_indices_data_files") or any(root.glob("indices*.arrow")):
            raise self.fail("the rows of the dataset must be saved in their order.", "Call flatten_indices() first.")
        return Features.of(info.get("features") if isinstance(info, dict) else None), files

    @cached_property
    def columns(self) -> list[str]:
        """The names of the schema's top-level fields."""
        names: list[str] = []
        for batch in self._batches(first_only=True):
            names = [str(name) for name in batch.schema.names]
        return names

    def __iter__(self) -> Iterator[Record]:
        """Stream the rows."""
        number, features = 0, self._info[0]
        for batch in self._batches():
            step = max(1, BLOCK_SIZE * batch.num_rows // max(1, batch.nbytes))
            for start in range(0, batch.num_rows, step):
                for cells in batch.slice(start, step).to_pylist():
                    number += 1
                    if any(isinstance(cell, (str, bytes)) and len(cell) > MAX_CELL for cell in cells.values()):
                        raise self.fail(f"a cell must have at most {MAX_CELL:,} bytes, got more.", row=number)
                    yield Record(number, f"{self.path.name}, row {number}", features.apply(self, number, cells))

    def _batches(self, *, first_only: bool = False) -> Iterator[Any]:
        import pyarrow as pa

        for file in self._info[1]:
            try:
                with pa.memory_map(str(file)) as source, pa.ipc.open_stream(source) as stream:
                    if first_only:
                        yield stream.schema.empty_table()
                        return
                    yield from stream
            except InputError:
                raise
            except (pa.ArrowException, OSError, ValueError) as error:
                raise self.fail(
                    f"the file '{file.name}' must be a whole Arrow stream, got another ({str(error)[:200]}).",
                    "Save the dataset anew.",
                ) from error


def _root(path: Path) -> Path:
    """The folder of the dataset: an upload has it inside its own."""
    if (path / STATE).is_file() or (path / SPLITS).is_file() or not path.is_dir():
        return path
    inside = list(path.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else path


def _feature(kind: Any) -> dict[str, object]:
    """The feature of an Arrow type, as `datasets` names it."""
    import pyarrow as pa

    if pa.types.is_list(kind):
        return {"feature": _feature(kind.value_type), "_type": "List"}
    name = str(kind)
    return {"dtype": {"double": "float64", "float": "float32", "null": "string"}.get(name, name), "_type": "Value"}
