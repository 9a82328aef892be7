"""Simulated people take slots through the same function as the server; results with one answer an item stay."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import labelwright as lw
from labelwright.loop import State
from labelwright.loop.crowd import answered, head_of, turns
from labelwright.policy import Head, Slots
from labelwright.testing.samples import sample_task

TASK = sample_task("classification")


def slots_of(items, kinds):
    missing = np.full(len(items), np.nan)
    return Slots(np.array(items), np.array(kinds), missing.astype(np.float32), np.array([0.1] * len(items)))


def state_of(item_idx=(), person=()):
    pool = np.ones(9, dtype=bool)
    answers = [{"label": "l_1"}] * len(item_idx)
    return State(TASK, np.zeros((9, 1)), pool, ~pool, item_idx=np.array(item_idx, dtype=np.int64), person=list(person),
                 answer=answers)  # fmt: skip


def truth(items):
    return np.asarray(items) % 3


@pytest.mark.parametrize("overlap", [1, 2, 3])
def test_each_slot_gets_as_many_people_as_the_overlap_in_the_order_of_the_slots(overlap):
    after = answered(state_of(), slots_of([5, 2, 7], ["chosen", "random", "chosen"]), overlap, truth)
    assert after.item_idx.tolist() == [5, 2, 7] * overlap
    assert after.person == [f"oracle-{k}" for k in range(overlap) for _ in range(3)]
    assert not len(after.unfinished)


def test_an_item_that_is_asked_again_gets_a_new_person():
    before = state_of([5, 5, 2], ["oracle-0", "oracle-1", "oracle-0"])
    slots = slots_of([5, 8, 2], ["relabel", "chosen", "relabel"])
    assert head_of(before, slots).n_before.tolist() == [2, 0, 1]
    calls = []
    after = answered(before, slots, 1, lambda items: calls.append(items.tolist()) or truth(items))
    assert calls == [[5, 8, 2]] and after.person[3:] == ["oracle-2", "oracle-0", "oracle-1"]


def test_nobody_answers_an_item_twice_and_none_has_too_many():
    head = Head(np.array([1, 2, 3]), np.array(["chosen", "reserve", "random"]))
    found = turns(head, [(1, "oracle-0", "answer"), (2, "oracle-1", "skip")], overlap=2)
    given = {position: [] for position in range(3)}
    for turn in found:
        for position, who in zip(turn.positions.tolist(), turn.people, strict=True):
            given[position].append(who)
    assert given == {0: ["oracle-1"], 1: ["oracle-0"], 2: ["oracle-0", "oracle-1"]}


def test_the_server_and_the_simulator_share_assign(monkeypatch):
    """Without `assign`, nothing can be simulated."""

    def nothing(*args):
        raise RuntimeError("assign was asked")

    monkeypatch.setattr("labelwright.loop.crowd.assign", nothing)
    X = np.random.default_rng(0).normal(size=(60, 2))
    with pytest.raises(RuntimeError, match="assign was asked"):
        lw.simulate(X, X[:, 0] > 0, LogisticRegression(), strategies=["random"], budget=30, seeds=[0])
