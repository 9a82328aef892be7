"""Three questions about one item: created from a file, answered by keyboard, trained, exported and verified."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

N_ITEMS = 90
N_ANSWERED = 24
TRAINED_SECONDS = 90
ORGANS = ("lung", "heart", "liver")
PROJECT = """
[project]
source = "reports.csv"
text = "report"
id = "id"

[[question]]
id = "finding"
text = "Is there a finding?"
task = "classification"
labels = ["normal", "abnormal"]
primary = true

[[question]]
id = "organs"
text = "Which organs?"
task = "multilabel"
labels = ["lung", "heart", "liver"]

[[question]]
id = "severity"
text = "How severe is it?"
task = "regression"
min = 0
max = 10
"""


def organs_of(i: int) -> set[str]:
    """The organs that report ``i`` names."""
    return {organ for k, organ in enumerate(ORGANS) if (i >> k) % 2 or k == i % 3}


def write_reports(folder: Path) -> Path:
    """Reports whose words give all three answers away, and the project file beside them."""
    lines = ["id,report"]
    for i in range(N_ITEMS):
        finding = "shadow and swelling" if i % 2 else "clear and quiet"
        organs = " and ".join(sorted(organs_of(i)))
        lines.append(f"r{i:02d},report {i * 37 % 101} on {organs}: {finding} at degree {i % 9}")
    (folder / "reports.csv").write_text("\n".join(lines) + "\n")
    path = folder / "reports.toml"
    path.write_text(PROJECT)
    return path


def run(served: Any, *arguments: str) -> str:
    """The command line on the home that is being served."""
    command = [sys.executable, "-m", "labelwright", "--home", str(served.home), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def fill(served: Any, folder: Path) -> None:
    """The project, by ``create --config``."""
    run(served, "create", "reports", "--config", str(write_reports(folder)))


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    """The project on a server with its worker."""
    return serving(fill)


def answer_all(person: Any) -> tuple[str, dict[str, Any]]:
    """Read the report on the screen and answer its three questions without a mouse."""
    item = person.shown
    words = person.page.get_by_test_id("item").inner_text()
    finding = "2" if "shadow" in words else "1"
    organs = [str(k + 1) for k, organ in enumerate(ORGANS) if organ in words]
    degree = words.split("degree ")[1].split()[0]
    person.press(finding, *organs, "Enter", degree, "Enter")
    person.moves_on(item)
    return item, {
        "finding": {"label": f"l_{finding}"},
        "organs": {"labels": [f"l_{k}" for k in organs]},
        "severity": {"value": float(degree)},
    }


def wait_trained(served: Any) -> dict[str, Any]:
    """Until each question has a model that knows all answers."""
    from labelwright.store import tables as t

    until = time.monotonic() + TRAINED_SECONDS
    while time.monotonic() < until:
        with served.site.project("reports").read() as rows:
            row = served.site.project("reports").row(rows)
            trained = {r.question_id: r for r in rows.all(rows.select(t.model))}
        if len(trained) == 3 and row.trained_seq >= row.wanted_seq:
            return trained
        time.sleep(0.5)
    raise AssertionError(f"models of {sorted(trained)} only:\n" + "".join(served.server.lines[-30:]))


def test_three_questions_from_the_keyboard_to_the_export(served: Any, tmp_path: Path) -> None:
    """Each key press reaches its question; each question has its answers, its model, its column; all of it verifies."""
    person = served.person()
    page = person.label("reports")
    for question in ("finding", "organs", "severity"):
        page.get_by_test_id(f"question-{question}").wait_for()
    given = dict(answer_all(person) for _ in range(N_ANSWERED))
    person.saved()
    stored: dict[str, dict[str, Any]] = {}
    for row in person.stored("reports"):
        stored.setdefault(row.lease_id, {})[row.question_id] = row.answer
    assert stored == given
    assert page.get_by_test_id("own-count").inner_text().startswith(f"{N_ANSWERED} ")

    wait_trained(served)
    lead = served.person("lead")
    ordinal = person.stored("reports")[0].ordinal
    look = lead.open(f"/p/reports/items/i{ordinal}")
    for question in ("finding", "organs", "severity"):
        look.get_by_test_id(f"label-of-{question}").wait_for()
    look.get_by_role("img", name="Confidence").first.wait_for()
    out = tmp_path / "labels.csv"
    run(served, "export", "reports", str(out))
    rows = list(csv.DictReader(out.open(newline="", encoding="utf-8")))
    answered = [row for row in rows if row["finding.label"]]
    assert len(rows) == N_ITEMS and len(answered) == N_ANSWERED
    for row in answered:
        i = int(row["key"][1:])
        assert row["finding.label"] == ("abnormal" if i % 2 else "normal")
        assert set(row["organs.label"].split("|")) == organs_of(i)
        assert float(row["severity.label"]) == i % 9
    assert "reports: the record is whole." in run(served, "verify", "reports", "--full", "--replay")


def test_undo_opens_the_whole_item_again(served: Any) -> None:
    """Backspace takes three answers back and shows them filled in; one is changed, and all three are given again."""
    person = served.person()
    person.label("reports")
    item, given = answer_all(person)
    person.saved()
    after = person.shown
    person.press("Backspace")
    assert person.moves_on(after) == item
    person.saved()
    assert not any(row.standing for row in person.stored("reports") if row.kind == "answer")
    other = "1" if given["finding"] == {"label": "l_2"} else "2"
    person.press(other, "Enter")
    person.moves_on(item)
    person.saved()
    standing = {
        row.question_id: row.answer for row in person.stored("reports") if row.standing and row.kind == "answer"
    }
    assert standing == {**given, "finding": {"label": f"l_{other}"}}
