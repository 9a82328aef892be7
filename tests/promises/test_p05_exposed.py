"""Promise 5 on the item pages: nothing is shown of an item that is leased to me; what I have seen is remembered."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.engine import answers
from labelwright.engine.layout import layout
from labelwright.store import tables as t
from tests.conftest import train_until_idle


def item_ids(ready: Any, split: str) -> list[str]:
    """Ids of the items of a split."""
    with ready.store.read() as rows:
        return [f"i{o}" for o in rows.scalars(rows.select(t.item.c.ordinal).where(t.item.c.split == split))]


def id_of(lease: dict[str, Any]) -> str:
    """The id on the item pages, from the key of the texts."""
    return f"i{int(lease['item']['key'].removeprefix('t'))}"


@pytest.mark.parametrize("role", ["admin", "lead", "reviewer"])
def test_a_leased_item_tells_its_holder_nothing(lived: Any, role: str) -> None:
    me = lived.api if role == "admin" else lived.api.as_role(role)
    for lease in me.queue("topics", n=8):
        item = id_of(lease)
        detail = me.get(f"/projects/topics/items/{item}").json()
        assert detail["hidden"] and detail["split"] is None
        assert detail["label"] is None and detail["labels"] == [] and detail["confidences"] == []
        own = me.get("/session").json()["user"]["name"]
        assert {entry["by"] for entry in detail["history"] if entry["kind"] != "imported"} <= {own}
        listed = me.get("/projects/topics/items", search=lease["item"]["key"]).json()["items"]
        (line,) = [one for one in listed if one["id"] == item]
        assert line["hidden"] and line["notes"] == [] and line["asked_as"] is None
        assert [line[k] for k in ("split", "label", "answers", "prediction", "confidence")] == [None] * 5


def test_no_filter_and_no_sort_tells_where_a_leased_item_is(lived: Any) -> None:
    me = lived.api.as_role("lead")
    leased = {id_of(lease) for lease in me.queue("topics", n=8)}
    shows = ("reserve", "labeled", "unlabeled", "skipped", "flagged", "noted")
    for params in (*({"show": show} for show in shows), {"label": "l_1"}):
        listed = {one["id"] for one in me.get("/projects/topics/items", limit=200, **params).json()["items"]}
        assert not listed & leased, params
    for sort in ("confidence", "doubt", "label", "answers"):
        for descending in (False, True):
            page = me.get("/projects/topics/items", limit=200, sort=sort, descending=descending).json()["items"]
            assert {one["id"] for one in page[-len(leased) :]} == leased or sort != "answers"
            order = [one["id"] for one in page if one["id"] in leased]
            assert order == sorted(order, key=lambda item: int(item[1:])), sort


def test_nobody_sees_the_models_opinion_of_an_unanswered_reserve_item(lived: Any) -> None:
    for item in item_ids(lived, "reserve"):
        detail = lived.api.get(f"/projects/topics/items/{item}").json()
        if detail["label"] is None:
            assert detail["confidences"] == []
    listed = lived.api.get("/projects/topics/items", show="reserve", limit=200).json()["items"]
    assert listed and all(one["prediction"] is None and one["confidence"] is None for one in listed)


def test_an_answer_after_seeing_others_is_marked_trains_and_never_measures(lived: Any) -> None:
    """A lead reads an answered reserve item, then answers it: the answer stands and is left out of what measures."""
    me = lived.api.as_role("lead")
    store = lived.store
    seen = 0
    with store.read() as rows:
        reserve = set(rows.scalars(rows.select(t.item.c.ordinal).where(t.item.c.split == "reserve")))
        answered = set(rows.scalars(rows.select(t.annotation.c.ordinal).where(t.annotation.c.standing)))
    for ordinal in sorted(reserve & answered):
        detail = me.get(f"/projects/topics/items/i{ordinal}").json()
        assert not detail["hidden"]
        seen += detail["label"] is not None or any(entry["detail"].get("reason") for entry in detail["history"])
    assert seen
    with store.stage() as rows:  # lend the items to the lead too, as an overlap of two would
        for k, ordinal in enumerate(sorted(reserve & answered)):
            person = me.get("/session").json()["user"]["id"]
            rows.insert(
                t.lease,
                {
                    "id": f"le_seen{k}", "ordinal": ordinal, "person_id": person, "ranking_id": None, "position": None,
                    "slot_kind": "reserve", "granted_at": 0.0, "expires_at": 4e9, "state": "live", "grid": False,
                },
            )  # fmt: skip
    leases = me.queue("topics", n=50)
    told = [lease for lease in leases if lease["id"].startswith("le_seen")]
    for lease in told:
        assert me.answer("topics", lease, {"label": "l_1"}).status_code == 201
    with store.read() as rows:
        mine = rows.all(
            rows.select(t.annotation.c.seq, t.annotation.c.exposed, t.annotation.c.ordinal).where(
                t.annotation.c.lease_id.like("le_seen%")
            )
        )
        where = layout(store, rows, store.row(rows).n_items)
        counted = {one.seq for one in answers.counted(rows, where, "q_1")}
    exposed = {row.seq for row in mine if row.exposed}
    assert len(exposed) == seen
    assert not exposed & counted


def test_an_answer_of_the_pool_after_seeing_others_trains(lived: Any) -> None:
    me = lived.api.as_role("lead")
    train_until_idle(lived.site)
    listed = me.get("/projects/topics/items", sort="confidence", limit=90).json()["items"]
    assert any(one["prediction"] for one in listed)
    (lease,) = me.queue("topics", n=1)
    assert me.answer("topics", lease, {"label": "l_1"}).status_code == 201
    with lived.store.read() as rows:
        row = rows.one(
            rows.select(t.annotation.c.seq, t.annotation.c.exposed, t.item.c.split).where(
                t.annotation.c.lease_id == lease["id"], t.item.c.ordinal == t.annotation.c.ordinal
            )
        )
        where = layout(lived.store, rows, lived.store.row(rows).n_items)
        counted = {one.seq for one in answers.counted(rows, where, "q_1")}
    assert row.exposed == (row.split == "pool")
    assert row.seq in counted


def test_a_note_is_hidden_while_the_item_is_leased_and_marks_a_later_answer(api: Any, make_project: Any) -> None:
    """Somebody else's note says as much as their answer does."""
    from labelwright.policy import Policy

    make_project(api.site, policy=Policy(overlap=2))
    train_until_idle(api.site)
    first, second = api.as_role("annotator"), api.as_role("lead")
    lease = first.queue("topics")[0]
    assert first.answer("topics", lease, None, kind="flag", reason="a torn page").status_code == 201
    noted = {"show": "noted"}
    held = next(one for one in second.queue("topics", n=50) if one["item"]["key"] == lease["item"]["key"])
    assert second.get("/projects/topics/items", **noted).json()["items"] == []
    everything = second.get("/projects/topics/items", limit=200).text
    assert "torn" not in everything and "torn" not in second.get(f"/projects/topics/items/{id_of(held)}").text
    given_back = second.client.delete(f"/api/v1/projects/topics/leases/{held['id']}", headers=second.headers)
    assert given_back.status_code == 204
    (line,) = second.get("/projects/topics/items", **noted).json()["items"]
    assert [note["text"] for note in line["notes"]] == ["a torn page"] and line["label"] is None
    again = next(one for one in second.queue("topics", n=50) if one["item"]["key"] == lease["item"]["key"])
    assert second.answer("topics", again, {"label": "l_1"}).status_code == 201
    with api.site.project("topics").read() as rows:
        exposed = rows.scalars(rows.select(t.annotation.c.exposed).where(t.annotation.c.kind == "answer")).all()
    assert exposed == [True]


