"""Quotas, limits and the guard, as the policy applies them."""

import numpy as np
import pytest

import labelwright as lw
from labelwright.errors import ConflictError, InputError
from labelwright.policy import Policy, guard, rank
from labelwright.policy.constraints import Constraint, check_together, slice_column, slice_values
from labelwright.policy.window import Window
from labelwright.strategies import Evidence
from labelwright.testing.samples import evidence_of, sample_arrays, sample_task

N = 80
DOMAIN = np.array(["law", "food", "food", "sport"])[np.arange(N) % 4]


def asked(constraints, n_slots=40, batch_size=10, strategy="margin", columns=None, **more):
    task = sample_task("classification")
    policy = Policy(strategy, batch_size, 0.1, reserve_share=0, n_slots=n_slots, constraints=constraints)
    evidence = evidence_of(task, sample_arrays(task))
    columns = {"domain": DOMAIN} if columns is None else columns
    return rank(policy, evidence, candidates=np.arange(N), reserve=np.empty(0, dtype=np.int64),
                rng=np.random.default_rng(0), columns=columns, **more)  # fmt: skip


def per_round(slots, size=10, values=DOMAIN):
    rounds = [slots.item_idx[k : k + size] for k in range(0, len(slots), size)]
    return [dict(zip(*np.unique(values[items], return_counts=True), strict=True)) for items in rounds]


@pytest.mark.parametrize("strategy", ["margin", "auto", "k-center", "random", "badge"])
def test_only_and_never_hold_for_every_slot_random_ones_too(strategy):
    slots = asked([{"column": "domain", "rule": "never", "value": "food"}], strategy=strategy)
    assert len(slots) == 40 and (DOMAIN[slots.item_idx] != "food").all() and "random" in slots.kind
    slots = asked([{"column": "domain", "rule": "only", "value": "law"}], n_slots=20, strategy=strategy)
    assert (DOMAIN[slots.item_idx] == "law").all() and len(slots) == 20


@pytest.mark.parametrize("strategy", ["margin", "auto", "random"])
def test_at_most_and_at_least_hold_in_every_round(strategy):
    rules = [
        {"column": "domain", "rule": "at-least", "value": "law", "share": 0.4},
        {"column": "domain", "rule": "at-most", "value": "sport", "n": 1},
    ]
    for counts in per_round(asked(rules, strategy=strategy)):
        assert counts["law"] >= 4 and counts.get("sport", 0) <= 1


def test_at_most_without_a_value_holds_for_each_group():
    groups = np.arange(N) // 8
    slots = asked([Constraint("group", "at-most", n=2)], columns={"group": groups})
    assert all(max(counts.values()) <= 2 for counts in per_round(slots, values=groups))


def test_what_the_round_has_asked_counts():
    rule = [{"column": "domain", "rule": "at-most", "value": "food", "n": 3}]
    slots = asked(rule, n_slots=6, counts={"domain": {"food": 3, "law": 1}})
    assert (DOMAIN[slots.item_idx] != "food").all()
    assert per_round(asked(rule, n_slots=10))[0]["food"] == 3


def test_quotas_on_what_the_model_predicts():
    task = sample_task("classification")
    arrays = sample_arrays(task)
    predicted = np.array(["a", "b", "c"])[arrays["values"].argmax(axis=1)]
    rules = [{"column": "predicted", "rule": "at-least", "value": v, "n": 5} for v in "ab"]
    for counts in per_round(asked(rules, n_slots=10, columns={}), values=predicted):
        assert min(counts[v] for v in "ab") >= 5


def test_a_quota_does_not_wait_for_what_has_run_out():
    domain = np.where(np.arange(N) < 3, "rare", "common")
    slots = asked([{"column": "domain", "rule": "at-least", "value": "rare", "n": 2}], columns={"domain": domain})
    assert len(slots) == 40 and (domain[slots.item_idx[:20]] == "rare").sum() == 3


def test_a_random_slot_is_uniform_over_what_is_allowed():
    slots = asked([{"column": "domain", "rule": "never", "value": "food"}], n_slots=5, strategy="random")
    assert slots.propensity.tolist() == [1 / (40 - k) for k in range(5)]


def test_within_the_limits_the_order_is_the_strategys():
    free, bound = asked([]), asked([{"column": "domain", "rule": "at-most", "value": "food", "n": 10}])
    assert free.item_idx.tolist() == bound.item_idx.tolist()


