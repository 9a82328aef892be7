"""How many of the policy's labels equal those of the control arm."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression

from labelwright.errors import InputError
from labelwright.evaluation.control import equal_labels, equal_labels_of, isotonic

LABELS = np.array([20, 40, 80, 160, 320])


def right(shares, n, rng):
    """Answers that are right with nested items: where a model is right, a better one is."""
    u = rng.random(n)
    return (u[None, :] < np.asarray(shares)[:, None]).astype(float)


def test_isotonic_is_scikit_learns() -> None:
    values = np.random.default_rng(0).normal(size=(50, 17)) + np.linspace(0, 1, 17)
    ours = isotonic(values)
    for row, expected in zip(ours, values, strict=True):
        assert np.allclose(row, IsotonicRegression().fit_transform(np.arange(17), expected))


def test_a_curve_is_inverted_between_its_points_and_never_beyond() -> None:
    table = right([0.5, 0.6, 0.7, 0.8, 0.9, 0.65, 0.2, 0.97], 20_000, np.random.default_rng(1))
    models, inside, below, above = table[:5], table[5], table[6], table[7]
    found = equal_labels(100, LABELS, models, inside)
    assert 50 < found.low < found.value < found.high < 70 and found.bounded
    assert found.saving == pytest.approx((1 - found.value / 100, 1 - found.high / 100, 1 - found.low / 100))
    fewer, more = equal_labels(100, LABELS, models, below), equal_labels(100, LABELS, models, above)
    assert (fewer.value, fewer.low) == (0, 0) and fewer.high == 0 and not fewer.bounded
    assert (more.value, more.high) == (math.inf, math.inf) and more.saving[0] == -math.inf


def test_an_arm_that_equals_an_end_of_the_curve_has_an_open_bound() -> None:
    models = right([0.5, 0.6, 0.7, 0.8, 0.9], 400, np.random.default_rng(2))
    assert equal_labels(100, LABELS, models, models[-1]).high == math.inf
    assert equal_labels(100, LABELS, models, models[0]).low == 0


def test_less_is_better_where_the_metric_says_so() -> None:
    models = right([0.5, 0.6, 0.7, 0.8, 0.9, 0.75], 4000, np.random.default_rng(3))
    one = equal_labels(100, LABELS, models[:5], models[5])
    other = equal_labels(100, LABELS, 1 - models[:5], 1 - models[5], higher=False)
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


def test_any_metric_by_resampling_agrees_with_means() -> None:
    rng = np.random.default_rng(4)
    models = right([0.5, 0.6, 0.7, 0.8, 0.9, 0.72], 300, rng)
    fast = equal_labels(100, LABELS, models[:5], models[5])
    slow = equal_labels_of(100, LABELS, lambda idx: models[:, idx].mean(axis=1), 300, n_resamples=1000)
    assert slow.value == pytest.approx(fast.value)
    assert slow.low == pytest.approx(fast.low, rel=0.15) and slow.high == pytest.approx(fast.high, rel=0.15)
    undefined = equal_labels_of(100, LABELS, lambda idx: np.full(6, np.nan) if 0 in idx[1:] else models[:, idx].mean(1),
                                300, n_resamples=50)  # fmt: skip
    assert undefined.value == pytest.approx(fast.value)


def test_groups_are_resampled_together() -> None:
    """Ten copies of each item tell no more than one of each."""
    models = right([0.5, 0.6, 0.7, 0.8, 0.9, 0.72], 120, np.random.default_rng(5))
    once = equal_labels(100, LABELS, models[:5], models[5])
    copies, groups = np.repeat(models, 10, axis=1), np.repeat(np.arange(120), 10)
    grouped = equal_labels(100, LABELS, copies[:5], copies[5], groups=groups)
    apart = equal_labels(100, LABELS, copies[:5], copies[5])
    assert (grouped.low, grouped.high) == pytest.approx((once.low, once.high))
    assert apart.high / apart.low < grouped.high / grouped.low


def test_of_models_with_as_many_labels_the_last_one_counts() -> None:
    models = right([0.1, 0.5, 0.6, 0.7, 0.8, 0.9, 0.72], 300, np.random.default_rng(6))
    twice = equal_labels(100, np.array([20, *LABELS]), models[:6], models[6])
    assert twice == equal_labels(100, LABELS, models[1:6], models[6])


def test_too_few_models_are_refused() -> None:
    with pytest.raises(InputError, match="3 different numbers"):
        equal_labels(10, np.array([5, 10, 10]), np.ones((3, 4)), np.ones(4))
    with pytest.raises(InputError, match="level"):
        equal_labels(10, np.array([5, 10, 20]), np.ones((3, 4)), np.ones(4), level=1.5)


def test_the_interval_holds_the_truth() -> None:
    """Models that agree only partly; the truth is that of their true accuracies."""
    rng, shares, covered = np.random.default_rng(7), np.array([0.5, 0.6, 0.7, 0.8, 0.9, 0.74]), 0
    truth = 80 + 80 * 0.4
    for _ in range(200):
        models = (rng.random((6, 150)) < shares[:, None]).astype(float)
        found = equal_labels(100, LABELS, models[:5], models[5], n_resamples=400)
        covered += found.low <= truth <= found.high
    assert covered >= 182
