"""Folders of Hugging Face datasets, as ``save_to_disk`` writes them; exports are such a folder in a zip.

Both are read and written with Arrow alone. An export has a folder for each split, and the file that lists them, so that
``load_from_disk`` gives a ``DatasetDict``.

References
----------
Hugging Face `datasets`: `Dataset.save_to_disk`, `DatasetDict.load_from_disk`. https://huggingface.co/docs/datasets
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any, ClassVar, Final

from labelwright.budgets import BLOCK_SIZE, FREE_EXPANSION, MAX_CELL, MAX_EXPANSION
from labelwright.errors import InputError
from labelwright.exchange.class_labels import Features
from labelwright.exchange.format import Export, Format, Written
from labelwright.exchange.hugging_face import with_features
from labelwright.exchange.reader import Record
from labelwright.exchange.zips import DAMAGED, MALFORMED

INFO: Final = "dataset_info.json"
STATE: Final = "state.json"
SPLITS: Final = "dataset_dict.json"
DATA: Final = "data-00000-of-00001.arrow"
SPLIT: Final = "split"
NAMES: Final = {"pool": "train", "reserve": "test"}
"""What the splits of a project are called there; others keep their name."""
BATCH_ROWS: Final = 1000
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The time of each file, so that the same export has the same bytes."""

_Place = Path | zipfile.Path


@dataclass(frozen=True)
class _Part:
    """One split: what its features say, and its files in their order."""

    features: Features
    columns: tuple[str, ...]
    files: tuple[_Place, ...]


