"""Plans over HTTP: started from a file or a project, played by a worker, ended, and seen by whom they concern."""

from __future__ import annotations

import time
from typing import Any

import pytest

from labelwright.engine.plans.folder import CANCELLED, PlanFolder
from labelwright.engine.plans.playing import MAX_TRIES, play_some
from labelwright.policy import Policy
from labelwright.services.projects import access
from tests.api.test_create import upload
from tests.api.test_http_loop import label_some

SMALL = {"strategies": ["margin"], "seeds": 2, "budget": 40, "batch_sizes": [10], "target": 0.8}


def table_file() -> bytes:
    """Two classes that a line parts."""
    rows = [f"{(7 * k) % 31},{(5 * k) % 17},{'yes' if (7 * k) % 31 > (5 * k) % 17 else 'no'}" for k in range(120)]
    return ("height,width,wide\n" + "\n".join(rows)).encode()


def of_file(api: Any, **more: Any) -> dict[str, Any]:
    upload_id = upload(api, "boxes.csv", table_file())
    source = {"upload_id": upload_id, "columns": {"label": "wide"}}
    sent = api.post("/plans", {"source": source, **SMALL, **more})
    assert sent.status_code == 201, sent.text
    return dict(sent.json())


def played(api: Any) -> None:
    while play_some(api.site.settings.home, n_jobs=1):
        pass


def test_a_file_is_replayed_by_a_worker(api: Any, train: Any) -> None:
    plan = of_file(api, seconds_per_label=36, rate=10)
    assert plan["line"]["state"] == "waiting" and plan["line"]["n_replays"] == 4
    assert plan["rows"] == [] and plan["proposals"] == [] and plan["task"] == "classification"
    train(api.site)
    done = api.get(f"/plans/{plan['line']['id']}").json()
    assert done["line"]["state"] == "finished" and done["line"]["n_done"] == 4
    assert {row["setup"]["strategy"] for row in done["rows"]} == {"random", "margin"}
    best = done["proposals"][0]
    assert best["text"] and best["n_seeds"] == 2
    assert best["hours"]["value"] == pytest.approx(best["answers"]["value"] / 100)
    assert [point["n_answers"] for point in done["curves"][0]["points"]][-1] == 40
    assert done["upload_id"] == plan["upload_id"] and done["columns"]["label"] == "wide"
    assert [one["id"] for one in api.get("/plans").json()["items"]] == [plan["line"]["id"]]


def test_what_is_proposed_can_be_created(api: Any) -> None:
    plan = of_file(api)
    played(api)
    done = api.get(f"/plans/{plan['line']['id']}").json()
    setup = done["proposals"][0]["setup"]
    body = {
        "slug": "boxes", "upload_id": done["upload_id"], "task": done["task"],
        "columns": {key: value for key, value in done["columns"].items() if value},
        "labels": done["labels"], **setup,
    }  # fmt: skip
    made = api.post("/projects", body)
    assert made.status_code == 201, made.text
    while api.get("/projects/boxes").json()["state"] == "importing":
        time.sleep(0.05)
    policy = api.get("/projects/boxes").json()["policy"]
    assert (policy["batch_size"], policy["overlap"]) == (10, 1) and policy["strategy"].startswith(setup["strategy"])
    with api.site.project("boxes").read() as rows:
        assert access.ready(api.site.project("boxes"), rows).primary.model == setup["model"]


def test_a_killed_worker_costs_no_finished_replay(api: Any) -> None:
    plan = of_file(api)
    home = api.site.settings.home
    folder = PlanFolder.of(home, plan["line"]["id"])
    assert play_some(home, n_jobs=1)
    first = folder.plan().replays
    with (folder.path / "replays.jsonl").open("a") as file:
        file.write('{"strategy": "mar')
    assert len(first) == 1 and folder.plan().replays == first
    played(api)
    after = folder.plan()
    assert after.complete and first[0] in after.replays


