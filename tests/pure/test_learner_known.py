"""A learner that starts from known labels, predicts, and says what it is."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

import labelwright as lw
from labelwright.errors import InputError, NotReadyError
from labelwright.loop import State, resolve
from labelwright.loop.steps import watch
from labelwright.stopping import make as make_rule
from labelwright.testing.samples import sample_task

X = np.random.default_rng(0).normal(size=(60, 2))
Y = np.where(X[:, 0] + X[:, 1] > 0, "yes", "no")
KNOWN = np.arange(60) % 6 == 0


def partly(missing=None, y=Y):
    given = y.astype(object)
    given[~KNOWN] = missing
    return given


@pytest.mark.parametrize(
    "y", [partly(), partly(np.nan), partly(pd.NA).tolist(), pd.Series(partly(), index=range(60, 0, -1)), pd.Series(partly()).astype("category")],
    ids=["None", "NaN", "a list with NA", "a series with an index of its own", "categories"],
)  # fmt: skip
def test_known_labels_train_before_the_first_batch(y):
    learner = lw.ActiveLearner(LogisticRegression(), batch_size=5)
    rounds = learner.rounds(X, y)
    by_hand = LogisticRegression(random_state=0).fit(X[KNOWN], Y[KNOWN])
    assert np.allclose(learner.model_.coef_, by_hand.coef_) and learner.history_.empty
    batch = next(rounds)
    assert not KNOWN[batch.indices].any()
    learner.teach(batch, Y[batch.indices])
    assert learner.history_[["n_labels", "cost"]].values.tolist() == [[15, 5]]  # those known before cost nothing
    assert learner.history_["mode"].iloc[0] != "seed"


def test_known_numbers_and_marks():
    numbers = np.where(KNOWN, X[:, 0], np.nan)
    learner = lw.ActiveLearner(Ridge(), batch_size=5)
    next(learner.rounds(X, numbers))
    assert np.allclose(learner.predict(X), Ridge().fit(X[KNOWN], X[KNOWN, 0]).predict(X))
    marks = np.where(KNOWN[:, None], X > 0, np.nan)
    learner = lw.ActiveLearner(OneVsRestClassifier(LogisticRegression()), batch_size=5)
    batch = next(learner.rounds(X, marks))
    learner.teach(batch, (X > 0)[batch.indices].astype(int))
    assert learner.predict(X).shape == (60, 2) == learner.predict_proba(X).shape


def test_known_labels_stay_when_a_batch_is_undone_and_go_when_excluded():
    learner = lw.ActiveLearner(LogisticRegression(), batch_size=5)
    rounds = learner.rounds(X, partly())
    before = learner.model_.coef_.tolist()
    batch = next(rounds)
    learner.teach(batch, Y[batch.indices])
    learner.undo(batch)
    assert learner.model_.coef_.tolist() == before
    learner.exclude(np.flatnonzero(KNOWN)[:4])
    assert learner.model_.coef_.tolist() != before


def test_rules_count_known_labels_and_a_pool_that_is_known_asks_nothing():
    learner = lw.ActiveLearner(LogisticRegression(), batch_size=5, stop=make_rule("budget", n_labels=20))
    for batch in learner.rounds(X, partly()):
        learner.teach(batch, Y[batch.indices])
    assert learner.history_["n_labels"].tolist() == [15, 20]
    learner = lw.ActiveLearner(LogisticRegression())
    assert list(learner.rounds(X, Y)) == [] and (learner.predict(X) == Y).mean() > 0.9


def test_unlike_lengths_are_refused_at_once():
    with pytest.raises(InputError, match="X 60, y 59"):
        lw.ActiveLearner(LogisticRegression()).rounds(X, Y[:59])


@pytest.mark.parametrize(
    "estimator",
    [LogisticRegression(), make_pipeline(StandardScaler(), LogisticRegression()), "linear"],
    ids=["estimator", "pipeline", "ours"],
)
def test_it_predicts_in_the_users_classes(estimator):
    learner = lw.ActiveLearner(estimator)
    learner.rounds(X, partly())
    proba, answers = learner.predict_proba(X), learner.predict(X)
    assert learner.classes_.tolist() == ["no", "yes"] and (answers == Y).mean() > 0.7
    assert proba.shape == (60, 2) and np.allclose(proba.sum(axis=1), 1, atol=1e-6)
    assert (learner.classes_[proba.argmax(axis=1)] == answers).all()
    if estimator != "linear":
        assert np.allclose(proba, learner.model_.predict_proba(X), atol=1e-6)


def test_it_predicts_texts():
    texts = np.where(Y == "yes", "a fine day", "an awful day").tolist()
    learner = lw.ActiveLearner(make_pipeline(TfidfVectorizer(), LogisticRegression()))
    learner.rounds(texts, partly())
    assert learner.predict(["fine", "awful"]).tolist() == ["yes", "no"]


def test_labels_of_one_class_predict_that_class():
    learner = lw.ActiveLearner(LogisticRegression())
    learner.rounds(X, np.where(KNOWN, "no", None))
    assert learner.predict(X[:2]).tolist() == ["no", "no"] and learner.model_ is None


def test_what_cannot_predict_says_why():
    learner = lw.ActiveLearner(LogisticRegression())
    for method in (learner.predict, learner.predict_proba):
        with pytest.raises(NotReadyError, match=r"must have labels.*Teach a batch, or pass y to rounds"):
            method(X)
    learner.rounds(X)
    with pytest.raises(NotReadyError, match="must have labels"):
        learner.predict(X)
    learner = lw.ActiveLearner(LinearSVC())
    learner.rounds(X, partly())
    assert learner.predict(X).shape == (60,)
    with pytest.raises(InputError, match="estimator must be one with predict_proba, got LinearSVC"):
        learner.predict_proba(X)
    learner = lw.ActiveLearner(Ridge())
    learner.rounds(X, np.where(KNOWN, 1.0, np.nan))
    with pytest.raises(InputError, match="estimator must be one with predict_proba, got Ridge"):
        learner.predict_proba(X)


def test_it_says_what_it_is_and_where_it_stands():
    learner = lw.ActiveLearner(make_pipeline(StandardScaler(), LogisticRegression()), strategy="margin", batch_size=4)
    named = (
        "ActiveLearner(Pipeline(steps=[('standardscaler', StandardScaler()), ('logisticregression', LogisticRegression())]), "
        "strategy='margin', batch_size=4)"
    )
    assert repr(learner) == f"<{named}, not started>"
    rounds = learner.rounds(X, partly())
    batch = next(rounds)
    learner.teach(batch, Y[batch.indices])
    assert repr(learner) == f"<{named}, 14 of 60 items labeled, 1 round>"
    batch = next(rounds)
    learner.teach(batch, Y[batch.indices])
    learner.exclude(batch.indices[:2])
    assert repr(learner) == f"<{named}, 16 of 60 items labeled, 2 rounds, 2 items excluded>"
    assert "strategy=Margin" not in repr(lw.ActiveLearner("linear", strategy=lw.strategies.make("margin")))


def test_the_guard_judges_what_the_strategy_chose_not_what_was_known():
    items = np.random.default_rng(1).normal(size=(300, 2))
    task, nobody = sample_task("classification"), np.zeros(300, dtype=bool)
    answers = [{"label": task.labels.ids[int(x > 0)]} for x in items[:220, 0]]
    state = State(
        task, items, ~nobody, nobody, item_idx=np.arange(220), person=["you"] * 220, answer=answers,
        drawn=np.arange(150), known=np.arange(150, 190),
    )  # fmt: skip
    assert watch(state, resolve(state)).n_chosen == 30
    all_known = replace(state, known=np.arange(150, 220))
    assert watch(all_known, resolve(all_known)) is None