def test_reading_a_note_on_the_items_page_marks_a_later_answer(api: Any, make_project: Any) -> None:
    make_project(api.site)
    train_until_idle(api.site)
    first, second = api.as_role("annotator"), api.as_role("lead")
    bare, reasoned = first.queue("topics", n=2)
    assert first.answer("topics", bare, None, kind="skip").status_code == 201
    assert first.answer("topics", reasoned, None, kind="skip", reason="too long").status_code == 201
    for lease in (bare, reasoned):
        assert not second.get(f"/projects/topics/items/{id_of(lease)}").json()["hidden"]
    with api.site.project("topics").read() as rows:
        assert [f"i{o}" for o in rows.scalars(rows.select(t.exposure.c.ordinal))] == [id_of(reasoned)]


def test_an_answer_before_anything_was_seen_is_not_marked(lived: Any) -> None:
    me = lived.api.as_role("annotator")
    (lease,) = me.queue("topics", n=1)
    assert me.answer("topics", lease, {"label": "l_1"}).status_code == 201
    with lived.store.read() as rows:
        assert rows.scalar(rows.select(t.annotation.c.exposed).where(t.annotation.c.lease_id == lease["id"])) is False


def test_the_next_items_of_progress_leave_out_what_is_leased_to_me(lived: Any) -> None:
    me = lived.api.as_role("lead")
    leased = {id_of(lease) for lease in me.queue("topics", n=5)}
    upcoming = {one["item_id"] for one in me.get("/projects/topics/progress").json()["next"]}
    assert upcoming and not upcoming & leased
