"""The order that an import publishes: at random, at once, recorded and replayed like any other."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelwright.engine import runner
from labelwright.engine.cold import publish_cold
from labelwright.engine.due import due
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from labelwright.store.project import COLD_CYCLE
from tests.conftest import make_api, train_until_idle


def slots(store: Any, ranking: str) -> list[Any]:
    with store.read() as rows:
        query = rows.select(t.slot.c.ordinal, t.slot.c.kind, t.slot.c.propensity)
        return list(rows.all(query.where(t.slot.c.ranking_id == ranking).order_by(t.slot.c.position)))


def head_of(store: Any) -> int:
    with store.read() as rows:
        return int(store.head_seq(rows))


def test_items_are_there_as_soon_as_they_are_imported(site: Any, make_project: Any) -> None:
    make_project(site)
    api = make_api(site)  # and no worker has run
    leases = api.queue("topics", n=10)
    assert len(leases) == 10 and all(lease["item"]["content"]["text"] for lease in leases)
    store = site.project("topics")
    published = slots(store, "r-0")
    assert {slot.kind for slot in published} == {"random", "reserve"}
    assert all(slot.propensity is not None and 0 < slot.propensity <= 1 for slot in published)
    with store.read() as rows:
        assert rows.first(rows.select(t.model.c.id)) is None and not store.arrays.files("features")
        row = store.row(rows)
        assert row.cycle == COLD_CYCLE and due(rows, row, 0.0).now  # the one with features follows


def test_the_first_order_is_a_random_one(site: Any, make_project: Any) -> None:
    orders = []
    for seed in (1, 2):
        make_project(site, slug=f"p{seed}", seed=seed)
        orders.append([slot.ordinal for slot in slots(site.project(f"p{seed}"), "r-0") if slot.kind == "random"])
    assert sorted(orders[0]) != orders[0] and orders[0] != orders[1]
    correlation = np.corrcoef(np.arange(len(orders[0])), orders[0])[0, 1]
    assert abs(correlation) < 0.4  # three standard errors of 67 items


def test_the_first_order_replays_and_its_answers_train(site: Any, make_project: Any) -> None:
    truth = make_project(site)
    api = make_api(site)
    for lease in api.queue("topics", n=20):
        name = {"sport": "l_1", "food": "l_2", "law": "l_3"}[truth[lease["item"]["key"]]]
        assert api.answer("topics", lease, {"label": name}).status_code == 201
    train_until_idle(site)
    report = verify(site, "topics", replay=True)
    assert report.problems == [] and any("2 of 2 rankings" in line for line in report.lines)
    with site.project("topics").read() as rows:
        kinds = set(rows.scalars(rows.select(t.annotation.c.slot_kind)))
        model = rows.one(rows.select(t.model.c.cycle, t.model.c.n_labels))
    assert kinds == {"random", "reserve"} and model.cycle == 1 and model.n_labels > 5


def test_a_project_without_the_first_order_gets_it_from_a_worker(
    site: Any, make_project: Any, monkeypatch: Any
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(runner, "run", fail)
        make_project(site)  # the import is there in spite of it
    store = site.project("topics")
    with store.read() as rows:
        assert store.row(rows).ranking_id is None and store.row(rows).n_items == 90
    train_until_idle(site)
    assert [slot.kind for slot in slots(store, "r-1")]


def test_a_second_call_changes_nothing(site: Any, make_project: Any) -> None:
    make_project(site)
    store = site.project("topics")
    before = head_of(store)
    publish_cold(site.store, store)
    assert head_of(store) == before


def test_a_grid_of_similar_items_needs_no_features_yet(site: Any, make_project: Any) -> None:
    make_project(site)
    leases = make_api(site).queue("topics", n=6, similar=True)
    assert len(leases) == 6
