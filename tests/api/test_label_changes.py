"""Labels merged and split over HTTP and on the command line: figures first, then the change, by two people if strict."""

from __future__ import annotations

import io
import json
import runpy
import sys
import zipfile
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labelwright.services.people import users
from labelwright.services.quality import rules
from labelwright.services.record import package
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import LABEL, Api, train_until_idle
from tests.said import said

BASE = "/projects/topics/questions/q_1/labels"
MERGER = {"label": "l_3", "into": "l_2"}
SPLIT = {"label": "l_3", "into": ["contracts", "courts"]}


def lead(ready: Any) -> Api:
    """Another person who may change the project."""
    return ready.api.as_role("lead")


def strict(ready: Any) -> None:
    admin, _ = users.ensure_admin(ready.site)
    now = rules.show(ready.site, admin, "topics").checking
    rules.change(ready.site, admin, "topics", replace(now, rules=replace(now.rules, strict=True)))


def names(ready: Any) -> list[str]:
    return [label["name"] for label in ready.api.get("/projects/topics").json()["question"]["labels"]]


def test_the_figures_of_a_merger_are_those_of_the_record(lived: Any) -> None:
    with lived.store.read() as rows:
        known = set(rows.scalars(rows.select(t.annotation.c.ordinal)))
    with lived.store.write() as transaction:
        for ordinal, other in zip(sorted(set(range(90)) - known), ("l_2", "l_2", "l_1"), strict=False):
            said(transaction, "anna", ordinal, "l_3")
            said(transaction, "bert", ordinal, other)
    with lived.store.read() as rows:
        stands = [row for row in rows.all(rows.select(t.annotation).where(t.annotation.c.standing)) if row.answer]
    named = [row for row in stands if row.answer["label"] == "l_3"]
    shown = lived.api.post(f"{BASE}/merge/preview", MERGER)
    assert shown.status_code == 200, shown.text
    found = shown.json()
    assert (found["label"], found["into"]) == ("law", ["food"])
    assert found["n_answers"] == len(named) and found["n_people"] == len({row.person_id for row in named})
    assert found["n_items"] == len({row.ordinal for row in named})
    assert found["before"]["n_disputed"] - found["after"]["n_disputed"] == 2
    assert found["before"]["raw"]["value"] < found["after"]["raw"]["value"]
    classes = {one["name"]: (one["before"], one["after"]) for one in found["classes"]}
    assert classes["law"][1] is None and classes["food"][1] >= classes["food"][0] + classes["law"][0] - 3
    assert classes["sport"][0] is not None and not found["proposes"] and found["again"] is None


def test_accuracy_after_a_merger_adds_the_columns_of_the_same_predictions(trained: Any) -> None:
    for lease in trained.api.queue("topics", n=50):
        k = int(lease["item"]["key"][1:])
        answer = trained.right(lease) if k % 4 else {"label": "l_2"}
        trained.api.answer("topics", lease, answer)
    train_until_idle(trained.site)
    found = trained.api.post(f"{BASE}/merge/preview", MERGER).json()["accuracy"]
    from labelwright.engine.project import load
    from labelwright.services.evaluation.reserve import on_reserve

    with trained.store.read() as rows:
        project = load(trained.store, rows)
    measured = on_reserve(trained.site, trained.store, project, project.primary)
    proba = measured.task.proba(measured.predictions).astype(float)
    two = [proba[:, 0], proba[:, 1] + proba[:, 2]]
    expected = ((two[1] > two[0]).astype(int) == (measured.y > 0)).mean()
    assert found["metric"] == "accuracy" and found["n"] == len(measured.y)
    assert found["after"]["value"] == pytest.approx(expected)
    assert found["before"]["value"] == pytest.approx((proba.argmax(axis=1) == measured.y).mean())
    assert found["after"]["low"] < found["after"]["value"] <= found["after"]["high"]


def test_a_split_says_what_is_asked_again_and_a_preview_changes_nothing(lived: Any) -> None:
    with lived.store.read() as rows:
        before = lived.store.head_seq(rows)
    found = lived.api.post(f"{BASE}/split/preview", SPLIT).json()
    with lived.store.read() as rows:
        assert lived.store.head_seq(rows) == before
        split = {row.ordinal: row.split for row in rows.all(rows.select(t.item.c.ordinal, t.item.c.split))}
        table = t.annotation
        named = [row for row in rows.all(rows.select(table).where(table.c.standing)) if row.answer == {"label": "l_3"}]
    items = {row.ordinal for row in named}
    assert found["again"]["n_pool"] == sum(split[o] == "pool" for o in items)
    assert found["again"]["n_reserve"] == sum(split[o] != "pool" for o in items) == found["n_reserve"]
    assert found["again"]["n_answers"] == len(named)
    assert found["again"]["hours"] == pytest.approx(len(named) * 1.0 / 3600, abs=1e-3)
    assert [(one["name"], one["before"] is None, one["after"]) for one in found["classes"]][-2:] == [
        ("contracts", True, 0), ("courts", True, 0),
    ]  # fmt: skip


