"""Tests of drift hold their level, see what they are for, and say which columns and classes have changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency, ks_2samp

import labelwright as lw
from labelwright.drift import names
from labelwright.drift.label_shift import expectation_maximization
from labelwright.errors import InputError
from labelwright.stats.shares import nearest_shares

EMBEDDED = ("classifier", "columns", "mmd")


def probabilities(y, rng, n_classes=3, sharpness=2.0):
    """Calibrated to equal prevalences: the posterior of Gaussian observations of the class."""
    seen = np.eye(n_classes)[y] * sharpness + rng.normal(size=(len(y), n_classes))
    odds = np.exp(sharpness * seen)
    return odds / odds.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("method", EMBEDDED)
def test_under_no_drift_few_of_many_shuffles_raise_an_alarm(method) -> None:
    """At 0.05 in 120 shuffles: more than 14 alarms have a chance below 0.1 %."""
    rng = np.random.default_rng(5)
    values = rng.standard_t(3, size=(120, 4)) @ rng.normal(size=(4, 4))
    settings = {} if method == "columns" else {"n_permutations": 39}
    p_values = []
    for seed in range(120):
        mixed = values[rng.permutation(120)]
        p_values.append(lw.drift(mixed[:60], mixed[60:], method=method, random_state=seed, **settings).p_value)
    assert np.mean(np.array(p_values) <= 0.05) <= 14 / 120
    assert np.mean(np.array(p_values) <= 0.5) > 0.2  # and the test is not mute


def test_under_no_drift_label_shift_holds_its_level_and_its_interval_the_truth() -> None:
    rng = np.random.default_rng(6)
    alarms, covered, n = 0, 0, 120
    for seed in range(n):
        y = rng.integers(0, 3, 300)
        proba = probabilities(y, rng)
        found = lw.drift(proba[:150], proba[150:], method="label-shift", y=y[:150], random_state=seed,
                         n_permutations=39, n_resamples=100)  # fmt: skip
        alarms += found.p_value <= 0.05
        covered += found.columns["low"][0] <= 1 / 3 <= found.columns["high"][0]
    assert alarms <= 14 and covered >= 0.87 * n


@pytest.mark.parametrize("method", EMBEDDED)
def test_a_shift_is_seen_and_its_effect_does_not_grow_with_the_samples(method) -> None:
    rng = np.random.default_rng(7)
    few, many = (lw.drift(rng.normal(size=(n, 3)), rng.normal(size=(n, 3)) + np.array([0.8, 0, 0]), method=method)
                 for n in (100, 800))  # fmt: skip
    assert few.p_value < 0.01 and many.p_value < 0.01
    assert many.effect == pytest.approx(few.effect, abs=0.15)


@pytest.mark.parametrize("method", ["classifier", "mmd"])
def test_a_change_of_the_joint_distribution_alone_is_seen(method) -> None:
    """Each column has the same distribution in both samples, so a test a column is blind to it."""
    rng = np.random.default_rng(8)
    one = rng.normal(size=(400, 1))
    before, after = rng.normal(size=(400, 2)), np.hstack([one, one + 0.1 * rng.normal(size=(400, 1))])
    assert lw.drift(before, after, method=method).p_value < 0.01
    assert lw.drift(before, after, method="columns").p_value > 0.05


@pytest.mark.parametrize("method", ["classifier", "mmd"])
def test_the_scores_put_the_new_items_first(method) -> None:
    rng = np.random.default_rng(9)
    old = rng.normal(size=(100, 2))
    found = lw.drift(rng.normal(size=(200, 2)), np.vstack([old, rng.normal(size=(50, 2)) + 4]), method=method)
    assert found.scores.shape == (150,)
    assert np.mean(np.argsort(-found.scores)[:50] >= 100) > 0.9


@pytest.mark.parametrize("method", EMBEDDED)
def test_groups_are_permuted_whole(method) -> None:
    """Ten items of each group are alike. As single items they look like drift; as groups they do not."""
    rng = np.random.default_rng(10)
    alone, together = 0, 0
    for seed in range(20):
        values = np.repeat(rng.normal(size=(16, 2)), 10, axis=0) + 0.1 * rng.normal(size=(160, 2))
        groups = np.repeat(np.arange(16), 10)
        halves = values[:80], values[80:]
        alone += lw.drift(*halves, method=method, random_state=seed).p_value <= 0.05
        found = lw.drift(*halves, method=method, random_state=seed, groups=(groups[:80], groups[80:]))
        together += found.p_value <= 0.05
    assert alone >= 14 and together <= 5


def test_columns_names_what_has_changed_and_agrees_with_scipy() -> None:
    rng = np.random.default_rng(11)
    before = pd.DataFrame({"a": rng.normal(size=300), "b": rng.choice(list("xyz"), 300), "c": rng.normal(size=300)})
    after = pd.DataFrame({
        "a": rng.normal(size=250), "b": rng.choice(list("xyz"), 250, p=[0.6, 0.2, 0.2]),
        "c": rng.normal(size=250) + 0.5,
    })  # fmt: skip
    found = lw.drift(before, after, method="columns").columns.set_index("column")
    assert (found["p_corrected"] < 0.05).to_dict() == {"a": False, "b": True, "c": True}
    assert found.loc["c", "p_value"] == pytest.approx(ks_2samp(before["c"], after["c"]).pvalue, rel=0.05)
    assert found.loc["c", "effect"] == pytest.approx(ks_2samp(before["c"], after["c"]).statistic)
    counts = [[(frame["b"] == name).sum() for name in "xyz"] for frame in (before, after)]
    assert found.loc["b", "p_value"] == pytest.approx(chi2_contingency(counts).pvalue)
    assert (found["p_corrected"] >= found["p_value"]).all()


def test_columns_sees_a_change_in_what_is_missing() -> None:
    rng = np.random.default_rng(12)
    before = pd.DataFrame({"n": rng.normal(size=200), "c": rng.choice(["u", "v"], 200)})
    after = before.copy()
    after.loc[:79, "n"] = np.nan
    after.loc[:79, "c"] = None
    found = lw.drift(before, after, method="columns").columns
    assert (found["p_corrected"] < 0.001).all()
    assert found["effect"].iloc[0] == pytest.approx(0.4, abs=0.05)


def test_a_known_label_shift_is_recovered() -> None:
    rng = np.random.default_rng(13)
    y, later = rng.integers(0, 3, 1500), rng.choice(3, 1500, p=[0.1, 0.2, 0.7])
    found = lw.drift(probabilities(y, rng), probabilities(later, rng), method="label-shift", y=y)
    truth = np.bincount(later) / 1500
    assert np.allclose(found.columns["current"], truth, atol=0.05) and found.p_value < 0.01
    assert np.allclose(found.columns["em"], truth, atol=0.05)
    assert ((found.columns["low"] <= truth) & (truth <= found.columns["high"])).all()
    assert found.columns["current"].sum() == pytest.approx(1)
    assert found.effect == pytest.approx(0.7 - 1 / 3, abs=0.05)


def test_the_interval_of_a_label_shift_holds_the_truth() -> None:
    rng, held, n = np.random.default_rng(14), 0, 60
    for seed in range(n):
        y, later = rng.integers(0, 3, 200), rng.choice(3, 200, p=[0.6, 0.2, 0.2])
        found = lw.drift(probabilities(y, rng), probabilities(later, rng), method="label-shift", y=y,
                         random_state=seed, n_permutations=19)  # fmt: skip
        held += found.columns["low"][0] <= 0.6 <= found.columns["high"][0]
    assert held >= 51  # a coverage of 95 % gives fewer in one of 1,500 cases


def test_parts_of_label_shift() -> None:
    assert nearest_shares(np.array([0.2, 0.8])).tolist() == [0.2, 0.8]
    assert nearest_shares(np.array([2.0, 0.0, 0.0])).tolist() == [1.0, 0.0, 0.0]
    prior = np.array([0.8, 0.2])
    mute = np.tile(prior, (5, 1))  # probabilities that say nothing: the prior stays
    assert expectation_maximization(mute, prior) == pytest.approx(prior)


@pytest.mark.parametrize("method", EMBEDDED)
def test_the_same_seed_gives_the_same_and_inputs_are_untouched(method) -> None:
    rng = np.random.default_rng(15)
    before, after = rng.normal(size=(40, 40)), rng.normal(size=(50, 40))
    copies = before.copy(), after.copy()
    one, other = (lw.drift(before, after, method=method, random_state=3) for _ in range(2))
    assert (one.p_value, one.effect) == (other.p_value, other.effect)
    assert np.array_equal(one.scores, other.scores) and one.columns.equals(other.columns)
    assert np.array_equal(before, copies[0]) and np.array_equal(after, copies[1])
    assert (one.n_reference, one.n_current) == (40, 50)


def test_units_of_named_columns_do_not_matter() -> None:
    rng = np.random.default_rng(16)
    before = pd.DataFrame(rng.normal(size=(60, 2)), columns=["km", "kg"])
    after = pd.DataFrame(rng.normal(size=(60, 2)) + np.array([0, 1]), columns=["km", "kg"])
    scaled = [frame.assign(km=frame["km"] * 1000) for frame in (before, after)]
    assert lw.drift(before, after).effect == pytest.approx(lw.drift(*scaled).effect)


def test_bad_input_is_refused() -> None:
    good, names_of = np.random.default_rng(17).normal(size=(20, 2)), pd.DataFrame({"a": ["x"] * 20})
    proba, twice = np.tile([[0.5, 0.5]], (20, 1)), pd.DataFrame(good, columns=["a", "a"])
    for match, arguments in [
        ("the same in one order", {"current": good[:, :1]}),
        ("shape", {"current": good[:, 0]}),
        ("5 items or more", {"current": good[:3]}),
        ("must be finite", {"current": np.full((20, 2), np.nan)}),
        ("'a' must be of numbers", {"reference": names_of, "current": names_of}),
        ("Did you mean 'mmd'", {"method": "mdm"}),
        ("one of n_permutations", {"n_permutation": 100}),
        ("n_permutations must be at least 19", {"n_permutations": 1}),
        ("a pair", {"groups": [np.arange(40)] * 3}),
        ("of one length", {"groups": (np.arange(20), np.arange(19))}),
        ("two different ones", {"groups": (np.arange(20), np.zeros(20))}),
        ("y must be the labels", {"reference": proba, "current": proba, "method": "label-shift"}),
        ("names of columns must be unique", {"reference": twice, "current": twice}),
        ("a mixture", {"reference": proba, "current": proba, "method": "label-shift", "y": [0, "a"] * 10}),
        ("every class", {"reference": proba, "current": proba, "method": "label-shift", "y": [0] * 20}),
        ("rows that sum to 1", {"method": "label-shift", "y": [0, 1] * 10}),
        ("least singular value", {"reference": proba, "current": proba, "method": "label-shift", "y": [0, 1] * 10}),
    ]:
        with pytest.raises(InputError, match=match):
            lw.drift(**({"reference": good, "current": good} | arguments))


def test_table_and_text() -> None:
    assert lw.drift.table()["name"].tolist() == names()
    zeros = np.random.default_rng(18).normal(size=(20, 2))
    assert str(lw.drift(zeros, zeros)).startswith("mmd: effect 0.000, p 1.000 (20 reference items")
