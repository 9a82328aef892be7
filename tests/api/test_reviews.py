"""Disagreement opens a review; a reviewer decides; the label, its author and the record follow."""

from __future__ import annotations

from typing import Any

from labelwright.policy import Policy
from labelwright.services.record.verify import verify
from tests.api.test_http_loop import label_some
from tests.conftest import ordinal_of

SPORT, FOOD, LAW = ({"label": f"l_{k}"} for k in (1, 2, 3))


def of_rules(api: Any, **changed: Any) -> dict[str, Any]:
    """Set some of the rules; return all of them."""
    now = api.get("/projects/topics/quality").json()
    body = {**now["checking"], "settings_version": now["settings_version"]}
    rules = {key: changed.pop(key) for key in list(changed) if key in body["rules"]}
    body |= changed
    body["rules"] |= rules
    answer = api.client.put(f"{api.base}/projects/topics/quality", json=body, headers=api.headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["checking"])


def disagree(api: Any, ann: Any, bob: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two people answer one item differently; the lease of each."""
    first = ann.queue("topics")[0]
    assert ann.answer("topics", first, SPORT, reason="a match is described").status_code == 201
    for lease in bob.queue("topics", n=10):
        same = lease["item"]["key"] == first["item"]["key"]
        assert bob.answer("topics", lease, FOOD if same else LAW).status_code == 201
        if same:
            return first, lease
    raise AssertionError("the second person did not get the item")


def only_open(api: Any) -> dict[str, Any]:
    """The open review."""
    lines = api.get("/projects/topics/reviews", state="open").json()["items"]
    assert len(lines) == 1, lines
    return dict(lines[0])


def decide(api: Any, review: str, outcome: str, **more: Any) -> Any:
    return api.post(f"/projects/topics/reviews/{review}/decision", {"outcome": outcome, **more})


def label_of(api: Any, item: str) -> str | None:
    return api.get(f"/projects/topics/items/{item}").json()["label"]


def test_a_conflict_is_decided_and_its_authors_are_told(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site, policy=Policy(overlap=2))
    train(api.site)
    ann, bob, eve = api.as_role("annotator"), api.as_role("annotator"), api.as_role("reviewer")
    disagree(api, ann, bob)
    line = only_open(eve)
    assert line["cause"] == "conflict" and line["why"] == "2 people disagree."
    seen = eve.get(f"/projects/topics/reviews/{line['id']}").json()
    assert [one["label"] for one in seen["answers"]] == ["sport", "food"]
    assert seen["answers"][0]["note"] == "a match is described"
    assert ann.get(f"/projects/topics/reviews/{line['id']}").status_code == 403

    assert decide(eve, line["id"], "label").status_code == 422
    assert decide(eve, line["id"], "label", answer={"label": "l_9"}).status_code == 422
    done = decide(eve, line["id"], "label", answer=FOOD, reason="it is about what they eat")
    assert done.status_code == 200 and done.json()["line"]["state"] == "decided"
    assert decide(eve, line["id"], "keep").status_code == 409
    assert label_of(eve, line["item"]) == "food"
    train(api.site)
    assert label_of(eve, line["item"]) == "food"

    (told,) = ann.get("/projects/topics/outcomes").json()["items"]
    assert (told["own"], told["decided"], told["reason"]) == ("sport", "food", "it is about what they eat")
    assert told["may_appeal"] and not told["agrees"]
    assert not bob.get("/projects/topics/outcomes").json()["items"][0]["may_appeal"]
    assert verify(api.site, "topics").problems == []


def test_an_appeal_goes_to_another_person_and_only_once(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site, policy=Policy(overlap=2))
    train(api.site)
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    eve, fay = api.as_role("reviewer"), api.as_role("reviewer")
    disagree(api, ann, bob)
    line = only_open(eve)
    assert ann.post(f"/projects/topics/reviews/{line['id']}/appeal", {"text": "no"}).status_code == 409
    decide(eve, line["id"], "label", answer=FOOD)
    assert ann.post(f"/projects/topics/reviews/{line['id']}/appeal", {"text": "look again"}).status_code == 201
    assert ann.post(f"/projects/topics/reviews/{line['id']}/appeal", {"text": "again"}).status_code == 409
    appealed = only_open(eve)
    assert appealed["cause"] == "appeal"
    assert decide(eve, appealed["id"], "label", answer=SPORT).status_code == 409
    assert decide(fay, appealed["id"], "label", answer=SPORT).status_code == 200
    assert label_of(fay, line["item"]) == "sport"


def test_strict_rules_need_two_people_and_a_reason(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site, policy=Policy(overlap=2))
    train(api.site)
    assert of_rules(api, strict=True)["rules"]["strict"]
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    eve, fay = api.as_role("reviewer"), api.as_role("reviewer")
    mine, _ = disagree(api, ann, bob)
    line = only_open(eve)
    assert decide(eve, line["id"], "label", answer=FOOD).status_code == 422  # no reason
    assert decide(eve, line["id"], "label", answer=FOOD, reason="menu").json()["line"]["state"] == "proposed"
    before = label_of(fay, line["item"])
    assert decide(eve, line["id"], "label", answer=FOOD, reason="menu").status_code == 409  # not one's own
    assert decide(fay, line["id"], "label", reason="agreed").json()["line"]["state"] == "decided"
    assert (before, label_of(fay, line["item"])) == ("sport", "food")

    train(api.site)
    given = ann.get("/projects/topics/annotations").json()["items"][0]
    alone = ann.answer("topics", mine, LAW, kind="correct", replaces=given["id"])
    assert alone.status_code == 409 and "another person" in alone.json()["message"]
    asked = ann.post(f"/projects/topics/items/{given['item_id']}/review", {"answer": LAW, "reason": "I misread it"})
    assert asked.status_code == 201
    assert decide(eve, asked.json()["review"], "refused", reason="the first was right").status_code == 200
    assert label_of(fay, line["item"]) == "food"


def test_what_is_sent_back_waits_for_its_author(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site, policy=Policy(overlap=2))
    train(api.site)
    ann, bob, eve = api.as_role("annotator"), api.as_role("annotator"), api.as_role("reviewer")
    lease, _ = disagree(api, ann, bob)
    decide(eve, only_open(eve)["id"], "send-back", reason="read the second sentence")
    (told,) = ann.get("/projects/topics/outcomes").json()["items"]
    assert told["waits"] and told["reason"] == "read the second sentence"
    assert ann.answer("topics", lease, FOOD, kind="correct", replaces=told["annotation"]).status_code == 201
    assert not ann.get("/projects/topics/outcomes").json()["items"][0]["waits"]


def test_a_search_opens_reviews_of_labels_that_the_model_doubts(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site)
    train(api.site)
    label_some(api, truth, 40)
    wrong = api.queue("topics")[0]
    named = {"sport": FOOD, "food": LAW, "law": SPORT}[truth[wrong["item"]["key"]]]
    api.answer("topics", wrong, named)
    train(api.site)
    opened = api.post("/projects/topics/reviews/find").json()["opened"]
    lines = api.get("/projects/topics/reviews").json()["items"]
    assert opened["model"] == sum(one["cause"] == "model" for one in lines) >= 1
    store = api.site.project("topics")
    assert f"i{ordinal_of(store, wrong)}" in {one["item"] for one in lines}
    assert api.post("/projects/topics/reviews/find").json()["opened"] == {"duplicate": 0, "model": 0}
