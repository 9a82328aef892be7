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
