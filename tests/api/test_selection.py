"""Slices with a name, items that are asked first, and the batch that a lead looks at before it is asked."""

from __future__ import annotations

import uuid
from typing import Any

from labelwright.engine.layout import POOL
from labelwright.policy import Policy
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import LABEL

CHOSEN_ONLY = Policy(random_share=0.0, reserve_share=0.2, gold_share=0.0, guard=False)


def call(api: Any, method: str, path: str, body: Any = None, status: int = 200, person: Any = None) -> Any:
    who = {"headers": api.headers} if person is None else {"headers": person.headers}
    client = api.client if person is None else person.client
    reply = client.request(method, f"{api.base}/projects/topics/{path}", json=body, **who)
    assert reply.status_code == status, reply.text
    return reply.json() if reply.content else None


def splits(api: Any) -> dict[str, str]:
    with api.site.project("topics").read() as rows:
        return {row.key: row.split for row in rows.all(rows.select(t.item.c.key, t.item.c.split))}


def answer(person: Any, truth: dict[str, str], n: int) -> list[str]:
    keys = []
    for _ in range(n):
        leases = person.queue("topics", n=1)
        if not leases:
            break
        key = leases[0]["item"]["key"]
        assert person.answer("topics", leases[0], {"label": LABEL[truth[key]]}).status_code == 201
        keys.append(key)
    return keys


def test_pinned_items_come_first_in_their_order(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, policy=CHOSEN_ONLY)
    train(api.site)
    split = splits(api)
    wanted = [key for key in list(truth)[::-1] if split[key] == POOL][:4]
    reserve = next(key for key in truth if split[key] != POOL)
    done = call(api, "POST", "pins", {"items": [*wanted, reserve], "reason": "look at these"})
    assert done == {"changed": 4, "left_out": 1}
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    first = ann.queue("topics", n=1)[0]["item"]["key"]
    assert first == wanted[0]
    assert answer(bob, truth, 2) == wanted[1:3]  # the first is lent to ann
    listed = call(api, "GET", "pins")
    assert [one["key"] for one in listed["items"]] == [wanted[0], wanted[3]] and listed["count"] == 2
    assert call(api, "POST", "pins/remove", {"items": [wanted[3]]}) == {"changed": 1, "left_out": 0}
    assert answer(ann, truth, 1) == [wanted[0]]
    with api.site.project("topics").read() as rows:
        kinds = rows.scalars(rows.select(t.annotation.c.slot_kind).order_by(t.annotation.c.seq)).all()
    assert kinds[:3] == ["pinned"] * 3
    train(api.site)
    assert verify(api.site, "topics", replay=True).problems == []


def test_an_undone_answer_brings_a_pinned_item_back(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, policy=CHOSEN_ONLY)
    train(api.site)
    split = splits(api)
    wanted = next(key for key in truth if split[key] == POOL)
    call(api, "POST", "pins", {"items": [wanted]})
    ann = api.as_role("annotator")
    lease = ann.queue("topics", n=1)[0]
    given = ann.answer("topics", lease, {"label": LABEL[truth[wanted]]}).json()
    assert call(api, "GET", "pins")["count"] == 0
    undone = {
        "answer_id": str(uuid.uuid4()), "lease_id": lease["id"], "item_id": lease["item"]["id"], "kind": "undo",
        "replaces": given["id"],
    }  # fmt: skip
    assert call(api, "POST", "annotations", undone, 201, ann)
    assert call(api, "GET", "pins")["count"] == 1
    assert ann.queue("topics", n=1)[0]["item"]["key"] == wanted


