"""Folders of Hugging Face: what an export writes is read here and by `datasets`, and what `datasets` saves is read."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labelwright.errors import InputError
from labelwright.exchange import Export, open_source, write_as
from labelwright.testing.formats import TEXTS, sample_export, sample_numbers

NAME = "out.huggingface.zip"


def with_reserve(export: Export) -> Export:
    """Every second row is of the reserve."""
    rows = [{**row, "split": ("pool", "reserve")[k % 2]} for k, row in enumerate(export.rows)]
    return replace(export, rows=rows)


def written(folder: Path, export: Export | None = None) -> Path:
    write_as(folder / NAME, with_reserve(sample_export()) if export is None else export)
    return folder / NAME


def unzipped(path: Path) -> Path:
    with zipfile.ZipFile(path) as file:
        file.extractall(path.parent / "dataset")
    return path.parent / "dataset"


def test_a_split_of_the_project_is_a_split_of_the_dataset_and_all_are_read(tmp_path: Path) -> None:
    path = written(tmp_path)
    folder = unzipped(path)
    assert json.loads((folder / "dataset_dict.json").read_text()) == {"splits": ["train", "test"]}
    expected = {("k0", "pool", "sport"), ("k1", "reserve", "trade"), ("k2", "pool", "sport"), ("k3", "reserve", None)}
    for source in (path, folder):
        reader = open_source(source)
        assert reader.name == "huggingface-folder"
        rows = [record.cells for record in reader]
        assert {(row["key"], row["split"], row["label"]) for row in rows} == expected
        assert [record.number for record in reader] == [1, 2, 3, 4]
    one = [record.cells["key"] for record in open_source(folder / "test")]
    assert one == ["k1", "k3"]


def test_fingerprints_differ_where_rows_differ(tmp_path: Path) -> None:
    folder = unzipped(written(tmp_path))
    prints = [json.loads((folder / split / "state.json").read_text())["_fingerprint"] for split in ("train", "test")]
    assert len(set(prints)) == 2 and all(len(one) == 16 for one in prints)


def test_a_zip_with_the_folder_inside_is_read(tmp_path: Path) -> None:
    folder = unzipped(written(tmp_path))
    with zipfile.ZipFile(tmp_path / "in.huggingface.zip", "w") as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, Path("mine") / path.relative_to(folder))
    assert len(list(open_source(tmp_path / "in.huggingface.zip"))) == len(TEXTS)


def test_a_zip_that_grows_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path)
    monkeypatch.setattr("labelwright.exchange.hugging_face_folder.FREE_EXPANSION", 10)
    monkeypatch.setattr("labelwright.exchange.hugging_face_folder.MAX_EXPANSION", 1)
    with pytest.raises(InputError, match=f"{NAME}: the file must become at most 1 times its size"):
        list(open_source(path))


def test_splits_with_other_columns_are_refused(tmp_path: Path) -> None:
    folder = unzipped(written(tmp_path))
    other = unzipped_of(tmp_path / "other", replace(sample_export(), columns=["id", "split", "text"]))
    (other / "train").rename(folder / "more")
    with pytest.raises(InputError, match="all splits must have the same columns"):
        list(open_source(folder))


def unzipped_of(folder: Path, export: Export) -> Path:
    folder.mkdir()
    return unzipped(written(folder, export))


@pytest.mark.parametrize("export", [with_reserve(sample_export()), sample_export("multilabel"), sample_numbers()])
def test_datasets_loads_what_is_written(export: Export, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="run by scripts/with_extras.py")
    loaded: Any = datasets.load_from_disk(str(unzipped(written(tmp_path, export))))
    assert isinstance(loaded, datasets.DatasetDict)
    rows = [row for split in loaded.values() for row in split]
    splits = Counter({"pool": "train", "reserve": "test"}[str(row["split"])] for row in export.rows)
    assert {name: len(split) for name, split in loaded.items()} == splits
    assert {(row["key"], row["text"]) for row in rows} == {(row["key"], row["text"]) for row in export.rows}
    if export.questions[0].task == "classification":
        feature = loaded["train"].features["label"]
        assert feature.names == ["sport", "trade"]
        named = {row["key"]: feature.int2str(row["label"]) if row["label"] >= 0 else None for row in rows}
        assert named == {"k0": "sport", "k1": "trade", "k2": "sport", "k3": None}
    else:
        assert {row["key"]: row["label"] for row in rows} == {row["key"]: row["label"] for row in export.rows}
    again = loaded["train"].map(lambda row: {"length": len(row["text"])})
    assert again["length"] == [len(row["text"]) for row in loaded["train"]]


def test_what_datasets_saves_is_read(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="run by scripts/with_extras.py")
    features = datasets.Features({
        "text": datasets.Value("string"), "split": datasets.Value("string"),
        "topic": datasets.ClassLabel(names=["sport", "trade"]),
    })  # fmt: skip
    splits = {
        name: datasets.Dataset.from_dict(
            {"text": [f"{name} {k}" for k in range(5)], "split": [name] * 5, "topic": [0, 1, -1, 0, 1]}, features
        )
        for name in ("train", "validation")
    }
    datasets.DatasetDict(splits).save_to_disk(str(tmp_path / "saved"), num_shards={"train": 2, "validation": 1})
    rows = [record.cells for record in open_source(tmp_path / "saved")]
    topics = ["sport", "trade", None, "sport", "trade"]
    assert [(row["text"], row["topic"]) for row in rows] == [
        (f"{name} {k}", topic) for name in ("train", "validation") for k, topic in enumerate(topics)
    ]
    datasets.DatasetDict({"train": splits["train"].remove_columns("split")}).save_to_disk(str(tmp_path / "one"))
    assert [record.cells["topic"] for record in open_source(tmp_path / "one")] == topics
