"""``labelwright --url URL``: the commands that work on a server, and those that refuse to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.processes import environment
from tests.client.conftest import Served
from tests.conftest import write_texts


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
    seeded = run(served, "create", "x", "x.csv", "--task", "classification", "--seed", "1", **more)
    signed = run(served, "export", "topics", "x.csv", "--receipt", "r.json", **more)
    assert "--seed works on the home of the server's machine alone" in seeded.stderr
    assert "--receipt, --croissant and --with-media work on the home of the server's machine alone" in signed.stderr
