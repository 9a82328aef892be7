"""Promise 6: among the slots that a person may get, order is the published order, with one annotator or many."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from labelwright.engine.cycle import Cycle
from labelwright.policy import Policy
from labelwright.store import tables as t
from tests.conftest import ordinal_of


def published(store: Any) -> list[int]:
    with store.read() as rows:
        cycle = store.row(rows).cycle
    slots = Cycle(store, cycle).slots()
    assert slots is not None
    return [int(i) for i in slots.item_idx]


def ordinals(store: Any, leases: list[dict[str, Any]]) -> list[int]:
    return [ordinal_of(store, lease) for lease in leases]


@pytest.mark.parametrize("n_people", [1, 5, 20])
def test_served_in_the_published_order(trained: Any, n_people: int) -> None:
    """People who come in any order get the next published slots, however few or many they are."""
    people = [trained.api.as_role("annotator") for _ in range(n_people)]
    order, served, rng = published(trained.store), [], random.Random(n_people)
    while len(served) < 50:
        who = rng.choice(people)
        held = len(who.queue("topics", n=1)) if rng.random() < 0.2 else 0
        leases = who.queue("topics", n=max(1, held) + rng.randrange(3))
        for lease in leases:
            if (i := ordinal_of(trained.store, lease)) not in served:
                served.append(i)
            assert who.answer("topics", lease, trained.right(lease)).status_code == 201
    with trained.store.read() as rows:
        query = rows.select(t.lease.c.position).order_by(t.lease.c.granted_at, t.lease.c.id)
        positions = rows.scalars(query).all()
    assert positions == sorted(positions)
    assert [order[p] for p in positions] == order[: len(positions)]


@pytest.mark.parametrize("n_people", [5, 20])
def test_served_in_the_published_order_when_all_come_at_once(trained: Any, n_people: int) -> None:
    people = [trained.api.as_role("annotator") for _ in range(n_people)]
    order = published(trained.store)
    with ThreadPoolExecutor(8) as pool:
        found = [ordinals(trained.store, leases) for leases in pool.map(lambda who: who.queue("topics", n=3), people)]
    place = {item: k for k, item in enumerate(order)}
    for mine in found:
        assert mine == sorted(mine, key=place.__getitem__)
    assert sorted(i for mine in found for i in mine) == sorted(order[: 3 * n_people])


def test_with_overlap_everybody_gets_the_same_order(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site, policy=Policy(overlap=3))
    train(api.site)
    store = api.site.project("topics")
    order = published(store)
    for _ in range(3):
        assert ordinals(store, api.as_role("annotator").queue("topics", n=15)) == order[:15]
    assert ordinals(store, api.as_role("annotator").queue("topics", n=15)) == order[15:30]


def test_an_item_given_back_is_the_next_one_served(trained: Any) -> None:
    order = published(trained.store)
    lease = trained.api.queue("topics")[0]
    gone = trained.api.client.delete(
        f"{trained.api.base}/projects/topics/leases/{lease['id']}", headers=trained.api.headers
    )
    assert gone.status_code == 204
    assert ordinals(trained.store, trained.api.as_role("annotator").queue("topics", n=2)) == order[:2]


def test_order_goes_on_beyond_the_head_that_is_kept_in_the_table(
    site: Any, make_project: Any, train: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from labelwright.engine import heads
    from tests.conftest import make_api

    monkeypatch.setattr(heads, "HEAD_SLOTS", 10)
    make_project(site)
    train(site)
    store = site.project("topics")
    order = published(store)
    assert len(order) > 30
    assert ordinals(store, make_api(site).queue("topics", n=30)) == order[:30]


def test_a_new_ranking_takes_over_at_its_first_slot(lived: Any) -> None:
    """What is leased or answered meanwhile is left out; the rest comes from the start."""
    with lived.store.read() as rows:
        taken = set(rows.scalars(rows.select(t.lease.c.ordinal).where(t.lease.c.state == "live")))
        taken |= set(
            rows.scalars(
                rows.select(t.annotation.c.ordinal).where(t.annotation.c.kind == "answer", t.annotation.c.standing)
            )
        )
    wanted = [i for i in published(lived.store) if i not in taken][:10]
    assert ordinals(lived.store, lived.api.as_role("annotator").queue("topics", n=10)) == wanted
