"""A project that starts from labels of another domain, over HTTP: from a project, from an upload, by whom."""

from __future__ import annotations

import random
import time
from typing import Any

from labelwright.store import tables as t
from tests.api.test_create import upload
from tests.api.test_reviews import of_rules
from tests.conftest import LABEL, Api, make_api, train_until_idle

WORDS = {
    "food": ("simmer", "butter", "onion", "stock", "cream", "pepper", "oven", "flour"),
    "law": ("clause", "party", "contract", "section", "court", "claim", "notice", "breach"),
    "sport": ("team", "match", "goal", "crowd", "striker", "league", "coach", "season"),
}
LABELS = {name: f"l_{k}" for k, name in enumerate(WORDS, 1)}


def texts(n: int, seed: int) -> list[tuple[str, str]]:
    """Texts of three topics, no two alike, each with its topic."""
    rng = random.Random(seed)
    drawn = [rng.choice(list(WORDS)) for _ in range(n)]
    return [(" ".join(rng.sample(WORDS[topic], 5)), topic) for topic in drawn]


def topic_of(lease: dict[str, Any]) -> str:
    """What the text of a lease is about."""
    said = set(str(lease["item"]["content"]["text"]).split())
    return next(topic for topic, words in WORDS.items() if said & set(words))


def target(n: int = 60) -> bytes:
    return ("id,text\n" + "\n".join(f"t{k},hello {text}" for k, (text, _) in enumerate(texts(n, 1))) + "\n").encode()


def labeled(n: int = 30) -> bytes:
    rows = [f"s{k},well {text},{topic}" for k, (text, topic) in enumerate(texts(n, 2))]
    return ("id,text,label\n" + "\n".join(rows) + "\n").encode()


def create(api: Api, slug: str, start_from: dict[str, Any], **more: Any) -> Any:
    body = {"slug": slug, "upload_id": upload(api, f"{slug}.csv", target()), "task": "classification"}
    return api.post("/projects", {**body, "start_from": start_from, **more})


def ready(api: Api, slug: str) -> dict[str, Any]:
    for _ in range(300):
        shown = api.get(f"/projects/{slug}").json()
        if shown["state"] != "importing":
            return dict(shown)
        time.sleep(0.05)
    raise AssertionError(f"{slug} is still being imported")


def test_an_upload_brings_its_labels_and_its_classes(api: Api) -> None:
    made = create(api, "fresh", {"upload_id": upload(api, "old.csv", labeled())})
    assert made.status_code == 201, made.text
    shown = ready(api, "fresh")
    assert shown["state"] == "ready", shown["error"]
    assert (shown["counts"]["source"], shown["counts"]["items"]) == (30, 60)
    assert [label["name"] for label in shown["question"]["labels"]] == ["food", "law", "sport"]
    train_until_idle(api.site)
    source = api.get("/projects/fresh/progress").json()["source"]
    assert source["came_from"] == "file old.csv" and source["n_items"] == 30 and source["n_labels"] == 0
    found = api.get("/projects/fresh/items", show="source").json()["items"]
    assert {one["split"] for one in found} == {"source"}
    detail = api.get(f"/projects/fresh/items/{found[0]['id']}").json()
    assert detail["source_label"] in ("food", "law", "sport") and detail["labels"] == []
    batches = api.get("/projects/fresh/imports").json()["items"]
    assert [one["labels_are"] for one in batches] == ["source", "training"]


def test_a_project_gives_its_labels_to_whoever_may_export_it(api: Api, make_project: Any) -> None:
    truth = make_project(api.site)
    for lease in api.queue("topics", n=20):
        assert api.answer("topics", lease, {"label": LABEL[truth[lease["item"]["key"]]]}).status_code == 201
    lead = api.as_role("lead")
    made = create(lead, "after", {"project": "topics"})
    assert made.status_code == 201, made.text
    assert ready(api, "after")["counts"]["source"] == 20
    member = api.as_role("lead", "half@example.com")
    from labelwright.services.people import members, users

    actor = users.by_email(api.site, "half@example.com")
    members.give(api.site, users.ensure_admin(api.site)[0], "topics", actor.person_id, "annotator")
    refused = create(member, "stolen", {"project": "topics"})
    assert refused.status_code == 403 and "may not take labels of 'topics'" in refused.text
    assert create(lead, "nowhere", {"project": "nowhere"}).status_code == 404
    assert make_api(api.site).get("/projects/stolen").status_code == 404


def test_what_cannot_be_a_source_is_refused_at_once(api: Api) -> None:
    of = upload(api, "old.csv", labeled())
    refused = create(api, "wrong", {"upload_id": of}, task="regression")
    assert refused.status_code == 422 and "must be classification, got regression" in refused.text
    assert create(api, "wrong", {}).status_code == 422
    assert create(api, "wrong", {"project": "a", "upload_id": of}).status_code == 422
    failed = create(api, "wrong", {"upload_id": of}, labels=["food", "law"])
    assert failed.status_code == 201
    assert "got sport" in ready(api, "wrong")["error"]


def test_strategies_that_look_at_a_source_are_listed_where_there_is_one(api: Api) -> None:
    names = [{one["name"] for one in api.get("/strategies", with_source=has).json()["items"]} for has in (False, True)]
    assert names[1] - names[0] == {"aada", "tqs"}


def test_the_nearest_item_of_the_source_is_told_after_the_answer_and_never_where_it_would_measure(api: Api) -> None:
    create(api, "topics", {"upload_id": upload(api, "old.csv", labeled())})
    ready(api, "topics")
    train_until_idle(api.site)
    ann = api.as_role("annotator")

    def told() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """A lease, its receipt, and what is told after the right answer."""
        lease = ann.queue("topics")[0]
        receipt = ann.answer("topics", lease, {"label": LABELS[topic_of(lease)]}).json()
        return lease, receipt, ann.get(f"/projects/topics/annotations/{receipt['id']}/feedback").json()

    assert told()[2] == {"known": None, "ask_back": False, "pair": None}  # the lead has not asked for it
    of_rules(api, show_source=True)
    assert ann.get("/projects/topics").json()["tells"]
    seen = [told() for _ in range(20)]
    paired = [(lease, receipt, pair) for lease, receipt, found in seen if (pair := found["pair"]) is not None]
    assert paired and all("pair" not in lease and "source" not in lease["item"]["content"] for lease, _, _ in seen)
    for lease, _, pair in paired:
        assert pair["item"]["key"].startswith("source:")
        assert pair["label"] == topic_of(lease)
    store = api.site.project("topics")
    table, item = t.annotation, t.item
    with store.read() as rows:
        split = dict(rows.all(rows.select(table.c.id, item.c.split).where(table.c.ordinal == item.c.ordinal)))
        kind = dict(rows.all(rows.select(table.c.id, table.c.slot_kind)))
    assert {split[receipt["id"]] for _, receipt, _ in paired} == {"pool"}
    assert {kind[receipt["id"]] for _, receipt, _ in paired} == {"chosen"}
    assert any(split[receipt["id"]] != "pool" for _, receipt, _ in seen)
    lease, receipt, _ = paired[0]
    again = {"kind": "correct", "replaces": receipt["id"], "after": "prompt"}
    changed = ann.answer("topics", lease, {"label": "l_1"}, **again)
    assert changed.status_code == 201, changed.text
    with store.read() as rows:
        row = rows.first(rows.select(table).where(table.c.id == changed.json()["id"]))
    assert row.prompted == "prompt" and row.standing and not row.first
