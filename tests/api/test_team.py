"""How people fare: figures of answers made by hand, what may be looked at, and what annotators are not told."""

from __future__ import annotations

import time
from typing import Any

import pytest

from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.api.test_reviews import of_rules
from tests.conftest import Api
from tests.said import DAY, at, said

LABELS = ("l_1", "l_2", "l_3")
N = 60


def person(api: Any, role: str = "annotator") -> tuple[Api, str]:
    made = api.as_role(role)
    return made, str(made.get("/session").json()["user"]["id"])


def question_of(api: Any) -> str:
    return str(api.get("/projects/topics").json()["question"]["id"])


@pytest.fixture
def team(api: Any, make_project: Any) -> dict[str, tuple[Api, str]]:
    """Three who look at items and one who does not: random items, and some with a known answer; two days ago."""
    make_project(api.site)
    people = {name: person(api) for name in ("ann", "bob", "cyd", "spam")}
    question = question_of(api)
    store = api.site.project("topics")
    for ordinal in range(N, 90):
        body = {"answer": {"label": LABELS[ordinal % 3]}, "question": question}
        url = f"{api.base}/projects/topics/items/i{ordinal}/gold"
        assert api.client.put(url, json=body, headers=api.headers).status_code == 204
    with at(time.time() - 2 * DAY), store.write() as transaction:
        for name, (_, who) in people.items():
            for ordinal in range(90):
                right = LABELS[ordinal % 3]
                errs = name == "bob" and ordinal % 10 == 0  # bob takes the first class for the second
                label = "l_1" if name == "spam" else "l_2" if errs and right == "l_1" else right
                slot = "random" if ordinal < N else "gold"
                seconds = 0.1 if name == "spam" else 4.0 if name == "ann" else 2.0
                said(transaction, who, ordinal, label, question=question, slot=slot, seconds=seconds)
    return people


def lines_of(api: Any) -> dict[str, Any]:
    return {one["person_id"]: one for one in api.get("/projects/topics/team").json()["people"]}


def test_figures_are_those_of_the_answers(api: Any, team: dict[str, tuple[Api, str]]) -> None:
    profile = {"rate": 30.0, "expert": True, "skills": {"l_1": 0.9}}
    url = f"{api.base}/projects/topics/annotators/{team['ann'][1]}"
    assert api.client.put(url, json=profile, headers=api.headers).status_code == 200
    lines = lines_of(api)
    ann, bob, spam = (lines[team[name][1]] for name in ("ann", "bob", "spam"))
    assert (ann["pace"]["n_answers"], ann["pace"]["n_items"], ann["expert"]) == (90, 90, True)
    assert ann["pace"]["hours"] == pytest.approx(0.1) and ann["pace"]["per_hour"] == pytest.approx(900)
    assert ann["pace"]["seconds"]["value"] == 4.0
    assert ann["pace"]["cost"] == pytest.approx(3.0) and ann["pace"]["cost_per_label"] == pytest.approx(3 / 90)
    assert ann["pace"]["cost_per_correct"]["value"] == pytest.approx(3 / 90)
    assert bob["pace"]["cost"] is None
    assert (ann["skill"]["gold"]["value"], ann["skill"]["gold"]["n"]) == (1.0, 30)
    assert bob["skill"]["gold"]["value"] == pytest.approx(29 / 30)  # of 60, 70 and 80 only the first is of class 1
    assert spam["skill"]["gold"]["value"] == pytest.approx(1 / 3)
    assert ann["skill"]["agreement"]["n"] == N and ann["skill"]["itself"]["value"] is None
    for line in (ann, bob, spam):
        for figure in (line["skill"]["gold"], line["skill"]["agreement"]):
            assert figure["low"] <= figure["value"] <= figure["high"] and figure["enough"]
    assert spam["skill"]["agreement"]["high"] < bob["skill"]["agreement"]["low"]


