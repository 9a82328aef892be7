"""Each strategy and kernel against a slow reference of a few lines, or figures worked out by hand."""

import numpy as np
import pytest
from scipy.stats import entropy as scipy_entropy

from labelwright import strategies
from labelwright.kernels.distances import nearest, neighbour_distance, squared_distances
from labelwright.kernels.herding import coverage, gaussian, herd
from labelwright.kernels.k_center import k_center
from labelwright.kernels.k_means import k_means
from labelwright.kernels.places import Places
from labelwright.kernels.top import top_n
from labelwright.scores import committee, gradient, uncertainty
from labelwright.strategies.auto_2 import n_candidates
from labelwright.strategies.select import select


def plain_keys(idx):
    return idx.astype(np.uint64)


def alone(k):
    return np.array([k])


@pytest.fixture
def proba():
    return np.random.default_rng(0).dirichlet(np.ones(5), size=200)


@pytest.fixture
def draws():
    return np.random.default_rng(0).dirichlet(np.ones(4), size=(6, 100))


def test_uncertainty_scores(proba):
    ranked = np.sort(proba, axis=1)
    assert np.allclose(uncertainty.margin(proba), -(ranked[:, -1] - ranked[:, -2]))
    assert np.allclose(uncertainty.least_confidence(proba), 1 - ranked[:, -1])
    assert np.allclose(uncertainty.entropy(proba), [scipy_entropy(row) for row in proba])


def test_vote_entropy(draws):
    votes = draws.argmax(axis=2)
    slow = [scipy_entropy(np.bincount(votes[:, i], minlength=4) / 6) for i in range(100)]
    assert np.allclose(committee.vote_entropy(draws), slow)


def test_committee_kl(draws):
    mean = draws.mean(axis=0)
    slow = [np.mean([scipy_entropy(member[i], mean[i]) for member in draws]) for i in range(100)]
    assert np.allclose(committee.committee_kl(draws), slow)


def test_expected_gradient_length_is_the_gradient_of_the_log_loss(proba):
    H = np.random.default_rng(1).normal(size=(200, 3))
    slow = []
    for p, h in zip(proba, H, strict=True):
        lengths = [np.linalg.norm(np.outer(p - np.eye(5)[k], np.append(h, 1))) for k in range(5)]
        slow.append(p @ lengths)
    assert np.allclose(gradient.expected_gradient_length(proba, H), slow)


def test_predictive_variance_is_the_variance_over_the_members():
    draws = np.random.default_rng(0).normal(size=(5, 50))
    found = select("predictive-variance", np.zeros((50, 1)), n=50, draws=draws)
    assert found.indices.tolist() == np.argsort(-draws.var(axis=0)).tolist()


def test_top_n_is_a_sort():
    scores = np.random.default_rng(0).integers(0, 6, 100).astype(float)
    keys = np.random.default_rng(1).permutation(100).astype(np.uint64)
    for n in (0, 1, 17, 100):
        assert top_n(scores, n, lambda idx: keys[idx]).tolist() == np.lexsort((keys, -scores))[:n].tolist()


def test_distances():
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(40, 3)), rng.normal(size=(30, 3))
    slow = ((A[:, None] - B[None]) ** 2).sum(axis=2)
    assert np.allclose(squared_distances(A, B), slow)
    assert np.allclose(nearest(Places(A, max_bytes=2048), B), slow.min(axis=1), atol=1e-5)
    own = np.sort(np.sqrt(((A[:, None] - A[None]) ** 2).sum(axis=2)), axis=1)
    assert np.allclose(neighbour_distance(A, 3), own[:, 3])


@pytest.mark.parametrize("n_covered", [0, 4])
def test_k_center_is_the_naive_loop(n_covered):
    X = np.random.default_rng(0).normal(size=(60, 4))
    covered, taken, slow = list(X[60 - n_covered :]), set(), []
    for _ in range(10):
        gap = [min((np.linalg.norm(x - c) for c in covered), default=np.linalg.norm(x - X.mean(axis=0))) for x in X]
        pick = max((k for k in range(60) if k not in taken), key=lambda k: gap[k])
        taken.add(pick)
        slow.append(pick)
        covered.append(X[pick])
    assert k_center(Places(X), X[60 - n_covered :], 10, plain_keys, alone)[0].tolist() == slow


