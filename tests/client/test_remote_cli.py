"""``labelwright --url URL``: the commands that work on a server, and those that refuse to."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from benchmarks.processes import environment
from labelwright.client import connect
from labelwright.services.people import users
from labelwright.services.projects.config import exporting
from labelwright.store import tables as t
from tests.client.conftest import Served
from tests.conftest import make_site, write_texts


def run(served: Served, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, with a home that is not the server's."""
    return subprocess.run(
        [sys.executable, "-m", "labelwright", *arguments], env=environment(served.home.parent / "other", **more),
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_the_commands_work_on_a_server(served: Served, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(served.lead + "\n")
    server = ("--url", served.server.url, "--token-file", str(tmp_path / "token"))
    write_texts(tmp_path / "more.jsonl", 60)
    made = run(
        served, *server, "create", "more", str(tmp_path / "more.jsonl"), "--task", "classification", "--labels",
        "sport,food,law", "--text", "text", "--id", "id", "--goal", "accuracy=0.9", "--budget", "50",
    )  # fmt: skip
    assert made.returncode == 0 and made.stdout.startswith("more: 60 text items, "), made
    write_texts(tmp_path / "again.jsonl", 61)
    added = run(served, *server, "add", "more", str(tmp_path / "again.jsonl"))
    assert added.stdout.startswith("more: 1 item added") and "60 were there already" in added.stdout, added
    began = run(served, *server, "round", "topics", "--hypothesis", "h", "--labels", "5", "--no-train")
    assert began.returncode == 0 and ": 5 labels planned" in began.stdout, began
    listed = run(served, *server, "status")
    assert sorted(line.split()[0] for line in listed.stdout.splitlines()) == ["more", "topics"], listed
    shown = run(served, "status", "more", "--json", LABELWRIGHT_URL=served.server.url, LABELWRIGHT_TOKEN=served.lead)
    assert json.loads(shown.stdout)["counts"]["items"] == 61 and json.loads(shown.stdout)["goal"], shown
    assert "items 61, labeled 0" in run(served, *server, "status", "more").stdout
    out = run(served, *server, "export", "more", str(tmp_path / "out.csv"))
    assert out.returncode == 0 and len((tmp_path / "out.csv").read_text().splitlines()) == 62, out
    assert not (served.home.parent / "other" / "site.sqlite").exists()


PROJECT = """
[project]
source = "more.jsonl"
text = "text"
id = "id"
seed = 1

[[question]]
id = "topic"
task = "classification"
labels = ["sport", "food", "law"]
guidelines = "rules.md"

[[question]]
id = "stars"
task = "regression"
min = 1
max = 5
required = false

[goal]
metric = "accuracy"
value = 0.9
budget = 50

[policy]
overlap = 2
random_share = 0.3

[quality]
review = "all"

[[slice]]
name = "long"
filter = { search = "the" }

[[target]]
slice = "long"
metric = "accuracy"
value = 0.8

[[role]]
email = "nobody@example.com"
role = "annotator"
"""


def test_a_project_file_makes_the_same_project_on_a_server_as_in_a_home(served: Served, tmp_path: Path) -> None:
    more = {"LABELWRIGHT_URL": served.server.url, "LABELWRIGHT_TOKEN": served.lead}
    write_texts(tmp_path / "more.jsonl", 60)
    (tmp_path / "project.toml").write_text(PROJECT)
    (tmp_path / "rules.md").write_text("# Rules\n\nTake the main topic.\n")
    config = ("--config", str(tmp_path / "project.toml"))
    made = run(served, "create", "more", *config, **more)
    assert made.returncode == 0 and made.stdout.startswith("more: 60 text items, "), made
    assert "nobody@example.com" in made.stdout and "not applied" not in made.stdout, made
    here = run(served, "create", "more", *config)
    assert here.returncode == 0, here
    there, local = (make_site(home) for home in (served.home, served.home.parent / "other"))
    try:
        written = [exporting.export(site, users.first_admin(site), "more").text for site in (there, local)]
        splits = [splits_of(site) for site in (there, local)]
    finally:
        there.close()
        local.close()
    assert tables(written[0]) == tables(written[1]) and splits[0] == splits[1]
    assert tables(written[0])["project"]["seed"] == 1
    refused = run(served, "create", "other", *config, "--task", "regression", **more)
    assert refused.returncode == 2 and "--task cannot overrule a project file" in refused.stderr


def test_a_file_of_options_and_a_seed_go_to_a_server(served: Served, tmp_path: Path) -> None:
    more = {"LABELWRIGHT_URL": served.server.url, "LABELWRIGHT_TOKEN": served.lead}
    write_texts(tmp_path / "more.jsonl", 60)
    options = 'task = "classification"\nlabels = ["sport", "food", "law"]\ntext = "text"\nid = "id"\noverlap = 2\n'
    (tmp_path / "options.toml").write_text(options)
    splits = []
    for name, seed in (("one", "1"), ("two", "2"), ("three", "1")):
        made = run(
            served, "create", name, str(tmp_path / "more.jsonl"), "--config", str(tmp_path / "options.toml"),
            "--overlap", "3", "--seed", seed, **more,
        )  # fmt: skip
        assert made.returncode == 0, made
        site = make_site(served.home)
        splits.append(splits_of(site, name))
        written = tables(exporting.export(site, users.first_admin(site), name).text)
        site.close()
        assert written["policy"]["overlap"] == 3 and written["question"][0]["labels"] == ["sport", "food", "law"]
    assert splits[0] == splits[2] != splits[1]


def tables(text: str) -> dict[str, Any]:
    """The tables of a project file, without the people of the site and the name of the upload's file."""
    found = tomllib.loads(text)
    found.pop("role", None)
    found["project"].pop("source", None)
    return found


def splits_of(site: Any, slug: str = "more") -> dict[str, str]:
    """The split of each item, by its key."""
    with site.project(slug).read() as rows:
        return {row.key: row.split for row in rows.all(rows.select(t.item.c.key, t.item.c.split))}


def test_other_commands_refuse_a_server(served: Served) -> None:
    for arguments in (("delete", "topics", "--yes"), ("verify", "topics"), ("users", "list"), ("serve",)):
        refused = run(served, "--url", served.server.url, *arguments, LABELWRIGHT_TOKEN=served.lead)
        assert refused.returncode == 2 and "on the home of this machine" in refused.stderr, refused


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--url", "http://127.0.0.1:9", "status"), "--url needs a token"),
        (("--url", "http://127.0.0.1:9", "--token-file", "/nothing", "status"), "--token-file must be a readable text"),
        (("--url", "http://127.0.0.1:9", "--home", "x", "status"), "either --url or --home must be given, got both"),
    ],
)
def test_what_is_missing_is_said(served: Served, arguments: tuple[str, ...], said: str) -> None:
    refused = run(served, *arguments)
    assert refused.returncode == 2 and said in refused.stderr


