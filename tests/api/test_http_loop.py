"""The loop over HTTP, on both databases: queue, answer, train, publish, label again."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from labelwright.store import tables as t
from tests.conftest import ordinal_of

LABEL = {"sport": "l_1", "food": "l_2", "law": "l_3"}


def label_some(api: Any, truth: dict[str, str], n: int, slug: str = "topics") -> list[dict[str, Any]]:
    """Answer n items as the truth says; return the receipts."""
    receipts = []
    while len(receipts) < n:
        leases = api.queue(slug, n=min(5, n - len(receipts)))
        assert leases
        for lease in leases:
            stored = api.answer(slug, lease, {"label": LABEL[truth[lease["item"]["key"]]]})
            assert stored.status_code == 201, stored.text
            receipts.append(stored.json())
    return receipts


def test_the_loop_learns(any_api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(any_api.site)
    train(any_api.site)
    before = any_api.get("/projects/topics").json()
    assert before["state"] == "ready" and before["counts"]["reserve"] > 10
    label_some(any_api, truth, 40)
    train(any_api.site)
    after = any_api.get("/projects/topics/progress").json()
    assert after["ranking"] != before.get("ranking") and after["ranking"] == "r-2"
    assert after["latest"]["n"] >= 5 and after["latest"]["value"] > 0.6
    assert {c["kind"] for c in after["cost"]} >= {"chosen", "reserve"}
    rounds = any_api.get("/projects/topics/rounds").json()["items"]
    assert rounds[0]["state"] == "running" and rounds[-1]["answers"] >= 10


def test_the_same_answer_twice_is_stored_once(any_api: Any, make_project: Any, train: Any) -> None:
    make_project(any_api.site)
    train(any_api.site)
    lease = any_api.queue("topics")[0]
    body = {
        "answer_id": str(uuid.uuid4()),
        "lease_id": lease["id"],
        "item_id": lease["item"]["id"],
        "kind": "answer",
        "answer": {"label": "l_1"},
        "seconds": 1.0,
    }
    first = any_api.post("/projects/topics/annotations", body)
    second = any_api.post("/projects/topics/annotations", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    other = any_api.post("/projects/topics/annotations", {**body, "answer": {"label": "l_2"}})
    assert other.status_code == 409 and other.json()["code"] == "conflict"
    assert any_api.counts("topics")["answers"] == 1


def test_undo_and_correct_are_new_events(any_api: Any, make_project: Any, train: Any) -> None:
    make_project(any_api.site)
    train(any_api.site)
    lease = any_api.queue("topics")[0]
    first = any_api.answer("topics", lease, {"label": "l_1"}).json()
    fixed = any_api.answer("topics", lease, {"label": "l_2"}, kind="correct", replaces=first["id"])
    assert fixed.status_code == 201
    undone = any_api.answer("topics", lease, None, kind="undo", replaces=fixed.json()["id"])
    assert undone.status_code == 201, undone.text
    again = any_api.answer("topics", lease, {"label": "l_3"}, lease_id=None)
    assert again.status_code == 201, again.text
    item = f"i{ordinal_of(any_api.site.project('topics'), lease)}"
    life = any_api.get(f"/projects/topics/items/{item}").json()
    assert [e["kind"] for e in life["history"]] == ["imported", "answer", "correct", "undo", "answer"]
    assert life["label"] == "law"
    stale = any_api.answer("topics", lease, None, kind="undo", replaces=first["id"])
    assert stale.status_code == 409


def test_answers_are_checked(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site)
    train(api.site)
    lease = api.queue("topics")[0]
    for answer in ({"label": "l_9"}, {"label": 1}, {"value": 3}, {}, None):
        refused = api.answer("topics", lease, answer)
        assert refused.status_code == 422, (answer, refused.text)
    stranger = api.as_role("annotator")
    for item_id, status in ((lease["item"]["id"], 404), (f"i{ordinal_of(api.site.project('topics'), lease)}", 403)):
        refused = stranger.answer("topics", lease, {"label": "l_1"}, item_id=item_id, lease_id=None)
        assert refused.status_code == status, refused.text
    assert api.answer("topics", lease, {"label": "l_1"}).status_code == 201
    double = api.answer("topics", lease, {"label": "l_1"})
    assert double.status_code == 409 and "correct" in double.json()["hint"]


def test_grid_leases_no_reserve(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site)
    train(api.site)
    leases = api.queue("topics", n=12, similar=True)
    assert len(leases) == 12
    with api.site.project("topics").read() as rows:
        kinds = set(rows.scalars(rows.select(t.lease.c.slot_kind)))
    assert "reserve" not in kinds
    batch = [
        {
            "answer_id": str(uuid.uuid4()),
            "lease_id": lease["id"],
            "item_id": lease["item"]["id"],
            "kind": "answer",
            "answer": {"label": LABEL[truth[lease["item"]["key"]]]},
            "seconds": 0.5,
        }
        for lease in leases
    ]
    stored = api.post("/projects/topics/annotations/batch", {"annotations": batch})
    assert stored.status_code == 201 and len(stored.json()["stored"]) == 12
    single = api.queue("topics", n=1)[0]
    body = {**batch[0], "answer_id": str(uuid.uuid4()), "lease_id": single["id"], "item_id": single["item"]["id"]}
    assert api.post("/projects/topics/annotations/batch", {"annotations": [body]}).status_code == 201
    with api.site.project("topics").read() as rows:  # what was a grid is told by the lease, not by the request
        grid = rows.scalars(rows.select(t.annotation.c.grid).order_by(t.annotation.c.seq)).all()
    assert grid == [True] * 12 + [False]


def test_batch_is_all_or_none(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site)
    train(api.site)
    leases = api.queue("topics", n=2, similar=True)
    batch = [
        {
            "answer_id": str(uuid.uuid4()),
            "lease_id": lease["id"],
            "item_id": lease["item"]["id"],
            "kind": "answer",
            "answer": {"label": label},
        }
        for lease, label in zip(leases, ("l_1", "l_99"), strict=True)
    ]
    assert api.post("/projects/topics/annotations/batch", {"annotations": batch}).status_code == 422
    assert api.counts("topics")["answers"] == 0


def test_pause_and_resume(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site)
    train(api.site)
    held = api.queue("topics")[0]
    assert api.post("/projects/topics/pause").json()["state"] == "paused"
    mine = api.post("/projects/topics/queue", {"n": 5}).json()
    assert [lease["id"] for lease in mine["leases"]] == [held["id"]]
    assert api.answer("topics", held, {"label": "l_1"}).status_code == 201
    assert api.post("/projects/topics/queue", {"n": 5}).json()["empty_because"] == "paused"
    assert api.post("/projects/topics/resume").json()["state"] == "ready"
    assert api.queue("topics")


def test_skip_goes_to_another_person(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site)
    train(api.site)
    lease = api.queue("topics")[0]
    assert api.answer("topics", lease, None, kind="skip", reason="cannot tell").status_code == 201
    assert lease["item"]["key"] not in {other["item"]["key"] for other in api.queue("topics", n=20)}
    colleague = api.as_role("annotator")
    assert colleague.queue("topics")[0]["item"]["key"] == lease["item"]["key"]


def test_add_rows_over_http(any_api: Any, make_project: Any, train: Any) -> None:
    make_project(any_api.site)
    rows = [{"id": f"new{i}", "text": f"a wholly new sentence about topic number {i} and more"} for i in range(20)]
    added = any_api.post("/projects/topics/items", {"rows": rows})
    assert added.status_code == 201 and added.json()["added"] == 20, added.text
    again = any_api.post("/projects/topics/items", {"rows": rows})
    assert again.json()["added"] == 0 and again.json()["known"] == 20
    changed = any_api.post("/projects/topics/items", {"rows": [{"id": "new1", "text": "other words"}]})
    assert changed.status_code == 409 and "new1" in changed.json()["message"]
    train(any_api.site)
    assert any_api.counts("topics")["items"] == 110


def test_export_as_of_a_moment(any_api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(any_api.site)
    train(any_api.site)
    receipts = label_some(any_api, truth, 6)
    now = any_api.get("/projects/topics/export", format="jsonl").text.splitlines()
    then = any_api.get("/projects/topics/export", format="jsonl", at=str(receipts[2]["seq"])).text.splitlines()
    assert sum('"label": null' not in line for line in now) == 6
    assert sum('"label": null' not in line for line in then) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("answer", '{"label": 9007199254740993}'), ("answer", '{"value": NaN}'), ("answer", '{"label": "\\ud800"}'),
        ("reason", '"\\udfff"'), ("seconds", "NaN"), ("seconds", "1e999"), ("seconds", "-1"), ("answer", '["l_1"]'),
        ("answer_id", '"not a uuid"'), ("kind", '"guess"'), ("more", "1"), ("item_id", '"i999999"'), ("item_id", '"\\u0000"'),
        ("lease_id", '"le_0"'), ("replaces", '"a_0"'),
    ],
)  # fmt: skip
def test_odd_json_is_the_clients_fault(trained: Any, field: str, value: str) -> None:
    lease = trained.api.queue("topics")[0]
    body = {
        "answer_id": f'"{uuid.uuid4()}"', "lease_id": f'"{lease["id"]}"', "item_id": f'"{lease["item"]["id"]}"',
        "kind": '"answer"', "answer": '{"label": "l_1"}', "seconds": "1.0", field: value,
    }  # fmt: skip
    if field == "replaces":
        body["kind"] = '"correct"'
    text = "{" + ", ".join(f'"{k}": {v}' for k, v in body.items()) + "}"
    refused = trained.api.client.post(
        "/api/v1/projects/topics/annotations", content=text,
        headers={**trained.api.headers, "Content-Type": "application/json"},
    )  # fmt: skip
    assert 400 <= refused.status_code < 500, (refused.status_code, refused.text)
    problem = refused.json()
    assert problem["code"] and problem["message"] and problem["request_id"]
    assert trained.api.counts("topics")["answers"] == 0
