"""Strategies for another domain's labels against slow references of their papers."""

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import entropy
from sklearn.linear_model import LogisticRegression

from labelwright.errors import InputError
from labelwright.strategies import make
from labelwright.strategies.clue import heated_entropy
from labelwright.strategies.eada import free_energy
from labelwright.strategies.select import select

rng = np.random.default_rng(0)
SOURCE = rng.normal(size=(150, 3))
Y_SOURCE = (SOURCE @ [[1.0, 0, -1], [0, 1, 0], [0, 0, 1]]).argmax(axis=1)
POOL = rng.normal(size=(120, 3)) + np.array([1.0, 0.5, 0])
MODEL = LogisticRegression().fit(SOURCE, Y_SOURCE)
GIVEN = {"model": MODEL, "X_source": SOURCE, "y_source": Y_SOURCE}


def chance_of_source():
    """By scikit-learn, on columns that are scaled as one, with equal weights of the domains."""
    both = np.concatenate([SOURCE, POOL])
    z = (both - both.mean(axis=0)) / both.std(axis=0)
    weights = np.repeat([len(both) / (2 * len(SOURCE)), len(both) / (2 * len(POOL))], [len(SOURCE), len(POOL)])
    labels = np.repeat([1, 0], [len(SOURCE), len(POOL)])
    fitted = LogisticRegression(tol=1e-8).fit(z, labels, sample_weight=weights)
    return fitted.predict_proba(z[len(SOURCE) :])[:, 1]


def test_aada_samples_from_the_top_by_entropy_times_odds_of_the_target():
    d = chance_of_source()
    slow = (1 - d) / d * entropy(MODEL.predict_proba(POOL), axis=1)
    top = set(np.argsort(-slow)[: int(np.ceil(0.1 * len(POOL)))].tolist())
    drawn = [select(make("aada", top=0.1), POOL, n=3, **GIVEN, random_state=seed) for seed in range(30)]
    assert set().union(*(found.indices.tolist() for found in drawn)) == top
    assert np.allclose(drawn[0].scores, slow[drawn[0].indices], rtol=1e-2)


def test_tqs_adds_votes_margin_and_domain():
    draws = rng.dirichlet(np.ones(3), size=(5, len(POOL)))
    found = select("tqs", POOL, n=len(POOL), draws=draws, **GIVEN)
    top2 = np.sort(MODEL.predict_proba(POOL), axis=1)[:, -2:]
    for at, score in list(zip(found.indices, found.scores, strict=True))[:20]:
        votes = np.bincount(draws[:, at].argmax(axis=1), minlength=3) / 5
        slow = entropy(votes) / np.log(3) + 1 - (top2[at, 1] - top2[at, 0]) + 1 - chance_of_source()[at]
        assert np.isclose(score, slow, atol=2e-3)


def test_energy_is_that_of_the_logits_of_a_softmax_regression():
    logits = MODEL.decision_function(POOL)
    assert np.allclose(logits.sum(axis=1), 0, atol=1e-6)
    for temperature in (0.5, 1.0, 3.0):
        slow = -temperature * logsumexp(logits / temperature, axis=1)
        assert np.allclose(free_energy(MODEL.predict_proba(POOL), temperature), slow, atol=1e-5)


def test_eada_takes_the_smallest_margins_among_the_highest_energies():
    energy = -logsumexp(MODEL.decision_function(POOL), axis=1)
    kept = np.argsort(-energy)[:24]
    top2 = np.sort(MODEL.predict_proba(POOL[kept]), axis=1)[:, -2:]
    slow = kept[np.argsort(top2[:, 1] - top2[:, 0])[:5]]
    assert select(make("eada", share=0.2), POOL, n=5, model=MODEL).indices.tolist() == slow.tolist()


def test_clue_picks_the_items_nearest_to_entropy_weighted_means():
    """With one cluster the centre is the mean, in which each item weighs as much as the entropy at the temperature."""
    z = MODEL.decision_function(POOL) / 0.5
    proba = np.exp(z - logsumexp(z, axis=1, keepdims=True))
    weights = entropy(proba, axis=1)
    assert np.allclose(heated_entropy(MODEL.predict_proba(POOL), 0.5), weights, atol=1e-6)
    centre = weights @ POOL / weights.sum()
    slow = ((POOL - centre) ** 2).sum(axis=1).argmin()
    found = select(make("clue", temperature=0.5), POOL, n=1, model=MODEL, embed=POOL)
    assert found.indices.tolist() == [slow]
    assert np.isclose(found.scores[0], -np.linalg.norm(POOL[slow] - centre), atol=1e-4)


def test_clue_leaves_what_the_model_is_sure_of():
    pool = np.concatenate([rng.normal(size=(40, 2)) + 20, rng.normal(size=(40, 2))])
    proba = np.repeat([[1.0, 0.0], [0.5, 0.5]], 40, axis=0)
    assert (select("clue", pool, n=6, proba=proba, embed=pool).indices >= 40).all()


@pytest.mark.parametrize("name", ["aada", "tqs"])
def test_without_a_source_the_error_says_what_to_pass(name):
    with pytest.raises(InputError, match="X_source and y_source"):
        select(name, POOL, n=3, model=MODEL, draws=rng.dirichlet(np.ones(3), size=(5, len(POOL))))


def test_select_refuses_half_a_source_and_other_features():
    with pytest.raises(InputError, match="y_source"):
        select("auto", POOL, n=2, model=MODEL, X_source=SOURCE)
    with pytest.raises(InputError, match="features like X"):
        select("auto", POOL, n=2, model=MODEL, X_source=SOURCE[:, :2], y_source=Y_SOURCE)


def test_auto_leaves_what_the_source_covers():
    """Without a model it picks a seed; with one of the source it covers what the source does not."""
    near, far = SOURCE[:60] + 1e-3, SOURCE[:60] + np.array([15.0, 0, 0])
    found = select("auto", np.concatenate([near, far]), n=4, **GIVEN, embed=lambda rows: rows)
    chosen = found.indices[found.origin == "strategy"]
    assert (chosen >= 60).mean() > 0.7
