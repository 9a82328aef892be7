"""labelwright plan: the table, the sentence, the command that starts it, and the same of a project."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from labelwright.cli.create import command as create
from labelwright.cli.main import group
from labelwright.errors import InputError
from tests.api.test_http_loop import label_some
from tests.api.test_plans import table_file

SMALL = [
    "--strategies",
    "margin",
    "--seeds",
    "2",
    "--budget",
    "40",
    "--batch-sizes",
    "10",
    "--target",
    "0.8",
    "--jobs",
    "1",
]


def run(home: Path, *args: str) -> str:
    done = CliRunner().invoke(group, ["--home", str(home), "plan", *args], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def boxes(folder: Path) -> Path:
    path = folder / "boxes.csv"
    path.write_bytes(table_file())
    return path


def test_a_file(tmp_path: Path) -> None:
    source = boxes(tmp_path)
    text = run(tmp_path, str(source), "--label", "wide", *SMALL, "--seconds", "36", "--errors", "0,0.2")
    assert "margin" in text and "random" in text and "Where 20% of answers are wrong" in text and "hours" in text
    started = shlex.split(text.strip().splitlines()[-1])
    assert started[:4] == ["labelwright", "create", "NAME", str(source)]
    names = {option for param in create.params for option in param.opts}
    assert {word for word in started if word.startswith("--")} <= names
    assert "--goal" in started and "--strategy" in started and "--model" in started


def test_json_of_a_project(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site)
    train(api.site)
    label_some(api, truth, 50)
    home = api.site.settings.home
    answer = json.loads(
        run(home, "topics", *SMALL[:4], "--budget", "25", "--batch-sizes", "5", "--jobs", "1", "--json")
    )
    assert answer["complete"] and answer["replays"] == 4 and len(answer["table"]) == 2
    config = answer["proposals"][0]["config"]
    assert set(config) == {"strategy", "model", "batch_size", "overlap"} and answer["proposals"][0]["text"]
    assert "create NAME SOURCE" in answer["command"] and "--labels sport,food,law" in answer["command"]


@pytest.mark.parametrize(
    ("args", "match"),
    [
        (["nowhere.csv"], "a file, a folder or a project"),
        (["boxes.csv"], "--label must be given"),
        (["boxes.csv", "--label", "wide", "--batch-sizes", "ten"], "--batch-sizes must be numbers"),
        (["boxes.csv", "--label", "wide", "--strategies", "margn"], "margn"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], match: str) -> None:
    boxes(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=match):
        CliRunner().invoke(group, ["--home", str(tmp_path / "home"), "plan", *args], catch_exceptions=False)
