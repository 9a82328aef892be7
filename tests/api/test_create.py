"""Create, as the page calls it: the preview of a file says what the import would do."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from labelwright.budgets import MAX_LABELS
from labelwright.cli.main import group
from labelwright.errors import InputError
from tests.conftest import Api


def upload(api: Api, name: str, content: bytes) -> str:
    files = [("files", (name, io.BytesIO(content)))]
    sent = api.client.post(api.base + "/uploads", files=files, headers=api.headers)
    assert sent.status_code == 201, sent.text
    return str(sent.json()["id"])


def preview_of(api: Api, upload_id: str, **body: Any) -> dict[str, Any]:
    shown = api.post(f"/uploads/{upload_id}/preview", {"columns": {}, **body})
    assert shown.status_code == 200, shown.text
    return dict(shown.json())


def sorted_by_class(n_classes: int, rows_each: int) -> bytes:
    """A file of texts that is sorted by class, so that the first rows hold few of them."""
    rows = [f"this text is number {k} of class {c},class-{c:04d}" for c in range(n_classes) for k in range(rows_each)]
    return ("text,label\n" + "\n".join(rows) + "\n").encode()


def messages(shown: dict[str, Any], code: str) -> list[dict[str, Any]]:
    return [problem for problem in shown["problems"] if problem["code"] == code]


def test_labels_are_read_from_the_whole_column(api: Api) -> None:
    upload_id = upload(api, "banking.csv", sorted_by_class(77, 130))
    shown = preview_of(api, upload_id)
    assert (shown["n_rows"], shown["task"]) == (77 * 130, "classification")
    assert shown["labels"] == [f"class-{c:04d}" for c in range(77)]
    assert messages(shown, "labels-cut") == []


@pytest.mark.parametrize(
    ("names", "slug"), [(("Field Notes/a/1.txt", "Field Notes/b/2.txt"), "field-notes"), (("1.txt", "2.txt"), "files")]
)
def test_a_project_of_a_folder_is_named_like_the_folder(api: Api, names: tuple[str, ...], slug: str) -> None:
    files = [("files", (name, io.BytesIO(f"these are the words of {name}".encode()))) for name in names]
    sent = api.client.post(api.base + "/uploads", files=files, headers=api.headers)
    assert preview_of(api, sent.json()["id"])["slug"] == slug


def test_labels_between_bars_are_read_from_the_whole_column(api: Api) -> None:
    rows = [f"these are some words {k},{'a|b' if k < 600 else 'b|c'}" for k in range(800)]
    shown = preview_of(api, upload(api, "topics.csv", ("text,labels\n" + "\n".join(rows)).encode()))
    assert (shown["task"], shown["labels"]) == ("multilabel", ["a", "b", "c"])


def test_numbers_that_are_many_only_further_down_are_a_regression(api: Api) -> None:
    rows = [f"these are some words {k},{k // 200}" for k in range(200 * 30)]
    shown = preview_of(api, upload(api, "sorted.csv", ("text,label\n" + "\n".join(rows)).encode()))
    assert (shown["task"], shown["labels"]) == ("regression", [])


def test_too_many_labels_are_a_problem_of_the_preview(api: Api) -> None:
    shown = preview_of(api, upload(api, "names.csv", sorted_by_class(MAX_LABELS + 1, 2)))
    problem = messages(shown, "too-many-labels")[0]
    assert problem["severe"] and problem["column"] == "label"
    assert f"at most {MAX_LABELS} distinct values, got more" in problem["message"]
    assert len(shown["labels"]) <= MAX_LABELS


def test_a_column_that_is_too_long_to_read_is_read_as_far_as_it_goes(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labelwright.exchange.surveying.COUNT_ROWS", 1000)
    shown = preview_of(api, upload(api, "banking.csv", sorted_by_class(77, 130)))
    assert shown["n_rows"] is None and len(shown["labels"]) == 8
    problem = messages(shown, "labels-cut")[0]
    assert not problem["severe"] and "first 1,000 rows" in problem["message"]


def test_a_row_far_down_that_cannot_be_read_is_a_problem_of_the_preview(api: Api) -> None:
    upload_id = upload(api, "banking.csv", sorted_by_class(7, 130) + b"a row with three cells,class-1,more\n")
    problem = messages(preview_of(api, upload_id), "invalid-input")[0]
    assert problem["severe"] and problem["row"] == 911
    assert "a row must have 2 cells, got 3" in problem["message"]


@pytest.mark.parametrize(("codec", "name"), [("utf-8", "UTF-8"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")])
def test_the_preview_says_in_which_encoding_a_file_was_read(api: Api, codec: str, name: str) -> None:
    shown = preview_of(api, upload(api, "a.csv", "text\nzwölf Boxkämpfer jagen Viktor\n".encode(codec)))
    assert shown["encoding"] == name
    assert shown["rows"][0]["content"]["text"] == "zwölf Boxkämpfer jagen Viktor"


def test_the_command_line_says_in_which_encoding_a_file_was_read(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes("\n".join(["text", *(f"zwölf Boxkämpfer Nummer {k}" for k in range(20))]).encode("cp1252"))
    command = ["create", "latin", str(source), "--task", "classification", "--labels", "a,b", "--text", "text"]
    done = CliRunner().invoke(group, ["--home", str(tmp_path / "home"), *command], catch_exceptions=False)
    assert "a.csv was read as Windows-1252" in done.output


CHURN = "customerID,tenure,charges,plan,churn\n" + "\n".join(
    f"c{k},{k * 7 % 71},{k * 3.7 + 1:.2f},{('basic', 'plus')[k // 3 % 2]},{('No', 'Yes')[k % 5 == 0]}"
    for k in range(60)
)
ROLES = {"id": "customerID", "features": ["tenure", "charges", "plan"]}


def test_a_column_that_looks_like_the_answer_is_asked_about(api: Api) -> None:
    upload_id = upload(api, "churn.csv", CHURN.encode())
    shown = preview_of(api, upload_id)
    assert (shown["kind"], shown["answer"], shown["columns"]["label"]) == ("table", "churn", None)
    assert "churn" not in shown["columns"]["features"]
    assert messages(shown, "looks-like-answer")[0]["severe"]
    again = preview_of(api, upload_id, columns=shown["columns"])  # as the page sends it after another choice
    assert again["answer"] == "churn" and "churn" not in again["columns"]["features"]


@pytest.mark.parametrize(
    "columns",
    [
        {**ROLES, "label": "churn"},
        {**ROLES, "features": [*ROLES["features"], "churn"], "label": ""},
        {**ROLES, "label": ""},
    ],
    ids=["label", "feature", "left-out"],
)
def test_what_was_said_of_the_column_holds(api: Api, columns: dict[str, Any]) -> None:
    shown = preview_of(api, upload(api, "churn.csv", CHURN.encode()), columns=columns)
    assert shown["answer"] is None and messages(shown, "looks-like-answer") == []
    assert shown["columns"]["features"] == columns["features"]
    assert shown["labels"] == (["No", "Yes"] if columns["label"] else [])


def test_a_feature_that_is_left_out_is_not_taken_for_the_answer(api: Api) -> None:
    columns = {"id": "customerID", "features": ["tenure", "charges", "churn"]}
    shown = preview_of(api, upload(api, "churn.csv", CHURN.encode()), columns=columns)
    assert shown["answer"] is None and shown["columns"]["features"] == columns["features"]
    middle = CHURN.replace("churn", "height", 1).replace(",No", ",1.5").replace(",Yes", ",2.5")
    columns = {"id": "customerID", "features": ["tenure", "charges", "height"]}  # all but 'plan'
    assert preview_of(api, upload(api, "heights.csv", middle.encode()), columns=columns)["answer"] is None


def test_the_api_refuses_to_decide_what_the_column_is(api: Api) -> None:
    body = {"upload_id": upload(api, "churn.csv", CHURN.encode()), "task": "classification", "labels": ["No", "Yes"]}
    refused = api.post("/projects", {"slug": "churn", **body, "columns": {"id": "customerID"}})
    assert refused.status_code == 422
    assert refused.json()["message"] == "create: the column 'churn' looks like the answer."
    said = "--label churn, or --features tenure,charges,plan,churn to keep it as a feature"
    assert said in refused.json()["hint"]


@pytest.mark.parametrize(
    ("more", "features"),
    [
        (["--label", "churn"], ("tenure", "charges", "plan")),
        (["--features", "tenure,churn"], ("tenure", "churn")),
        ([], None),
    ],
    ids=["label", "feature", "unsaid"],
)
def test_the_command_line_asks_too(tmp_path: Path, more: list[str], features: tuple[str, ...] | None) -> None:
    (tmp_path / "churn.csv").write_text(CHURN)
    command = ["create", "churn", str(tmp_path / "churn.csv"), "--task", "classification", "--id", "customerID"]
    done = CliRunner().invoke(
        group, ["--home", str(tmp_path / "home"), *command, "--labels", "No,Yes", *more], catch_exceptions=True
    )
    if features is None:
        assert isinstance(done.exception, InputError) and "--label churn" in done.exception.hint
    else:
        assert done.exit_code == 0, done.output
        assert f"features: {', '.join(features)}" in done.output


def test_a_metric_of_one_class_is_about_the_label_that_is_looked_for(api: Api) -> None:
    columns = {"id": "customerID", "label": "churn"}
    body = {"slug": "churn", "upload_id": upload(api, "churn.csv", CHURN.encode()), "columns": columns}
    question = {"task": "classification", "labels": ["No", "Yes"], "positive": "No"}
    made = api.post("/projects", {**body, **question, "goal": {"metric": "f1", "value": 0.9}})
    assert made.status_code == 201, made.text
    while (shown := api.get("/projects/churn").json())["state"] == "importing":
        time.sleep(0.05)
    assert (shown["goal"], shown["questions"][0]["metric"]) == ("f1:No=0.9", "f1:No")
    path, aim = api.base + "/projects/churn/goal", {"metric": "average-precision", "value": 0.8}
    changed = api.client.put(path, json={"goal": aim}, headers=api.headers)
    assert changed.json()["goal"] == "average-precision:No=0.8"


def test_embeddings_that_are_wrong_are_a_problem_of_the_preview(api: Api) -> None:
    rows = [{"text": f"these are some words {k}", "embedding": [0.5, 1.0, float(k)]} for k in range(30)]
    good = preview_of(api, upload(api, "made.jsonl", "\n".join(map(json.dumps, rows)).encode()))
    assert good["columns"]["embedding"] == "embedding" and messages(good, "invalid-input") == []
    rows[20]["embedding"] = [0.5]
    named = {"columns": {"embedding": "embedding"}}
    bad = preview_of(api, upload(api, "made.jsonl", "\n".join(map(json.dumps, rows)).encode()), **named)
    (problem,) = messages(bad, "invalid-input")
    assert (problem["row"], problem["column"]) == (21, "embedding") and "must be 3 numbers" in problem["message"]
