"""A source that grows: its new and corrected labels are added to the project that learns from it, by whom, and once."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from labelwright.engine.cycle import Cycle
from labelwright.engine.importing.lock import import_lock
from labelwright.engine.project import load
from labelwright.services.people import members, users
from labelwright.services.record.verify import verify
from labelwright.services.reporting.decisions import decisions
from labelwright.store import tables as t
from tests.api.test_create import upload
from tests.api.test_source import LABELS, create, labeled, ready, target, topic_of
from tests.conftest import LABEL, Api, train_until_idle

ALL = ["food", "law", "sport"]


@pytest.fixture
def truth(api: Api, make_project: Any) -> dict[str, str]:
    """The project "topics" with 12 labels, and "chats", which starts from them and is trained."""
    known: dict[str, str] = make_project(api.site)
    label_some(api, known, 12)
    create(api, "chats", {"project": "topics"}, labels=ALL)
    assert ready(api, "chats")["state"] == "ready"
    train_until_idle(api.site)
    return known


def label_some(api: Api, truth: dict[str, str], n: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Answer items of "topics" rightly; return leases and receipts."""
    done = []
    for lease in api.queue("topics", n=n):
        answered = api.answer("topics", lease, {"label": LABEL[truth[lease["item"]["key"]]]})
        assert answered.status_code == 201, answered.text
        done.append((lease, answered.json()))
    return done


def correct(api: Api, lease: dict[str, Any], receipt: dict[str, Any], label: str) -> None:
    changed = api.answer("topics", lease, {"label": label}, kind="correct", replaces=receipt["id"])
    assert changed.status_code == 201, changed.text


def add(api: Api, source: dict[str, Any], slug: str = "chats") -> Any:
    return api.post(f"/projects/{slug}/items", {"source": source})


def n_events(api: Api, slug: str = "chats") -> int:
    store = api.site.project(slug)
    with store.read() as rows:
        return store.head_seq(rows)


def frozen(api: Api, slug: str = "chats") -> int:
    """How many labels of the source the last cycle learned from."""
    store = api.site.project(slug)
    with store.read() as rows:
        inputs = Cycle(store, store.row(rows).cycle).inputs
    return 0 if inputs.source is None else inputs.source.n_items


def test_new_and_corrected_labels_come_once_and_the_record_stays_clean(api: Api, truth: dict[str, str]) -> None:
    first = label_some(api, truth, 5)
    added = add(api, {"project": "topics"})
    assert added.status_code == 201, added.text
    assert {k: added.json()[k] for k in ("added", "known", "corrected", "reserve")} == {
        "added": 5, "known": 12, "corrected": 0, "reserve": 0,
    }  # fmt: skip
    before = n_events(api)
    again = add(api, {"project": "topics"}).json()
    assert (again["added"], again["known"], again["batch"]) == (0, 17, "") and n_events(api) == before
    train_until_idle(api.site)
    assert frozen(api) == 17

    lease, receipt = first[0]
    was = LABEL[truth[lease["item"]["key"]]]
    name, other = next((name, label) for name, label in LABEL.items() if label != was)
    correct(api, lease, receipt, other)
    label_some(api, truth, 2)
    grown = add(api, {"project": "topics"}).json()
    assert (grown["added"], grown["known"], grown["corrected"]) == (3, 16, 1)
    train_until_idle(api.site)
    assert frozen(api) == 19
    key = f"source-2:{lease['item']['key']}"
    store = api.site.project("chats")
    with store.read() as rows:
        ordinal = rows.scalar(rows.select(t.item.c.ordinal).where(t.item.c.key == key))
        assert rows.scalar(rows.select(t.given.c.answer).where(t.given.c.ordinal == ordinal)) == {"label": LABELS[name]}
    assert verify(api.site, "chats", replay=True).problems == []

    undone = api.post(f"/projects/chats/imports/{grown['batch']}/undo", {"reason": "a doubt"})
    assert undone.json()["changed"] == 3
    train_until_idle(api.site)
    assert frozen(api) == 16  # the copy that was corrected stays out
    assert verify(api.site, "chats", replay=True).problems == []
    back = add(api, {"project": "topics"}).json()
    assert (back["added"], back["known"], back["corrected"]) == (3, 16, 0)
    train_until_idle(api.site)
    assert frozen(api) == 19
    assert verify(api.site, "chats", replay=True).problems == []


def test_progress_and_the_report_name_where_each_batch_came_from(api: Api, truth: dict[str, str]) -> None:
    assert api.post("/projects/topics/snapshots", {"name": "v1"}).status_code == 201
    label_some(api, truth, 4)
    assert add(api, {"project": "topics"}).json()["added"] == 4
    of = upload(api, "old.csv", labeled(6))
    assert add(api, {"upload_id": of}).json()["added"] == 6
    source = api.get("/projects/chats/progress").json()["source"]
    assert (source["n_items"], source["came_from"]) == (22, "project topics (16) and the file old.csv (6)")
    assert add(api, {"project": "topics", "snapshot": "v1"}).json()["added"] == 0
    store = api.site.project("chats")
    with store.read() as rows:
        said = "\n".join(str(one) for one in decisions(store, rows, load(store, rows)))
    assert "starts from 12 labeled items of the project topics" in said
    assert said.count("starts from") == 1 and "6 labeled items of the file old.csv came later" in said


