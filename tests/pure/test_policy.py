"""How slots are filled: ratios, propensities, duplicates, seeds."""

import json

import numpy as np
import pytest

from labelwright import strategies
from labelwright.errors import InputError
from labelwright.policy import Policy, rank
from labelwright.policy.rank import kind_of
from labelwright.strategies import Evidence
from labelwright.testing.samples import evidence_of, sample_arrays, sample_task

N = 80


def slots_of(policy=None, n_reserve=40, seed=0, n_asked=0, reserve_groups=None, **more):
    task = sample_task("classification")
    evidence = evidence_of(task, sample_arrays(task), **more)
    return rank(
        policy or Policy(strategy="margin", n_slots=60), evidence, candidates=np.arange(N), n_asked=n_asked,
        reserve=np.arange(N, N + n_reserve), rng=np.random.default_rng(seed), reserve_groups=reserve_groups,
    )  # fmt: skip


def test_kinds_come_at_fixed_ratios_from_the_first_answer_on():
    slots = slots_of()
    assert (slots.kind == "reserve").sum() == 12 and (slots.kind == "random").sum() == 4
    assert [int((slots.kind[: 5 * k] == "reserve").sum()) for k in range(1, 12)] == list(range(1, 12))


def test_ratios_hold_however_often_a_ranking_is_replaced():
    """One answer a ranking, always slot 0: without a pattern that continues, no reserve item would ever be asked."""
    kinds = [slots_of(n_asked=g).kind[0] for g in range(50)]
    assert kinds.count("reserve") == 10 and kinds.count("random") == 4
    assert kinds == [kind_of(g, 0.2, 0.1) for g in range(50)]


def test_chosen_slots_are_the_strategys_own_order():
    slots = slots_of(Policy(strategy="margin", random_share=0, reserve_share=0, n_slots=20))
    arrays = sample_arrays(sample_task("classification"))
    gap = np.sort(arrays["values"], axis=1)
    assert slots.item_idx.tolist() == np.argsort(gap[:, -1] - gap[:, -2])[:20].tolist()
    assert (slots.kind == "chosen").all() and np.isnan(slots.propensity).all()
    assert slots.score.dtype == np.float32 and (np.diff(slots.score) <= 0).all()


def test_each_item_once_and_each_kind_from_its_own_part():
    slots = slots_of(Policy(n_slots=1000))
    assert len(slots) == 120 and len(set(slots.item_idx.tolist())) == 120
    assert (slots.item_idx[slots.kind == "reserve"] >= N).all()
    assert (slots.item_idx[slots.kind != "reserve"] < N).all()
    assert np.isfinite(slots.propensity[slots.kind != "chosen"]).all()


def test_where_the_pool_has_run_out_the_reserve_goes_on():
    slots = rank(Policy(), Evidence(np.empty((0, 2))), candidates=np.empty(0, dtype=np.int64),
                 reserve=np.arange(5), rng=np.random.default_rng(0))  # fmt: skip
    assert (slots.kind == "reserve").all() and len(slots) == 5
    assert (slots_of(n_reserve=0).kind != "reserve").all()


def test_random_slots_are_uniform_over_what_no_earlier_slot_holds():
    """With margin taking the front, the first random slot is uniform over the rest, at the logged propensity."""
    policy = Policy(strategy="margin", random_share=0.5, reserve_share=0, n_slots=4)
    counts = np.zeros(N)
    for seed in range(4000):
        slots = slots_of(policy, seed=seed)
        assert slots.kind.tolist() == ["chosen", "random", "chosen", "random"]
        assert slots.propensity[1] == 1 / (N - 1) and slots.propensity[3] == 1 / (N - 3)
        counts[slots.item_idx[1]] += 1
    first = slots_of(policy).item_idx[0]
    assert counts[first] == 0
    expected = 4000 / (N - 1)
    chi2 = ((np.delete(counts, first) - expected) ** 2 / expected).sum()
    assert chi2 < 78 + 4 * np.sqrt(2 * 78)


def test_the_random_strategy_is_all_random_with_propensity():
    slots = slots_of(Policy(strategy="random", reserve_share=0, n_slots=10))
    assert (slots.kind == "random").all() and slots.propensity.tolist() == [1 / (N - k) for k in range(10)]