def test_herding_is_the_naive_greedy():
    rng = np.random.default_rng(0)
    X, T, w, L = rng.normal(size=(70, 2)), rng.normal(size=(50, 2)), rng.random(50), rng.normal(size=(3, 2))
    K = np.exp(-((X[:, None] - T[None]) ** 2).sum(axis=2) / 0.5**2)
    covered = np.exp(-((L[:, None] - T[None]) ** 2).sum(axis=2) / 0.5**2).max(axis=0)
    assert np.allclose(coverage(T, L, gaussian(0.5)), covered)
    slow = []
    for _ in range(20):
        gains = [(w * np.maximum(K[k] - covered, 0)).sum() if k not in slow else -1 for k in range(70)]
        slow.append(int(np.argmax(gains)))
        covered = np.maximum(covered, K[slow[-1]])
    found, gains = herd(X, T, w, coverage(T, L, gaussian(0.5)), gaussian(0.5), 20, plain_keys, alone)
    assert found.tolist() == slow
    assert (np.diff(gains) <= 1e-12).all() and gains.sum() <= 1


def test_herding_with_costs_is_greedy_on_gain_per_cost():
    rng = np.random.default_rng(0)
    X, costs = rng.normal(size=(40, 2)), rng.uniform(1, 5, 40)
    K, covered, slow = np.exp(-((X[:, None] - X[None]) ** 2).sum(axis=2)), np.zeros(40), []
    for _ in range(10):
        gains = [np.maximum(K[k] - covered, 0).sum() / costs[k] if k not in slow else -1 for k in range(40)]
        slow.append(int(np.argmax(gains)))
        covered = np.maximum(covered, K[slow[-1]])
    found, _ = herd(X, X, np.ones(40), np.zeros(40), gaussian(1.0), 10, plain_keys, alone, costs=costs)
    assert found.tolist() == slow


def test_k_means_is_a_fixed_point_of_lloyd():
    rng = np.random.default_rng(0)
    X, w = rng.normal(size=(80, 3)) + 6 * rng.integers(0, 3, 80)[:, None], rng.random(80) + 0.1
    centres, near = k_means(X, w, 3, rng)
    assert (((X[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1) == near).all()
    for k in range(3):
        assert np.allclose(centres[k], np.average(X[near == k], axis=0, weights=w[near == k]))


def test_margin_diversity_without_a_prefilter_is_margin(proba):
    X = np.random.default_rng(0).normal(size=(200, 2))
    plain = strategies.make("margin-diversity", prefilter=1.0)
    kw = {"n": 9, "proba": proba, "y_labeled": np.arange(5), "X_labeled": X[:5]}
    assert set(select(plain, X, **kw).indices) == set(select("margin", X, **kw).indices)


def test_auto_spreads_over_what_is_doubted():
    """Two doubtful clusters, one far larger than the other, and a certain one: margin picks from one, auto from both."""
    rng = np.random.default_rng(0)
    X = np.concatenate([c + 0.1 * rng.normal(size=(n, 2)) for c, n in (([0, 0], 60), ([9, 0], 30), ([0, 9], 200))])
    p = np.concatenate([np.full(60, 0.51), np.full(30, 0.55), np.full(200, 0.99)])
    auto = strategies.make("auto")
    known = {"X_labeled": np.repeat([[0.0, 9.0], [1.0, 9.0]], 4, axis=0) + 0.1 * rng.normal(size=(8, 2))}
    known["y_labeled"] = np.arange(8) % 2
    picks = select(auto, X, n=2, proba=np.stack([p, 1 - p], axis=1), random_state=3, **known).indices
    assert {0 if i < 60 else 1 if i < 90 else 2 for i in picks} <= {0, 1, 2}
    chosen = [i for i in select(auto, X, n=10, proba=np.stack([p, 1 - p], axis=1), **known).indices][:4]
    assert {i < 60 for i in chosen} == {True, False} and max(chosen[:2]) < 90


def test_auto_narrows_from_the_pool_to_the_margin():
    assert n_candidates(1.0, 10_000, 10) == 10_000
    assert n_candidates(0.5, 10_000, 10) == 5_000
    assert n_candidates(0.001, 10_000, 1) == 200
    assert n_candidates(0.0, 10_000, 10) == 200
    assert n_candidates(0.0, 10_000, 1) == 4
    assert n_candidates(1.0, 10**6, 10) == 10_000
    assert n_candidates(0.0, 30, 25) == 30


def test_auto_searches_for_a_rare_class_and_minds_costs():
    """One item in fifty is likely of the rare class: half the batch goes there, to the cheap ones first."""
    X = np.random.default_rng(0).normal(size=(400, 2))
    rare = np.full(400, 0.02)
    rare[:8] = 0.4
    kw = {"proba": np.stack([1 - rare, rare], axis=1), "X_labeled": X[:20], "y_labeled": np.eye(20, dtype=int)[19]}
    s = select("auto", X, n=8, **kw)
    assert s.mode == "search" and (s.indices[:3] < 8).all()  # of eight, one may be sampled at random
    costs = np.ones(400)
    costs[4:8] = 100.0
    cheap = select("auto", X, n=8, costs=costs, **kw)
    assert (cheap.indices[:3] < 4).all()