def test_a_batch_waits_for_leave_and_is_asked_in_the_approved_order(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, policy=CHOSEN_ONLY)
    train(api.site)
    call(api, "PUT", "batch/approval", {"required": True}, 204)
    train(api.site)
    ann = api.as_role("annotator")
    split = splits(api)
    blind = answer(ann, truth, 100)  # what measures the model needs no leave
    assert blind and all(split[key] != POOL for key in blind)
    work = ann.client.post(f"{api.base}/projects/topics/queue", json={"n": 1}, headers=ann.headers).json()
    assert work["leases"] == [] and work["empty_because"] == "awaiting-approval"
    train(api.site)
    batch = call(api, "GET", "batch?n=6")
    assert len(batch["items"]) == 6 and batch["must_be_approved"] and batch["approved"] == 0
    assert all(one["why"] for one in batch["items"]) and batch["seconds"] > 0
    named = [one["item_id"] for one in batch["items"]]
    passed = {"ranking": batch["ranking"], "items": [named[2], named[0], named[1]], "dropped": [named[3]]}
    after = call(api, "POST", "batch/approve", passed)
    assert after["approved"] == 3
    train(api.site)
    keys = {one["item_id"]: one["key"] for one in batch["items"]}
    assert answer(ann, truth, 5) == [keys[one] for one in passed["items"]]
    with api.site.project("topics").read() as rows:
        last = rows.all(rows.select(t.annotation).order_by(t.annotation.c.seq.desc()))[:3]
    assert {row.slot_kind for row in last} == {"chosen"} and {row.ranking_id for row in last} == {batch["ranking"]}
    refused = call(api, "POST", "batch/approve", {**passed, "ranking": "r-1"}, 409)
    assert "Another ranking" in refused["message"]
    train(api.site)
    assert verify(api.site, "topics", replay=True).problems == []


def test_a_slice_is_what_its_filter_finds_or_what_was_named(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site)
    train(api.site)
    ann = api.as_role("annotator")
    answer(ann, truth, 6)
    word = "sport"
    label = LABEL[word] if word in LABEL else next(iter(LABEL.values()))
    kept = call(api, "POST", "slices", {"name": "  of one  label ", "filter": {"label": label}}, 201)
    listed = call(api, "GET", f"items?slice={kept['id']}")
    assert kept["name"] == "of one label" and listed["count"] == kept["items"]
    named = call(api, "POST", "slices", {"name": "three", "items": list(truth)[:3]}, 201)
    keys = [one["key"] for one in call(api, "GET", f"items?slice={named['id']}")["items"]]
    assert sorted(keys) == sorted(list(truth)[:3]) and named["filter"] is None
    assert {one["name"] for one in call(api, "GET", "slices")["items"]} == {"of one label", "three"}
    call(api, "POST", "slices", {"name": "Three", "items": list(truth)[:1]}, 409)
    call(api, "POST", "slices", {"name": "both", "items": list(truth)[:1], "filter": {"label": label}}, 422)
    call(api, "POST", "slices", {"name": "nothing", "filter": {}}, 422)
    call(api, "DELETE", f"slices/{named['id']}", None, 204)
    call(api, "DELETE", f"slices/{named['id']}", None, 404)
    call(api, "GET", f"items?slice={named['id']}", None, 404)
    assert verify(api.site, "topics").problems == []


def test_the_dial_changes_the_policy(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site)
    train(api.site)
    assert call(api, "GET", "batch")["dial"] is None
    call(api, "PUT", "dial", {"candidates": 3}, 204)
    batch = call(api, "GET", "batch")
    assert batch["dial"] == 3.0 and batch["strategy"].startswith("margin-diversity")
    train(api.site)
    assert verify(api.site, "topics", replay=True).problems == []
    call(api, "PUT", "dial", {"candidates": 0.5}, 422)


def test_only_leads_select(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site)
    train(api.site)
    for role in ("annotator", "reviewer", "auditor", "stakeholder"):
        person = api.as_role(role)
        call(api, "POST", "pins", {"items": list(truth)[:1]}, 403, person)
        call(api, "POST", "slices", {"name": "x", "items": list(truth)[:1]}, 403, person)
        call(api, "PUT", "dial", {"candidates": 3}, 403, person)
    call(api, "GET", "batch", None, 403, api.as_role("annotator"))
