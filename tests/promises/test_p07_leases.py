"""Promise 7: leases never go beyond the overlap, nor twice to one person; they return by themselves; late answers stay."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from labelwright.policy import Policy
from labelwright.store import tables as t
from tests.conftest import ordinal_of

LABEL = {"label": "l_1"}


def give_back(api: Any, lease: dict[str, Any]) -> None:
    gone = api.client.delete(f"{api.base}/projects/topics/leases/{lease['id']}", headers=api.headers)
    assert gone.status_code == 204


def expire_all(store: Any) -> None:
    with store.stage() as rows:
        rows.update(t.lease, t.lease.c.state == "live", expires_at=time.time() - 1)


def expire_soon(store: Any, seconds: float) -> None:
    with store.stage() as rows:
        rows.update(t.lease, t.lease.c.state == "live", expires_at=time.time() + seconds)


def items_of(leases: list[dict[str, Any]]) -> list[str]:
    return [lease["item"]["key"] for lease in leases]


@pytest.mark.parametrize("overlap", [1, 2])
def test_an_item_goes_to_as_many_people_as_the_overlap_says(
    api: Any, make_project: Any, train: Any, overlap: int
) -> None:
    make_project(api.site, policy=Policy(overlap=overlap))
    train(api.site)
    got: defaultdict[str, int] = defaultdict(int)
    for _ in range(4):
        who = api.as_role("annotator")
        leases = who.queue("topics", n=10)
        assert items_of(who.queue("topics", n=10)) == items_of(leases)  # the caller's own come first, none is new
        for lease in leases[:5]:
            assert who.answer("topics", lease, LABEL).status_code == 201
        for lease in leases:
            got[lease["item"]["key"]] += 1
    assert set(got.values()) == {overlap}


def test_nobody_gets_an_item_twice(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site, policy=Policy(overlap=2), n=45)
    train(api.site)
    seen: set[str] = set()
    while leases := api.queue("topics", n=10):
        for k, lease in enumerate(leases):
            assert lease["item"]["key"] not in seen
            seen.add(lease["item"]["key"])
            kind = ("answer", "skip", "flag")[k % 3]
            answer = LABEL if kind == "answer" else None
            assert api.answer("topics", lease, answer, kind=kind).status_code == 201
    assert len(seen) > 40


def test_an_abandoned_lease_returns_and_the_late_answer_is_kept(any_api: Any, make_project: Any, train: Any) -> None:
    make_project(any_api.site)
    train(any_api.site)
    slow, quick = any_api.as_role("annotator"), any_api.as_role("annotator")
    lease = slow.queue("topics")[0]
    assert items_of(quick.queue("topics")) != items_of([lease])
    give_back(quick, quick.queue("topics")[0])
    store = any_api.site.project("topics")
    expire_all(store)
    assert slow.post(f"/projects/topics/leases/{lease['id']}/renew").status_code == 410
    other = quick.queue("topics")[0]
    assert other["item"]["key"] == lease["item"]["key"]
    assert quick.answer("topics", other, LABEL).status_code == 201
    late = slow.answer("topics", lease, {"label": "l_2"})
    assert late.status_code == 201
    table = t.annotation
    with store.read() as rows:
        kept = rows.all(rows.select(table.c.late, table.c.standing).order_by(table.c.seq))
    assert [tuple(r) for r in kept] == [(False, True), (True, True)]
    item = f"i{ordinal_of(store, lease)}"
    said = [one for one in any_api.get(f"/projects/topics/items/{item}").json()["history"] if one["kind"] == "answer"]
    assert said[-1]["detail"]["late"]


def test_a_lease_that_was_given_back_can_still_be_answered_late(trained: Any) -> None:
    lease = trained.api.queue("topics")[0]
    give_back(trained.api, lease)
    assert trained.api.answer("topics", lease, LABEL).status_code == 201
    with trained.store.read() as rows:
        assert rows.scalars(rows.select(t.annotation.c.late)).all() == [True]


def test_a_renewed_lease_lives_on(trained: Any) -> None:
    lease = trained.api.queue("topics")[0]
    renewed = trained.api.post(f"/projects/topics/leases/{lease['id']}/renew")
    assert renewed.status_code == 200 and renewed.json()["expires_at"] > lease["expires_at"]
    stranger = trained.api.as_role("annotator")
    assert stranger.post(f"/projects/topics/leases/{lease['id']}/renew").status_code == 404
    gone = stranger.client.delete(f"{stranger.base}/projects/topics/leases/{lease['id']}", headers=stranger.headers)
    assert gone.status_code == 404


def test_an_undone_skip_does_not_lend_the_item_to_two(trained: Any) -> None:
    """The item was passed on meanwhile: whoever skipped may still answer, late, as an extra."""
    one, two = trained.api.as_role("annotator"), trained.api.as_role("annotator")
    lease = one.queue("topics")[0]
    skip = one.answer("topics", lease, None, kind="skip").json()
    assert items_of(two.queue("topics")) == items_of([lease])
    assert one.answer("topics", lease, None, kind="undo", replaces=skip["id"]).status_code == 201
    with trained.store.read() as rows:
        live = rows.scalars(
            rows.select(t.lease.c.person_id).where(
                t.lease.c.state == "live", t.lease.c.ordinal == ordinal_of(trained.store, lease)
            )
        ).all()
    assert len(live) == 1
    assert one.answer("topics", lease, LABEL, lease_id=None).status_code == 201
    with trained.store.read() as rows:
        assert rows.scalar(rows.select(t.annotation.c.late).where(t.annotation.c.kind == "answer"))


@pytest.mark.parametrize("overlap", [1, 2])
def test_eight_threads_get_no_grant_beyond_the_overlap(
    any_api: Any, make_project: Any, train: Any, overlap: int
) -> None:
    """Each thread notes when it certainly held an item: from the reply to the moment before it lets go."""
    make_project(any_api.site, policy=Policy(overlap=overlap))
    train(any_api.site)
    people = [any_api.as_role("annotator") for _ in range(8)]
    held: defaultdict[str, list[tuple[float, float, int]]] = defaultdict(list)
    lock, gate, errors = threading.Lock(), threading.Barrier(8), list[str]()

    def work(k: int) -> None:
        rng, who = random.Random(k), people[k]
        gate.wait()
        for _ in range(6):
            reply = who.post("/projects/topics/queue", {"n": 3})
            came = time.monotonic()
            if reply.status_code != 200:
                errors.append(reply.text)
                return
            for lease in reply.json()["leases"]:
                what = rng.choice(("answer", "answer", "back", "skip"))
                left = time.monotonic() if what != "answer" else float("inf")
                with lock:
                    held[lease["item"]["key"]].append((came, left, k))
                if what == "back":
                    give_back(who, lease)
                    continue
                stored = who.answer("topics", lease, LABEL if what == "answer" else None, kind=what)
                if stored.status_code != 201:
                    errors.append(stored.text)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert errors == []
    for item, spans in held.items():
        for came, _, _ in spans:
            at_once = {k for start, end, k in spans if start <= came < end}
            assert len(at_once) <= overlap, (item, spans)
    store = any_api.site.project("topics")
    with store.read() as rows:
        answers = rows.all(rows.select(t.annotation.c.ordinal, t.annotation.c.person_id, t.annotation.c.kind))
    by_item: defaultdict[int, list[str]] = defaultdict(list)
    for row in answers:
        if row.kind == "answer":
            by_item[row.ordinal].append(row.person_id)
    assert by_item and all(len(set(who)) == len(who) <= overlap for who in by_item.values())


def test_who_asks_for_many_keeps_them_for_an_hour(api: Any, make_project: Any, train: Any) -> None:
    """Many items are taken to go on without a network, where nothing renews a lease; asking again lengthens them all."""
    make_project(api.site, n=90)
    train(api.site)
    few = api.queue("topics", n=5)
    assert all(lasts(lease) < 1200 for lease in few)
    many = api.queue("topics", n=50)
    assert len(many) == 50 and items_of(many)[:5] == items_of(few)
    assert all(3500 < lasts(lease) <= 3600 for lease in many)
    expire_soon(api.site.project("topics"), 60)
    assert all(500 < lasts(lease) <= 600 for lease in api.queue("topics", n=5))


def lasts(lease: dict[str, Any]) -> float:
    return datetime.fromisoformat(lease["expires_at"]).timestamp() - time.time()


def test_items_that_were_leased_when_they_were_ranked_come_back(api: Any, make_project: Any, train: Any) -> None:
    """A ranking leaves out what is leased; if nobody answers, the items are asked for as before, in their old slots."""
    make_project(api.site, n=45)
    train(api.site)
    first = api.as_role("annotator")
    held = first.queue("topics", n=50)
    assert len(held) < 50  # that was all
    assert first.answer("topics", held[0], LABEL).status_code == 201
    train(api.site)
    second = api.as_role("annotator")
    assert second.queue("topics", n=50) == []
    before = slots_of(api.site.project("topics"))
    expire_all(api.site.project("topics"))
    back = second.queue("topics", n=50)
    assert sorted(items_of(back)) == sorted(items_of(held[1:]))
    assert slots_of(api.site.project("topics")) == before
    for lease in back:
        assert second.answer("topics", lease, LABEL).status_code == 201
    assert second.queue("topics", n=50) == [] == first.queue("topics", n=50)


def slots_of(store: Any) -> set[tuple[Any, ...]]:
    """Why each item that is leased now was asked for."""
    table = t.lease
    with store.stage() as rows:
        query = rows.select(table.c.ordinal, table.c.ranking_id, table.c.position, table.c.slot_kind)
        return {tuple(row) for row in rows.all(query.where(table.c.state == "live"))}