def test_a_merger_is_applied_with_a_reason_and_marked_where_answers_are_shown(lived: Any) -> None:
    assert lived.api.post(f"{BASE}/merge", MERGER).status_code == 422
    stale = lived.api.post(f"{BASE}/merge", {**MERGER, "reason": "the same to us", "settings_version": 0})
    assert stale.status_code == 409
    made = lived.api.post(f"{BASE}/merge", {**MERGER, "reason": "the same to us"})
    assert made.status_code == 200 and made.json()["state"] == "approved", made.text
    assert names(lived) == ["sport", "food"]
    with lived.store.read() as rows:
        table = t.annotation
        ordinal = next(row.ordinal for row in rows.all(rows.select(table)) if row.answer == {"label": "l_3"})
    history = lived.api.get(f"/projects/topics/items/i{ordinal}").json()["history"]
    marked = [entry for entry in history if entry["detail"].get("was")]
    assert marked and marked[0]["detail"]["was"] == "law" and "food" in marked[0]["summary"]
    (change,) = lived.api.get(f"{BASE}/changes").json()
    assert (change["label"], change["into"], change["reason"]) == ("law", ["food"], "the same to us")
    log = lived.api.get("/projects/topics/audit", kind="labels.changed").json()["items"]
    assert log[0]["says"].startswith("A label was merged into another, or split into several")


def test_under_strict_rules_another_person_approves(lived: Any) -> None:
    strict(lived)
    other = lead(lived)
    made = other.post(f"{BASE}/split", {**SPLIT, "reason": "two kinds"}).json()
    assert made["state"] == "proposed" and names(lived) == ["sport", "food", "law"]
    change = made["change"]
    assert other.post(f"{BASE}/split", {**SPLIT, "reason": "again"}).status_code == 409
    refused = other.post(f"{BASE}/changes/{change}/approve", {"reason": "I like it"})
    assert refused.status_code == 409 and "another person" in refused.text
    (line,) = lived.api.get(f"{BASE}/changes").json()
    assert line["may_approve"] and not other.get(f"{BASE}/changes").json()[0]["may_approve"]
    assert lived.api.post(f"{BASE}/changes/{change}/approve", {"reason": "agreed"}).json()["state"] == "approved"
    assert names(lived) == ["sport", "food", "contracts", "courts"]
    assert lived.api.post(f"{BASE}/changes/{change}/refuse", {"reason": "late"}).status_code == 409
    assert verify(lived.site, "topics", replay=True).problems == []


def test_a_proposal_may_be_refused_or_taken_back(lived: Any) -> None:
    strict(lived)
    for who in (lived.api, lead(lived)):
        change = lived.api.post(f"{BASE}/merge", {**MERGER, "reason": "the same"}).json()["change"]
        assert who.post(f"{BASE}/changes/{change}/refuse", {"reason": "no"}).json()["state"] == "refused"
    assert names(lived) == ["sport", "food", "law"]
    assert verify(lived.site, "topics").problems == []


@pytest.mark.parametrize("role", ["annotator", "reviewer", "auditor"])
def test_only_those_who_manage_the_project_change_labels(lived: Any, role: str) -> None:
    who = lived.api.as_role(role)
    assert who.post(f"{BASE}/merge/preview", MERGER).status_code == 403
    assert who.post(f"{BASE}/split", {**SPLIT, "reason": "two kinds"}).status_code == 403
    assert who.get(f"{BASE}/changes").status_code == (200 if role == "auditor" else 403)


def test_removing_a_label_that_was_used_points_to_merging(lived: Any) -> None:
    body = {"labels": [{"id": "l_1", "name": "sport"}, {"id": "l_2", "name": "food"}]}
    sent = lived.api.client.patch(
        lived.api.base + "/projects/topics/questions/q_1", json=body, headers=lived.api.headers
    )
    assert sent.status_code == 409 and "Merge it into another label" in sent.text


def test_every_page_reads_answers_of_labels_that_went(lived: Any) -> None:
    lived.api.post(f"{BASE}/merge", {**MERGER, "reason": "the same"})
    lived.api.post(f"{BASE}/split", {"label": "l_2", "into": ["soups", "stews"], "reason": "two kinds"})
    pages = [
        "", "/progress", "/team", "/team/agreement", "/items", "/items?label=l_1", "/reviews", "/evaluation",
        "/own", "/calibrations", "/drift", "/mistakes", "/guidelines", "/report", "/versions", "/audit", "/plan",
    ]  # fmt: skip
    for _ in range(2):
        for page in pages:
            shown = lived.api.get(f"/projects/topics{page}")
            assert shown.status_code in (200, 404), f"{page}: {shown.text[:300]}"
        train_until_idle(lived.site)


def test_the_script_of_an_evidence_package_reaches_the_same_labels(lived: Any, tmp_path: Path) -> None:
    for change, body in (("merge", MERGER), ("split", {"label": "l_2", "into": ["soups", "stews"]})):
        assert lived.api.post(f"{BASE}/{change}", {**body, "reason": "as seen"}).status_code == 200
        for lease in lived.api.queue("topics", n=12):
            label = LABEL[lived.truth[lease["item"]["key"]]]
            label = "l_2" if change == "merge" and label == "l_3" else label
            label = "l_5" if change == "split" and label != "l_1" else label
            assert lived.api.answer("topics", lease, {"label": label}).status_code == 201
        train_until_idle(lived.site)
    path = tmp_path / "evidence.zip"
    package.write(lived.site, users.ensure_admin(lived.site)[0], "topics", path)
    with zipfile.ZipFile(path) as file:
        file.extractall(tmp_path / "package")
    out = io.StringIO()
    argv, sys.argv = sys.argv, ["verify.py", str(tmp_path / "package")]
    try:
        with redirect_stdout(out), pytest.raises(SystemExit) as ended:
            runpy.run_path(str(tmp_path / "package" / "verify.py"), run_name="__main__")
    finally:
        sys.argv = argv
    assert ended.value.code == 0, out.getvalue()
    versions = json.loads((tmp_path / "package" / "versions.json").read_text())
    assert out.getvalue().count("labels follow from the events") == sum(len(one["questions"]) for one in versions)