def test_the_spammer_is_to_be_looked_at_and_nobody_else(api: Any, team: dict[str, tuple[Api, str]]) -> None:
    seen = api.get("/projects/topics/team/attention").json()
    alarms = {(one["person_id"], one["test"]): one for one in seen["looks"] if one["alarm"]}
    assert {who for who, _ in alarms} == {team["spam"][1]}
    assert {test for _, test in alarms} == {"gold", "peers", "speed"}
    assert {one["person_id"] for one in seen["looks"]} == {who for _, who in team.values()}
    gold = alarms[team["spam"][1], "gold"]
    assert gold["evidence"] >= gold["threshold"] == 100 and "right" in gold["text"] and gold["at"]
    assert gold["items"] and all(N <= int(item[1:]) < 90 and int(item[1:]) % 3 for item in gold["items"])
    findings = seen["audit"]["findings"]
    sizes = [abs(one["effect"]) for one in findings]
    assert sizes == sorted(sizes, reverse=True) and findings[0]["person_id"] == team["spam"][1]
    named = next(one for one in findings if one["label"] == "sport")
    assert (named["rate"]["value"], named["p_value"] < 0.05, named["effect"] > 0) == (1.0, True, True)
    assert named["expected"] == pytest.approx(0.33, abs=0.03) and "spam" not in named["text"]


def test_one_person_in_detail(api: Any, team: dict[str, tuple[Api, str]]) -> None:
    bob = team["bob"][1]
    with api.site.project("topics").write() as transaction:
        for ordinal in range(6):
            said(
                transaction,
                bob,
                ordinal,
                LABELS[(ordinal + (ordinal == 5)) % 3],
                question=question_of(api),
                slot="repeat",
                what="repeat",
            )
        said(transaction, bob, 89, None, what="skip")
    url = f"{api.base}/projects/topics/annotators/{bob}"
    assert api.client.put(url, json={"skills": {"l_1": 0.6}}, headers=api.headers).status_code == 200
    seen = api.get(f"/projects/topics/team/{bob}").json()
    wrong = [cell for cell in seen["by_gold"] if cell["expected"] != cell["given"]]
    assert wrong == [{"expected": "sport", "given": "food", "n": 1.0, "items": ["i60"]}]
    first = seen["classes"][0]
    assert (first["name"], first["declared"], first["gold"]["value"]) == ("sport", 0.6, 0.9)
    assert first["others"]["value"] < 1
    assert [day["n_items"] for day in seen["days"]] == [90] and seen["days"][0]["agreement"]["n"] == N
    again = seen["line"]["skill"]["itself"]
    assert again["n"] == 6 and again["value"] < 1
    tiring = seen["tiring"]
    assert [tiring[part]["n"] for part in ("quick", "middling", "slow")] == [20, 20, 20]
    assert tiring["per_hundred"]["low"] < 0 < tiring["per_hundred"]["high"]
    assert not any(look["alarm"] for look in seen["looks"]) and len(seen["looks"]) == 3
    assert seen["profile"]["skills"] == {"l_1": 0.6} and seen["values"]["source"]
    assert api.get("/projects/topics/team/p_nobody").status_code == 404
    assert verify(api.site, "topics").problems == []


def test_first_answers_count_and_answers_given_after_a_look_do_not(api: Any, make_project: Any) -> None:
    make_project(api.site)
    (_, ann), (_, bob) = person(api), person(api)
    question = question_of(api)
    with api.site.project("topics").write() as transaction:
        for ordinal in range(40):
            said(transaction, ann, ordinal, "l_1", question=question)
            first = said(transaction, bob, ordinal, "l_2", question=question, exposed=ordinal >= 30)
            said(transaction, bob, ordinal, "l_1", question=question, what="correct", replaces=first)
        for ordinal in range(40, 80):  # what a strategy chose says nothing of people
            said(transaction, ann, ordinal, "l_1", question=question, slot="chosen")
            said(transaction, bob, ordinal, "l_1", question=question, slot="chosen")
    agreed = lines_of(api)[bob]["skill"]["agreement"]
    assert agreed["n"] == 30 and agreed["value"] < 0.2
    (of_random,), (of_all,) = (
        api.get("/projects/topics/team/agreement", basis=basis).json()["questions"] for basis in ("random", "all")
    )
    raw = {one["measure"]: one["figure"] for one in of_random["measures"]}
    assert (raw["raw"]["value"], raw["raw"]["n"], of_random["n_items"]) == (0.0, 30, 30)
    assert raw["cohen"]["value"] == 0.0 and raw["fleiss"]["value"] == pytest.approx(-1.0)
    assert [(one["first"], one["second"], one["n_confused"]) for one in of_random["pairs"]] == [("sport", "food", 30)]
    assert {one["measure"]: one["figure"]["value"] for one in of_all["measures"]}["raw"] == pytest.approx(4 / 7)


