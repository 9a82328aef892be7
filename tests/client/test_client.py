"""The client against a real server: projects, items, queue, answers, rounds, labels, and its refusals."""

from __future__ import annotations

import json
import logging
import time
import traceback
from pathlib import Path

import pandas
import pytest

import labelwright as lw
from benchmarks.processes import Worker
from labelwright.client import Retries
from labelwright.errors import (
    ConflictError,
    ForbiddenError,
    InputError,
    LabelwrightError,
    NotFoundError,
    NotReadyError,
    UnauthenticatedError,
    UnreachableError,
)
from tests.client.conftest import Served
from tests.conftest import write_texts

NO_RETRIES = Retries(n=0)


def test_a_person_labels_from_python(served: Served) -> None:
    project = lw.connect(served.server.url, served.annotator).project("topics")
    leases = project.queue(4)
    assert len(leases) == 4 and [one.id for one in leases] == [one.id for one in project.queue(4)]
    assert leases[0].item.content.text
    answers = [project.answer(lease, served.truth[lease.item.key], seconds=2.0) for lease in leases[:2]]
    assert answers[0].seq < answers[1].seq and len(answers[0].hash) == 64
    corrected = project.correct(answers[0], "law")
    project.undo(answers[1])
    project.skip(leases[2], "cannot tell")
    project.flag(leases[3])
    own = project.annotations()
    assert sorted(own["kind"]) == ["answer", "answer", "correct", "flag", "skip"]
    assert list(own.loc[own["id"] == corrected.id, "summary"]) == ["Corrected to law"]
    project.give_back(project.queue(1)[0])
    with pytest.raises(InputError, match="label must be one of sport, food, law, got 'cooking'"):
        project.answer(project.queue(1)[0], "cooking")


def test_a_lead_reads_and_steers(served: Served, tmp_path: Path) -> None:
    site = lw.connect(served.server.url, served.lead)
    assert [(one.slug, one.items) for one in site.projects()] == [("topics", 90)]
    project = site.project("topics")
    detail = project.detail()
    assert [label.name for label in detail.questions[0].labels] == [
        "sport",
        "food",
        "law",
    ] and detail.counts.items == 90
    for lease in project.queue(3):
        project.answer(lease, served.truth[lease.item.key])
    items = project.items()
    assert len(items) == 90 and set(items["key"]) == set(served.truth)
    labeled = project.items(show="labeled")
    assert {key: served.truth[key] for key in labeled["key"]} == dict(
        zip(labeled["key"], labeled["label"], strict=True)
    )
    began = project.start_round(hypothesis="short ones are hard", labels=7)
    rounds = pandas.DataFrame(project.rounds())
    assert (began.planned, rounds.loc[0, "hypothesis"]) == (7, "short ones are hard")
    assert project.progress().counts.answers == 3
    for name in ("labels.csv", "labels.jsonl", "labels.parquet"):
        project.export(tmp_path / name)
    table = project.labels()
    assert len(table) == len(pandas.read_csv(tmp_path / "labels.csv")) == 90
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith((".", "labels"))) == [
        "labels.csv", "labels.jsonl", "labels.parquet",
    ]  # fmt: skip


def test_a_project_is_made_from_a_file_and_grows(served: Served, tmp_path: Path) -> None:
    write_texts(tmp_path / "more.jsonl", 60)
    site = lw.connect(served.server.url, served.lead)
    project = site.create(
        "more", tmp_path / "more.jsonl", columns={"text": "text", "id": "id"},
        fields={"task": "classification", "labels": ["sport", "food", "law"], "overlap": 2},
    )  # fmt: skip
    assert project.detail().counts.items == 60
    known = json.loads((tmp_path / "more.jsonl").read_text().splitlines()[0])
    added = project.add(rows=[{"id": "new", "text": "a match in the rain"}, known])
    assert (added.added, added.known) == (1, 1)
    write_texts(tmp_path / "again.jsonl", 62)
    assert project.add(tmp_path / "again.jsonl").added == 2
    with pytest.raises(ConflictError):
        site.create("more", tmp_path / "more.jsonl", fields={"task": "classification", "labels": ["a", "b"]})
    with pytest.raises(InputError, match="surprise"):
        site.create("less", tmp_path / "more.jsonl", fields={"task": "classification", "surprise": 1})
    site.delete("more")
    with pytest.raises(NotFoundError):
        project.detail()


