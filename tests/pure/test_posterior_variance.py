"""`posterior-variance` against variances computed anew for every candidate."""

import numpy as np
from scipy.stats import multivariate_normal

import labelwright as lw
from labelwright.models.gaussian_kernel import Kernel
from labelwright.strategies.posterior_variance import LENGTHS, NOISES

rng = np.random.default_rng(0)
X = rng.normal(size=(60, 2))
KNOWN = {"X_labeled": rng.normal(size=(25, 2)), "embed": lambda rows: rows}
KNOWN["y_labeled"] = np.sin(2 * KNOWN["X_labeled"][:, 0]) + 0.1 * rng.normal(size=25)


def variances(kernel, Z, seen):
    """Posterior variances at all of Z after the seen ones."""
    across = kernel.of(Z, seen)
    inverse = np.linalg.inv(kernel.of(seen, seen) + kernel.noise * np.eye(len(seen)))
    return kernel.variance - np.einsum("ij,jk,ik->i", across, inverse, across)


def likeliest(Z, y):
    """The kernel of the largest marginal likelihood, its variance that of the answers; every one is tried."""
    kernels = [Kernel(length, y.var(), noise * y.var()) for length in LENGTHS for noise in NOISES]

    def likelihood(kernel):
        covariance = kernel.of(Z, Z) + kernel.noise * np.eye(len(Z))
        return multivariate_normal.logpdf(y, np.full(len(y), y.mean()), covariance, allow_singular=True)

    return max(kernels, key=likelihood)


def slow(n):
    """Greedy picks, each of which is tried."""
    mean, scale = X.mean(axis=0), np.sqrt(X.var(axis=0).sum())
    Z, seen = (X - mean) / scale, (KNOWN["X_labeled"] - mean) / scale
    kernel = likeliest(seen, KNOWN["y_labeled"])
    picks, taken = [], []
    for _ in range(n):
        before = variances(kernel, Z, seen).mean()
        after = [variances(kernel, Z, np.vstack([seen, Z[j]])).mean() if j not in picks else np.inf for j in range(60)]
        picks.append(int(np.argmin(after)))
        taken.append((before - min(after)) / kernel.variance)
        seen = np.vstack([seen, Z[picks[-1]]])
    return picks, taken


def test_picks_and_scores_are_those_of_the_slow_way():
    found = lw.select("posterior-variance", X, n=5, **KNOWN)
    picks, taken = slow(5)
    assert found.indices.tolist() == picks and np.allclose(found.scores, taken, atol=1e-5)
    assert (found.scores > 0).all() and (found.scores < 1).all()


def test_costs_divide_and_a_group_gives_one():
    first = int(lw.select("posterior-variance", X, n=1, **KNOWN).indices[0])
    costs = np.where(np.arange(60) == first, 50.0, 1.0)
    assert first not in lw.select("posterior-variance", X, n=5, costs=costs, **KNOWN).indices
    groups = np.repeat(np.arange(30), 2)
    picks = lw.select("posterior-variance", X, n=20, groups=groups, **KNOWN).indices
    assert len(np.unique(groups[picks])) == 20


def test_a_large_pool_is_sampled_and_an_outlier_does_not_come_first():
    pool = np.concatenate([0.2 * rng.normal(size=(3000, 2)), [[50.0, 50.0]]])
    labeled = 0.2 * rng.normal(size=(40, 2))
    noisy = {"X_labeled": labeled, "y_labeled": rng.normal(size=40), "embed": lambda rows: rows}
    found = lw.select("posterior-variance", pool, n=10, **noisy)
    assert len(set(found.indices.tolist())) == 10 and found.indices[0] != 3000