def test_undefined_agreement_says_why(api: Any, make_project: Any) -> None:
    make_project(api.site)
    (_, ann), (_, bob), (_, cyd) = person(api), person(api), person(api)
    question = question_of(api)
    empty = api.get("/projects/topics/team/agreement").json()["questions"][0]
    assert all(one["figure"]["why"] == "No item was answered by two people." for one in empty["measures"])
    with api.site.project("topics").write() as transaction:
        for who, ordinals in ((ann, range(10)), (bob, range(10)), (cyd, range(5))):
            for ordinal in ordinals:
                said(transaction, who, ordinal, "l_1", question=question, guideline_version=1 + (ordinal > 6))
    found = api.get("/projects/topics/team/agreement").json()["questions"][0]
    why = {one["measure"]: one["figure"]["why"] for one in found["measures"]}
    assert why["cohen"].startswith("Cohen's kappa is for two people, and 3 persons")
    assert "2 to 3" in why["fleiss"] and why["raw"] is None
    assert why["krippendorff"].startswith("All answers are the same")
    assert [(one["version"], one["measures"][0]["figure"]["n"]) for one in found["versions"]] == [(2, 3), (1, 7)]


def test_reviewers_are_measured_by_the_appeals_against_them(api: Any, make_project: Any, train: Any) -> None:
    from labelwright.policy import Policy
    from tests.api.test_reviews import FOOD, SPORT, decide, disagree, only_open

    make_project(api.site, policy=Policy(overlap=2))
    train(api.site)
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    (eve, eve_id), (fay, fay_id) = person(api, "reviewer"), person(api, "reviewer")
    disagree(api, ann, bob)
    line = only_open(eve)
    decide(eve, line["id"], "label", answer=FOOD)
    ann.post(f"/projects/topics/reviews/{line['id']}/appeal", {"text": "look again"})
    decide(fay, only_open(fay)["id"], "label", answer=SPORT)
    found = {one["person_id"]: one for one in api.get("/projects/topics/team").json()["reviewers"]}
    assert (found[eve_id]["n_decided"], found[eve_id]["n_appealed"]) == (1, 1)
    assert (found[eve_id]["overturned"]["value"], found[eve_id]["overturned"]["enough"]) == (1.0, False)
    assert found[fay_id]["overturned"]["value"] is None and found[fay_id]["overturned"]["why"]


def test_items_that_the_caller_holds_are_not_named(api: Any, team: dict[str, tuple[Api, str]], train: Any) -> None:
    train(api.site)
    before = {item for one in api.get("/projects/topics/team/attention").json()["looks"] for item in one["items"]}
    lead, lead_id = person(api, "lead")
    store = api.site.project("topics")
    from labelwright.store import tables as t

    held = sorted(int(item[1:]) for item in before)[:3]
    with store.stage() as rows:
        for k, ordinal in enumerate(held):
            lease = {
                "id": f"le_{k}", "ordinal": ordinal, "person_id": lead_id, "slot_kind": "random", "granted_at": time.time(),
                "expires_at": time.time() + 600, "state": "live", "grid": False, "ranking_id": None, "position": None,
                "propensity": None, "n_before": 0,
            }  # fmt: skip
            rows.insert(t.lease, lease)
    seen = lead.get("/projects/topics/team/attention").json()
    after = {item for one in seen["looks"] for item in one["items"]}
    assert after == before - {f"i{ordinal}" for ordinal in held}
    with store.read() as rows:
        noted = set(rows.scalars(rows.select(t.exposure.c.ordinal).where(t.exposure.c.person_id == lead_id)))
    named = after | {item for one in seen["audit"]["findings"] for item in one["items"]}
    assert {f"i{ordinal}" for ordinal in noted} == named and not noted & set(held)


def test_who_may_look(api: Any, team: dict[str, tuple[Api, str]]) -> None:
    paths = ("team", "team/agreement", "team/attention", f"team/{team['bob'][1]}")
    for role, status in (("auditor", 200), ("lead", 200), ("reviewer", 403), ("annotator", 403), ("stakeholder", 403)):
        caller = api.as_role(role)
        assert {caller.get(f"/projects/topics/{path}").status_code for path in paths} == {status}, role
        assert caller.get("/projects/topics/mine").status_code == (
            200 if role in ("lead", "reviewer", "annotator") else 403
        )


