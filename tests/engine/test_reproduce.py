"""A model of a round as a folder: trained again to the same metric, and not after somebody has touched it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.services.people.users import first_admin
from labelwright.services.record.reproducing import reproduce
from labelwright.store import tables as t
from tests.conftest import LABEL, make_api


@pytest.fixture
def measured(site: Any, make_project: Any, train: Any) -> Any:
    from labelwright.policy import Policy

    truth = make_project(site, n=300, policy=Policy(gold_share=0, reserve_share=0.3))
    train(site)
    api = make_api(site)
    for _ in range(4):
        for lease in api.queue("topics", n=40):
            assert api.answer("topics", lease, {"label": LABEL[truth[lease["item"]["key"]]]}).status_code == 201
        train(site)
    return site


def run(folder: Path) -> Any:
    return subprocess.run([sys.executable, str(folder / "reproduce.py")], capture_output=True, text=True, check=False)


def test_the_command_of_the_folder_comes_to_the_same_metric(measured: Any, tmp_path: Path) -> None:
    done = reproduce(measured, first_admin(measured), "topics", 3, tmp_path / "round-3")
    assert done.value is not None and done.n_reserve >= 30 and done.n_train >= 50
    found = run(done.folder)
    assert found.returncode == 0, found.stdout + found.stderr
    assert f"{done.metric}: expected {done.value}" in found.stdout and "the same" in found.stdout
    names = {path.name for path in done.folder.iterdir()}
    assert {"README.md", "environment.txt", "project.toml", "labels.jsonl", "reproduce.py"} <= names
    assert not any("text" in json.loads(line) for line in (done.folder / "labels.jsonl").read_text().splitlines())


def test_a_label_that_was_altered_or_another_metric_is_found(measured: Any, tmp_path: Path) -> None:
    done = reproduce(measured, first_admin(measured), "topics", 3, tmp_path / "round-3")
    file = done.folder / "labels.jsonl"
    before = file.read_text()
    lines = [json.loads(line) for line in before.splitlines()]
    for line in [one for one in lines if one["part"] == "train"][:12]:
        line["answer"] = {"label": "l_1" if line["answer"]["label"] != "l_1" else "l_2"}
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert run(done.folder).returncode == 1
    file.write_text(before)
    expected = json.loads((done.folder / "expected.json").read_text())
    (done.folder / "expected.json").write_text(json.dumps({**expected, "value": expected["value"] - 0.01}))
    assert "NOT the same" in run(done.folder).stdout
    file.write_text(before[:-40])
    assert "not a folder that 'reproduce' wrote whole" in run(done.folder).stderr


def test_what_cannot_be_written_says_why(measured: Any, tmp_path: Path) -> None:
    admin = first_admin(measured)
    with pytest.raises(NotFoundError, match="no round 99"):
        reproduce(measured, admin, "topics", 99, tmp_path / "x")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("")
    with pytest.raises(InputError, match="new or empty"):
        reproduce(measured, admin, "topics", 3, tmp_path / "full")
    store = measured.project("topics")
    with store.read() as rows:
        after = rows.scalar(rows.select(t.round_.c.outcome).where(t.round_.c.number == 2))["cycle_after"]
    (store.folder / "arrays" / f"cycles/{after:06d}/q_1/labels.npz").unlink()
    with pytest.raises(ConflictError, match="not replayable"):
        reproduce(measured, admin, "topics", 2, tmp_path / "y")
