"""The control arm: a simple random sample whatever the strategy chooses, and the order that random slots follow."""

from __future__ import annotations

import numpy as np
import pytest

from labelwright.policy import Policy, rank
from labelwright.policy.arm import arm, places
from labelwright.testing.samples import evidence_of, sample_arrays, sample_task

N = 80
EVERY = np.ones(N, dtype=bool)
NONE = np.zeros(N, dtype=bool)


def slots_of(order, open_=EVERY, constraints=(), columns=None, n_slots=20, strategy="margin", random_share=0.25):
    task = sample_task("classification")
    candidates = np.flatnonzero(open_)
    policy = Policy(strategy, 10, random_share, reserve_share=0, n_slots=n_slots, constraints=constraints)
    return rank(
        policy, evidence_of(task, sample_arrays(task)).subset(candidates), candidates=candidates,
        reserve=np.empty(0, dtype=np.int64), rng=np.random.default_rng(0), places=order[candidates],
        columns={name: values[candidates] for name, values in (columns or {}).items()},
    )  # fmt: skip


def lived(seed, n=32):
    """Items that were asked by margin with a quarter at random, and those of them that are in the arm."""
    order, asked = places(seed, EVERY), NONE.copy()
    while asked.sum() < n:
        asked[slots_of(order, ~asked, n_slots=8).item_idx] = True
    return order, asked, arm(order, asked, NONE)


def test_random_slots_follow_the_permutation_and_chosen_items_join() -> None:
    order, _, members = lived(1)
    assert sorted(order[members].tolist()) == list(range(len(members)))
    first = slots_of(order)
    random = first.item_idx[first.kind == "random"]
    assert (np.diff(order[random]) > 0).all() and len(random) == 5
    chosen = set(slots_of(order, n_slots=8).item_idx[:3].tolist())
    assert any(chosen & set(lived(seed)[2].tolist()) for seed in range(30))  # some that were chosen have joined
    assert len(members) >= 8


def test_the_arm_is_a_simple_random_sample_though_the_strategy_chooses() -> None:
    """Each item is among the first six of the arm as often as any other, those that margin likes too."""
    counts, chosen, n_runs = np.zeros(N), np.zeros(N), 1500
    for seed in range(n_runs):
        order, asked, members = lived(seed, n=24)
        counts[members[np.argsort(order[members])][:6]] += 1
        chosen[asked] += 1
    assert chosen.max() == n_runs  # the strategy has its favourites
    expected = 6 * n_runs / N
    chi2 = ((counts - expected) ** 2 / expected).sum() / (1 - 6 / N)
    assert chi2 < (N - 1) + 4 * np.sqrt(2 * (N - 1))


def test_items_that_are_added_later_find_their_places() -> None:
    before, after = places(3, EVERY[:50]), places(3, EVERY)
    assert (np.argsort(before) == np.argsort(after[:50])).all()
    assert sorted(after.tolist()) == list(range(N))
    assert set(after[50:].tolist()) & set(range(50))  # among the others, not behind them


def test_another_seed_gives_another_order_and_keys_owe_nothing_to_the_order_of_the_file() -> None:
    assert (places(0, EVERY) != places(1, EVERY)).mean() > 0.9
    firsts = [int(np.argmin(places(seed, EVERY))) for seed in range(400)]
    assert len(set(firsts)) > 70 and abs(np.mean(firsts) - (N - 1) / 2) < 4 * N / np.sqrt(12 * 400)


def test_duplicates_stand_together_and_one_answer_is_enough() -> None:
    groups = np.arange(N) // 2
    order = places(0, EVERY, groups)
    by_place = groups[np.argsort(order)]
    assert (by_place[::2] == by_place[1::2]).all()
    answered = NONE.copy()
    answered[np.argsort(order)[[1, 2]]] = True  # the second of the first pair, the first of the second
    assert set(arm(order, answered, NONE, groups).tolist()) == set(np.flatnonzero(answered).tolist())


@pytest.mark.parametrize("grouped", [False, True])
def test_what_nobody_can_answer_is_passed_over_and_what_waits_ends_the_arm(grouped: bool) -> None:
    groups = np.arange(N) if grouped else None
    order = places(0, EVERY, groups)
    by_place = np.argsort(order)
    answered, passed = NONE.copy(), NONE.copy()
    answered[by_place[[0, 2, 3, 5]]], passed[by_place[1]] = True, True
    assert set(arm(order, answered, passed, groups).tolist()) == set(by_place[[0, 2, 3]].tolist())
    assert len(arm(order, NONE, NONE, groups)) == 0


DOMAIN = np.where(np.arange(N) % 2 == 0, "rare", "common")
AT_MOST = {"column": "domain", "rule": "at-most", "value": "rare", "n": 1}


def test_the_random_share_is_outside_of_quotas_which_the_rest_keeps_to() -> None:
    order = places(5, EVERY)
    slots = slots_of(order, constraints=[AT_MOST], columns={"domain": DOMAIN}, n_slots=28)
    random, chosen = (slots.item_idx[slots.kind == kind] for kind in ("random", "chosen"))
    assert (np.diff(order[random]) > 0).all() and (DOMAIN[random] == "rare").sum() >= 2
    assert len(chosen) == 21 and [(DOMAIN[chosen[k : k + 10]] == "rare").sum() <= 1 for k in (0, 10)] == [True, True]
    n_open = N - np.flatnonzero(slots.kind == "random")
    assert np.allclose(slots.propensity[slots.kind == "random"], 1 / n_open)


def test_never_and_only_bind_the_random_share_unless_they_speak_of_predictions() -> None:
    never = {"column": "domain", "rule": "never", "value": "rare"}
    slots = slots_of(places(5, EVERY), constraints=[never], columns={"domain": DOMAIN}, n_slots=30)
    assert (DOMAIN[slots.item_idx] == "common").all() and len(slots) == 30
    task = sample_task("classification")
    predicted = evidence_of(task, sample_arrays(task)).predicted()
    name = str(predicted[0])
    slots = slots_of(
        places(5, EVERY), constraints=[{"column": "predicted", "rule": "never", "value": name}], n_slots=40
    )
    assert (predicted[slots.item_idx[slots.kind == "chosen"]] != name).all()
    assert (predicted[slots.item_idx[slots.kind == "random"]] == name).any()


def test_a_strategy_that_samples_at_random_keeps_to_quotas_outside_of_its_share() -> None:
    order = places(5, EVERY)
    slots = slots_of(
        order, constraints=[AT_MOST], columns={"domain": DOMAIN}, n_slots=40, strategy="random", random_share=0.1
    )
    assert (slots.kind == "random").all() and 1 <= (DOMAIN[slots.item_idx] == "rare").sum() <= 8
    assert (order[slots_of(order, strategy="random").item_idx] == np.arange(20)).all()