def test_one_of_each_duplicate_group():
    groups = np.arange(N) // 2
    slots = slots_of(Policy(n_slots=200), groups=groups, reserve_groups=np.arange(40) // 4)
    pool = slots.item_idx[slots.kind != "reserve"]
    assert len(pool) == N // 2 and len(set(groups[pool].tolist())) == N // 2
    assert (slots.kind == "reserve").sum() == 10


def test_nothing_labeled_gives_a_representative_seed_whatever_the_strategy():
    slots = slots_of(Policy(strategy="entropy"), predict=None, y_labeled=None, embed_labeled=None)
    assert slots.mode == "seed" and "coverage" in slots.reasons


@pytest.mark.parametrize("strategy", ["auto", "margin", "k-center", "random"])
def test_replay_is_bit_equal(strategy):
    one, two = slots_of(Policy(strategy=strategy)), slots_of(Policy(strategy=strategy))
    for part in ("item_idx", "kind", "score", "propensity"):
        assert getattr(one, part).tobytes() == getattr(two, part).tobytes()
    assert all(one.reasons[key].tobytes() == two.reasons[key].tobytes() for key in one.reasons)


def test_the_version_of_a_strategy_is_stored():
    """A record of 0.2 says "auto" and means auto-2, whatever the newest version is."""
    assert Policy().to_config()["strategy"] == "auto-3"
    assert Policy.from_stored(Policy().to_config()) == Policy.from_config(Policy().to_config())
    assert Policy.from_stored({"strategy": "auto"}).strategy == "auto-2"
    assert Policy.from_stored({}).strategy == "auto-2"
    inner = Policy.from_stored({"strategy": "class-balanced", "params": {"strategy": "auto"}})
    assert inner.make_strategy().params()["strategy"] == "auto-2"


def test_a_strategy_that_does_not_fit_the_task_is_refused_with_those_it_serves():
    number, classes = sample_task("regression"), sample_task("classification")
    Policy(strategy="margin").check(classes)
    with pytest.raises(InputError, match="one that serves it, got 'margin', which serves"):
        Policy(strategy="margin").check(number)
    with pytest.raises(InputError, match="got 'mmc'"):
        strategies.check_fits("mmc", classes)
    assert "margin" in strategies.fitting(classes) and "margin" not in strategies.fitting(number)
    with pytest.raises(InputError, match="Did you mean 'k-means'"):
        Policy(strategy="k-meens")


def test_what_a_wrapper_takes_over_is_its_own():
    one = strategies.make("class-balanced", strategy="galaxy")
    two = strategies.make("neighbours-only", strategy="k-center")
    assert "labeled" in one.needs and not two.has_gain
    fresh = strategies.make("class-balanced")
    assert "labeled" not in fresh.needs and type(one).needs == type(fresh).needs
    assert strategies.make("neighbours-only").has_gain and set(one.params()) == {"strategy", "inner"}


@pytest.mark.parametrize("wrapper", ["class-balanced", "neighbours-only"])
def test_a_wrapper_samples_as_much_at_random_as_the_strategy_that_it_asks(wrapper):
    auto, margin, random = (strategies.make(wrapper, strategy=name) for name in ("auto", "margin", "random"))
    assert auto.random_share == strategies.make("auto").random_share > 0 and margin.random_share == 0
    assert random.random_share == 0  # it picks among what the wrapper leaves, and not at random among all
    task = sample_task("classification")
    evidence = evidence_of(task, sample_arrays(task))
    selection = auto.select(evidence, 40, np.random.default_rng(0))
    assert (selection.origin == "random").sum() == 4
    assert (margin.select(evidence, 40, np.random.default_rng(0)).origin != "random").all()
    assert "random_share" not in auto.params()


def test_a_wrapper_samples_at_random_what_the_metric_needs():
    task = sample_task("classification")
    evidence = evidence_of(task, sample_arrays(task), metric="log-loss")
    assert strategies.make("class-balanced", strategy="auto").least_random(evidence) == 0.6
    assert strategies.make("class-balanced").least_random(evidence) == 0


def test_a_config_is_json_and_comes_back():
    policy = Policy(strategy="margin-diversity", batch_size=5, params={"prefilter": 4.0})
    assert Policy.from_config(json.loads(json.dumps(policy.to_config()))) == policy


@pytest.mark.parametrize("bad", [{"strategy": "nope"}, {"batch_size": 0}, {"random_share": 1.5}, {"typo": 1},
                                 {"reserve_share": -0.1}, {"overlap": 0}, {"n_slots": 2.5}])  # fmt: skip
def test_a_bad_config_is_refused(bad):
    with pytest.raises(InputError, match="must be"):
        Policy.from_config(bad)
