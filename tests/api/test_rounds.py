"""Rounds as experiments: drafts from the data, what a lead says of them, comparisons, the reminder."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.engine.project import load
from labelwright.services.record.verify import verify
from tests.conftest import LABEL, Ready, make_api, train_until_idle

ROUNDS = "/projects/topics/rounds"
DRAFTS = ["change", "hypothesis", "measure", "verdict"]


def change_quality(api: Any, **rules: Any) -> None:
    now = api.get("/projects/topics/quality").json()["checking"]
    body = {**now, "rules": {**now["rules"], **rules}}
    sent = api.client.put(api.base + "/projects/topics/quality", json=body, headers=api.headers)
    assert sent.status_code == 200, sent.text


def say(api: Any, round_id: str, **said: Any) -> Any:
    return api.client.put(f"{api.base}{ROUNDS}/{round_id}", json=said, headers=api.headers)


@pytest.fixture
def measured(make_project: Any, site: Any) -> Any:
    """Two hundred texts, answered rightly until 40 reserve labels are there; the second round by another strategy."""
    truth = make_project(site, n=200, goal="accuracy=0.9")
    train_until_idle(site)
    api = make_api(site)
    for k in range(5):
        for lease in api.queue("topics", n=36):
            assert api.answer("topics", lease, {"label": LABEL[truth[lease["item"]["key"]]]}).status_code == 201
        train_until_idle(site)
        begun = api.post(ROUNDS, {"labels": 500, "strategy": "entropy" if k == 2 else None})
        assert begun.status_code == 201, begun.text
    return api


def test_drafts_say_what_was_changed_and_how_it_is_measured(lived: Ready) -> None:
    listed = lived.api.get(ROUNDS).json()["items"]
    changed = next(one for one in listed if one["hypothesis"] == "doubt helps")
    assert "Strategy: entropy instead of auto" in changed["change"]
    assert "hypothesis" not in changed["drafted"] and "change" in changed["drafted"]
    first = listed[-1]
    assert first["number"] == 1 and first["change"].startswith("The first round, with the strategy auto")
    assert first["drafted"] == DRAFTS and "accuracy" in first["measure"]
    assert {one["verdict"] for one in listed} == {"open"}  # too few reserve labels


def test_what_the_next_round_can_show_is_said_before_it_begins(measured: Any) -> None:
    smallest = measured.get(ROUNDS).json()["detectable"]
    curve = [one["estimate"]["value"] for one in measured.get("/projects/topics/progress").json()["curve"]]
    assert len(curve) > 1 and (smallest is None or 0 < smallest < 0.5)


def test_with_too_few_reserve_labels_nothing_is_said_of_what_can_be_shown(lived: Ready) -> None:
    assert lived.api.get(ROUNDS).json()["detectable"] is None


def test_a_lead_edits_and_takes_back(lived: Ready) -> None:
    api = lived.api
    one = api.get(ROUNDS).json()["items"][-1]
    edited = say(api, one["id"], hypothesis="It <b>works</b>", verdict="failed", note="It did not.").json()
    assert (edited["hypothesis"], edited["verdict"], edited["note"]) == ("It <b>works</b>", "failed", "It did not.")
    assert edited["drafted"] == ["change", "measure"] and edited["change"] == one["change"]
    assert api.get(ROUNDS).json()["items"][-1] == edited
    back = say(api, one["id"]).json()
    assert back["drafted"] == DRAFTS and back["note"] == ""
    assert say(api, "rd_0000000000000000", note="x").status_code == 404
    assert say(api, one["id"], verdict="maybe").status_code == 422
    assert say(api, one["id"], note="x" * 2001).status_code == 422
    assert say(api.as_role("reviewer"), one["id"], note="x").status_code == 403
    assert verify(lived.site, "topics", replay=True).problems == []


def test_guidelines_and_quotas_are_changes_of_a_round(trained: Ready) -> None:
    api = trained.api
    begun = api.post(ROUNDS, {"constraints": ["predicted at-most 5"]}).json()
    assert begun["change"] == "Constraints: predicted at-most 5 of each instead of none."
    version = api.get("/projects/topics").json()["settings_version"]
    body = {"markdown": "Be exact.", "question": "q_1", "settings_version": version}
    wrote = api.client.put(f"{api.base}/projects/topics/guidelines", json=body, headers=api.headers)
    assert wrote.status_code == 200, wrote.text
    assert "Guidelines of" in api.get(ROUNDS).json()["items"][0]["change"]


def test_rounds_and_models_are_compared_on_the_same_reserve_labels(measured: Any) -> None:
    rounds = measured.get(ROUNDS).json()["items"]
    ended = [one for one in rounds if one["after"]]
    first, second = ended[-1], ended[0]
    found = measured.get(f"{ROUNDS}/compare", first=first["id"], second=second["id"]).json()
    settings = {line["what"]: (line["before"], line["now"]) for line in found["settings"]}
    assert settings["strategy"][0].startswith("auto") and settings["strategy"][1].startswith("entropy")
    difference = found["difference"]
    assert difference["value"] == pytest.approx(second["after"]["value"] - first["after"]["value"])
    assert difference["low"] <= difference["value"] <= difference["high"] and difference["n"] == second["after"]["n"]
    curve = measured.get("/projects/topics/progress").json()["curve"]
    cycles = curve[0]["cycle"], curve[-1]["cycle"]
    models = measured.get("/projects/topics/models/compare", first=cycles[0], second=cycles[1]).json()
    forth, back = models["difference"], measured.get(
        "/projects/topics/models/compare", first=cycles[1], second=cycles[0]
    ).json()["difference"]  # fmt: skip
    assert forth["value"] == pytest.approx(-back["value"]) and models["second"]["n_labels"] == curve[-1]["n_labels"]
    same = measured.get("/projects/topics/models/compare", first=cycles[0], second=cycles[0]).json()
    assert same["difference"] is None and same["sentence"] == "Both have the same model."
    assert measured.get("/projects/topics/models/compare", first=1, second=999).status_code == 404
    assert measured.get(f"{ROUNDS}/compare", first=first["id"], second="rd_0").status_code == 404


def test_the_reminder_comes_after_so_many_rounds_and_begins_anew(measured: Any) -> None:
    review = measured.get("/projects/topics/design-review").json()
    assert review["rounds"] >= 5 and review["due"] and review["every"] == 5 and review["last_at"] is None
    parts = {part["name"]: " ".join(part["sentences"]) for part in review["parts"]}
    assert set(parts) == {"criterion", "dial", "stop"} and all(parts.values())
    assert "near duplicate" in parts["dial"]
    sent = measured.post("/projects/topics/design-review", {"note": "Stay with entropy."})
    assert sent.status_code == 201 and not sent.json()["due"] and sent.json()["rounds"] == 0
    assert measured.as_role("auditor").post("/projects/topics/design-review", {}).status_code == 403
    change_quality(measured, remind_rounds=0)
    assert measured.get("/projects/topics/design-review").json()["every"] == 0
    assert verify(measured.site, "topics", replay=True).problems == []
    store = measured.site.project("topics")
    with store.read() as rows:
        assert load(store, rows).quality.remind_rounds == 0
