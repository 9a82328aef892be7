"""Forecasts of learning curves, and the histories that simulations and learners record for rules."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import labelwright as lw
from labelwright import stopping
from labelwright.errors import InputError
from labelwright.loop.runs import split_test

N = np.arange(40, 320, 20)


def test_a_power_law_is_continued():
    f = lw.forecast(N, 0.95 - 3 / N, target=0.943, cost_per_label=0.5)
    assert f.labels.value == pytest.approx(3 / 0.007, rel=0.03)
    assert f.cost.value == pytest.approx((f.labels.value - 300) / 2)
    assert f.chance == 1.0 and lw.forecast(N, 0.95 - 3 / N, target=0.96).chance == 0.0
    later = f.curve.set_index("n_labels")["value"]
    assert later.loc[1200] == pytest.approx(0.95 - 3 / 1200, abs=0.002)


def test_nothing_is_said_beyond_four_times_the_labels():
    f = lw.forecast(N, 0.95 - 3 / N, target=0.9499)
    assert np.isnan(f.labels.value) and f.chance < 0.5 and f.curve["n_labels"].max() == 4 * N[-1]


def test_a_target_that_is_reached_needs_no_more_labels():
    f = lw.forecast(N, 0.95 - 3 / N, target=0.9, cost_per_label=1.0)
    assert f.labels.value == N[-1] and f.cost.value == 0


def test_an_error_is_the_mirror_of_a_score():
    rng = np.random.default_rng(0)
    noise = 0.01 * rng.normal(size=len(N))
    score = lw.forecast(N, 0.9 - 3 / N + noise, target=0.89)
    error = lw.forecast(N, 0.1 + 3 / N - noise, target=0.11, higher_is_better=False)
    assert error.labels == score.labels and error.chance == score.chance
    assert np.allclose(1 - error.curve["value"], score.curve["value"])


def test_scores_stay_below_one():
    rng = np.random.default_rng(1)
    f = lw.forecast(N, np.minimum(0.5 + N / 700 + 0.02 * rng.normal(size=len(N)), 1), target=0.99)
    assert f.curve["value"].max() <= 1


def test_noise_makes_bands_wider_and_they_hold():
    rng = np.random.default_rng(2)
    held, widths = [], []
    for _ in range(60):
        curve = lw.forecast(N, 0.9 - 2 / N**0.7 + 0.01 * rng.normal(size=len(N)), target=1.0).curve
        low, high = (np.interp(600, curve["n_labels"], curve[side]) for side in ("low", "high"))
        held.append(low <= 0.9 - 2 / 600**0.7 + 0.01 * rng.normal() <= high)
        widths.append(high - low)
    exact = lw.forecast(N, 0.9 - 2 / N**0.7, target=1.0).curve.iloc[-1]
    assert np.mean(held) >= 0.75 and exact["high"] - exact["low"] < min(widths)


@pytest.mark.parametrize(
    ("n", "values", "errors"),
    [
        ([1, 2, 3, 4], [0.1] * 4, None),
        ([5, 4, 3, 2, 1], [0.1] * 5, None),
        ([1, 2, 3, 4, 5], [0.1, 0.2, np.nan, 0.3, 0.4], None),
        ([1, 2, 3, 4, 5], [0.1] * 5, [0.1] * 4),
        ([1, 2, 3, 4, 5], [0.1] * 5, [0.0] * 5),
    ],
)
def test_what_is_no_learning_curve_is_refused(n, values, errors):
    with pytest.raises(InputError, match="forecast"):
        lw.forecast(n, values, errors=errors, target=0.5)


X = np.random.default_rng(0).normal(size=(600, 3))
Y = np.where(X[:, 0] + 0.5 * X[:, 1] > 0, "yes", "no")
RULES = [
    stopping.make(name) for name in ("plateau", "kappa-stable", "overall-uncertainty", "knee", "consecutive-irrelevant")
]


def simulated(**given):
    given = {"strategies": ["margin"], "budget": 60, "seeds": 1, "progress": False} | given
    return lw.simulate(X, Y, LogisticRegression(), **given)


def test_simulate_records_what_rules_look_at():
    results = simulated(stop=RULES)
    history = results.history("margin", 0)
    assert {"change", "kappa", "doubt", "n_found"} <= set(history) and "changed" not in history
    assert history["kappa"].isna().tolist() == [True] + [False] * 4
    assert history["change_n"].iloc[-1] == 180 and history["doubt"].between(0, 1).all()
    assert (
        history["n_seen"].tolist() == [20, 30, 40, 50, 60] and (history["n_seen"] + history["n_unseen"]).eq(420).all()
    )
    plain = simulated()
    assert plain.curves["value"].tolist() == results.curves["value"].tolist()
    assert set(plain.history("margin", 0)) == {"n_labels", "cost", "value", "low", "high", "n_reserve"}


def test_rules_see_the_reserve_and_values_are_measured_on_the_rest():
    results = simulated(stop=RULES, reserve_size=50)
    assert results.history("margin", 0)["n_reserve"].eq(50).all()
    assert results.history("margin", 0)["value"].tolist() != results.curves["value"].tolist()
    with pytest.raises(InputError, match="reserve_size"):
        simulated(reserve_size=180)


def test_the_reserve_is_whole_groups():
    class Given:
        reserve_size, groups = 30, np.repeat(np.arange(40), 5)

    reserve, rest = split_test(Given, np.arange(100), 0)
    assert len(reserve) == 30 and not set(reserve // 5) & set(rest // 5)
    assert sorted([*reserve, *rest]) == list(range(100))


def test_what_cannot_be_recorded_is_refused_at_once():
    for rule in (stopping.make("qbcb"), stopping.make("budget", hours=3.0)):
        with pytest.raises(InputError, match="recorded here"):
            simulated(stop=rule)
    learner = lw.ActiveLearner(LogisticRegression(), stop=stopping.make("elusion"))
    with pytest.raises(InputError, match="elusion"):
        learner.rounds(X)


def test_a_learner_stops_where_models_agree():
    learner = lw.ActiveLearner(
        LogisticRegression(), strategy="margin", stop=stopping.make("kappa-stable", threshold=0.9)
    )
    for batch in learner.rounds(X):
        learner.teach(batch, Y[batch.indices])
    history = learner.history_
    assert 0 < len(history) < 60 and lw.judge(history, "kappa-stable", threshold=0.9).stop
    assert not lw.judge(history.iloc[:-1], "kappa-stable", threshold=0.9).stop


def test_a_batch_that_is_taken_back_is_not_compared_with():
    rule = stopping.make("prediction-change")
    learner, other = (lw.ActiveLearner(LogisticRegression(), strategy="margin", stop=rule) for _ in range(2))
    for k, batch in enumerate(learner.rounds(X)):
        if k == 3:
            learner.teach(batch, np.where(Y[batch.indices] == "yes", "no", "yes"))
            learner.undo(batch)
        learner.teach(batch, Y[batch.indices])
        if k == 4:
            break
    for k, batch in enumerate(other.rounds(X)):
        other.teach(batch, Y[batch.indices])
        if k == 4:
            break
    assert learner.history_["changed"].iloc[1:].tolist() == other.history_["changed"].iloc[1:].tolist()