def test_replays_that_kill_workers_are_given_up(api: Any) -> None:
    plan = of_file(api)
    folder = PlanFolder.of(api.site.settings.home, plan["line"]["id"])
    for _ in range(MAX_TRIES):
        folder.tried()
    played(api)
    seen = api.get(f"/plans/{plan['line']['id']}").json()
    assert seen["line"]["state"] == "failed" and "died 3 times" in seen["error"]


def test_a_plan_is_ended_and_then_deleted(api: Any) -> None:
    plan = of_file(api)
    play_some(api.site.settings.home, n_jobs=1)
    path = f"/plans/{plan['line']['id']}"
    assert api.client.delete(api.base + path, headers=api.headers).status_code == 204
    played(api)
    seen = api.get(path).json()
    assert seen["line"]["state"] == CANCELLED and seen["line"]["n_done"] == 1 and seen["proposals"] == []
    assert api.client.delete(api.base + path, headers=api.headers).status_code == 204
    assert api.get(path).status_code == 404


def test_the_labels_of_a_project_are_replayed_for_its_leads_alone(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, policy=Policy(batch_size=30))
    train(api.site)
    ann = api.as_role("annotator")
    body = {"source": {"project": "topics"}, **SMALL, "budget": 25}
    few = api.post("/plans", body)
    assert few.status_code == 422 and "40 labeled items" in few.json()["message"]
    label_some(ann, truth, 50)
    train(api.site)
    plan = api.post("/plans", body).json()
    assert plan["line"]["project"] == "topics" and plan["n_items"] >= 40 and plan["upload_id"] is None
    path = f"/plans/{plan['line']['id']}"
    lead = api.as_role("lead")
    assert lead.get(path).status_code == 200
    assert [one["id"] for one in lead.get("/plans", project="topics").json()["items"]] == [plan["line"]["id"]]
    for role in ("annotator", "auditor", "reviewer"):
        assert api.as_role(role).get(path).status_code == 403
    own = of_file(api)
    assert lead.get(f"/plans/{own['line']['id']}").status_code == 404


def test_similar_projects_say_what_won(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site)
    train(api.site)
    label_some(api.as_role("annotator"), truth, 40)
    train(api.site)
    texts = ["text,topic"] + [f"the team won match {k} after a late goal,sport" for k in range(40)]
    texts += [f"simmer the onions in butter for recipe {k},food" for k in range(40)]
    source = {"upload_id": upload(api, "more.csv", "\n".join(texts).encode()), "columns": {"text": "text"}}
    found = api.post("/plans/similar", {**source, "task": "classification", "labels": ["sport", "food"]}).json()[
        "items"
    ]
    assert [one["slug"] for one in found] == ["topics"]
    assert 0.2 < found[0]["similarity"] <= 1 and found[0]["strategy"].startswith("auto")
    assert found[0]["seconds"]["value"] is not None and found[0]["regret"] is None
    other = {"upload_id": upload(api, "boxes.csv", table_file()), "columns": {"label": "wide"}}
    assert api.post("/plans/similar", other).json()["items"] == []


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"strategies": ["margn"]}, "margn"),
        ({"models": ["huge"]}, "huge"),
        ({"budget": 5000}, "budget"),
        ({"rate": 10}, "rate"),
        ({"source": {}}, "either an upload or a project"),
        ({"seeds": 50, "errors": [0.0, 0.1, 0.2, 0.3, 0.4], "batch_sizes": [1, 2, 3, 4, 5, 6, 7, 8, 9]}, "2,000"),
    ],
)
def test_what_is_wrong_is_said_at_once(api: Any, changed: dict[str, Any], match: str) -> None:
    upload_id = upload(api, "boxes.csv", table_file())
    source = {"upload_id": upload_id, "columns": {"label": "wide"}}
    sent = api.post("/plans", {"source": source, **SMALL, **changed})
    assert sent.status_code == 422 and match in sent.json()["message"]
    assert api.get("/plans").json()["items"] == []
