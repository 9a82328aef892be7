"""Active tests, labels with errors, and the size of a certifying test."""

import math

import numpy as np
import pytest
from scipy.stats import binom

import labelwright as lw
from labelwright.errors import InputError
from labelwright.evaluation import accuracy_despite_label_errors, draw_test_items
from labelwright.stats.certify import certified, critical_count, p_value, sealed_size, smallest_lead


def test_25_of_25_cannot_certify_09_and_a_true_093_takes_about_550():
    assert not certified(25, 25, 0.9) and p_value(25, 25, 0.9) > 0.05 and certified(29, 29, 0.9)
    size = sealed_size(0.9, 0.93)
    assert size.n == 549 and binom.sf(size.n_hits - 1, size.n, 0.93) >= 0.8 > binom.sf(
        critical_count(548, 0.9) - 1, 548, 0.93
    )
    assert binom.sf(critical_count(550, 0.9) - 1, 550, 0.93) >= 0.8  # 550 do as well


@pytest.mark.parametrize(
    ("n", "threshold", "alpha"), [(10, 0.5, 0.05), (100, 0.9, 0.05), (400, 0.95, 0.0125), (5, 0.9, 0.05)]
)
def test_the_critical_count_is_the_smallest_that_keeps_the_level(n, threshold, alpha):
    k = critical_count(n, threshold, alpha=alpha)
    assert binom.sf(k - 1, n, threshold) <= alpha < binom.sf(k - 2, n, threshold)


def test_more_openings_and_groups_take_more_labels():
    one, three = sealed_size(0.9, 0.95), sealed_size(0.9, 0.95, n_openings=3)
    assert binom.sf(three.n_hits - 1, three.n, 0.9) <= 0.05 / 3 and three.n > one.n
    grouped = sealed_size(0.9, 0.95, design_effect=2.0)
    assert grouped.n == 2 * one.n and grouped.n_hits == 2 * one.n_hits
    lead = smallest_lead(one.n, 0.9)
    assert math.isclose(lead, 0.05, abs_tol=2e-3)
    assert math.isclose(smallest_lead(2 * one.n, 0.9, design_effect=2.0), lead) and math.isnan(smallest_lead(25, 0.9))
    assert math.isclose(binom.sf(critical_count(200, 0.9) - 1, 200, 0.9 + smallest_lead(200, 0.9)), 0.8)
    with pytest.raises(InputError, match="expected must be"):
        sealed_size(0.9, 0.9)


POOL = np.random.default_rng(0)
CHANCE = POOL.beta(0.5, 2.5, 1000)
LOSSES = (POOL.random(1000) < CHANCE).astype(float)


def _mean_and_weights(losses, q, n_pool):
    """The paper's formula, term by term."""
    m_all = len(losses)
    terms = [
        (1 + (n_pool - m_all) / (n_pool - m) * (1 / ((n_pool - m + 1) * q[m - 1]) - 1)) * losses[m - 1]
        for m in range(1, m_all + 1)
    ]
    return sum(terms) / m_all


def test_active_test_is_lure_without_bias_and_its_interval_holds():
    found, plain = [], []
    for seed in range(300):
        drawn = draw_test_items(np.sqrt(CHANCE), 100, random_state=seed)
        assert len(set(drawn.indices.tolist())) == 100
        found.append(lw.active_test(LOSSES[drawn.indices], drawn.propensities, 1000))
        uniform = draw_test_items(CHANCE, 100, uniform=1.0, random_state=seed)
        plain.append(lw.active_test(LOSSES[uniform.indices], uniform.propensities, 1000))
    assert np.isclose(found[-1].value, _mean_and_weights(LOSSES[drawn.indices], drawn.propensities, 1000))
    truth, values = LOSSES.mean(), np.array([e.value for e in found])
    assert abs(values.mean() - truth) < 3 * values.std() / math.sqrt(300)
    for estimates in (found, plain):
        assert np.mean([e.low <= truth <= e.high for e in estimates]) > 0.92
    assert np.isclose(plain[-1].value, LOSSES[uniform.indices].mean())
    assert values.std() < np.std([e.value for e in plain])


def test_a_whole_pool_has_no_error_and_bad_propensities_are_refused():
    drawn = draw_test_items(CHANCE[:50], 50)
    assert lw.active_test(LOSSES[drawn.indices], drawn.propensities, 50).low == LOSSES[:50].mean()
    assert math.isnan(lw.active_test([1.0], [0.5], 5).low)
    for losses, q, n in (([1.0], [0.0], 5), ([1.0, 0.0], [0.5], 5), ([1.0, 0.0], [0.5, 0.5], 1), ([np.nan], [0.5], 5)):
        with pytest.raises(InputError, match="must be"):
            lw.active_test(losses, q, n)
    with pytest.raises(InputError, match="expected_losses"):
        draw_test_items([-1.0, 1.0], 1)


@pytest.mark.parametrize("n_known", [0, 150])
def test_accuracy_despite_label_errors_recovers_the_truth_and_covers(n_known):
    chances = np.array([[0.9, 0.1, 0.0], [0.05, 0.85, 0.1], [0.0, 0.1, 0.9]])
    found, naive = [], []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        truth = rng.choice(3, 400, p=[0.5, 0.3, 0.2])
        said = np.where(rng.random(400) < 0.8, truth, (truth + 1) % 3)
        given = (rng.random(400)[:, None] > chances[truth].cumsum(axis=1)).sum(axis=1)
        matrix = chances if not n_known else np.array([rng.multinomial(n_known, row) for row in chances])
        found.append(accuracy_despite_label_errors(said, given, matrix))
        naive.append((said == given).mean())
    assert np.mean(naive) < 0.74 and abs(np.mean([e.value for e in found]) - 0.8) < 0.01
    assert np.mean([e.low <= 0.8 <= e.high for e in found]) > 0.91


def test_rogan_and_gladen_for_two_classes_and_what_is_refused():
    sensitivity, specificity = 0.9, 0.8
    given = np.r_[np.ones(44), np.zeros(56)].astype(int)
    found = accuracy_despite_label_errors(np.ones(100, dtype=int), given, [[specificity, 0.2], [0.1, sensitivity]])
    assert math.isclose(found.value, (0.44 + specificity - 1) / (sensitivity + specificity - 1))
    for matrix, message in (
        ([[0.5, 0.5], [0.5, 0.5]], "rows that are alike"),
        ([[1, 0], [0, 0]], "empty row"),
        ([[1.0]], "two classes"),
    ):
        with pytest.raises(InputError, match=message):
            accuracy_despite_label_errors([0, 1], [0, 1], matrix)
    with pytest.raises(InputError, match="class codes"):
        accuracy_despite_label_errors([0, 2], [0, 1], np.eye(2))
