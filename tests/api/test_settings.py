"""What a lead sets from the page: goal, question and labels, rounds, archive, deletion."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from labelwright.store.clock import today
from tests.conftest import Api, train_until_idle

GOAL = {"metric": "balanced-accuracy", "value": 0.9, "deadline": None, "budget": 50}


def put(api: Api, path: str, body: Any) -> Any:
    return api.client.put(api.base + path, json=body, headers=api.headers)


def patch(api: Api, path: str, body: Any) -> Any:
    return api.client.patch(api.base + path, json=body, headers=api.headers)


def delete(api: Api, path: str) -> Any:
    return api.client.delete(api.base + path, headers=api.headers)


def answer_all(ready: Any, n: int) -> None:
    for lease in ready.api.queue("topics", n=n):
        assert ready.api.answer("topics", lease, ready.right(lease)).status_code == 201


def test_a_goal_is_metric_number_deadline_and_budget(trained: Any) -> None:
    deadline = today() + timedelta(days=12)
    changed = put(trained.api, "/projects/topics/goal", {"goal": {**GOAL, "deadline": deadline.isoformat()}})
    assert changed.status_code == 200, changed.text
    shown = changed.json()
    assert shown["goal"] == "balanced-accuracy=0.9"
    expected = {**GOAL, "deadline": deadline.isoformat(), "days_left": 12, "higher_is_better": True}
    expected |= {"openings": 3, "point_value": None, "label_cost": None, "prevalence": None}
    assert shown["goal_details"] == expected
    sentence = trained.api.get("/projects/topics/progress").json()["sentence"]
    assert "0 of the budget of 50 answers are given." in sentence and "is in 12 days." in sentence


def test_a_new_goal_measures_and_judges_from_then_on(lived: Any) -> None:
    put(lived.api, "/projects/topics/goal", {"goal": {**GOAL, "value": 0.5, "budget": 5}})
    train_until_idle(lived.site)
    progress = lived.api.get("/projects/topics/progress").json()
    assert progress["metric"] == "balanced-accuracy" and progress["target"] == 0.5
    with lived.store.read() as rows:
        verdicts = [row.data["verdicts"] for row in rows.all(rows.select(t.decision)) if row.kind == "verdict"]
    by_rule = {verdict["rule"]: verdict for verdict in verdicts[-1]}
    assert set(by_rule) == {"target", "budget", "plateau", "kappa-stable"} and by_rule["budget"]["stop"]
    assert verify(lived.site, "topics", replay=True).problems == []


def test_the_budget_counts_answers_of_people_alone(site: Any, make_project: Any, tmp_path: Any) -> None:
    import json

    from labelwright.engine.history import history
    from labelwright.engine.project import load
    from labelwright.exchange import Columns
    from labelwright.services.people import users
    from labelwright.services.projects import create
    from tests.conftest import make_api, text_draft, write_texts

    truth = write_texts(tmp_path / "half.jsonl")
    rows_of_file = [json.loads(line) for line in (tmp_path / "half.jsonl").read_text().splitlines()]
    labeled = [{**row, "topic": truth[row["id"]] if k % 2 else None} for k, row in enumerate(rows_of_file)]
    (tmp_path / "half.jsonl").write_text("".join(json.dumps(row) + "\n" for row in labeled))
    draft = text_draft("topics", tmp_path / "half.jsonl", columns=Columns(label="topic"), goal="accuracy=0.9")
    create.create(site, users.first_admin(site), draft)
    api = make_api(site)
    for lease in api.queue("topics", n=30):
        name = {"sport": "l_1", "food": "l_2", "law": "l_3"}[truth[lease["item"]["key"]]]
        assert api.answer("topics", lease, {"label": name}).status_code == 201
    train_until_idle(site)
    with (store := site.project("topics")).read() as rows:
        last = history(rows, load(store, rows).primary).iloc[-1]
    assert last["cost"] == 30 and last["n_labels"] + last["n_reserve"] > 60  # the file's labels cost nothing


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ({"metric": "speed"}, "metric"), ({"value": 1e40}, "value"), ({"budget": 0}, "budget"),
        ({"budget": 10**12}, "budget"), ({"deadline": "2001-01-01"}, "deadline"), ({"deadline": "soon"}, "deadline"),
    ],
)  # fmt: skip
def test_a_goal_that_cannot_be_aimed_at_is_refused(trained: Any, goal: dict[str, Any], said: str) -> None:
    refused = put(trained.api, "/projects/topics/goal", {"goal": {**GOAL, **goal}})
    assert refused.status_code == 422 and said in refused.text
    assert trained.api.get("/projects/topics").json()["goal"] is None


def test_a_goal_can_be_removed_and_a_stale_page_overwrites_nothing(trained: Any) -> None:
    seen = trained.api.get("/projects/topics").json()["settings_version"]
    assert put(trained.api, "/projects/topics/goal", {"goal": GOAL, "settings_version": seen}).status_code == 200
    stale = put(trained.api, "/projects/topics/goal", {"goal": None, "settings_version": seen})
    assert stale.status_code == 409
    removed = put(trained.api, "/projects/topics/goal", {"goal": None, "settings_version": seen + 1}).json()
    assert removed["goal"] is None and removed["goal_details"] is None


def question(api: Api) -> dict[str, Any]:
    return dict(api.get("/projects/topics").json()["question"])


def test_labels_are_renamed_added_and_ordered_and_answers_keep_their_meaning(trained: Any) -> None:
    lease = trained.api.queue("topics", n=1)[0]
    trained.api.answer("topics", lease, {"label": "l_2"})
    labels = [
        {"id": "l_3", "name": "law"},
        {"id": "l_2", "name": "cooking"},
        {"id": "l_1", "name": "sport"},
        {"name": "art"},
    ]
    changed = patch(trained.api, "/projects/topics/questions/q_1", {"text": "What is it about?", "labels": labels})
    assert changed.status_code == 200, changed.text
    assert [(label["id"], label["name"]) for label in changed.json()["labels"]] == [
        ("l_3", "law"), ("l_2", "cooking"), ("l_1", "sport"), ("l_4", "art"),
    ]  # fmt: skip
    assert question(trained.api)["name"] == "What is it about?"
    (said,) = trained.api.get("/projects/topics/annotations").json()["items"]
    assert said["summary"] == "cooking"
    train_until_idle(trained.site)
    assert verify(trained.site, "topics", replay=True).problems == []


def test_a_label_that_was_used_cannot_be_removed_and_ids_are_not_used_again(trained: Any) -> None:
    lease = trained.api.queue("topics", n=1)[0]
    trained.api.answer("topics", lease, {"label": "l_2"})
    without = [{"id": "l_1", "name": "sport"}, {"id": "l_3", "name": "law"}]
    refused = patch(trained.api, "/projects/topics/questions/q_1", {"labels": without})
    assert refused.status_code == 409 and "1 answer or label names it" in refused.json()["message"]
    without = [{"id": "l_1", "name": "sport"}, {"id": "l_2", "name": "food"}]
    assert patch(trained.api, "/projects/topics/questions/q_1", {"labels": without}).status_code == 200
    again = patch(trained.api, "/projects/topics/questions/q_1", {"labels": [*without, {"name": "music"}]}).json()
    assert again["labels"][-1]["id"] == "l_4"  # an open page may still send l_3


@pytest.mark.parametrize(
    "labels",
    [
        [{"id": "l_1", "name": "a"}, {"id": "l_1", "name": "b"}], [{"id": "l_9", "name": "a"}],
        [{"name": "a"}, {"name": " a "}], [{"name": " "}], [],
    ],
)  # fmt: skip
def test_labels_that_make_no_sense_are_refused(trained: Any, labels: list[Any]) -> None:
    before = question(trained.api)
    refused = patch(trained.api, "/projects/topics/questions/q_1", {"labels": labels})
    assert refused.status_code == 422 and question(trained.api) == before


def test_a_round_is_begun_from_the_page(trained: Any) -> None:
    begun = trained.api.post(
        "/projects/topics/rounds", {"hypothesis": "short ones are hard", "labels": 25, "strategy": "margin"}
    )
    assert begun.status_code == 201, begun.text
    listed = trained.api.get("/projects/topics/rounds").json()["items"]
    assert (listed[0]["hypothesis"], listed[0]["planned"], listed[0]["strategy"]) == (
        "short ones are hard",
        25,
        "margin",
    )
    assert listed[1]["state"] == "ended"
    for wrong in ({"strategy": "magic"}, {"labels": 0}, {"constraints": ["colour never red"]}):
        assert trained.api.post("/projects/topics/rounds", wrong).status_code == 422


def test_an_archived_project_is_for_reading(trained: Any) -> None:
    lease = trained.api.queue("topics", n=1)[0]
    assert trained.api.post("/projects/topics/archive").json()["state"] == "archived"
    assert trained.api.answer("topics", lease, trained.right(lease)).status_code == 201  # nothing is lost
    empty = trained.api.post("/projects/topics/queue", {"n": 1}).json()
    assert empty["leases"] == [] and empty["empty_because"] == "archived"
    for refused in (
        put(trained.api, "/projects/topics/goal", {"goal": GOAL}),
        trained.api.post("/projects/topics/items", {"rows": [{"id": "x", "text": "some new words"}]}),
        trained.api.post("/projects/topics/rounds", {}),
        put(trained.api, "/projects/topics/guidelines", {"markdown": "new"}),
    ):
        assert refused.status_code == 409 and "archived" in refused.json()["message"]
    assert trained.api.get("/projects/topics/export", format="csv").status_code == 200
    assert trained.api.post("/projects/topics/unarchive").json()["state"] == "ready"
    assert len(trained.api.queue("topics", n=2)) == 2


def test_a_deleted_project_is_gone_until_it_is_restored(trained: Any) -> None:
    answer_all(trained, 3)
    assert delete(trained.api, "/projects/topics").status_code == 204
    assert delete(trained.api, "/projects/topics").status_code == 404
    assert trained.api.get("/projects").json()["items"] == []
    for path in ("", "/progress", "/items", "/export"):
        assert trained.api.get(f"/projects/topics{path}").status_code == 404
    train_until_idle(trained.site)  # no worker looks at it
    (gone,) = trained.api.get("/deleted-projects").json()["items"]
    assert gone["slug"] == "topics" and gone["deleted_at"]
    assert trained.api.as_role("lead").get("/deleted-projects").status_code == 403
    assert trained.api.post("/deleted-projects/topics/restore").status_code == 204
    assert trained.api.post("/deleted-projects/topics/restore").status_code == 404
    assert trained.api.get("/projects/topics").json()["answers"] == 3
    assert verify(trained.site, "topics").problems == []


def test_the_name_of_a_deleted_project_is_taken_until_it_is_removed(trained: Any, make_project: Any) -> None:
    from labelwright.errors import ConflictError, NotFoundError
    from labelwright.services.people import users
    from labelwright.services.projects import archive

    admin = users.first_admin(trained.site)
    with pytest.raises(ConflictError, match="is not deleted"):
        archive.remove(trained.site, admin, "topics")
    folder = trained.store.folder
    archive.delete(trained.site, admin, "topics")
    with pytest.raises(ConflictError, match="can still be restored"):
        make_project(trained.site)
    archive.remove(trained.site, admin, "topics")
    assert not folder.exists() and archive.deleted(trained.site).items == []
    with pytest.raises(NotFoundError):
        archive.restore(trained.site, admin, "topics")
    make_project(trained.site)


def test_a_backup_has_deleted_projects_too(trained: Any, tmp_path: Any) -> None:
    from labelwright.services.people import users
    from labelwright.services.projects import archive
    from labelwright.services.site.backup import backup
    from tests.conftest import make_site

    admin = users.first_admin(trained.site)
    archive.delete(trained.site, admin, "topics")
    backup(trained.site, tmp_path / "copy")
    copy = make_site(tmp_path / "copy")
    try:
        archive.restore(copy, admin, "topics")
        assert verify(copy, "topics").problems == []
    finally:
        copy.close()


def test_metrics_are_listed_by_task(api: Api) -> None:
    listed = api.get("/metrics").json()["items"]
    assert {"name": "mae", "task": "regression", "higher_is_better": False} in listed
    assert next(m["name"] for m in listed if m["task"] == "classification") == "accuracy"


def test_a_damaged_project_can_be_deleted(trained: Any) -> None:
    from labelwright.services.people import users
    from labelwright.services.projects import archive
    from tests.conftest import make_site

    home = trained.site.settings.home
    trained.site.close()
    (home / "projects" / "topics" / "project.sqlite").write_bytes(b"no database " * 500)
    damaged = make_site(home)
    try:
        archive.delete(damaged, users.first_admin(damaged), "topics")
        assert damaged.store.slugs() == [] and [one.slug for one in archive.deleted(damaged).items] == ["topics"]
    finally:
        damaged.close()


def test_a_label_that_the_metric_names_keeps_its_name_until_the_goal_is_another(lived: Any) -> None:
    put(lived.api, "/projects/topics/goal", {"goal": {**GOAL, "metric": "f1:sport"}})
    question = lived.api.get("/projects/topics").json()["questions"][0]
    labels = [{"id": one["id"], "name": one["name"].upper()} for one in question["labels"]]
    path = f"/projects/topics/questions/{question['id']}"
    refused = patch(lived.api, path, {"labels": labels})
    assert refused.status_code == 409 and "the metric 'f1:sport' does not fit these labels" in refused.json()["message"]
    assert lived.api.get("/projects/topics/progress").status_code == 200
    put(lived.api, "/projects/topics/goal", {"goal": GOAL})
    assert patch(lived.api, path, {"labels": labels}).status_code == 200
    assert put(lived.api, "/projects/topics/goal", {"goal": {**GOAL, "metric": "f1:SPORT"}}).status_code == 200
    train_until_idle(lived.site)
    assert lived.api.get("/projects/topics/progress").json()["metric"] == "f1:SPORT"