def test_a_folder_is_sent_with_its_paths(served: Served, tmp_path: Path) -> None:
    for topic in ("sport", "food"):
        (tmp_path / "texts" / topic).mkdir(parents=True)
        for k in range(6):
            (tmp_path / "texts" / topic / f"{k}.txt").write_text(f"a text about {topic}, the one with number {k}")
    project = lw.connect(served.server.url, served.lead).create(
        "folder", tmp_path / "texts", fields={"task": "classification", "labels": ["sport", "food"]}
    )
    items = project.items()
    assert len(items) == 12 and any(key.endswith("sport/0.txt") for key in items["key"])


@pytest.mark.slow
def test_wait_returns_after_training(served: Served) -> None:
    project = lw.connect(served.server.url, served.lead).project("topics")
    for lease in project.queue(20):
        project.answer(lease, served.truth[lease.item.key])
    with pytest.raises(NotReadyError, match="no worker runs"):
        project.wait(timeout=5)
    with Worker(served.home):
        for _ in range(600):  # until the worker has said that it lives
            if project.progress().running.state != "no-worker":
                break
            time.sleep(0.1)
        assert project.wait(timeout=120).ranking == "r-2"


def test_refusals_are_the_librarys_exceptions(served: Served) -> None:
    url = served.server.url
    with pytest.raises(NotFoundError):
        lw.connect(url, served.annotator).project("nothing/here?").detail()
    with pytest.raises(ForbiddenError) as refused:
        lw.connect(url, served.annotator).project("topics").start_round()
    assert refused.value.hint == "Ask an admin of this site for another role."
    with pytest.raises(UnauthenticatedError):
        lw.connect(url, "lw_wrong").projects()
    with pytest.raises(UnreachableError, match="does not answer"):
        lw.connect("http://127.0.0.1:9", "lw_x", retries=NO_RETRIES).projects()


def test_the_token_is_shown_nowhere(
    served: Served, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "lw_a-secret-that-is-wrong"
    site = lw.connect(served.server.url, secret)
    texts = [repr(site), str(site), repr(site.project("topics")), repr(vars(site))]
    for url in (served.server.url, "http://127.0.0.1:9"):
        try:
            lw.connect(url, secret, retries=NO_RETRIES).projects()
        except LabelwrightError as error:
            texts += [repr(error), "".join(traceback.format_exception(error))]
    for broken in ("two words " + secret, secret + "\nHost: evil"):
        with pytest.raises(InputError) as refused:
            lw.connect(served.server.url, broken)
        texts.append("".join(traceback.format_exception(refused.value)))
    texts += [caplog.text, *capsys.readouterr()]
    assert not [text for text in texts if "a-secret" in text]


@pytest.mark.parametrize(
    "url", ["label.example.org", "ftp://host", "http://", "https://ann:secret@host/", "http://h/?a=1"]
)
def test_an_address_must_be_one(url: str) -> None:
    with pytest.raises(InputError, match="url must be an address") as refused:
        lw.connect(url, "lw_x")
    assert "secret" not in str(refused.value)


def test_what_is_read_is_in_openapi() -> None:
    """Every field of the client's objects is in the schema of its name; those without a default are required there."""
    import dataclasses

    from labelwright.client import views

    schemas = json.loads((Path(__file__).parents[2] / "openapi.json").read_text())["components"]["schemas"]
    names = {"LabelView": "Label"}
    classes = [c for c in vars(views).values() if dataclasses.is_dataclass(c) and c.__module__ == views.__name__]
    assert len(classes) >= 15
    for kind in classes:
        schema = schemas[names.get(kind.__name__, kind.__name__)]
        for field in dataclasses.fields(kind):
            assert field.name in schema["properties"], (kind.__name__, field.name)
            if field.default is dataclasses.MISSING:
                assert field.name in schema["required"], (kind.__name__, field.name)