def test_options_of_a_home_are_refused(served: Served, tmp_path: Path) -> None:
    more = {"LABELWRIGHT_URL": served.server.url, "LABELWRIGHT_TOKEN": served.lead}
    signed = run(served, "export", "topics", "x.csv", "--receipt", "r.json", **more)
    assert "--receipt and --croissant work on the home of the server's machine alone" in signed.stderr


def test_a_new_project_learns_from_a_project_of_the_server_or_a_file(served: Served, tmp_path: Path) -> None:
    more = {"LABELWRIGHT_URL": served.server.url, "LABELWRIGHT_TOKEN": served.lead}
    write_texts(tmp_path / "new.jsonl", 40)
    labels = ("sport", "food", "law")
    lines = [{"text": f"old words about {labels[k % 3]} and more {k}", "topic": labels[k % 3]} for k in range(30)]
    (tmp_path / "old.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    asked = ("--task", "classification", "--labels", ",".join(labels), "--text", "text", "--id", "id")
    new, old = str(tmp_path / "new.jsonl"), str(tmp_path / "old.jsonl")
    by_file = run(served, "create", "filed", new, *asked, "--source", old, "--source-label", "topic", **more)
    assert by_file.returncode == 0 and by_file.stdout.startswith("filed: 40 text items"), by_file
    assert n_source(served.home, "filed") == 30
    absent = run(served, "create", "x", new, *asked, "--source", "nothing", **more)
    assert absent.returncode == 2 and "a project of the server, PROJECT@SNAPSHOT or a file" in absent.stderr, absent
    alone = run(served, "create", "x", new, *asked, "--source-label", "topic", **more)
    assert alone.returncode == 2 and "--source-label needs --source" in alone.stderr
    site = connect(served.server.url, served.lead)
    project = site.project("topics")
    for lease in project.queue(9):
        project.answer(lease, served.truth[str(lease.item.key)])
    by_project = run(served, "create", "learned", new, *asked, "--source", "topics", **more)
    assert by_project.returncode == 0, by_project
    assert n_source(served.home, "learned") >= 9


def n_source(home: Path, slug: str) -> int:
    """How many labeled items of a source a project has."""
    site = make_site(home)
    with site.project(slug).read() as rows:
        n = len(rows.all(rows.select(t.item.c.ordinal).where(t.item.c.split == "source")))
    site.close()
    return n


def test_labels_with_their_images_come_as_a_zip(served: Served, tmp_path: Path) -> None:
    more = {"LABELWRIGHT_URL": served.server.url, "LABELWRIGHT_TOKEN": served.lead}
    for k in range(12):
        path = tmp_path / "pets" / ("cat", "dog")[k % 2] / f"{k}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (k * 20, 0, 0)).save(path)
    made = run(
        served, "create", "pets", str(tmp_path / "pets"), "--task", "classification", "--labels", "cat,dog", **more
    )
    assert made.returncode == 0, made
    out = tmp_path / "pets.csv.zip"
    written = run(served, "export", "pets", str(out), "--with-media", **more)
    assert written.returncode == 0, written
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert sum(name.endswith(".png") for name in names) == 12 and sum(name.endswith(".csv") for name in names) == 1
    refused = run(served, "export", "pets", str(tmp_path / "pets.csv"), "--with-media", **more)
    assert refused.returncode == 2 and "must be a name that ends in .zip" in refused.stderr, refused
