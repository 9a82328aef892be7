"""Several questions about one item: created from a project file, answered, trained, exported, verified."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from labelwright.engine.cycle import Cycle
from labelwright.engine.drifting import looking
from labelwright.errors import InputError
from labelwright.services.people import users
from labelwright.services.projects import config, create
from labelwright.services.record import exports
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import TOPICS, make_api, train_until_idle, write_texts

FILE = """
[project]
source = "reports.jsonl"
id = "id"
text = "text"

[[question]]
id = "tone"
text = "How severe is it?"
task = "regression"
min = 0
max = 10

[[question]]
id = "topic"
text = "What is it about?"
task = "classification"
labels = ["sport", "food", "law"]
primary = true

[[question]]
id = "marks"
text = "Which marks does it bear?"
task = "multilabel"
labels = ["long", "odd"]
required = false
"""


def write_project(folder: Path, n: int = 60) -> Path:
    """Reports and the file of a project with three questions."""
    write_texts(folder / "reports.jsonl", n)
    path = folder / "project.toml"
    path.write_text(FILE)
    return path


@pytest.fixture
def three(site: Any, tmp_path: Path) -> Any:
    """A site with the project "reports"."""
    path = write_project(tmp_path)
    admin, _ = users.ensure_admin(site)
    create.create(site, admin, config.draft_of(path, config.read_toml(path), slug="reports"))
    train_until_idle(site)
    return make_api(site)


def answers_of(lease: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """True answers by question, from the key of the item."""
    i = int(lease["item"]["key"].removeprefix("t"))
    return {
        "topic": {"label": f"l_{i % 3 + 1}"},
        "tone": {"value": float(i % 3) * 4},
        "marks": {"labels": ["l_2"] if i % 2 else []},
    }


def body(lease: dict[str, Any], question: str, answer: Any, **more: Any) -> dict[str, Any]:
    """An annotation of one question."""
    return {
        "answer_id": str(uuid.uuid4()), "lease_id": lease["id"], "item_id": lease["item"]["id"], "kind": "answer",
        "question": question, "answer": answer, "seconds": 1.0, **more,
    }  # fmt: skip


def answer_all(api: Any, lease: dict[str, Any]) -> Any:
    """Answer all questions of an item at once."""
    sent = [body(lease, question, answer) for question, answer in answers_of(lease).items()]
    return api.post("/projects/reports/annotations/batch", {"annotations": sent})


def test_the_primary_question_comes_first_and_selection_follows_it(three: Any) -> None:
    detail = three.get("/projects/reports").json()
    assert [question["id"] for question in detail["questions"]] == ["topic", "tone", "marks"]
    assert [question["required"] for question in detail["questions"]] == [True, True, False]
    assert detail["question"]["id"] == "topic"
    (lease,) = three.queue("reports", n=1)
    assert lease["questions"] == ["topic", "tone", "marks"] and lease["answered"] == {}


def test_a_whole_life_with_three_questions(three: Any, site: Any, tmp_path: Path) -> None:
    for _ in range(2):
        for lease in three.queue("reports", n=15):
            assert answer_all(three, lease).status_code == 201
        train_until_idle(site)
    store = site.project("reports")
    with store.read() as rows:
        trained = set(rows.scalars(rows.select(t.model.c.question_id)))
        measured = set(rows.scalars(rows.select(t.metric.c.question_id)))
        (version,) = rows.all(
            rows.select(t.label_version.c.questions).order_by(t.label_version.c.cycle.desc()).limit(1)
        )
    assert trained == measured == {"topic", "tone", "marks"}
    assert set(version.questions) == {"topic", "tone", "marks"}
    report = verify(site, "reports", replay=True)
    assert report.problems == []
    admin, _ = users.ensure_admin(site)
    exports.export(site, admin, "reports", tmp_path / "labels.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text().splitlines()]
    labeled = [line for line in lines if line["topic.label"] is not None]
    assert len(labeled) == 30
    for line in labeled:
        i = int(line["key"].removeprefix("t"))
        assert line["topic.label"] == list(TOPICS)[i % 3] and line["tone.label"] == float(i % 3) * 4
        assert line["marks.label"] == ("odd" if i % 2 else "")


def test_a_question_retrains_only_when_its_own_answers_change(three: Any, site: Any) -> None:
    for lease in three.queue("reports", n=12):
        answer_all(three, lease)
    train_until_idle(site)
    (lease,) = three.queue("reports", n=1)
    told = answers_of(lease)["tone"]
    assert three.post("/projects/reports/annotations", body(lease, "tone", told)).status_code == 201
    train_until_idle(site)
    with site.project("reports").read() as rows:
        newest = rows.scalar(rows.select(t.ranking.c.cycle).order_by(t.ranking.c.cycle.desc()).limit(1))
        table = t.label_version
        questions = rows.scalar(rows.select(table.c.questions).where(table.c.cycle == newest))
        models = set(rows.scalars(rows.select(t.model.c.question_id).where(t.model.c.cycle == newest)))
    assert models == {"tone"}
    assert questions["topic"]["same_as"] == questions["marks"]["same_as"] == newest - 1
    assert questions["tone"]["same_as"] is None


def test_overlap_counts_people_who_answered_all_required_questions(three: Any) -> None:
    """A partial answer closes nothing: its author may get the item again, others wait for the lease alone."""
    (lease,) = three.queue("reports", n=1)
    assert three.post("/projects/reports/annotations", body(lease, "topic", {"label": "l_1"})).status_code == 201
    (again,) = three.queue("reports", n=1)
    assert again["id"] == lease["id"]
    assert again["answered"]["topic"]["answer"] == {"label": "l_1"}
    assert three.post("/projects/reports/annotations", body(lease, "tone", {"value": 2})).status_code == 201
    (other,) = three.queue("reports", n=1)
    assert other["id"] != lease["id"]
    late = three.post("/projects/reports/annotations", body(lease, "marks", {"labels": ["l_1"]}))
    assert late.status_code == 201  # an optional answer may follow on the same lease


def test_undo_names_one_question_and_reopens_the_item(three: Any, site: Any) -> None:
    (lease,) = three.queue("reports", n=1)
    stored = answer_all(three, lease).json()["stored"]
    undo = body(lease, "tone", None, kind="undo", replaces=stored[1]["id"])
    assert three.post("/projects/reports/annotations", undo).status_code == 201
    (again,) = three.queue("reports", n=1)
    assert again["item"]["id"] == lease["item"]["id"] and set(again["answered"]) == {"topic", "marks"}
    with site.project("reports").read() as rows:
        standing = set(rows.scalars(rows.select(t.annotation.c.question_id).where(t.annotation.c.standing)))
    assert standing == {"topic", "marks"}


def test_a_skip_concerns_the_item(three: Any) -> None:
    (lease,) = three.queue("reports", n=1)
    skip = {key: value for key, value in body(lease, "topic", None, kind="skip").items() if key != "question"}
    assert three.post("/projects/reports/annotations", skip).status_code == 201
    (other,) = three.queue("reports", n=1)
    assert other["item"]["id"] != lease["item"]["id"]


def test_an_answer_without_its_question_is_refused_by_name(three: Any) -> None:
    (lease,) = three.queue("reports", n=1)
    nameless = {key: value for key, value in body(lease, "", {"label": "l_1"}).items() if key != "question"}
    refused = three.post("/projects/reports/annotations", nameless)
    assert refused.status_code == 422 and "topic, tone, marks" in refused.json()["message"]
    wrong = three.post("/projects/reports/annotations", body(lease, "tone", {"label": "l_1"}))
    assert wrong.status_code == 422 and "value" in wrong.json()["message"]
    assert three.post("/projects/reports/annotations", body(lease, "mood", {"label": "l_1"})).status_code == 404


def test_label_columns_of_several_questions(site: Any, tmp_path: Path) -> None:
    rows = [
        {"id": f"r{i}", "text": f"a text of some length {i}", "kind": "ab"[i % 2], "score": i % 5} for i in range(40)
    ]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    path = tmp_path / "project.toml"
    path.write_text(
        '[project]\nsource = "rows.jsonl"\ntext = "text"\n[[question]]\nid = "kind"\ntask = "classification"\n'
        'column = "kind"\n[[question]]\nid = "score"\ntask = "regression"\ncolumn = "score"\n'
    )
    admin, _ = users.ensure_admin(site)
    added = create.create(site, admin, config.draft_of(path, config.read_toml(path), slug="both"))
    assert added.labeled == 40
    train_until_idle(site)
    with site.project("both").read() as found:
        assert set(found.scalars(found.select(t.model.c.question_id))) == {"kind", "score"}
    assert verify(site, "both", replay=True).problems == []
    more = create.add(site, admin, "both", rows=[{"id": "new", "text": "another text here", "kind": "a", "score": 3}])
    assert more.labeled == 1
    assert verify(site, "both").problems == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('task = "regression"', 'tusk = "regression"'), "tusk"),
        (("primary = true", 'primary = true\n[[question]]\nid = "b"\ntask = "regression"\nprimary = true'), "primary"),
        (('id = "marks"', 'id = "tone"'), "distinct"),
        (('source = "reports.jsonl"', "sauce = 1"), "sauce"),
    ],
)
def test_a_project_file_that_cannot_be_is_refused(
    site: Any, tmp_path: Path, change: tuple[str, str], named: str
) -> None:
    path = write_project(tmp_path)
    path.write_text(path.read_text().replace(*change))
    admin, _ = users.ensure_admin(site)
    with pytest.raises(InputError, match=named):
        create.create(site, admin, config.draft_of(path, config.read_toml(path), slug="reports"))
    assert site.store.slugs() == []


def test_drift_follows_the_errors_of_every_question(site: Any, tmp_path: Path) -> None:
    path = write_project(tmp_path, 160)
    rows_of = [json.loads(line) for line in (tmp_path / "reports.jsonl").read_text().splitlines()]
    dated = [{**row, "time": f"2026-{1 + i // 28:02d}-{1 + i % 28:02d}"} for i, row in enumerate(rows_of)]
    (tmp_path / "reports.jsonl").write_text("".join(json.dumps(row) + "\n" for row in dated))
    policy = "[policy]\nrandom_share = 0.9\nreserve_share = 0.3\ngold_share = 0\n"
    path.write_text(FILE.replace('text = "text"\n', 'text = "text"\ntime = "time"\n', 1) + policy)
    admin, _ = users.ensure_admin(site)
    create.create(site, admin, config.draft_of(path, config.read_toml(path), slug="reports"))
    train_until_idle(site)
    api = make_api(site)
    for _ in range(5):
        for lease in api.queue("reports", n=30):
            assert answer_all(api, lease).status_code == 201
        train_until_idle(site)
    with site.project("reports").read() as rows:
        cycle = Cycle(site.project("reports"), site.project("reports").row(rows).cycle)
    found = looking.look(cycle)
    assert found is not None
    by_question = {(one.what, one.question): one for one in found}
    assert len(by_question) == len(found)
    for question in (None, "tone", "marks"):
        stream = by_question["stream", question]
        assert stream.state == "ready" and stream.n >= 40 and not stream.alarm, stream
        assert ("errors", question) in by_question
    alarm = looking.found(by_question["stream", "tone"], "dr_1", "tone", cycle.id)
    assert alarm.question == "tone" and alarm.what == "stream"
