"""Who gets what: hard items to experts first, answers by name, costs of items, and slices that somebody errs in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from labelwright.engine.cycle import Cycle
from labelwright.engine.gold import known_answers
from labelwright.engine.prices import Times, lengths, prices, times_of
from labelwright.engine.project import load
from labelwright.engine.routing import away_of
from labelwright.policy import Policy
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.api.test_checks import kinds_of, mark_gold, work
from tests.api.test_reviews import of_rules
from tests.said import said


def cycle_of(api: Any) -> Cycle:
    store = api.site.project("topics")
    with store.read() as rows:
        return Cycle(store, store.row(rows).cycle)


def whom(api: Any) -> dict[int, str]:
    """Whom the open slots are for, by position."""
    with api.site.project("topics").read() as rows:
        table, row = t.slot, api.site.project("topics").row(rows)
        return {
            one.position: one.whom
            for one in rows.all(rows.select(table.c.position, table.c.whom).where(table.c.ranking_id == row.ranking_id))
        }


def describe(api: Any, person: Any, **profile: Any) -> str:
    user = str(person.get("/session").json()["user"]["id"])
    url = f"{api.base}/projects/topics/annotators/{user}"
    assert api.client.put(url, json=profile, headers=api.headers).status_code == 200
    return user


def test_hard_items_go_to_experts_first_and_to_others_when_nothing_else_is_left(
    api: Any, make_project: Any, train: Any
) -> None:
    truth = make_project(api.site, policy=Policy(strategy="margin", expert_share=0.5, gold_share=0, reserve_share=0))
    train(api.site)
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    work(ann, truth, 20)
    train(api.site)
    names = whom(api)
    hard = [position for position, name in sorted(names.items()) if name == "experts"]
    cycle = cycle_of(api)
    slots, predictions = cycle.slots(), cycle.predictions(cycle.inputs.primary)
    assert slots is not None and predictions is not None
    chosen = np.flatnonzero(slots.kind == "chosen")
    task = cycle.task(cycle.inputs.primary)
    doubt = task.doubt(task.take(predictions, slots.item_idx))
    assert len(hard) == len(chosen) // 2
    assert doubt[hard].min() >= doubt[np.setdiff1d(chosen, hard)].max()
    first = ann.queue("topics", n=1)[0]
    assert position_of(api, first) == min(set(names) - set(hard))  # the hardest come first, and are not for her
    ann.client.delete(f"{ann.base}/projects/topics/leases/{first['id']}", headers=ann.headers)
    describe(api, bob, expert=True)
    assert position_of(api, bob.queue("topics", n=1)[0]) == 0
    assert len(work(ann, truth, 90)) == 70 - 1  # everything in the end, but what bob holds
    assert verify(api.site, "topics", replay=True).problems == []


def position_of(api: Any, lease: dict[str, Any]) -> int:
    with api.site.project("topics").read() as rows:
        return int(rows.scalar(rows.select(t.lease.c.position).where(t.lease.c.id == lease["id"])))


def test_a_cheap_expert_is_asked_by_name_and_the_record_says_so(api: Any, make_project: Any, train: Any) -> None:
    policy = Policy(
        strategy="relabel-or-new", params={"whom": "best", "sure": 1.0}, gold_share=0, reserve_share=0, random_share=0
    )
    truth = make_project(api.site, policy=policy)
    train(api.site)
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    ids = [describe(api, ann, rate=10.0), describe(api, bob, rate=90.0)]
    work(ann, truth, 25)
    work(bob, {key: "sport" for key in truth}, 15)
    train(api.site)
    costs = cycle_of(api).inputs.people
    assert set(costs) == {*ids, ""} and costs[ids[1]] > costs[ids[0]] > 0
    assert ids[0] in set(whom(api).values()) and ids[1] not in set(whom(api).values())
    assert verify(api.site, "topics", replay=True).problems == []


def test_items_are_asked_again_when_none_is_new(api: Any, make_project: Any, train: Any) -> None:
    policy = Policy(strategy="relabel-or-new", params={"sure": 1.0}, gold_share=0, reserve_share=0, random_share=0)
    truth = make_project(api.site, n=30, policy=policy)
    train(api.site)
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    assert len(work(ann, truth, 40)) == 30
    train(api.site)
    asked = work(bob, truth, 40)
    assert len(asked) >= 20 and set(kinds_of(api, bob)) == {"relabel"}
    train(api.site)
    assert verify(api.site, "topics", replay=True).problems == []


def test_measured_seconds_are_costs_where_the_length_of_items_predicts_them(
    api: Any, make_project: Any, train: Any
) -> None:
    make_project(api.site, policy=Policy(costs="measured", strategy="margin"))
    train(api.site)
    user = api.as_role("annotator").get("/session").json()["user"]["id"]
    store = api.site.project("topics")
    with store.write() as transaction:
        length = lengths(transaction.rows, 90)
        assert length.std() > 0
        for ordinal in range(60):
            seconds = float((length[ordinal] / length.mean()) ** 3 * 5)
            said(transaction, user, ordinal, "l_1", question="q_1", seconds=seconds)
    with store.read() as rows:
        project = load(store, rows)
        found = prices(rows, project, 90, now=0.0)
        equal = prices(rows, replace(project, policy=Policy(strategy="margin")), 90, now=0.0)
        times = times_of(rows, 90)
    assert isinstance(times, Times) and times.ordinal.tolist() == list(range(60))
    assert equal.items is None and found.items is not None and found.why.code == "costs-measured"
    assert abs(float(found.items.mean()) - 1) < 1e-5
    assert np.corrcoef(np.log(found.items), np.log(length))[0, 1] > 0.95
    train(api.site)
    frozen = cycle_of(api).frozen
    assert frozen.costs is not None and len(frozen.costs) == 90
    assert verify(api.site, "topics", replay=True).problems == []


def test_a_slice_is_kept_from_whoever_is_surely_below_the_bar_there_and_from_nobody_else(
    api: Any, make_project: Any, train: Any
) -> None:
    truth = make_project(api.site, policy=Policy(gold_share=0.5, reserve_share=0))
    train(api.site)
    gold = list(truth)[:50]
    mark_gold(api, gold, truth)
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    ids = [str(person.get("/session").json()["user"]["id"]) for person in (ann, bob)]
    store = api.site.project("topics")
    with store.stage() as rows:
        for ordinal in range(90):
            rows.update(t.item, t.item.c.ordinal == ordinal, domain="law" if ordinal % 2 else "news")
    with store.read() as rows:
        known = {one.ordinal: str(one.answer["label"]) for one in known_answers(rows, "q_1").values()}
    with store.write() as transaction:
        for ordinal in range(50):
            right, errs = known[ordinal], ordinal % 4 == 1  # half of the items about law
            said(transaction, ids[0], ordinal, right, question="q_1", slot="gold")
            said(transaction, ids[1], ordinal, other(right) if errs else right, question="q_1", slot="gold")
    of_rules(api, rules={"route_below": 0.9})
    train(api.site)
    with store.read() as rows:
        away = away_of(rows)
    assert [(one.person, one.column, one.value, one.n) for one in away] == [(ids[1], "domain", "law", 25)]
    assert away[0].n_right == 12 and away[0].bound < 0.9
    domains = {domain_of(api, lease) for lease in work(bob, truth, 12) if kind_of(api, lease) != "gold"}
    assert domains == {"news"}
    assert {domain_of(api, lease) for lease in work(ann, truth, 12)} == {"news", "law"}
    [line] = api.get(f"/projects/topics/team/{ids[1]}").json()["away"]
    assert "law" in line and "48%" in line
    assert api.get(f"/projects/topics/team/{ids[0]}").json()["away"] == []
    of_rules(api, rules={"route_below": None})
    train(api.site)
    with store.read() as rows:
        assert away_of(rows) == []
    assert not [one for one in verify(api.site, "topics").problems if "item" not in one]  # domains were altered here


def other(label: str) -> str:
    return {"l_1": "l_2", "l_2": "l_3", "l_3": "l_1"}[label]


def domain_of(api: Any, lease: dict[str, Any]) -> str:
    with api.site.project("topics").read() as rows:
        query = rows.select(t.item.c.domain).where(t.item.c.key == lease["item"]["key"])
        return str(rows.scalar(query))


def kind_of(api: Any, lease: dict[str, Any]) -> str:
    with api.site.project("topics").read() as rows:
        return str(rows.scalar(rows.select(t.lease.c.slot_kind).where(t.lease.c.id == lease["id"])))
