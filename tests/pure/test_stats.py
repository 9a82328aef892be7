"""Intervals against other implementations, and by simulation."""

import numpy as np
import pytest
from scipy import stats as scipy_stats

from labelwright import tasks
from labelwright.errors import InputError
from labelwright.evaluation import evaluate_reserve
from labelwright.stats import Estimate, bootstrap, corrected_resampled_t, half_width, mean_interval, wilson


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (3, 10), (10, 10), (380, 400)])
def test_wilson_is_scipys(hits, n):
    theirs = scipy_stats.binomtest(hits, n).proportion_ci(method="wilson")
    ours = wilson(hits, n)
    assert np.allclose((ours.low, ours.high), (theirs.low, theirs.high)) and ours.n == n


def test_estimate_prints_as_promised():
    assert str(Estimate(0.912, 0.88, 0.938, 400)) == "0.912 [0.880, 0.938] n=400"
    assert round(half_width(400), 3) == 0.049


def test_an_interval_by_group_covers_where_a_plain_one_does_not():
    rng = np.random.default_rng(0)
    groups, hits = np.repeat(np.arange(40), 10), {"plain": 0, "grouped": 0}
    for _ in range(300):
        values = (rng.random(400) < np.repeat(rng.beta(2, 1, 40), 10)).astype(float)
        for name, group in (("plain", None), ("grouped", groups)):
            found = mean_interval(values, group)
            hits[name] += found.low <= 2 / 3 <= found.high
    assert hits["plain"] / 300 < 0.85 and 0.9 < hits["grouped"] / 300 <= 0.99


def test_mean_of_losses_covers():
    rng = np.random.default_rng(0)
    found = [mean_interval(rng.exponential(size=100)) for _ in range(300)]
    assert 0.9 < np.mean([e.low <= 1 <= e.high for e in found]) < 0.98


def test_bootstrap_covers_and_resamples_whole_groups():
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(100):
        x = rng.normal(size=60)
        found = bootstrap(lambda idx, x=x: float(x[idx].mean()), 60, rng, n_resamples=300)
        covered += found.low <= 0 <= found.high
    assert 88 <= covered <= 99
    sizes = []
    bootstrap(lambda idx: float(sizes.append(len(idx)) or 0.0), 9, rng, groups=np.array([0] * 8 + [1]), n_resamples=50)
    assert set(sizes) <= {9, 16, 2}


def test_corrected_resampled_t():
    d = np.random.default_rng(0).normal(0.5, 1, 10)
    ours = corrected_resampled_t(d, test_share=0.3)
    t = d.mean() / np.sqrt(d.var(ddof=1) * (1 / 10 + 0.3 / 0.7))
    assert np.isclose(ours.p_value, 2 * scipy_stats.t.sf(abs(t), 9))
    assert np.isnan(corrected_resampled_t(d[:5], test_share=0.3).p_value)
    assert corrected_resampled_t(np.zeros(8), test_share=0.3).p_value == 1


def test_reserve_metrics_are_scikit_learns():
    from sklearn import metrics

    rng = np.random.default_rng(0)
    task = tasks.make("classification", tasks.guess("classification", "abcd"))
    y = rng.integers(0, 3, 200)
    proba = rng.dirichlet(np.ones(4), 200).astype(np.float32)
    proba[np.arange(200), y] += 0.5
    said = task.predictions(proba / proba.sum(axis=1, keepdims=True))
    guess = said.values.argmax(axis=1)
    theirs = {
        "accuracy": metrics.accuracy_score(y, guess),
        "balanced-accuracy": np.mean([(guess[y == k] == k).mean() for k in range(3)]),
        "macro-f1": metrics.f1_score(y, guess, average="macro"),
        "log-loss": metrics.log_loss(y, said.values, labels=range(4)),
    }
    for metric, value in theirs.items():
        found = evaluate_reserve(task, y, said, metric=metric)
        assert np.isclose(found.value, value, atol=1e-5) and found.low <= found.value <= found.high
    multi = tasks.make("multilabel", tasks.guess("multilabel", "abc"))
    truth, p = (rng.random((100, 3)) < 0.4).astype(np.int8), rng.random((100, 3)).astype(np.float32)
    for metric, average in (("micro-f1", "micro"), ("macro-f1", "macro")):
        value = metrics.f1_score(truth, p >= 0.5, average=average)
        assert np.isclose(evaluate_reserve(multi, truth, multi.predictions(p), metric=metric).value, value)
    number = tasks.make("regression", {})
    target, guess = rng.normal(size=100), rng.normal(size=100).astype(np.float32)
    for metric, value in (("mae", metrics.mean_absolute_error(target, guess)), ("r2", metrics.r2_score(target, guess)),
                          ("rmse", metrics.root_mean_squared_error(target, guess))):  # fmt: skip
        assert np.isclose(evaluate_reserve(number, target, number.predictions(guess), metric=metric).value, value)


def test_unknown_metric_and_nothing_to_measure():
    task = tasks.make("regression", {})
    for y, metric in ((np.ones(1), "accuracy"), (np.ones(0), "mae")):
        with pytest.raises(InputError, match="must be"):
            evaluate_reserve(task, y, task.predictions(y.astype(np.float32)), metric=metric)
