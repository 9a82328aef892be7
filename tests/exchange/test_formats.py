"""Formats: each is held to the shared checks; files of the tools are read; a broken file is one error with its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from labelwright.errors import InputError
from labelwright.exchange import Answered, Asked, Export, Said, formats, open_source, write_as
from labelwright.exchange.format import SAID
from labelwright.testing import FORMAT_CHECKS
from labelwright.testing.formats import sample_export

FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"


@pytest.mark.parametrize("check", FORMAT_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", formats())
def test_every_format_passes_the_shared_checks(name: str, check: Any, tmp_path: Path) -> None:
    check(formats()[name], tmp_path)


CLASSES = [("a", "sport"), ("b", "trade"), ("c", None)]
OF_TOOLS: dict[str, tuple[str, str, str, list[tuple[object, object]], list[str]]] = {
    "huggingface.parquet": ("huggingface", "id", "topic", CLASSES, []),
    "huggingface-folder": ("huggingface-folder", "id", "topic", CLASSES, []),
    "argilla.json": ("argilla", "id", "topic", [("a", "trade"), ("b", None)], [
        "Further annotations of the same tasks left out, as the last one counts: 1.",
        "Suggestions left out, as nobody has answered them: 1.",
    ]),
    "label-studio.json": ("label-studio", "id", "label", [(1, "Positive"), (2, None)], [
        "Cancelled annotations left out: 1.",
        "Further annotations of the same tasks left out, as the last one counts: 1.",
        "Predictions of a model left out: 1.",
    ]),
    "prodigy.jsonl": (
        "prodigy", "id", "label", [("-1712517374:1205317362", "Politics"), ("2013262001:-1870033215", None)], [
            "Ignored tasks taken without a label: 1.",
            "Further annotations of the same tasks left out, as the last one counts: 1.",
        ],
    ),
    "doccano.jsonl": ("doccano", "id", "label", [(1, "negative"), (2, "positive"), (3, None)], [
        "Texts with comments, which are left out: 1.",
        "Texts without a category, taken as not labeled: 1.",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("file", OF_TOOLS)
def test_files_of_the_tools_are_read(file: str) -> None:
    name, key, label, rows, remarks = OF_TOOLS[file]
    reader = open_source(FIXTURES / file)
    assert reader.name == name
    assert [(record.cells[key], record.cells[label]) for record in reader] == rows
    assert list(reader.remarks) == remarks


def test_several_questions_of_argilla_are_several_columns() -> None:
    first = next(iter(open_source(FIXTURES / "argilla.json")))
    assert (first.cells["tags"], first.cells["stars"], first.cells["metadata.split"]) == (["x", "y"], 3, "pool")


def test_the_hashes_of_prodigy_are_written_again(tmp_path: Path) -> None:
    export = sample_export()
    rows = [{**row, "key": f"{k - 2}:{k}"} for k, row in enumerate(export.rows)]
    write_as(
        tmp_path / "out.prodigy.jsonl", type(export)(export.columns, rows, export.kind, export.questions, ("text",))
    )
    tasks = [json.loads(line) for line in (tmp_path / "out.prodigy.jsonl").read_text().splitlines()]
    assert [(task["_input_hash"], task["_task_hash"]) for task in tasks] == [(-2, 0), (-1, 1), (0, 2), (1, 3)]


def test_the_label_is_the_last_annotation_where_people_differ(tmp_path: Path) -> None:
    write_as(tmp_path / "out.label-studio.json", sample_export())
    task = json.loads((tmp_path / "out.label-studio.json").read_text())[0]
    said = [one["result"][0]["value"]["choices"] for one in task["annotations"]]
    assert said == [["sport"], ["trade"], ["sport"]]
    assert task["annotations"][1]["completed_by"] == {"email": "p_3"} and task["annotations"][2]["lead_time"] == 3.5
    assert task["meta"]["split"] == "pool" and task["meta"]["propensity"] == 0.125
    assert task["predictions"][0]["score"] == 0.75


def task_of(*results: object) -> str:
    return json.dumps([{"data": {"text": "a b"}, "annotations": [{"result": list(results)}]}])


def arrow_without_end(folder: Path) -> None:
    shutil.copytree(FIXTURES / "huggingface-folder", folder)
    part = next(folder.glob("*.arrow"))
    part.write_bytes(part.read_bytes()[:300])


def one_with_splits(folder: Path) -> None:
    for split in ("test", "train"):
        shutil.copytree(FIXTURES / "huggingface-folder", folder / split)
    (folder / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')


BROKEN: dict[str, tuple[str, Any, str]] = {
    "boxes": ("a.json", task_of({"type": "rectanglelabels", "from_name": "box", "value": {}}),
              "row 1, column 'box': a result must be of the type choices, rating or number, got 'rectanglelabels'"),
    "no data": ("a.json", '[{"data": {}, "annotations": []}, {"data": 3, "annotations": []}]', "row 2: a task must have"),
    "cut tasks": ("a.json", task_of()[:-1] + ', {"data": {"te', "row 2"),
    "spans of doccano": ("a.jsonl", '{"id": 1, "text": "a b", "label": [[0, 1, "X"]]}', "categories of whole texts, got spans"),
    "spans of prodigy": ("a.jsonl", '{"text": "a", "_input_hash": 1, "_task_hash": 2, "spans": [{"start": 0}]}',
                         "row 1: a task must be one of the interfaces"),
    "ranks of argilla": ("a.json", json.dumps([{"fields": {"t": "a"}, "responses": {"q": [{"value": [{"value": "x"}]}]}}]),
                         "row 1, column 'q': a response must be"),
    "cut arrow": ("folder", arrow_without_end, "must be a whole Arrow stream"),
    "splits": ("folder", one_with_splits, "must be one split, got 2: test, train"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_one_error_with_place_and_cure(case: str, tmp_path: Path) -> None:
    name, content, message = BROKEN[case]
    path = tmp_path / name
    content(path) if callable(content) else path.write_text(content)
    with pytest.raises(InputError) as caught:
        list(open_source(path))
    assert message in caught.value.message and name in caught.value.message


def test_an_object_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labelwright.exchange.json_array.MAX_CELL", 100_000)
    path = tmp_path / "a.json"
    large = {"data": {"text": "x" * 500_000}, "annotations": []}
    path.write_text(json.dumps([{"data": {"text": "a"}, "annotations": []}, large]))
    with pytest.raises(InputError, match=r"a.json, row 2: element 2 must have at most 100,000 characters"):
        list(open_source(path))


def test_a_class_without_a_name_is_refused(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    features = {"topic": {"names": ["a"], "_type": "ClassLabel"}}
    table = pa.table({"topic": [0, 1]}, metadata={"huggingface": json.dumps({"info": {"features": features}})})
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"a.parquet, row 2, column 'topic': a class must be a number from -1 to 0"):
        list(open_source(tmp_path / "a.parquet"))


def test_a_long_text_is_cut_in_a_workbook_and_that_is_said(tmp_path: Path) -> None:
    export = sample_export()
    rows = [{**row, "text": "x" * 40_000 if k == 1 else row["text"]} for k, row in enumerate(export.rows)]
    written = write_as(tmp_path / "out.xlsx", type(export)(export.columns, rows, "text", export.questions, ("text",)))
    assert written.left_out == ("what is beyond 32,767 characters, in 1 cells",)
    assert [len(str(record.cells["text"])) for record in open_source(tmp_path / "out.xlsx")][1] == 32_767


@pytest.mark.parametrize("name", ["prodigy", "doccano"])
def test_formats_of_one_question_keep_the_other_labels_beside(name: str, tmp_path: Path) -> None:
    export = sample_export()
    columns = ["key", "text", "one.label", "one.prediction", "two.label", "two.annotations"]
    answered = next(iter(export.rows))[SAID]["topic"]  # type: ignore[index]
    said = {"one": answered, "two": Said("7", (Answered("p_1", "7"),))}
    row = {"key": "k", "text": "a b", "one.label": "sport", "one.prediction": "trade", "two.label": "7", SAID: said}
    questions = tuple(Asked(one, "?", "classification", ("sport", "trade"), f"{one}.") for one in ("one", "two"))
    written = write_as(tmp_path / "out.jsonl", Export(columns, [row], "text", questions, ("text",)), name)
    line = json.loads((tmp_path / "out.jsonl").read_text())
    meta = line["meta"] if name == "prodigy" else {key.removeprefix("meta."): cell for key, cell in line.items()}
    assert (meta["two.label"], meta["one.prediction"]) == ("7", "trade") and "one.label" not in meta
    assert written.left_out == (
        "a place of their own for the labels of two, which stand in the metadata",
        "who gave the 4 answers behind the labels, when and why",
    )
