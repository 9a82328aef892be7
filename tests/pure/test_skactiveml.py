"""Strategies of scikit-activeml by name, in every place that takes a strategy."""

import sys

import numpy as np
import pytest
from sklearn.linear_model import BayesianRidge, LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import labelwright as lw
from labelwright.errors import InputError, MissingExtraError
from labelwright.strategies import make

pool = pytest.importorskip("skactiveml.pool")

rng = np.random.default_rng(0)
X = rng.normal(size=(44, 3))
CLASSES = {"y_labeled": np.array(["no", "yes"])[(X[:20, 0] > 0).astype(int)], "X_labeled": X[:20]}
NUMBERS = {"y_labeled": X[:20] @ [1.0, 2.0, 0.0] + 0.1 * rng.normal(size=20), "X_labeled": X[:20]}
CLASSIFIER = LogisticRegression().fit(X[:20], CLASSES["y_labeled"])
REGRESSOR = Ridge().fit(X[:20], NUMBERS["y_labeled"])
BOTH, CLASSIFICATION, REGRESSION = ("classification", "regression"), ("classification",), ("regression",)
SERVED = {
    "Badge": CLASSIFICATION, "BatchBALD": CLASSIFICATION, "Clue": CLASSIFICATION, "ContrastiveAL": CLASSIFICATION,
    "CoreSet": BOTH, "CostEmbeddingAL": CLASSIFICATION, "DiscriminativeAL": BOTH, "DropQuery": CLASSIFICATION,
    "EpistemicUncertaintySampling": CLASSIFICATION, "ExpectedModelChangeMaximization": REGRESSION,
    "ExpectedModelOutputChange": REGRESSION, "ExpectedModelVarianceReduction": REGRESSION, "Falcun": CLASSIFICATION,
    "FourDs": CLASSIFICATION, "GreedyBALD": CLASSIFICATION, "GreedySamplingTarget": REGRESSION,
    "GreedySamplingX": BOTH, "KLDivergenceMaximization": REGRESSION, "MaxHerding": BOTH,
    "MonteCarloEER": CLASSIFICATION, "ParallelUtilityEstimationWrapper": CLASSIFICATION, "ProbCover": BOTH,
    "ProbabilisticAL": CLASSIFICATION, "QueryByCommittee": BOTH, "Quire": CLASSIFICATION, "RandomSampling": BOTH,
    "RegressionTreeBasedAL": REGRESSION, "SubSamplingWrapper": CLASSIFICATION, "TypiClust": BOTH,
    "UncertaintySampling": CLASSIFICATION, "ValueOfInformationEER": CLASSIFICATION,
}  # fmt: skip
ONE_PICK = ("ParallelUtilityEstimationWrapper",)
EPISTEMIC = {"model": GaussianNB().fit(X[:20], CLASSES["y_labeled"])}  # else its optimiser takes long


def test_every_pool_strategy_is_served():
    with pytest.raises(InputError) as refused:
        make("skactiveml:Nope")
    assert refused.value.message.endswith(f"must be one of {', '.join(sorted(SERVED))}, got 'Nope'.")


@pytest.mark.parametrize(("name", "task"), [(name, task) for name, served in SERVED.items() for task in served])
def test_strategy(name, task):
    strategy = make("skactiveml:" + name)
    assert strategy.tasks == SERVED[name] and strategy.name == "skactiveml:" + name
    given = {"model": CLASSIFIER, **CLASSES} if task == "classification" else {"model": REGRESSOR, **NUMBERS}
    given |= EPISTEMIC if name.startswith("Epistemic") else {}
    n = 1 if name in ONE_PICK else 3
    found = lw.select(strategy, X[20:], n=n, **given)
    assert len(set(found.indices.tolist())) == n and found.indices.max() < 24
    assert np.isfinite(found.scores).all()
    assert found.indices.tolist() == lw.select(strategy, X[20:], n=n, **given).indices.tolist()


@pytest.mark.parametrize("name", [name for name in SERVED if make("skactiveml:" + name).cold])
def test_what_asks_for_no_model_starts_cold(name):
    assert len(set(lw.select(make("skactiveml:" + name), X, n=5).indices.tolist())) == 5


