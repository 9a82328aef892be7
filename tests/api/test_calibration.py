"""Sessions are blind until they are revealed, teach nothing, and are repeated on fresh items; trainings open work."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import numpy as np
import pytest

from labelwright.services.calibration.strata import Strata
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.api.test_checks import mark_gold
from tests.conftest import LABEL, ordinal_of

SPORT, FOOD, LAW = ({"label": f"l_{k}"} for k in (1, 2, 3))
ROOT = "/projects/topics/calibrations"
SECRET = "only I know why"


@pytest.fixture
def team(api: Any, make_project: Any, train: Any) -> Any:
    """A project with its first ranking; the truth by key hangs on the client."""
    api.truth = make_project(api.site)
    train(api.site)
    return api


def proposed(api: Any, kind: str, n: int) -> list[str]:
    """Ids of items that are proposed for a reason."""
    groups = api.get(f"{ROOT}/proposals").json()["groups"]
    return [one["item"] for group in groups if group["kind"] == kind for one in group["items"]][:n]


def person(api: Any) -> str:
    return str(api.get("/session").json()["user"]["id"])


def opened(api: Any, items: list[str], **more: Any) -> str:
    made = api.post(ROOT, {"title": "First", "items": items, **more})
    assert made.status_code == 201, made.text
    return str(made.json()["session"])


def answer_all(who: Any, session: str, label: dict[str, str], **more: Any) -> None:
    for item in who.get(f"{ROOT}/{session}").json()["items"]:
        said = who.post(f"{ROOT}/{session}/answers", {"place": item["place"], "answer": label, **more})
        assert said.status_code == 201, said.text


def test_nobody_sees_answers_before_they_are_revealed(team: Any) -> None:
    ann, bob, eve, lead = (team.as_role(role) for role in ("annotator", "annotator", "auditor", "lead"))
    session = opened(lead, proposed(lead, "random", 4))
    answer_all(ann, session, FOOD, note=SECRET)
    for who in (bob, lead, team):
        seen = who.get(f"{ROOT}/{session}")
        assert seen.status_code == 200
        assert SECRET not in seen.text and "l_2" not in json.dumps(seen.json()["items"])
        assert all(one["answers"] == [] and one["own"] is None for one in seen.json()["items"])
        assert seen.json()["agreement"] is None and not any(one["disputed"] for one in seen.json()["items"])
    assert bob.get(f"{ROOT}/{session}").json()["people"] == []
    counts = {one["id"]: one["n_answered"] for one in lead.get(f"{ROOT}/{session}").json()["people"]}
    assert counts[person(ann)] == 4 and counts[person(bob)] == 0
    assert eve.get(f"{ROOT}/{session}").status_code == 404 and eve.get(ROOT).json()["items"] == []
    events = lead.get("/projects/topics/events", limit=200).json()["items"]
    blind = [one["body"]["data"] for one in events if one["body"]["kind"] == "calibration.answer"]
    assert len(blind) == 4 and all(one["answer"] is None for one in blind)
    own = ann.get(f"{ROOT}/{session}").json()["items"][0]["own"]
    assert (own["label"], own["note"]) == ("food", SECRET)

    comment = {"place": "1", "text": "look at the verb"}
    assert ann.post(f"{ROOT}/{session}/comments", comment).status_code == 409
    assert ann.post(f"{ROOT}/{session}/reveal").status_code == 403
    assert lead.post(f"{ROOT}/{session}/reveal").status_code == 200
    assert bob.post(f"{ROOT}/{session}/answers", {"place": "1", "answer": LAW}).status_code == 409
    for who in (bob, eve, lead):
        first = who.get(f"{ROOT}/{session}").json()["items"][0]
        assert [(one["label"], one["note"]) for one in first["answers"]] == [("food", SECRET)]
    assert ann.post(f"{ROOT}/{session}/comments", comment).status_code == 201
    assert eve.get(f"{ROOT}/{session}").json()["items"][0]["comments"][0]["text"] == "look at the verb"
    assert eve.post(f"{ROOT}/{session}/comments", comment).status_code == 403


def test_the_first_answer_counts_and_teaches_nothing(team: Any, train: Any) -> None:
    ann, bob, lead = team.as_role("annotator"), team.as_role("annotator"), team.as_role("lead")

    def state() -> tuple[int, str, int]:
        store = team.site.project("topics")
        with store.read() as rows:
            row = store.row(rows)
            versions = rows.all(rows.select(t.label_version.c.id))
            return len(rows.all(rows.select(t.annotation.c.id))), str(row.ranking_id), len(versions)

    before = state()
    session = opened(lead, proposed(lead, "borderline", 5) or proposed(lead, "random", 5))
    answer_all(ann, session, SPORT)
    answer_all(bob, session, FOOD)
    again = ann.post(f"{ROOT}/{session}/answers", {"place": "1", "answer": FOOD})
    assert again.status_code == 409 and "first answer" in again.json()["message"]
    assert ann.post(f"{ROOT}/{session}/answers", {"place": "1", "answer": {"label": "l_9"}}).status_code == 422
    train(team.site)
    lead.post(f"{ROOT}/{session}/reveal")
    assert state() == before
    seen = lead.get(f"{ROOT}/{session}").json()
    assert all(one["disputed"] for one in seen["items"])
    assert seen["agreement"]["measures"]["raw"]["value"] == 0
    assert seen["agreement"]["measures"]["raw"]["high"] > 0.2  # five items say little
    (pair,) = seen["agreement"]["pairs"]
    assert (pair["first"], pair["second"], pair["n_confused"]) == ("food", "sport", 5)
    assert verify(team.site, "topics").problems == []


def test_whoever_saw_what_others_said_is_marked_when_they_answer_later(team: Any) -> None:
    ann, bob, lead = team.as_role("annotator"), team.as_role("annotator"), team.as_role("lead")
    lease, held = ann.queue("topics", n=2)
    store = team.site.project("topics")
    items = [f"i{ordinal_of(store, one)}" for one in (lease, held)]
    session = opened(lead, items)
    answer_all(bob, session, FOOD)
    lead.post(f"{ROOT}/{session}/reveal")
    seen = ann.get(f"{ROOT}/{session}").json()["items"]
    assert all(one["hidden"] and one["answers"] == [] for one in seen)  # both are leased to the reader
    gone = ann.client.delete(f"{ann.base}/projects/topics/leases/{lease['id']}", headers=ann.headers)
    assert gone.status_code == 204
    shown = [one["item"]["key"] for one in ann.get(f"{ROOT}/{session}").json()["items"] if one["answers"]]
    assert shown == [lease["item"]["key"]]
    with store.read() as rows:
        noted = rows.scalars(rows.select(t.exposure.c.ordinal).where(t.exposure.c.person_id == person(ann))).all()
    assert [f"i{one}" for one in noted] == items[:1]


def test_a_decision_becomes_gold_and_an_example_and_may_change(team: Any) -> None:
    ann, rae, lead = team.as_role("annotator"), team.as_role("reviewer"), team.as_role("lead")
    session = opened(lead, proposed(lead, "random", 3))
    answer_all(ann, session, FOOD)
    path = f"{ROOT}/{session}/items/1/decision"
    body = {"answer": LAW, "reason": "a contract", "gold": True, "example": True}
    assert lead.post(path, body).status_code == 409  # not revealed
    lead.post(f"{ROOT}/{session}/reveal")
    assert ann.post(path, body).status_code == 403 and rae.post(path, body).status_code == 403
    assert rae.post(path, {"answer": {"label": "l_9"}}).status_code == 422
    version = lead.get("/projects/topics").json()["questions"][0]["guidelines"]["version"]
    assert lead.post(path, body).status_code == 200
    (gold,) = lead.get("/projects/topics/gold").json()["items"]
    assert (gold["label"], gold["rule"], gold["source"]) == ("law", "a contract", "calibration")
    guidelines = lead.get("/projects/topics").json()["questions"][0]["guidelines"]
    assert guidelines["version"] == version + 1
    assert [(one["label"], one["rule"]) for one in guidelines["examples"]] == [("law", "a contract")]

    changed = lead.post(path, {"answer": SPORT, "reason": "a match"})
    assert changed.json()["items"][0]["decision"]["label"] == "sport"
    (gold,) = lead.get("/projects/topics/gold").json()["items"]
    assert gold["label"] == "sport"
    (example,) = lead.get("/projects/topics").json()["questions"][0]["guidelines"]["examples"]
    assert example["label"] == "sport"
    assert rae.post(f"{ROOT}/{session}/items/2/decision", {"answer": FOOD}).status_code == 200
    assert lead.post(f"{ROOT}/{session}/close").json()["line"]["state"] == "closed"
    assert lead.post(path, body).status_code == 409
    assert ann.get(f"{ROOT}/{session}").json()["items"][0]["decision"]["label"] == "sport"
    assert verify(team.site, "topics").problems == []


def test_again_takes_fresh_items_of_the_same_strata_and_compares(team: Any) -> None:
    ann, bob, lead = team.as_role("annotator"), team.as_role("annotator"), team.as_role("lead")
    items = proposed(lead, "random", 5)
    session = opened(lead, items, people=[person(ann), person(bob)])
    assert lead.post(f"{ROOT}/{session}/again", {"title": "Second"}).status_code == 409
    answer_all(ann, session, SPORT)
    answer_all(bob, session, FOOD)
    lead.post(f"{ROOT}/{session}/reveal")
    made = lead.post(f"{ROOT}/{session}/again", {"title": "Second"}).json()
    assert made["n_wanted"] == made["n_found"] == 5
    second = made["session"]
    with team.site.project("topics").read() as rows:
        first, then = (
            rows.scalar(rows.select(t.calibration.c["items"]).where(t.calibration.c.id == one))
            for one in (session, second)
        )
        splits = rows.scalars(rows.select(t.item.c.split).where(t.item.c.ordinal.in_(then))).all()
    assert not set(first) & set(then) and set(splits) == {"pool"}
    for who in (ann, bob):
        answer_all(who, second, SPORT)
    assert ann.get(f"{ROOT}/{second}").json()["comparison"] is None
    lead.post(f"{ROOT}/{second}/reveal")
    compared = ann.get(f"{ROOT}/{second}").json()["comparison"]
    raw = next(one for one in compared["changes"] if one["measure"] == "raw")
    assert (compared["session"], compared["number"]) == (session, 1)
    assert (raw["before"]["value"], raw["after"]["value"], raw["difference"]["value"]) == (0, 1, 1)
    assert 0 < raw["difference"]["low"] < 1 <= raw["difference"]["high"]
    alpha = next(one for one in compared["changes"] if one["measure"] == "krippendorff")
    assert alpha["after"]["value"] is None  # all said the same class: nothing could have been disagreed about


def test_a_training_tells_the_right_answer_and_opens_work(team: Any) -> None:
    lead, ann, old = team.as_role("lead"), team.as_role("annotator"), team.as_role("annotator")
    old.answer("topics", old.queue("topics")[0], SPORT)
    keys = list(team.truth)[:4]
    mark_gold(team, keys, team.truth)
    items = proposed(lead, "known", 4)
    body = {"title": "Start here", "purpose": "training", "items": items}
    assert lead.post(ROOT, body).status_code == 422  # no pass mark
    other = proposed(lead, "random", 1)
    assert lead.post(ROOT, {**body, "items": other, "pass_mark": 0.75}).status_code == 422  # answer not known
    session = opened(lead, items, purpose="training", pass_mark=0.75)
    now = lead.get("/projects/topics/quality").json()
    rules = {**now["checking"], "settings_version": now["settings_version"]}
    rules["rules"]["training"] = session
    assert lead.client.put(f"{lead.base}/projects/topics/quality", json=rules, headers=lead.headers).status_code == 200

    refused = ann.post("/projects/topics/queue", {"n": 1}).json()
    assert refused["leases"] == [] and refused["empty_because"] == "training"
    assert len(old.queue("topics")) == 1  # had answered before it was opened
    assert lead.post(f"{ROOT}/{session}/reveal").status_code == 409
    seen = ann.get(f"{ROOT}/{session}").json()
    assert seen["line"]["required"] and all(one["known"] is None for one in seen["items"])
    for k, item in enumerate(seen["items"]):
        right = {"label": LABEL[team.truth[item["item"]["key"]]]}
        wrong = next(one for one in (SPORT, FOOD) if one != right)
        given = wrong if k == 0 else right
        after = ann.post(f"{ROOT}/{session}/answers", {"place": item["place"], "answer": given}).json()
        told = [one["known"] for one in after["items"]]
        assert (told[k]["answer"], told[k]["right"], told[k]["rule"]) == (right, k > 0, "as the text says")
        assert all(one is None for one in told[k + 1 :])
        assert after["line"]["result"]["passed"] == (k == 3)
        assert bool(ann.queue("topics")) == (k == 3)
    new = team.as_role("annotator")
    assert new.post("/projects/topics/queue", {"n": 1}).json()["empty_because"] == "training"
    url = f"{lead.base}/projects/topics/annotators/{person(new)}"
    assert lead.client.put(url, json={"excused": True}, headers=lead.headers).status_code == 200
    assert len(new.queue("topics")) == 1
    result = ann.get(f"{ROOT}/{session}").json()["line"]["result"]
    assert (result["n_right"], result["n_needed"], result["n_known"]) == (3, 3, 4)
    mine = next(one for one in lead.get(f"{ROOT}/{session}").json()["people"] if one["id"] == person(ann))
    assert mine["right"]["low"] < mine["right"]["value"] == 0.75 < mine["right"]["high"]


def test_who_is_not_invited_finds_no_session_whatever_they_guess(team: Any) -> None:
    ann, bob, lead, watch = (team.as_role(role) for role in ("annotator", "annotator", "lead", "stakeholder"))
    session = opened(lead, proposed(lead, "random", 3), people=[person(ann)])
    answer = {"place": "1", "answer": FOOD}
    for who, path in ((bob, f"{ROOT}/{session}"), (ann, f"{ROOT}/cs_0000000000000000"), (watch, f"{ROOT}/{session}")):
        assert who.get(path).status_code == 404
        assert who.get(f"{path}/items/1/media").status_code == 404
    assert bob.post(f"{ROOT}/{session}/answers", answer).status_code == 404
    assert lead.post(f"{ROOT}/{session}/answers", answer).status_code == 409  # leads it, but was not asked
    assert bob.get(ROOT).json()["items"] == [] == watch.get(ROOT).json()["items"]
    for place in ("0", "4", "i1", "-1", "٣", "1.0", "../1"):
        assert ann.post(f"{ROOT}/{session}/answers", {"place": place, "answer": FOOD}).status_code == 404, place
        assert ann.get(f"{ROOT}/{session}/items/{place}/media").status_code == 404, place
    assert ann.get(f"{ROOT}/proposals").status_code == 403
    seen = ann.get(f"{ROOT}/{session}").json()["items"]
    assert [one["item"]["id"] for one in seen] == ["1", "2", "3"]  # no ordinal goes out


def test_images_are_shown_to_those_who_take_part_and_by_the_session_alone(images: Any) -> None:
    ann, bob, lead = images, images.as_role("annotator"), images.as_role("lead")
    root = "/projects/pets/calibrations"
    items = [one["item"] for one in lead.get(f"{root}/proposals").json()["groups"][0]["items"]][:2]
    body = {"title": "T", "items": items, "people": [person(ann)]}
    session = lead.post(root, body).json()["session"]
    shown = [one["item"]["content"]["media"] for one in ann.get(f"{root}/{session}").json()["items"]]
    assert shown == [f"/api/v1{root}/{session}/items/{place}/media" for place in (1, 2)]

    def status(who: Any, address: str) -> int:
        return int(who.client.get(address, headers=who.headers).status_code)

    assert {status(ann, address) for address in shown} == {200} == {status(lead, address) for address in shown}
    assert {status(bob, address) for address in shown} == {404}
    assert {status(ann, f"/api/v1/projects/pets/items/{item}/media") for item in items} == {403}
    assert status(ann, f"/api/v1{root}/{session}/items/3/media") == 404


def test_a_lead_is_told_nothing_of_an_item_that_they_hold(team: Any) -> None:
    lead, store = team.as_role("lead"), team.site.project("topics")
    held = [f"i{ordinal_of(store, lease)}" for lease in lead.queue("topics", n=8)]
    assert not set(held) & set(proposed(lead, "random", 50) + proposed(lead, "borderline", 50))
    answers = {lead.post(ROOT, {"title": "T", "items": [item]}).status_code for item in held}
    assert answers == {409}  # alike, whether it is of the pool or kept for measuring


def test_what_cannot_be_opened(team: Any) -> None:
    lead, store = team.as_role("lead"), team.site.project("topics")
    with store.read() as rows:
        reserve = rows.scalar(rows.select(t.item.c.ordinal).where(t.item.c.split == "reserve").limit(1))
    good = proposed(lead, "random", 2)
    for body in (
        {"items": []}, {"items": good * 2}, {"items": ["i99999"]}, {"items": [f"i{reserve}"]}, {"title": " "},
        {"people": ["p_0000000000000000"]}, {"purpose": "exam"},
    ):  # fmt: skip
        refused = lead.post(ROOT, {"title": "T", "items": good, **body})
        assert refused.status_code in (404, 422), (body, refused.text)
    assert lead.get(ROOT).json()["items"] == []
    assert team.as_role("annotator").post(ROOT, {"title": "T", "items": good}).status_code == 403


def test_fresh_items_are_of_the_same_stratum_and_about_as_sure() -> None:
    votes = {ordinal: Counter({"a": 1, "b": 1}) for ordinal in (0, 1)}
    top = np.array([[0, 1], [0, 1], [0, 1], [0, 1], [0, 1], [0, 2], [0, 2], [-1, -1]])
    sure = np.array([0.9, 0.9, 0.9, 0.6, 0.5, 0.5, 0.9, np.nan])
    found = Strata(votes, ["a", "b", "c"], top, sure, np.array([True] * 7 + [False]))
    rng = np.random.default_rng(0)
    assert found.fresh([0], {0}, rng) == [1]  # people split on both
    assert found.fresh([4], {4}, rng) == [3]  # the nearest certainty, and not one that people split on
    assert found.fresh([4, 3], {4, 3}, rng) == [2]  # the stratum has one left
    assert found.fresh([5], {5}, rng) == [6] and found.fresh([7], {7}, rng) == []
    assert found.borderline(2) == [4, 5]
