"""`create --source` and what `status` says of it: from a file, from a project, from images."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from labelwright.cli.main import group
from labelwright.errors import InputError
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.api.test_source import labeled, target
from tests.conftest import make_site, train_until_idle


def run(home: Path, *arguments: str) -> str:
    done = CliRunner().invoke(group, ["--home", str(home), *arguments], catch_exceptions=False)
    return done.output


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "target.csv").write_bytes(target())
    (tmp_path / "old.csv").write_bytes(labeled())
    return tmp_path / "home"


def test_a_file_is_a_source_and_status_says_what_it_brought(home: Path, tmp_path: Path) -> None:
    arguments = ("--task", "classification", "--source", str(tmp_path / "old.csv"), "--source-label", "label")
    assert "30 labeled items of the source" in run(home, "create", "fresh", str(tmp_path / "target.csv"), *arguments)
    assert "No model has learned from it yet." in run(home, "status", "fresh")
    site = make_site(home)
    train_until_idle(site)
    site.close()
    said = run(home, "status", "fresh")
    assert "source: 30 labeled items of file old.csv. Nothing is labeled here yet" in said


def test_a_source_that_is_neither_project_nor_file_is_refused(home: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--source must be a project, PROJECT@SNAPSHOT or a file, got 'nothing'"):
        run(home, "create", "fresh", str(tmp_path / "target.csv"), "--task", "classification", "--source", "nothing")


def pictures(folder: Path, name: str, seed: int, *, are_labeled: bool) -> Path:
    """A file that names pictures of noise, brighter where they are of the second class."""
    rng, lines = np.random.default_rng(seed), list[str]()
    for k in range(24):
        bright = k % 2
        pixels = rng.integers(0, 128, size=(24, 24), dtype=np.uint8) + 120 * bright
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{name}{k}.png")
        label = {"label": ("dark", "bright")[bright]} if are_labeled else {}
        lines.append(json.dumps({"id": f"{name}{k}", "image": f"{name}{k}.png", **label}))
    path = folder / f"{name}.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_images_of_a_project_are_copied_with_their_labels(home: Path, tmp_path: Path) -> None:
    old, new = (pictures(tmp_path, name, k, are_labeled=k == 0) for k, name in enumerate(("old", "new")))
    run(home, "create", "first", str(old), "--task", "classification", "--label", "label")
    said = run(home, "create", "second", str(new), "--task", "classification", "--source", "first")
    site = make_site(home)
    store, first = site.project("second"), site.project("first")
    with store.read() as rows, first.read() as of_first:
        copied = dict(rows.all(rows.select(t.item.c.key, t.item.c.content_hash).where(t.item.c.split == "source")))
        own = dict(of_first.all(of_first.select(t.item.c.key, t.item.c.content_hash)))
    assert copied and f"{len(copied)} labeled items of the source" in said
    assert all(own[key.removeprefix("source:")] == content for key, content in copied.items())
    train_until_idle(site)
    assert verify(site, "second", replay=True).problems == []
    site.close()


def test_a_source_grows_and_what_is_new_in_it_is_added(home: Path, tmp_path: Path) -> None:
    more, half = labeled(40), tmp_path / "half.csv"
    half.write_bytes(b"\n".join(more.splitlines()[:31]) + b"\n")
    run(home, "create", "old", str(half), "--task", "classification", "--label", "label")
    run(home, "create", "fresh", str(tmp_path / "target.csv"), "--task", "classification", "--labels", "food,law,sport")
    first = run(home, "add", "fresh", "--source", "old")
    assert "labeled items of the source added; 0 were there already" in first
    assert "nothing new in the source" in run(home, "add", "fresh", "--source", "old")
    grown = tmp_path / "grown.csv"
    grown.write_bytes(more)
    run(home, "add", "old", str(grown))
    n = int(first.split()[1])
    assert f"; {n} were there already" in (again := run(home, "add", "fresh", "--source", "old"))
    assert 0 < int(again.split()[1]) <= 10 and "of them in place" not in again
    changed = tmp_path / "grown.csv"
    lines = more.decode().splitlines()
    lines[1] = lines[1].rpartition(",")[0] + (",law" if lines[1].endswith("food") else ",food")
    changed.write_text("\n".join(lines) + "\n")
    file = run(home, "add", "fresh", "--source", str(changed), "--source-label", "label")
    assert "of the source added" in file and "1 of them in place of a copy that has changed there" in file
    site = make_site(home)
    train_until_idle(site)
    assert verify(site, "fresh", replay=True).problems == []
    site.close()
    said = run(home, "status", "fresh")
    assert " of project old (" in said and ") and the file grown.csv (" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fresh",), "add: either SOURCE or --source must be given, got neither"),
        (("fresh", "target.csv", "--source", "old.csv"), "add: either SOURCE or --source must be given, got both"),
        (("fresh", "target.csv", "--source-label", "label"), "add: --source-label needs --source"),
        (("fresh", "--source", "nothing"), "add: --source must be a project, PROJECT@SNAPSHOT or a file"),
        (("fresh", "--source", "fresh"), "add: the source must be another project than 'fresh'"),
        (("fresh", "--source", "fresh@v1"), "add: the source must be another project than 'fresh'"),
    ],
)
def test_what_add_cannot_take_as_a_source_is_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    run(home, "create", "fresh", "target.csv", "--task", "classification", "--labels", "food,law,sport")
    with pytest.raises(InputError) as refused:
        run(home, "add", *arguments)
    assert said in str(refused.value)