def test_the_picks_are_those_of_the_library_itself():
    classifier = pytest.importorskip("skactiveml.classifier").SklearnClassifier
    y = np.concatenate([(CLASSES["y_labeled"] == "yes").astype(float), np.full(24, np.nan)])
    theirs, utilities = pool.UncertaintySampling(method="entropy", random_state=1).query(
        X, y, clf=classifier(LogisticRegression(), classes=[0, 1]), batch_size=4, return_utilities=True
    )
    strategy = make("skactiveml:UncertaintySampling", method="entropy")
    assert strategy.params() == {"method": "entropy"}
    ours = lw.select(strategy, X[20:], n=4, model=CLASSIFIER, embed=lambda rows: rows, **CLASSES)
    assert (ours.indices + 20).tolist() == theirs.tolist()
    assert np.allclose(ours.scores, [utilities[i, k] for i, k in enumerate(theirs)], atol=1e-5)


def test_the_model_is_fitted_anew_on_the_embedding():
    """A pipeline's scaler makes the embedding, so its last step is what learns there."""
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(1000 * X[:20], CLASSES["y_labeled"])
    known = CLASSES | {"X_labeled": 1000 * X[:20]}
    found = lw.select(make("skactiveml:UncertaintySampling"), 1000 * X[20:], n=24, model=model, **known)
    plain = lw.select("least-confidence", 1000 * X[20:], n=24, model=model, **known)
    assert found.indices.tolist() == plain.indices.tolist()


def test_a_model_that_tells_its_deviation_is_used_where_one_is_needed():
    model = BayesianRidge().fit(X[:20], NUMBERS["y_labeled"])
    found = lw.select(make("skactiveml:ExpectedModelVarianceReduction"), X[20:], n=2, model=model, **NUMBERS)
    assert len(found) == 2


def test_wrappers_take_the_inner_strategy_by_name():
    strategy = make("skactiveml:SubSamplingWrapper", query_strategy="CoreSet", max_candidates=6)
    assert strategy.tasks == BOTH
    found = lw.select(strategy, X[20:], n=3, model=REGRESSOR, **NUMBERS)
    assert len(set(found.indices.tolist())) == 3


def test_duplicates_are_asked_once():
    twice = np.concatenate([X[20:], X[20:]])
    groups = np.tile(np.arange(24), 2)
    found = lw.select(make("skactiveml:CoreSet"), twice, n=24, groups=groups, **CLASSES)
    assert len(set(groups[found.indices].tolist())) == 24


def test_in_the_learner_and_in_a_simulation():
    learner = lw.ActiveLearner(LogisticRegression(), strategy="skactiveml:Quire", batch_size=4)
    for batch in learner.rounds(X):
        learner.teach(batch, (X[batch.indices, 0] > 0).astype(int))
        if len(learner.history_) == 4:
            break
    assert learner.history_["n_labels"].tolist() == [4, 8, 12, 16]
    names = ["skactiveml:QueryByCommittee", make("skactiveml:CoreSet"), "random"]
    run = lw.simulate(
        X, (X[:, 0] > 0).astype(int), LogisticRegression(), strategies=names, n_initial=6, batch_size=6, budget=18,
        seeds=range(2),
    )  # fmt: skip
    assert set(run.curves.strategy) == {"skactiveml:QueryByCommittee", "skactiveml:CoreSet", "random"}


def test_the_registry_does_not_offer_it():
    assert not any(name.startswith("skactiveml") for name in lw.strategies().name)


@pytest.mark.parametrize(
    ("name", "params", "match"),
    [
        ("IntervalEstimationThreshold", {}, "single annotator"),
        ("Quire", {"random_state": 3}, "parameter must be one of classes"),
        ("SubSamplingWrapper", {"query_strategy": "Nope"}, "must be one of"),
    ],
)
def test_what_cannot_be_is_refused(name, params, match):
    with pytest.raises(InputError, match=match):
        make("skactiveml:" + name, **params)


def test_what_the_library_refuses_comes_as_an_input_error():
    three = np.arange(20) % 3
    model = GaussianNB().fit(X[:20], three)
    with pytest.raises(InputError, match="only implemented for two-class"):
        lw.select(
            make("skactiveml:EpistemicUncertaintySampling"), X[20:], n=1, model=model, X_labeled=X[:20], y_labeled=three
        )
    with pytest.raises(InputError, match="task must be one of classification"):
        lw.select(make("skactiveml:Badge"), X[20:], n=1, model=REGRESSOR, **NUMBERS)
    with pytest.raises(InputError, match="y_labeled must be given"):
        lw.select(make("skactiveml:Quire"), X[20:], n=1)


def test_without_the_package_the_error_has_the_line_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "skactiveml", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'labelwright\[skactiveml\]'"):
        make("skactiveml:Quire")
