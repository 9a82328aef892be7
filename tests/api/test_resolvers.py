"""Resolvers of a project: chosen by the lead, fitted anew with each label version, stored with it, replayed."""

from __future__ import annotations

from typing import Any

from labelwright.engine.cycle import Cycle
from labelwright.engine.voices import read_voice
from labelwright.policy import Policy
from labelwright.services.projects.shown import item_id_of
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.api.test_checks import work
from tests.api.test_reviews import of_rules


def versions(api: Any) -> list[dict[str, Any]]:
    """What each label version says of the question, the oldest first."""
    with api.site.project("topics").read() as rows:
        table = t.label_version
        return [one["q_1"] for one in rows.scalars(rows.select(table.c.questions).order_by(table.c.cycle))]


def test_another_resolver_is_fitted_and_stored_with_the_next_version(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, policy=Policy(overlap=3))
    train(api.site)
    people = [api.as_role("annotator") for _ in range(3)]
    for person in people[:2]:
        work(person, truth, 30)
    work(people[2], {key: "sport" for key in truth}, 30)
    train(api.site)
    assert versions(api)[-1]["resolver"] == "majority" and versions(api)[-1]["params"] == {}
    n_before = len(versions(api))
    of_rules(api, resolvers={"q_1": "dawid-skene"})
    train(api.site)
    assert len(versions(api)) > n_before
    fitted = versions(api)[-1]
    ids = {person.get("/session").json()["user"]["id"] for person in people}
    assert fitted["resolver"] == "dawid-skene" and set(fitted["params"]["confusion"]) >= ids
    assert verify(api.site, "topics", replay=True).problems == []

    of_rules(api, resolvers={"q_1": "auto-1"})
    train(api.site)
    chosen = versions(api)[-1]
    assert chosen["resolver"] == "auto-1" and chosen["params"]["method"] == "one-coin"  # three people, about 30 each
    assert set(chosen["params"]["params"]["confusion"]) >= ids

    refused = api.get("/projects/topics/quality").json()
    body = {**refused["checking"], "resolvers": {"q_1": "wisdom"}, "settings_version": refused["settings_version"]}
    answer = api.client.put(f"{api.base}/projects/topics/quality", json=body, headers=api.headers)
    assert answer.status_code == 422 and "dawid-skene" in answer.json()["message"]
    old = api.client.put(
        f"{api.base}/projects/topics/quality", json={**refused["checking"], "settings_version": 1}, headers=api.headers
    )
    assert old.status_code == 409


def test_answers_of_one_person_keep_their_labels_under_a_model_of_people(
    api: Any, make_project: Any, train: Any
) -> None:
    truth = make_project(api.site)
    train(api.site)
    of_rules(api, resolvers={"q_1": "one-coin"})
    work(api.as_role("annotator"), truth, 30)
    train(api.site)
    items = api.get("/projects/topics/items", limit=200).json()["items"]
    labels = {one["key"]: one["label"] for one in items if one["label"] is not None}
    assert len(labels) == 30 and all(truth[key] == label for key, label in labels.items())


def test_crowdlab_hears_the_model_on_the_pool_and_not_on_the_reserve(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, policy=Policy(overlap=2, reserve_share=0.4))
    train(api.site)
    of_rules(api, resolvers={"q_1": "crowdlab"})
    people = [api.as_role("annotator") for _ in range(3)]
    for person in people[:2]:
        work(person, truth, 40)
    work(people[2], {key: "sport" for key in truth}, 10)
    train(api.site)
    fitted = versions(api)[-1]
    ids = {person.get("/session").json()["user"]["id"] for person in people[:2]}
    assert fitted["resolver"] == "crowdlab" and set(fitted["params"]["people"]) >= ids and fitted["params"]["model"] > 0
    store = api.site.project("topics")
    with store.read() as rows:
        cycle = Cycle(store, store.row(rows).cycle)
        split = {row.ordinal: row.split for row in rows.all(rows.select(t.item.c.ordinal, t.item.c.split))}
    labels = cycle.labels(cycle.inputs.primary)
    heard = read_voice(store, cycle.files.voice("q_1"))
    assert heard is not None and {split[item] for item in heard.item.tolist()} == {"pool"}
    assert {split[item] for item in labels.item_idx.tolist()} == {"pool", "reserve"}
    shown = {one["id"]: one["label"] for one in api.get("/projects/topics/items", limit=200).json()["items"]}
    names = {answer["label"]: name for answer, name in zip(
        ({"label": one["id"]} for one in cycle.inputs.primary.schema["labels"]),
        (one["name"] for one in cycle.inputs.primary.schema["labels"]), strict=True)}  # fmt: skip
    for item, answer in zip(labels.item_idx.tolist(), labels.answers, strict=True):
        assert shown[item_id_of(item)] == names[answer["label"]]
    assert verify(api.site, "topics", replay=True).problems == []
