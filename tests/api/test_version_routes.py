"""Versions, differences and models over HTTP: who may read and who may change, page by page."""

from __future__ import annotations

from typing import Any

from labelwright.services.people import users
from labelwright.services.record import diff, models, versions


def test_a_snapshot_is_named_listed_and_compared(lived: Any) -> None:
    api = lived.api
    made = api.post("/projects/topics/snapshots", {"name": "paper-1", "at": "lv-1", "note": "as reported"})
    assert made.status_code == 201 and made.json()["note"] == "as reported"
    listed = api.get("/projects/topics/versions").json()["items"]
    assert listed[0] == made.json() and {one["kind"] for one in listed} == {"snapshot", "training"}
    again = api.post("/projects/topics/snapshots", {"name": "paper-1"})
    assert again.status_code == 409 and "Choose another name" in again.text
    told = api.get("/projects/topics/diff", first="paper-1").json()
    expected = diff.diff(lived.site, "topics", "paper-1")
    (question,) = told["questions"]
    assert told["second"] is None and question["added"] == expected.questions[0].added > 0
    assert sum(one["after"] for one in question["balance"]) == question["n_after"]
    rows, cursor = [], None
    while True:
        asked = {"first": "paper-1", "kind": "added", "limit": 7, **({"cursor": cursor} if cursor else {})}
        page = api.get("/projects/topics/diff/rows", **asked).json()
        rows, cursor = rows + page["items"], page["next_cursor"]
        if cursor is None:
            break
    assert len(rows) == page["count"] == question["added"] and {one["kind"] for one in rows} == {"added"}
    assert api.get("/projects/topics/diff", first="nothing-such").status_code == 422


def test_models_are_listed_chosen_and_told_over_http(lived: Any) -> None:
    api = lived.api
    listed = api.get("/projects/topics/models").json()["items"]
    assert [one["id"] for one in listed] == [one.id for one in models.models(lived.site, "topics").items]
    oldest = listed[-1]["id"]
    chosen = api.post("/projects/topics/models/choice", {"model": oldest, "note": "steadier"})
    assert chosen.status_code == 200 and chosen.json()["is_chosen"] and chosen.json()["stage"] == "served"
    assert api.post("/projects/topics/models/choice", {"model": oldest}).status_code == 409
    event = api.get("/projects/topics/audit", kind="model.chosen").json()["items"][0]
    assert str(event["body"]).count(oldest) == 1 and event["is_human"]
    assert api.post("/projects/topics/models/choice", {"model": None}).json()["id"] == listed[0]["id"]
    card = api.get(f"/projects/topics/models/{oldest}/card")
    assert card.headers["content-type"].startswith("text/markdown") and card.text.startswith(f"# Model {oldest} of ")
    assert api.get("/projects/topics/models/m-99-q_1/card").status_code == 404
    assert api.get("/projects/topics/models", question="q_9").status_code == 404


def test_auditors_read_and_only_leads_change(lived: Any) -> None:
    auditor, annotator = lived.api.as_role("auditor"), lived.api.as_role("annotator")
    for path in ("versions", "models", "diff", "diff/rows"):
        asked = {"first": "lv-1"} if path.startswith("diff") else {}
        assert auditor.get(f"/projects/topics/{path}", **asked).status_code == 200, path
        assert annotator.get(f"/projects/topics/{path}", **asked).status_code == 403, path
    assert auditor.post("/projects/topics/snapshots", {"name": "mine"}).status_code == 403
    assert auditor.post("/projects/topics/models/choice", {"model": None}).status_code == 403
    admin = users.first_admin(lived.site)
    assert versions.snapshot(lived.site, admin, "topics", "kept").by