@pytest.mark.parametrize(
    "rules",
    [
        [Constraint("a", "at-least", "x", n=6), Constraint("a", "at-least", "y", n=5)],
        [Constraint("a", "at-least", "x", n=3), Constraint("a", "at-most", "x", n=2)],
        [Constraint("a", "at-least", "x", n=3), Constraint("a", "at-most", n=2)],
        [Constraint("a", "at-least", "x", n=3), Constraint("a", "never", "x")],
        [Constraint("a", "only", "y"), Constraint("a", "at-least", "x", n=1)],
        [Constraint("a", "only", "x"), Constraint("a", "never", "x")],
    ],
)
def test_constraints_that_cannot_be_met_name_the_conflict(rules):
    with pytest.raises(ConflictError) as caught:
        check_together(rules, 10)
    assert str(rules[0]) in caught.value.message and str(rules[1]) in caught.value.message
    with pytest.raises(ConflictError):
        Policy(batch_size=10, constraints=rules)


def test_an_unknown_column_and_an_empty_pool_are_named():
    with pytest.raises(InputError, match="column must be one of domain"):
        asked([{"column": "nope", "rule": "never", "value": "x"}])
    assert len(asked([{"column": "domain", "rule": "only", "value": "nowhere"}])) == 0
    learner = lw.ActiveLearner("linear", constraints=["domain only nowhere"], columns={"domain": DOMAIN})
    with pytest.raises(ConflictError, match="must leave an item"):
        next(learner.rounds(np.arange(N, dtype=float)[:, None]))


def test_a_round_that_is_left_short_makes_way_for_the_next():
    slots = asked([Constraint("domain", "at-most", n=1)], n_slots=30)
    rounds = [set(DOMAIN[slots.item_idx[k : k + 3]]) for k in range(0, 30, 3)]
    assert len(slots) == 30 and all(len(values) == 3 for values in rounds)
    assert len(asked([Constraint("domain", "at-most", n=1)], n_slots=10)) == 3  # one batch is not two


@pytest.mark.parametrize("bad", [{"rule": "sometimes"}, {"rule": "only"}, {"rule": "at-most"}, {"typo": 1},
                                 {"rule": "at-least", "value": "x", "share": 2.0},
                                 {"rule": "never", "value": "x", "n": 3}])  # fmt: skip
def test_a_bad_constraint_is_refused(bad):
    with pytest.raises(InputError):
        Constraint.read({"column": "a", **({"rule": "at-most"} | bad)})


def test_a_window_counts_again_after_each_round():
    window = Window([Constraint("a", "at-most", "x", n=1)], {"a": np.array(["x", "x", "y"])}, 2)
    window.take(0)
    assert window.allowed().tolist() == [False, False, True]
    window.take(2)
    assert window.allowed().all()


def test_equal_gains_come_cheaper_first():
    proba = np.tile([0.6, 0.4], (6, 1))
    s = lw.select("margin", np.arange(6.0)[:, None], n=6, proba=proba, costs=[3, 1, 2, 6, 5, 4])
    assert s.indices.tolist() == [1, 2, 0, 5, 4, 3]
    sure = np.tile([1.0, 0.0], (6, 1))  # no gain anywhere
    s = lw.select("margin", np.arange(6.0)[:, None], n=6, proba=sure, costs=[3, 1, 2, 6, 5, 4])
    assert s.indices.tolist() == [1, 2, 0, 5, 4, 3]


# --- the guard


def verdict(harm, n_drawn=240, before=(), seed=0):
    """A value that falls by ``harm`` for each share of chosen labels, with noise."""
    rng = np.random.default_rng(seed)
    value = lambda train, test: 0.8 - harm * (train >= 1000).mean() + rng.normal(0, 0.01)  # noqa: E731
    return guard.look(np.arange(n_drawn), np.arange(1000, 2000), value, random_share=0.1, before=before, rng=rng)


def test_the_guard_raises_the_random_share_where_choosing_hurts_and_gives_it_back():
    one = verdict(0.2)
    assert one.random_share == 0.4 and one.low > 0 and one.reason.code == "guard-harm"
    two = verdict(0.2, before=[one])
    assert two.random_share == 1.0 and two.look == 2
    assert verdict(-0.2, before=[one, two]).random_share == 0.1
    assert guard.share_of(0.1, [one]) == 0.4 and guard.share_of(0.1, []) == 0.1


def test_the_guard_seldom_raises_a_false_alarm():
    alarms = sum(verdict(0.0, seed=seed).random_share > 0.1 for seed in range(300))
    assert alarms <= 9  # 1 % at one look


def test_the_guard_waits_for_power_and_looks_at_growing_distances():
    looks, n_looks = [], 0
    for n_drawn in range(1, 3000):
        if guard.due(n_drawn, n_looks):
            looks.append(n_drawn)
            n_looks += 1
    assert looks[:4] == [150, 225, 338, 507] and len(looks) <= guard.MAX_LOOKS