def test_an_annotator_learns_nothing_of_kinds_of_items(api: Any, team: dict[str, tuple[Api, str]]) -> None:
    bob, bob_id = team["bob"]
    seen = bob.get("/projects/topics/mine").json()
    assert seen["gold"] is None and all(span["gold"]["value"] is None for span in seen["over_time"])
    assert (seen["n_items"], seen["seconds"]["value"]) == (90, 2.0)
    assert seen["agreement"]["n"] == N and [span["n_items"] for span in seen["over_time"]] == [90]
    question = question_of(api)
    before = {key: value for key, value in seen.items() if not key.startswith("n_")}
    for slot in ("gold", "random", "chosen"):  # an answer of today moves nothing, whatever it was about
        with api.site.project("topics").write() as transaction:
            said(
                transaction,
                bob_id,
                {"gold": 61, "random": 1, "chosen": 2}[slot],
                "l_3",
                question=question,
                slot=slot,
                what="correct",
                replaces="a_0",
            )
        now = bob.get("/projects/topics/mine").json()
        assert {key: value for key, value in now.items() if not key.startswith("n_")} == before
    assert of_rules(api, feedback=True)["rules"]["feedback"]
    told = bob.get("/projects/topics/mine").json()
    assert told["gold"]["value"] == pytest.approx(29 / 30)
    fresh = api.as_role("annotator").get("/projects/topics/mine").json()
    assert fresh["agreement"]["why"].startswith("Nothing is counted yet") and fresh["over_time"] == []


def test_own_annotations_by_kind(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site)
    train(api.site)
    ann = api.as_role("annotator")
    first, second, third = ann.queue("topics", n=3)
    assert ann.answer("topics", first, None, kind="skip", reason="cannot tell").status_code == 201
    assert ann.answer("topics", second, {"label": "l_1"}, reason="a guess").status_code == 201
    assert ann.answer("topics", third, {"label": "l_2"}).status_code == 201
    (aside,) = ann.get("/projects/topics/annotations", kind=["skip", "flag"], standing=True).json()["items"]
    assert (aside["kind"], aside["reason"]) == ("skip", "cannot tell")
    (noted,) = ann.get("/projects/topics/annotations", kind="answer", noted=True).json()["items"]
    assert noted["reason"] == "a guess"
    undone = ann.post(
        "/projects/topics/annotations",
        {"answer_id": "0" * 32 + "abcd", "item_id": aside["item_id"], "kind": "undo", "replaces": aside["id"]},
    )
    assert undone.status_code == 201, undone.text
    assert ann.get("/projects/topics/annotations", kind="skip", standing=True).json()["items"] == []
    assert first["item"]["key"] in {lease["item"]["key"] for lease in ann.queue("topics", n=1)}


def test_the_rule_about_pace_reaches_the_label_page(api: Any, make_project: Any) -> None:
    make_project(api.site)
    assert api.get("/projects/topics").json()["pace_warning"] is True
    of_rules(api, pace_warning=False)
    assert api.get("/projects/topics").json()["pace_warning"] is False


def test_agreement_is_told_slice_by_slice(api: Any, team: dict[str, tuple[Api, str]]) -> None:
    with api.site.project("topics").stage() as rows:
        for ordinal in range(N):
            rows.update(t.item, t.item.c.ordinal == ordinal, domain="law" if ordinal < N // 2 else "news")
    [one] = api.get("/projects/topics/team/agreement").json()["questions"]
    assert [(line["column"], line["value"], line["n_items"]) for line in one["slices"]] == [
        ("domain", "law", N // 2), ("domain", "news", N - N // 2),
    ]  # fmt: skip
    raw = {line["value"]: figure_of(line["measures"], "raw") for line in one["slices"]}
    whole = figure_of(one["measures"], "raw")
    assert min(raw.values()) <= whole <= max(raw.values())


def figure_of(measures: list[dict[str, Any]], name: str) -> float:
    return float(next(one["figure"]["value"] for one in measures if one["measure"] == name))
