"""Exports in every format over HTTP and in Python; each can be made a project again with the same labels."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from labelwright.exchange import Columns, formats, open_source
from labelwright.services.people import users
from labelwright.services.projects import create
from labelwright.services.record import exports, metadata
from tests.api.test_create import preview_of, upload
from tests.conftest import make_api, text_draft


def labels_of(site: Any, slug: str, folder: Path) -> dict[str, Any]:
    """Labels of the items of the pool by key, from people or from the data."""
    path = folder / f"{slug}.truth.jsonl"
    exports.export(site, users.first_admin(site), slug, path)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return {row["key"]: row["label"] or row["given_label"] for row in rows if row["label"] or row["given_label"]}


@pytest.mark.parametrize("name", formats())
def test_labels_go_out_and_come_in_again(lived: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"out{formats()[name].ending}"
    done = exports.export(lived.site, users.first_admin(lived.site), "topics", path, format=name)
    assert done.n_items == lived.api.counts("topics")["items"]
    reader = open_source(path)
    assert reader.name == name
    key = "key" if "key" in reader.columns else "id"
    draft = text_draft("again", path, columns=Columns(id=key, text="text", label="label"))
    create.create(lived.site, users.first_admin(lived.site), draft)
    before, after = (labels_of(lived.site, slug, tmp_path) for slug in ("topics", "again"))
    assert after == before and len(before) > 10


@pytest.mark.parametrize("name", formats())
def test_the_api_sends_every_format(lived: Any, name: str) -> None:
    sent = lived.api.get("/projects/topics/export", format=name)
    assert sent.status_code == 200 and len(sent.content) > 1000
    assert f'filename="topics{formats()[name].ending}"' in sent.headers["content-disposition"]


def test_an_unknown_format_is_refused_with_the_nearest(lived: Any) -> None:
    refused = lived.api.get("/projects/topics/export", format="label-studoi")
    assert refused.status_code == 422
    assert "Did you mean 'label-studio'?" in refused.text


def test_answers_and_posterior_stand_in_the_export(lived: Any, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    exports.export(lived.site, users.first_admin(lived.site), "topics", path)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    labeled = [row for row in rows if row["label"] is not None]
    assert all(row["posterior"] == {row["label"]: 1.0} for row in labeled)
    assert all(len(row["annotations"]) == row["n_answers"] for row in labeled)
    one = labeled[0]["annotations"][0]
    assert one["by"] in labeled[0]["annotators"] and one["answer"] == labeled[0]["label"] and one["at"][:2] == "20"
    assert any(answer.get("propensity") for row in labeled for answer in row["annotations"])


def test_what_has_no_place_is_said(lived: Any, tmp_path: Path) -> None:
    admin = users.first_admin(lived.site)
    done = exports.export(lived.site, admin, "topics", tmp_path / "out.doccano.jsonl")
    assert any("Left out, as the format has no place for it: who gave the" in finding for finding in done.findings)
    sent = lived.api.get("/projects/topics/export", format="doccano")
    assert "Left out" in sent.headers["X-Findings"]
    assert not exports.export(lived.site, admin, "topics", tmp_path / "out.tsv").findings


def test_the_preview_tells_what_is_left_out(site: Any) -> None:
    api = make_api(site)
    tasks = [
        {"id": k, "data": {"text": f"this is the text number {k} of all"}, "predictions": [{"result": []}],
         "annotations": [
             {"result": [{"from_name": "t", "to_name": "text", "type": "choices", "value": {"choices": [one]}}]}
             for one in ("a", "b")
         ]}
        for k in range(40)
    ]  # fmt: skip
    seen = preview_of(api, upload(api, "tasks.json", json.dumps(tasks).encode()))
    assert (seen["format"], seen["labels"], seen["columns"]["id"]) == ("label-studio", ["b"], "id")
    said = [problem["message"] for problem in seen["problems"] if problem["code"] == "left-out"]
    assert said == [
        "Further annotations of the same tasks left out, as the last one counts: 40.",
        "Predictions of a model left out: 40.",
    ]


@pytest.mark.parametrize("name", formats())
def test_every_format_goes_out_with_its_metadata(lived: Any, tmp_path: Path, name: str) -> None:
    sent = lived.api.get("/projects/topics/export", format=name, croissant=True)
    assert 'filename="topics.zip"' in sent.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(sent.content)) as archive:
        file, about = archive.namelist()
        content, told = archive.read(file), json.loads(archive.read(about))
    assert (file, about) == (f"topics{formats()[name].ending}", f"topics{formats()[name].ending}.croissant.json")
    (described,) = told["distribution"]
    assert described["sha256"] == hashlib.sha256(content).hexdigest() and described["contentUrl"] == file
    assert told["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert "answers wanted of each item: 1" in told["rai:annotationsPerItem"]
    assert "rai:annotatorDemographics" not in told  # the record does not know


@pytest.mark.filterwarnings("default")  # of what mlcroissant uses
def test_metadata_is_valid_croissant(lived: Any, tmp_path: Path) -> None:
    """The reference implementation finds no error in it and reads the labels by it."""
    mlc = pytest.importorskip("mlcroissant")
    for ending in (".csv", ".tsv", ".jsonl", ".parquet", ".huggingface.parquet"):
        path = tmp_path / f"labels{ending}"
        done = exports.export(lived.site, users.first_admin(lived.site), "topics", path)
        about = tmp_path / f"labels{ending}.croissant.json"
        about.write_text(json.dumps(metadata.describe(lived.site, "topics", path, done)))
        dataset = mlc.Dataset(jsonld=str(about))
        assert not dataset.metadata.issues.errors
        assert sum(1 for _ in dataset.records("items")) == done.n_items


def test_findings_about_columns_of_any_script_reach_the_header(site: Any, tmp_path: Path) -> None:
    rows = [{"id": f"k{k}", "値": k if k % 2 else "many", "size": k} for k in range(40)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    columns = Columns(id="id", features=("値", "size"))
    create.create(site, users.first_admin(site), text_draft("table", tmp_path / "rows.jsonl", columns=columns))
    sent = make_api(site).get("/projects/table/export", format="parquet")
    assert sent.status_code == 200
    assert "several types: row.\\u5024" in sent.headers["X-Findings"]
