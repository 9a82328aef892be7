"""Metrics of a simulation: our own names, and those of scikit-learn's scorers."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import get_scorer, get_scorer_names
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

import labelwright as lw
from labelwright.errors import InputError

rng = np.random.default_rng(0)
X = rng.normal(size=(150, 3))
NUMBERS = X @ [1.0, 2.0, 0.0]
TWO, THREE = (NUMBERS > 0).astype(int), np.digitize(NUMBERS, [-1, 1])
WORDS, MARKS = np.array(["no", "yes"])[TWO], (X > 0).astype(int)
FOR_CLASSES = ["balanced_accuracy", "f1_macro", "neg_log_loss", "roc_auc_ovr", "matthews_corrcoef", "top_k_accuracy"]
FOR_NUMBERS = ["neg_mean_absolute_error", "neg_root_mean_squared_error", "r2", "neg_max_error", "explained_variance"]
CASES = [
    *[(name, THREE, LogisticRegression()) for name in FOR_CLASSES],
    *[(name, NUMBERS, Ridge()) for name in FOR_NUMBERS],
    *[(name, TWO, LogisticRegression()) for name in ("roc_auc", "average_precision", "f1", "neg_brier_score")],
    *[(name, TWO, LinearSVC()) for name in ("roc_auc", "average_precision", "f1")],
    *[(name, WORDS, LogisticRegression()) for name in ("roc_auc", "f1_weighted")],
    *[(name, MARKS, OneVsRestClassifier(LogisticRegression())) for name in ("f1_micro", "roc_auc", "jaccard_micro")],
]


def run(metric, y, estimator, **settings):
    settings = {"strategies": ["random"], "n_initial": 30, "budget": 40, "seeds": [0]} | settings
    return lw.simulate(X, y, estimator, metric=metric, **settings)


@pytest.mark.parametrize(
    ("metric", "y", "estimator"),
    CASES,
    ids=[f"{k} {name} {type(model).__name__}" for k, (name, _, model) in enumerate(CASES)],
)
def test_a_scorer_of_scikit_learn_gives_what_it_gives_there(metric, y, estimator):
    results = run(metric, y, estimator)
    pool, test = halves(len(y))
    fitted = type(estimator)(**estimator.get_params(deep=False)).fit(X[pool], y[pool])
    assert results.metric == metric and results.higher_is_better
    assert np.isclose(results.full[0], get_scorer(metric)(fitted, X[test], y[test]), atol=2e-3)


def halves(n_items):
    """Pool and test of seed 0, as the simulation splits them."""
    held = np.zeros(n_items, dtype=bool)
    held[np.random.default_rng([0, 0]).permutation(n_items)[: round(0.3 * n_items)]] = True
    return np.flatnonzero(~held), np.flatnonzero(held)


def test_negated_losses_are_better_where_they_are_higher():
    results = run("neg_mean_absolute_error", NUMBERS, LinearRegression(), n_initial=4, budget=60)
    own = run("mae", NUMBERS, LinearRegression(), n_initial=4, budget=60)
    assert np.allclose(results.curves["value"], -own.curves["value"], atol=1e-6)
    assert results.higher_is_better and not own.higher_is_better


def test_a_model_of_ours_is_measured_by_scorers_too():
    results = run("roc_auc", TWO, "linear", strategies=["auto", "random"], stop=None)
    assert results.curves["value"].between(0.8, 1).all() and results.summary()["aulc"].max() > 0.9


@pytest.mark.parametrize("metric", sorted(get_scorer_names()))
@pytest.mark.parametrize("y", [THREE, NUMBERS], ids=["classes", "numbers"])
def test_every_scorer_either_measures_or_is_refused_before_anything_runs(metric, y):
    asked = []

    def oracle(indices, rng):
        asked.append(len(indices))
        return y[indices]

    estimator = Ridge() if y is NUMBERS else LogisticRegression()
    try:
        results = run(metric, y, estimator, oracle=oracle, budget=30)
    except InputError as refused:
        assert not asked and "metric must be" in str(refused) and metric in str(refused)
    else:
        assert np.isfinite(results.curves["value"]).all()


@pytest.mark.parametrize(
    ("metric", "y", "estimator", "message"),
    [("neg_log_loss", TWO, LinearSVC(), "metric must be one that LinearSVC's methods allow, got 'neg_log_loss', which needs predict_proba"),
     ("f1", WORDS, LogisticRegression(), "metric must be one that fits the labels, got 'f1'.*pos_label.*The task's own are accuracy, "),
     ("f1", THREE, LogisticRegression(), "metric must be one that fits the labels, got 'f1'.*multiclass"),
     ("roc_auc", NUMBERS, Ridge(), "metric must be one that .*'roc_auc'"),
     ("balanced_acuracy", TWO, LogisticRegression(), r"metric must be one that exists, got 'balanced_acuracy'\. Did you mean 'balanced_accuracy'\? All: accuracy, balanced-accuracy, macro-f1, log-loss, those of further_metrics, and sklearn.metrics.get_scorer_names\(\)"),
     ("macro_f1", TWO, LogisticRegression(), r"Did you mean 'macro-f1'")],
    ids=["no predict_proba", "f1 of words", "f1 of three", "auc of numbers", "misspelt", "ours misspelt"],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_the_reason(metric, y, estimator, message):
    with pytest.raises(InputError, match=message):
        run(metric, y, estimator)


def test_a_scorer_that_few_labels_do_not_define_does_not_end_a_run():
    """The guard measures on parts of 150 random labels, some of which lack a class of two in a hundred."""
    items = np.random.default_rng(1).normal(size=(400, 2))
    y = np.where(np.arange(400) % 50 < 1, 2, (items[:, 0] > 0).astype(int))
    settings = {"strategies": ["margin"], "n_initial": 150, "budget": 170, "seeds": [0], "metric": "neg_log_loss"}
    assert lw.simulate(items, y, LogisticRegression(), **settings).curves["n_labels"].tolist() == [150, 160, 170]
