"""A project's goal reaches its ranking: the metric is frozen with the cycle, and the ranking replays."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from labelwright.engine.cycle import Cycle
from labelwright.engine.goals import Goal
from labelwright.engine.steps.rank import WHY
from labelwright.services.people import users
from labelwright.services.projects.goal import set_goal
from labelwright.services.record.verify import verify
from labelwright.words import Reason
from tests.conftest import LABEL, make_api, train_until_idle


def last(site: Any) -> Cycle:
    store = site.project("topics")
    with store.read() as rows:
        return Cycle(store, store.row(rows).cycle)


def share_of_random(cycle: Cycle) -> float:
    """Random slots among those that train."""
    slots = cycle.slots()
    assert slots is not None
    trains = slots.kind != "reserve"
    return float((slots.kind[trains] == "random").mean())


def test_the_goal_changes_the_ranking_from_the_next_cycle_on_and_both_replay(site: Any, make_project: Any) -> None:
    truth = make_project(site, n=240)
    train_until_idle(site)
    api = make_api(site)

    def answered(n: int) -> Cycle:
        for lease in api.queue("topics", n=n):
            answer = {"label": LABEL[truth[lease["item"]["key"]]]}
            assert api.answer("topics", lease, answer).status_code == 201
        train_until_idle(site)
        return last(site)

    before = answered(30)
    admin, _ = users.ensure_admin(site)
    set_goal(site, admin, "topics", Goal.parse("log-loss=0.4"))
    after = answered(20)
    assert before.inputs.policy["strategy"] == after.inputs.policy["strategy"] == "auto-3"
    assert (before.inputs.primary.metric, after.inputs.primary.metric) == ("accuracy", "log-loss")
    assert share_of_random(before) < 0.15 and np.isclose(share_of_random(after), 0.6, atol=0.05)
    stored = after.store.arrays.read_bundle(after.files.slots)
    why = Reason(**json.loads(str(stored[WHY])))
    assert "For log-loss, 60% of the items at least are sampled at random." in str(why)
    assert verify(site, "topics", replay=True).problems == []
