"""Files that Label Studio itself exported: JSON, JSON-MIN, CSV and TSV of one project say the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from labelwright.errors import InputError
from labelwright.exchange import Columns, guess, open_source

FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"
WHOLE = ("json", "min.json", "csv", "tsv")
OTHERS = "Further annotations of the same tasks left out, as the last one counts: 1."
TEXTS = ["The team won 👍", 'Ships, "oil" and\nsteel', "Nothing to see", "Zwölf Boxkämpfer", "Skipped by all"]
ANSWERS = [
    ("sport", ["short"], 1.5, 4), ("trade", ["long", "odd, rare"], -2, None), ("sport", None, None, 1),
    ("trade", None, 0, None),
]  # fmt: skip


@pytest.mark.parametrize("ending", WHOLE)
def test_every_export_of_a_project_says_the_same(ending: str) -> None:
    reader = open_source(FIXTURES / f"label-studio-1.23.{ending}")
    rows = [record.cells for record in reader]
    asked = ("topic", "tags", "score", "stars")
    said = [tuple(None if row[name] == "" else row[name] for name in asked) for row in rows]
    is_whole = ending == "json"  # the other exports leave out a task that everybody skipped
    assert said == ANSWERS + [(None, None, None, None)] * is_whole
    assert [row["text"] for row in rows] == TEXTS[: len(said)]
    assert [str(row["id"]) for row in rows] == ["1", "2", "3", "4", "5"][: len(said)]
    assert [json.loads(str(row["meta"])) for row in rows] == [{"n": k} for k in range(len(said))]
    assert OTHERS in reader.remarks and not {"annotator", "annotation_id", "lead_time"} & set(reader.columns)


@pytest.mark.parametrize("ending", WHOLE)
@pytest.mark.parametrize("label", ["topic", "tags", "score"])
def test_the_columns_are_found_once_the_label_is_named(ending: str, label: str) -> None:
    task = {"topic": "classification", "tags": "multilabel", "score": "regression"}[label]
    columns = guess(open_source(FIXTURES / f"label-studio-1.23.{ending}"), Columns(label=label), task=task).columns
    assert (columns.id, columns.text, columns.label) == ("id", "text", label)


def test_tasks_without_annotations_are_items_without_a_label() -> None:
    reader = open_source(FIXTURES / "label-studio-1.23-one.min.json")
    rows = [(record.cells["text"], record.cells["topic"]) for record in reader]
    assert rows == list(zip(TEXTS, ["trade", "trade", None, None, None], strict=True))
    assert list(reader.remarks) == [OTHERS] and reader.columns == ["text", "id", "topic"]


@pytest.mark.parametrize("ending", ["json", "min.json", "csv"])
def test_spans_are_refused_with_their_place(ending: str) -> None:
    name = f"label-studio-1.23-spans.{ending}"
    with pytest.raises(InputError, match="regions") as caught:
        list(open_source(FIXTURES / name))
    assert f"{name}, row 1, column 'who': " in caught.value.message + str(caught.value)


def row(**more: Any) -> dict[str, Any]:
    return {"id": 1, "text": "a b", "annotator": 1, "annotation_id": 1, "lead_time": 1.0, **more}


def test_a_control_that_is_first_answered_late_is_a_column_all_the_same(tmp_path: Path) -> None:
    rows = [row(id=k, annotation_id=k) for k in range(1, 401)]
    (tmp_path / "a.json").write_text(json.dumps([*rows, row(id=401, annotation_id=401, topic="sport")]))
    reader = open_source(tmp_path / "a.json")
    assert [record.cells["topic"] for record in reader] == [None] * 400 + ["sport"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(), row(id=None)], "row 2, column 'id': a row must have the id of its task"),
        ([row(), row(annotation_id="x")], "row 2, column 'annotation_id': the id of an annotation must be"),
        ([row(box=[{"x": 1, "rectanglelabels": ["a"]}])], "row 1, column 'box': an answer must be about the whole"),
    ],
)
def test_what_cannot_be_read_is_one_error_with_its_place(rows: Any, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(rows))
    with pytest.raises(InputError) as caught:
        list(open_source(tmp_path / "a.json"))
    assert f"a.json, {message}" in caught.value.message


def test_text_that_only_looks_like_an_answer_stays_text(tmp_path: Path) -> None:
    shutil.copy(FIXTURES / "label-studio-1.23.csv", tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text("utf-8").replace("Nothing to see", '[{""never closed')
    (tmp_path / "a.csv").write_text(text, "utf-8")
    assert [record.cells["text"] for record in open_source(tmp_path / "a.csv")][2] == '[{"never closed'