def test_the_guard_stops_a_strategy_that_hurts():
    """The strategy asks where another rule holds: the random share goes up, and the history says when and why."""
    from sklearn.linear_model import LogisticRegression

    class OneSide(lw.strategies.Strategy):
        """Always the items with the smallest first feature, where the answers follow another rule."""

        name, family, needs, reference, random_share = "one-side", "test", ("embed",), "made up", 0.5

        def _score(self, evidence: Evidence):
            return -evidence.embed[:, 0]

    rng = np.random.default_rng(0)
    X = rng.normal(size=(3000, 5))
    y = ((X[:, 1] + X[:, 2] > 0) ^ (X[:, 0] < -1)).astype(int)
    learner = lw.ActiveLearner(LogisticRegression(), strategy=OneSide(), batch_size=40)
    for batch in learner.rounds(X):
        learner.teach(batch, y[batch.indices])
        if len(learner.history_) == 16:
            break
    share = learner.history_["random_share"]
    assert share.iloc[0] == 0.5 and share.max() == 1.0
    assert learner.history_["why"].str.contains("Random labels teach more").any()


def test_a_learner_keeps_constraints_in_every_batch():
    from sklearn.linear_model import LogisticRegression

    X = np.random.default_rng(0).normal(size=(200, 3))
    y, domain = X[:, 0] > 0, np.where(np.arange(200) % 10 == 0, "rare", "common")
    rules = ["domain at-least 30% rare", "predicted at-most 8"]
    learner = lw.ActiveLearner(LogisticRegression(), constraints=rules, columns={"domain": domain})
    for batch in learner.rounds(X):
        assert (domain[batch.indices] == "rare").sum() >= 3 and len(batch) == 10
        learner.teach(batch, y[batch.indices])
        if len(learner.history_) == 5:
            break
    with pytest.raises(InputError, match="domain 5"):
        next(lw.ActiveLearner(LogisticRegression(), columns={"domain": domain[:5]}).rounds(X))


def test_evidence_says_what_the_model_predicts():
    task = sample_task("multilabel")
    words = evidence_of(task, sample_arrays(task)).predicted()
    assert len(words) == N and set(words) <= {"none", "a", "b", "c", "a, b", "a, c", "b, c", "a, b, c"}


SHORT, NEW = np.arange(N) % 8 == 1, np.arange(N) % 8 == 2  # parts without an item in common


def parts(**inside):
    return {slice_column(name): slice_values(mask) for name, mask in inside.items()}


@pytest.mark.parametrize("strategy", ["margin", "auto", "random"])
def test_parts_that_have_no_items_in_common_each_get_their_share(strategy):
    rules = [Constraint("slice", "at-least", "short", share=0.5), Constraint("slice", "at-least", "new", share=0.4)]
    columns = parts(short=SHORT, new=NEW)
    slots = asked(rules, n_slots=20, strategy=strategy, columns=columns)
    assert len(slots) == 20
    for k in (0, 10):
        items = slots.item_idx[k : k + 10]
        assert SHORT[items].sum() >= 5 and NEW[items].sum() >= 4


def test_parts_that_overlap_are_counted_for_each_and_limits_and_bans_hold():
    half = np.arange(N) % 2 == 1
    rules = [Constraint("slice", "at-least", "half", n=5), Constraint("slice", "at-most", "short", n=2),
             Constraint("slice", "never", "new")]  # fmt: skip
    slots = asked(rules, columns=parts(half=half, short=SHORT, new=NEW), strategy="random")
    assert len(slots) == 40 and not NEW[slots.item_idx].any()
    for k in range(0, 40, 10):
        items = slots.item_idx[k : k + 10]
        assert half[items].sum() >= 5 and SHORT[items].sum() <= 2


def test_parts_whose_shares_do_not_fit_into_a_round_are_refused_since_they_may_be_apart():
    rules = [Constraint("slice", "at-least", "short", share=0.6), Constraint("slice", "at-least", "new", share=0.6)]
    with pytest.raises(ConflictError, match="short and slice at-least 60% of new"):
        check_together(rules, 10)
    check_together(rules[:1], 10)
    with pytest.raises(InputError):
        asked(rules[:1], columns=parts(new=NEW))


def test_a_column_of_ones_own_that_is_called_slice_stays_a_column():
    rule = [Constraint("slice", "only", "law")]
    assert (DOMAIN[asked(rule, n_slots=10, columns={"slice": DOMAIN}).item_idx] == "law").all()