def test_a_project_without_a_source_gets_one(api: Api) -> None:
    upload_id = upload(api, "plain.csv", target())
    made = api.post("/projects", {"slug": "plain", "upload_id": upload_id, "task": "classification", "labels": ALL})
    assert made.status_code == 201 and ready(api, "plain")["state"] == "ready"
    train_until_idle(api.site)
    added = add(api, {"upload_id": upload(api, "old.csv", labeled())}, "plain")
    assert added.status_code == 201 and added.json()["added"] == 30, added.text
    train_until_idle(api.site)
    assert frozen(api, "plain") == 30
    for lease in api.queue("plain", n=6):
        assert api.answer("plain", lease, {"label": LABELS[topic_of(lease)]}).status_code == 201
    train_until_idle(api.site)
    assert api.get("/projects/plain/progress").json()["source"]["n_labels"] > 0
    assert verify(api.site, "plain", replay=True).problems == []


def test_an_item_that_was_excluded_does_not_come_again(api: Api, truth: dict[str, str]) -> None:
    items = api.get("/projects/chats/items", show="source").json()["items"]
    assert api.post("/projects/chats/items/exclude", {"items": [items[0]["id"]], "reason": "bad"}).status_code == 200
    assert add(api, {"project": "topics"}).json()["added"] == 0
    assert api.get("/projects/chats/progress").json()["source"]["n_items"] == 11


def test_an_item_that_was_erased_does_not_come_again(api: Api, truth: dict[str, str]) -> None:
    """Not even with another label, though it is still in the other project."""
    lease, receipt = label_some(api, truth, 1)[0]
    assert add(api, {"project": "topics"}).json()["added"] == 1
    key = f"source:{lease['item']['key']}"
    items = api.get("/projects/chats/items", show="source").json()["items"]
    erased = {"items": [next(one["id"] for one in items if one["key"] == key)], "reason": "withdrawn"}
    done = api.post("/projects/chats/items/erase", erased)
    assert done.status_code == 200 and done.json()["erased"] == 1, done.text
    assert add(api, {"project": "topics"}).json()["added"] == 0
    other = next(label for label in LABEL.values() if label != LABEL[truth[lease["item"]["key"]]])
    correct(api, lease, receipt, other)
    assert add(api, {"project": "topics"}).json()["added"] == 0
    assert verify(api.site, "chats").problems == []


def test_who_may_not_export_the_other_project_takes_nothing_of_it(api: Api, truth: dict[str, str]) -> None:
    """Above all not a member of the site who leads the project that would take the labels."""
    label_some(api, truth, 3)
    member, admin = api.as_role("member", "m@example.com"), users.ensure_admin(api.site)[0]
    person = users.by_email(api.site, "m@example.com").person_id
    before = n_events(api)
    assert add(member, {"project": "topics"}).status_code == 404  # of neither
    members.give(api.site, admin, "chats", person, "lead")
    hidden, nowhere = add(member, {"project": "topics"}), add(member, {"project": "nowhere"})
    assert (hidden.status_code, nowhere.status_code) == (404, 404)
    assert hidden.json()["message"] == nowhere.json()["message"].replace("nowhere", "topics")
    members.give(api.site, admin, "topics", person, "annotator")
    refused = add(member, {"project": "topics"})
    assert refused.status_code == 403 and "may not take labels of 'topics'" in refused.text
    assert add(api.as_role("annotator"), {"project": "topics"}).status_code == 403
    assert n_events(api) == before
    members.give(api.site, admin, "topics", person, "auditor")
    assert add(member, {"project": "topics"}).json()["added"] == 3


def test_what_cannot_be_added_is_refused_and_changes_nothing(api: Api, truth: dict[str, str]) -> None:
    label_some(api, truth, 1)
    strange = labeled().replace(b",food", b",opera")
    bare = "id,text,label\n" + "\n".join(f"s{k},some words {k}," for k in range(5))
    numbers = upload(api, "numbers.csv", b"id,text\n" + b"\n".join(b"n%d,words %d" % (k, k) for k in range(30)))
    made = api.post("/projects", {"slug": "stars", "upload_id": numbers, "task": "regression", "min": 1, "max": 5})
    assert made.status_code == 201 and ready(api, "stars")["state"] == "ready"
    empty = api.post("/projects", {"slug": "empty", "upload_id": numbers, "task": "classification", "labels": ALL})
    assert empty.status_code == 201 and ready(api, "empty")["state"] == "ready"
    before = n_events(api)
    for source, said in (
        ({"upload_id": upload(api, "strange.csv", strange)}, "add: the classes of the source must be among those of"),
        ({"upload_id": upload(api, "bare.csv", bare.encode()), "label": "label"}, "at least one label, got none"),
        ({"project": "chats"}, "another project than 'chats'"),
        ({"project": "topics", "snapshot": "never"}, "must be a snapshot, a label version"),
        ({"project": "stars"}, "one class an item"),
        ({"project": "empty"}, "add: the source 'empty' has no labels"),
        ({}, "exactly one of project and upload_id"),
    ):
        refused = add(api, source)
        assert refused.status_code == 422 and said in refused.text, (source, refused.text)
    both = api.post("/projects/chats/items", {"source": {"project": "topics"}, "rows": [{"id": "a", "text": "b"}]})
    assert both.status_code == 422
    assert n_events(api) == before
    refused = add(api, {"project": "topics"}, "stars")
    assert refused.status_code == 422 and "must be classification, got regression" in refused.text


def test_a_double_click_adds_once(api: Api, truth: dict[str, str]) -> None:
    label_some(api, truth, 4)
    with import_lock(api.site.project("chats")):
        assert add(api, {"project": "topics"}).status_code == 409
    found: list[Any] = []
    clicks = [threading.Thread(target=lambda: found.append(add(api, {"project": "topics"}))) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert sum(one.json()["added"] for one in found if one.status_code == 201) == 4
    assert {one.status_code for one in found} <= {201, 409}
    assert api.get("/projects/chats").json()["counts"]["source"] == 16
