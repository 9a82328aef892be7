"""Guidelines: examples of real items, what is new for a person, proposals, what a change costs; feedback after answers."""

from __future__ import annotations

from typing import Any

from labelwright.policy import Policy
from tests.api.test_checks import mark_gold, work
from tests.api.test_http_loop import label_some
from tests.api.test_reviews import FOOD, LAW, SPORT, disagree, of_rules, only_open


def write(api: Any, markdown: str, **more: Any) -> Any:
    body = {"markdown": markdown, **more}
    return api.client.put(f"{api.base}/projects/topics/guidelines", json=body, headers=api.headers)


def test_whoever_worked_under_an_older_version_is_shown_what_is_new(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site, guidelines="Sport is about matches.\nFood is about eating.")
    train(api.site)
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    ann.answer("topics", ann.queue("topics")[0], SPORT)
    assert ann.get("/projects/topics/guidelines/news").json()["items"] == []
    example = {"item": "i3", "answer": FOOD, "rule": "the match is only the setting"}
    written = write(api, "Sport is about matches.\nFood is about eating, also at a match.", examples=[example])
    assert written.status_code == 200 and written.json()["examples"][0]["label"] == "food"
    (news,) = ann.get("/projects/topics/guidelines/news").json()["items"]
    assert [(line["change"], line["text"]) for line in news["lines"]] == [
        ("same", "Sport is about matches."),
        ("removed", "Food is about eating."),
        ("added", "Food is about eating, also at a match."),
    ]
    assert [one["rule"] for one in news["examples"]] == ["the match is only the setting"]
    assert bob.get("/projects/topics/guidelines/news").json()["items"] == []  # nothing is new to who is new
    assert ann.post("/projects/topics/guidelines/seen", {"version": 3}).status_code == 422
    assert ann.post("/projects/topics/guidelines/seen", {"version": 2}).status_code == 204
    assert ann.get("/projects/topics/guidelines/news").json()["items"] == []
    assert write(api, "Sport is about matches.").json()["examples"] == written.json()["examples"]  # they stay pinned
    versions = api.get("/projects/topics/guidelines/versions").json()["items"]
    assert [(one["version"], one["n_annotations"]) for one in versions] == [(3, 0), (2, 0), (1, 1)]
    assert write(api, "x", examples=[{"item": "i3", "answer": {"label": "l_9"}}]).status_code == 422


def test_items_on_which_people_split_are_proposed_by_pair(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site, policy=Policy(overlap=2))
    train(api.site)
    disagree(api, api.as_role("annotator"), api.as_role("annotator"))
    (pair,) = api.get("/projects/topics/guidelines/proposals").json()["items"]
    assert pair["pair"] == ["food", "sport"] and pair["n_items"] == 1
    assert pair["items"][0]["answers"] == {"sport": 1, "food": 1} and not pair["items"][0]["decided"]
    review = only_open(api)
    api.post(f"/projects/topics/reviews/{review['id']}/decision", {"outcome": "label", "answer": FOOD})
    (pair,) = api.get("/projects/topics/guidelines/proposals").json()["items"]
    assert pair["items"][0]["decided"] and pair["items"][0]["label"] == "food"


def test_a_change_says_what_it_costs_and_sends_items_to_review(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site)
    train(api.site)
    label_some(api, truth, 45)
    train(api.site)
    asked = {"pair": [SPORT, FOOD]}
    impact = api.post("/projects/topics/guidelines/impact", asked)
    assert impact.status_code == 200, impact.text
    impact = impact.json()
    assert impact["n_training"] + impact["n_reserve"] == len(impact["items"]) > 10 and impact["n_reserve"] > 0
    assert impact["flipped"]["value"] < impact["now"]["value"] and impact["hours"] > 0
    near = api.post("/projects/topics/guidelines/impact", {**asked, "near": [impact["items"][-1]], "limit": 5}).json()
    assert len(near["items"]) == 5 and impact["items"][-1] in near["items"]
    assert api.post("/projects/topics/guidelines/impact", {"pair": [SPORT, SPORT]}).status_code == 422
    opened = api.post("/projects/topics/guidelines/review", {"items": near["items"]}).json()["opened"]
    assert opened == 5 == api.get("/projects/topics/reviews").json()["causes"]["guideline"]


def test_the_right_answer_is_told_after_a_check_and_a_revision_is_marked(
    api: Any, make_project: Any, train: Any
) -> None:
    truth = make_project(api.site, policy=Policy(gold_share=0.5))
    train(api.site)
    mark_gold(api, list(truth)[:30], truth)
    ann = api.as_role("annotator")
    other = {"sport": "food", "food": "law", "law": "sport"}
    work(ann, {key: other[value] for key, value in truth.items()}, 20)
    given = ann.get("/projects/topics/annotations", limit=20).json()["items"]

    def told(one: dict[str, Any]) -> dict[str, Any]:
        return dict(ann.get(f"/projects/topics/annotations/{one['id']}/feedback").json())

    assert all(
        told(one) == {"known": None, "ask_back": False, "pair": None} for one in given
    )  # the lead has not asked for it
    of_rules(api, feedback=True)
    checked = [(one, known) for one in given if (known := told(one)["known"]) is not None]
    assert checked and not any(known["right"] for _, known in checked)
    one, known = checked[0]
    assert known["rule"] == "as the text says"
    lease = {"id": one["item_id"], "item": {"id": one["item_id"]}}
    revised = ann.answer("topics", lease, known["answer"], kind="correct", replaces=one["id"])
    assert revised.status_code == 201
    with api.site.project("topics").read() as rows:
        from labelwright.store import tables as t

        row = rows.one(rows.select(t.annotation).where(t.annotation.c.id == revised.json()["id"]))
    assert row.prompted == "feedback" and row.standing and not row.first


def test_are_you_sure_is_asked_where_a_sure_model_differs(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, n=120)
    train(api.site)
    label_some(api, truth, 80)
    train(api.site)
    of_rules(api, ask_back=True)
    ann = api.as_role("annotator")
    other = {"sport": LAW, "food": SPORT, "law": FOOD}
    asked = []
    for _ in range(12):
        lease = ann.queue("topics")[0]
        receipt = ann.answer("topics", lease, other[truth[lease["item"]["key"]]]).json()
        asked.append(ann.get(f"/projects/topics/annotations/{receipt['id']}/feedback").json()["ask_back"])
    with api.site.project("topics").read() as rows:
        from labelwright.store import tables as t

        kinds = rows.scalars(rows.select(t.annotation.c.slot_kind).order_by(t.annotation.c.seq.desc()).limit(12)).all()[
            ::-1
        ]
    assert any(asked)
    assert all(kind == "chosen" for kind, ask in zip(kinds, asked, strict=True) if ask)
