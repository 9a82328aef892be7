"""What each of the newer learners is there for, on data where that can be known."""

import numpy as np
import pytest

from labelwright import models, tasks
from labelwright.models import gaussian_process, support_vectors
from labelwright.models.gaussian_kernel import Kernel, Posterior, kernel_of
from labelwright.testing.samples import sample_task


def rings(n: int, seed: int = 0):
    """Two classes that no line divides."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    return X, ((X**2).sum(axis=1) > 1.4).astype(np.int64)


TWO = tasks.make("classification", {"labels": [{"id": name, "name": name} for name in "ab"]})


@pytest.mark.parametrize("name", ["svm", "gaussian-process"])
def test_a_curved_border_is_learned_where_a_line_fails(name):
    X, y = rings(600)
    found, linear = (models.make(one, TWO).fit(X[:150], y[:150]).predict(X[150:]) for one in (name, "linear"))
    assert TWO.score("accuracy", y[150:], found) > 0.9 > TWO.score("accuracy", y[150:], linear) + 0.1
    assert TWO.score("log-loss", y[150:], found) < 0.35


def test_the_nearest_mean_is_ahead_at_two_labels_a_class_in_many_dimensions():
    wins = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        centres = rng.normal(size=(10, 100)) * 0.35
        y = np.arange(420) % 10
        task = tasks.make("classification", {"labels": [{"id": str(k), "name": str(k)} for k in range(10)]})
        X = centres[y] + rng.normal(size=(420, 100)) * np.linspace(0.2, 1, 100)
        one, two = (
            task.score("accuracy", y[20:], models.make(name, task).fit(X[:20], y[:20]).predict(X[20:]))
            for name in ("nearest-mean", "boosting")
        )
        wins.append(one - two)
    assert np.mean(wins) > 0.1


def test_the_shrunken_covariance_is_that_of_discriminant_analysis():
    """With many items and no mean to speak of drawn, it agrees with scikit-learn's to the class."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    rng = np.random.default_rng(1)
    y = np.arange(900) % 3
    X = rng.normal(size=(900, 6)) * [1, 4, 1, 1, 1, 1] + np.eye(3)[y] @ rng.normal(size=(3, 6))
    ours = models.make("nearest-mean", sample_task("classification")).fit(X, y).predict(X).values
    theirs = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.1).fit(X, y).predict(X)
    assert (ours.argmax(axis=1) == theirs).mean() > 0.97


def test_the_posterior_is_that_of_scikit_learn():
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    rng = np.random.default_rng(0)
    Z, V = rng.normal(size=(40, 3)), rng.normal(size=(20, 3))
    y = np.sin(Z[:, :1]) + rng.normal(size=(40, 1)) * 0.1
    ours = Posterior.of(Kernel(1.3, 2.0, 0.05), Z, y, np.ones(40))
    kernel = ConstantKernel(2.0) * RBF(1.3) + WhiteKernel(0.05)
    theirs = GaussianProcessRegressor(kernel, optimizer=None).fit(Z, y[:, 0] - y.mean())
    mean, std = theirs.predict(V, return_std=True)
    assert np.allclose(ours.mean(V)[:, 0], mean + y.mean(), atol=1e-8)
    assert np.allclose(ours.variance(V) + 0.05, std**2, atol=1e-8)


def test_the_fitted_kernel_is_the_likeliest_of_the_grid():
    from scipy.stats import multivariate_normal

    rng = np.random.default_rng(3)
    Z = rng.normal(size=(25, 2))
    y = np.sin(2 * Z[:, :1]) + rng.normal(size=(25, 1)) * 0.2
    rest = (y - y.mean())[:, 0]

    def likelihood(kernel: Kernel) -> float:
        return float(multivariate_normal.logpdf(rest, cov=kernel.of(Z, Z) + kernel.noise * np.eye(25)))

    best = kernel_of(Z, y, np.ones(25))
    others = [
        Kernel(best.length * a, best.variance * b, best.noise * c)
        for a, b, c in ((2, 1, 1), (0.5, 1, 1), (1, 1.5, 1.5), (1, 0.7, 0.7), (1, 1, 3), (1, 1, 0.3))
    ]
    assert all(likelihood(best) >= likelihood(other) - 1e-9 for other in others)


def test_draws_spread_as_the_posterior_says():
    rng = np.random.default_rng(0)
    task = sample_task("regression")
    X = rng.uniform(-1, 1, size=(30, 1))
    model = models.make("gaussian-process", task, n_draws=300).fit(X, np.sin(3 * X[:, 0]))
    found = model.predict(np.array([[0.0], [1.5], [3.0]]))
    state = model.state_
    Z = (np.array([[0.0], [1.5], [3.0]]) - state["mean"]) / state["scale"]
    exact = np.sqrt(Posterior.from_arrays(state["served"]).variance(Z))
    assert np.allclose(found.draws.std(axis=0)[1:], exact[1:], rtol=0.2)
    one = model.predict(np.array([[1.5]]))
    assert np.allclose(one.draws[:, 0], found.draws[:, 1], rtol=1e-4)  # a draw is one function


@pytest.mark.parametrize(("module", "name"), [(gaussian_process, "gaussian-process"), (support_vectors, "svm")])
def test_the_cost_is_bounded_and_no_class_is_lost(module, name, monkeypatch):
    monkeypatch.setattr(module, "MAX_ROWS", 60)
    X, y = rings(400)
    task = sample_task("classification")
    y[7] = 2
    found = models.make(name, task, n_draws=2).fit(X, y).predict(X)
    assert TWO.score("accuracy", y, found) > 0.85
    if name == "gaussian-process":
        assert found.values[:, 2].max() > 0
    groups = np.arange(400) // 2
    again = models.make(name, task, n_draws=2).fit(X, y, groups=groups, sample_weight=np.arange(400) % 2 + 0.0)
    assert np.isfinite(again.predict(X).values).all()


def test_a_strong_penalty_is_chosen_where_features_are_noise():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(150, 60)), rng.integers(0, 3, 150)
    wide, narrow = (models.make(name, sample_task("classification")).fit(X, y) for name in ("linear-cv", "linear"))
    ours, theirs = (np.linalg.norm(model.state_["coef"] * model.state_["temperature"]) for model in (wide, narrow))
    assert ours < 0.5 * theirs
