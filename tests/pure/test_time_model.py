"""Times of answers: known parameters are found, intervals hold, and a weak model says so."""

from __future__ import annotations

import numpy as np
import pytest

import labelwright as lw
from labelwright.costs.mixed import fit_mixed
from labelwright.errors import InputError

LENGTH, PRACTICE, BETWEEN, NOISE = 0.6, -0.15, 0.4, 0.5


def answers(n: int, n_people: int, seed: int) -> tuple[np.ndarray, ...]:
    """Features, people, trials, effects and the expected log-time of made-up answers."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    person = rng.integers(0, n_people, n)
    trial = np.array([(person[: k + 1] == person[k]).sum() for k in range(n)])
    effect = rng.normal(0, BETWEEN, n_people)
    mean = 2 + LENGTH * X[:, 0] + effect[person] + PRACTICE * np.log(trial)
    return X, person, trial, effect, mean


def test_known_parameters_are_found() -> None:
    X, person, _, effect, mean = answers(3000, 30, 1)
    noise = np.random.default_rng(2).normal(0, NOISE, len(mean))
    m = lw.time_model(X, person, np.exp(mean + noise))
    assert m.practice_ == pytest.approx(PRACTICE, abs=0.03)
    assert m._fit.weights[2] / X[:, 0].std() == pytest.approx(LENGTH, abs=0.04)
    assert np.abs(m._fit.weights[3:]).max() < 0.03
    assert m._fit.noise**0.5 == pytest.approx(NOISE, abs=0.02)
    assert m._fit.between**0.5 == pytest.approx(BETWEEN, abs=0.15)
    assert np.corrcoef(m._fit.effects, effect[np.argsort(np.arange(30).astype(str))])[0, 1] > 0.95
    expected_r2 = 1 - NOISE**2 / (mean + noise).var()
    assert m.r2_ == pytest.approx(expected_r2, abs=0.04) and m.usable


def test_expected_seconds_add_up_to_what_is_spent() -> None:
    """The mean, which is not the median: with noise of 0.8 they differ by 38 %."""
    X, person, trial, _, mean = answers(4000, 20, 3)
    rng = np.random.default_rng(4)
    m = lw.time_model(X, person, np.exp(mean + rng.normal(0, 0.8, len(mean))))
    spent = np.exp(mean[2000:] + 0.8**2 / 2).sum()
    assert m.predict(X[2000:], person[2000:], trials=trial[2000:]).expected.sum() == pytest.approx(spent, rel=0.06)


def test_intervals_hold_for_known_and_for_unknown_people() -> None:
    known, unknown, n = 0, 0, 0
    for seed in range(30):
        X, person, trial, _, mean = answers(400, 25, 10 + seed)
        seconds = np.exp(mean + np.random.default_rng(seed).normal(0, NOISE, len(mean)))
        seen = (np.arange(400) < 300) & (person < 20)
        m = lw.time_model(X[seen], person[seen], seconds[seen])
        for new in (False, True):
            rows = (np.arange(400) >= 300) & (person < 20) if not new else person >= 20
            times = m.predict(X[rows], person[rows], trials=trial[rows], level=0.9)
            held = ((times.low <= seconds[rows]) & (seconds[rows] <= times.high)).mean()
            known, unknown = known + held * (not new), unknown + held * new
        n += 1
    assert 0.87 <= known / n <= 0.93 and 0.85 <= unknown / n <= 0.95


def test_somebody_with_few_answers_is_shrunk_and_an_unknown_one_has_a_wider_interval() -> None:
    X, person, _, _, mean = answers(600, 10, 5)
    seconds = np.exp(mean + np.random.default_rng(6).normal(0, NOISE, 600))
    fast = np.exp(-1.0)  # three e-folds below the others, in one answer
    m = lw.time_model(np.vstack([X, X[:1]]), np.append(person, 99), np.append(seconds, fast), trials=np.full(601, 1))
    one, nobody = (m.predict(X[:1], [who], trials=[1]) for who in (99, "nobody"))
    assert fast * 2 < one.expected[0] < nobody.expected[0]
    many = m.predict(X[:1], [0], trials=[1])
    assert np.log(nobody.high / nobody.low)[0] > 1.1 * np.log(many.high / many.low)[0]


def test_idle_times_do_not_count() -> None:
    X, person, trial, _, mean = answers(1000, 10, 7)
    seconds = np.exp(mean + np.random.default_rng(8).normal(0, 0.3, 1000))
    disturbed = np.where(np.arange(1000) % 25 == 0, 3600.0, seconds)
    clean, m = lw.time_model(X, person, seconds), lw.time_model(X, person, disturbed)
    assert m.n_idle >= 40
    ratio = m.predict(X, person, trials=trial).expected / clean.predict(X, person, trials=trial).expected
    assert np.abs(ratio - 1).max() < 0.1


def test_long_items_are_not_taken_for_idle_time() -> None:
    """Some items take fifty times as long as others, which their length explains."""
    rng = np.random.default_rng(12)
    length = np.where(rng.random(500) < 0.1, 4.0, 0.0) + rng.normal(0, 0.1, 500)
    seconds = np.exp(1 + length + rng.normal(0, 0.3, 500))
    m = lw.time_model(length[:, None], rng.integers(0, 4, 500), seconds)
    assert m.n_idle == 0
    assert lw.time_model(length[:, None] > 2, rng.integers(0, 4, 500), seconds).n_idle == 0
    assert m.predict([[4.0]], ["nobody"], trials=[60]).expected[0] == pytest.approx(np.exp(5 + 0.3**2 / 2), rel=0.1)


def test_a_model_that_predicts_nothing_says_so() -> None:
    rng = np.random.default_rng(9)
    noise = lw.time_model(rng.normal(size=(300, 20)), rng.integers(0, 5, 300), rng.lognormal(1, 0.5, 300))
    assert noise.r2_ < 0.1 and not noise.usable and "equally long" in str(noise.reason)
    few = lw.time_model(np.zeros((10, 0)), ["a"] * 10, np.arange(1, 11))
    assert np.isnan(few.r2_) and str(few.reason) == "Too few to judge: 10 of 30 times."


def test_what_items_add_is_told_apart_from_who_is_slow() -> None:
    rng = np.random.default_rng(10)
    person = rng.integers(0, 8, 800)
    seconds = np.exp(person / 2 + rng.normal(0, 0.5, 800))
    m = lw.time_model(rng.normal(size=(800, 2)), person, seconds)
    assert m.r2_ > 0.6 and abs(m.r2_items_) < 0.03


def test_the_fit_is_that_of_the_dense_mixed_model_equations() -> None:
    rng = np.random.default_rng(11)
    X, person, y = np.column_stack([np.ones(40), rng.normal(size=40)]), rng.integers(0, 4, 40), rng.normal(size=40)
    y = y + person
    fit = fit_mixed(X, y, person, 4, 2)
    Z = np.eye(4)[person]
    W = np.hstack([X, Z])
    M = W.T @ W + np.diag([0, 1, *[fit.noise / fit.between] * 4])
    solved = np.linalg.solve(M, W.T @ y)
    assert np.allclose(np.concatenate([fit.weights, fit.effects]), solved)
    covariance = fit.noise * np.linalg.inv(M)
    mean, variance = fit.mean_and_variance(X[:5], person[:5])
    assert np.allclose(mean, W[:5] @ solved)
    assert np.allclose(variance, np.einsum("ij,jk,ik->i", W[:5], covariance, W[:5]))


@pytest.mark.parametrize(
    ("features", "seconds", "said"),
    [([[1.0]] * 4, [1, 2, 0, 3], "above 0"), ([1.0] * 4, [1] * 4, "shape"), ([[1.0]] * 3, [1] * 4, "one length"),
     ([[1.0]] * 4, [1, 2, 3, float("nan")], "finite")],
)  # fmt: skip
def test_what_is_not_a_time_is_refused(features: list[object], seconds: list[float], said: str) -> None:
    with pytest.raises(InputError, match=said):
        lw.time_model(features, list("abab"), seconds)


def test_features_of_another_number_are_refused_and_constant_ones_do_no_harm() -> None:
    m = lw.time_model(np.ones((40, 1)), ["a"] * 40, np.linspace(1, 2, 40))
    assert np.isfinite(m.predict([[1.0]], ["a"]).expected).all()
    with pytest.raises(InputError, match="1 columns"):
        m.predict([[1.0, 2.0]], ["a"])