class HuggingFaceFolder(Format):
    """A folder of Arrow files that ``save_to_disk`` made, or a zip of one; a zip is what exports are."""

    name: ClassVar[str] = "huggingface-folder"
    title: ClassVar[str] = "Hugging Face (folder)"
    ending: ClassVar[str] = ".huggingface.zip"
    suffixes: ClassVar[tuple[str, ...]] = (ending,)
    by_content: ClassVar[bool] = True
    items_only: ClassVar[bool] = True

    @classmethod
    def accepts(cls, path: Path) -> bool:
        """A folder with the state of a dataset or with the list of its splits, or a zip that is named so."""
        return _is_dataset(_root(path)) if path.is_dir() else super().accepts(path)

    @cached_property
    def _parts(self) -> list[_Part]:
        root = _root(self.path) if self.path.is_dir() else self._unzipped()
        if not (root / SPLITS).is_file():
            return [self._part(root)]
        splits = sorted((part for part in root.iterdir() if (part / STATE).is_file()), key=lambda part: str(part.name))
        parts = [self._part(split) for split in splits]
        if not parts:
            raise self.fail("the dataset must have a split, got none.", "Save the dataset anew.")
        if len(parts) > 1 and any(SPLIT not in part.columns for part in parts):
            raise self.fail(
                f"the dataset must be one split, got {len(splits)}: {', '.join(one.name for one in splits[:8])}.",
                f"Name the folder of one of them, such as {self.path.name}/{splits[0].name}, or add a column 'split'.",
            )
        if len({part.columns for part in parts}) > 1:
            raise self.fail("all splits must have the same columns, got others.", "Name the folder of one of them.")
        return parts

    def _unzipped(self) -> _Place:
        try:
            file = zipfile.ZipFile(self.path)
        except DAMAGED as error:
            raise self.fail(f"the file must be a whole zip, got another ({error}).", "Zip the folder anew.") from error
        size = sum(one.file_size for one in file.infolist())
        if size > max(FREE_EXPANSION, MAX_EXPANSION * self.path.stat().st_size):
            raise self.fail(f"the file must become at most {MAX_EXPANSION} times its size, got more.", "Zip it anew.")
        return _root(zipfile.Path(file))

    def _part(self, root: _Place) -> _Part:
        try:
            state = json.loads((root / STATE).read_text("utf-8"))
            info = json.loads((root / INFO).read_text("utf-8"))
            files = tuple(root / Path(str(one["filename"])).name for one in state["_data_files"])
        except MALFORMED as error:
            raise self.fail(
                f"'{STATE}' and '{INFO}' must be those of a dataset, got others ({error}).", "Save the dataset anew."
            ) from error
        if missing := [file.name for file in files if not file.is_file()]:
            raise self.fail(f"the file '{missing[0]}' of the dataset must be there, got none.", "Save it anew.")
        names = [str(one.name) for one in root.iterdir()]
        if state.get("_indices_data_files") or any(
            one.startswith("indices") and one.endswith(".arrow") for one in names
        ):
            raise self.fail("the rows of the dataset must be saved in their order.", "Call flatten_indices() first.")
        columns = next((tuple(map(str, one.schema.names)) for one in self._batches(files, schema_only=True)), ())
        return _Part(Features.of(info.get("features") if isinstance(info, dict) else None), columns, files)

    @cached_property
    def columns(self) -> list[str]:
        """The names of the schema's top-level fields."""
        return [*self._parts[0].columns]

    def __iter__(self) -> Iterator[Record]:
        """Stream the rows, one split after the other."""
        number = 0
        for part in self._parts:
            for batch in self._batches(part.files):
                step = max(1, BLOCK_SIZE * batch.num_rows // max(1, batch.nbytes))
                for start in range(0, batch.num_rows, step):
                    for cells in self._cells(batch.slice(start, step), number):
                        number += 1
                        if any(isinstance(cell, (str, bytes)) and len(cell) > MAX_CELL for cell in cells.values()):
                            raise self.fail(
                                f"a cell must have at most {MAX_CELL:,} bytes, got more.", "Cut it up.", row=number
                            )
                        where = f"{self.path.name}, row {number}"
                        yield Record(number, where, part.features.apply(self, number, cells))

    def _cells(self, batch: Any, number: int) -> list[dict[str, object]]:
        try:
            rows: list[dict[str, object]] = batch.to_pylist()
        except (ValueError, OverflowError) as error:
            raise self.fail(
                f"the rows from here on cannot be read ({str(error)[:200]}).",
                "The file is damaged, or holds values that Python has no type for; save the dataset anew.",
                row=number + 1,
            ) from error
        return rows

    def _batches(self, files: tuple[_Place, ...], *, schema_only: bool = False) -> Iterator[Any]:
        import pyarrow as pa

        for file in files:
            try:
                with _opened(file) as source, pa.ipc.open_stream(source) as stream:
                    if schema_only:
                        yield stream.schema.empty_table()
                        return
                    yield from stream
            except InputError:
                raise
            except (pa.ArrowException, *DAMAGED) as error:
                raise self.fail(
                    f"the file '{file.name}' must be a whole Arrow stream, got another ({str(error)[:200]}).",
                    "Save the dataset anew.",
                ) from error

    @classmethod
    def write(cls, path: Path, export: Export) -> Written:
        """Write a zip with a folder for each split: ``train`` is the pool, ``test`` the reserve."""
        import pyarrow.compute as pc

        made, features, texts = with_features(export)
        values = made.column(SPLIT).to_pylist() if SPLIT in made.column_names else ["pool"] * made.num_rows
        splits = dict.fromkeys(values) or {"pool": None}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            _put(out, SPLITS, {"splits": [NAMES.get(str(one), str(one)) for one in splits]})
            for split in splits:
                rows = made.filter(pc.equal(made.column(SPLIT), split)) if len(splits) > 1 else made
                _write_split(out, NAMES.get(str(split), str(split)), rows, features)
        return Written(int(made.num_rows), texts)


class _Hashed:
    """A file to write to that keeps the digest of what it was given."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


def _write_split(out: zipfile.ZipFile, name: str, rows: Any, features: dict[str, object]) -> None:
    import pyarrow as pa

    with out.open(_info(f"{name}/{DATA}"), "w", force_zip64=True) as file:
        sink = _Hashed(file)
        with pa.ipc.new_stream(sink, rows.schema) as stream:
            stream.write_table(rows, max_chunksize=BATCH_ROWS)
    told = {"citation": "", "description": "", "features": features, "homepage": "", "license": ""}
    _put(out, f"{name}/{INFO}", told)
    fingerprint = sink.digest.hexdigest()[:16]  # `datasets` keeps what it computed under it
    state: dict[str, object] = {
        "_data_files": [{"filename": DATA}], "_fingerprint": fingerprint, "_format_columns": None,
        "_format_kwargs": {}, "_format_type": None, "_output_all_columns": False, "_split": name,
    }  # fmt: skip
    _put(out, f"{name}/{STATE}", state)


def _put(out: zipfile.ZipFile, name: str, value: object) -> None:
    out.writestr(_info(name), json.dumps(value, indent=2, ensure_ascii=False))


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, LONG_AGO)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    return info


def _opened(file: _Place) -> Any:
    import pyarrow as pa

    return pa.memory_map(str(file)) if isinstance(file, Path) else file.open("rb")


def _is_dataset(root: _Place) -> bool:
    return (root / STATE).is_file() or (root / SPLITS).is_file()


def _root(path: _Place) -> _Place:
    """The folder of the dataset: an upload or a zip may have it inside its own."""
    if _is_dataset(path) or not path.is_dir():
        return path
    inside: list[_Place] = list(path.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else path
