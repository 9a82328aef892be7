"""Items that are not rows of numbers: lists of texts, and data frames with words, through a pipeline of the user."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import labelwright as lw
from labelwright.errors import InputError
from labelwright.strategies.shared.given import plain_schema
from labelwright.tasks import make as make_task

rng = np.random.default_rng(0)
WORDS = {"good": ["fine", "great", "lovely", "superb"], "bad": ["awful", "broken", "dull", "poor"]}
Y = np.array(["good", "bad"])[rng.integers(2, size=120)]
TEXTS = [" ".join([*rng.choice(WORDS[y], 2), *rng.choice(["a", "film", "plot", "book", "day"], 3)]) for y in Y]
AS_ARRAY = np.array(TEXTS, dtype=object)
FRAME = pd.DataFrame(
    {"text": TEXTS, "length": [float(len(text)) for text in TEXTS], "place": rng.choice(["x", "y"], 120)}
)
SHORT = {"budget": 30, "n_initial": 10, "seeds": [0]}


def text_model():
    return make_pipeline(TfidfVectorizer(), LogisticRegression())


@pytest.mark.parametrize(
    "texts", [TEXTS, tuple(TEXTS), AS_ARRAY, np.array(TEXTS), pd.Series(TEXTS, index=np.arange(120)[::-1])],
    ids=["list", "tuple", "object array", "string array", "series with an index of its own"],
)  # fmt: skip
def test_simulate_takes_texts_in_any_container(texts):
    curves = lw.simulate(texts, Y, text_model(), strategies=["random", "auto", "k-center"], **SHORT).curves
    assert curves["n_labels"].tolist() == [10, 20, 30] * 3 and curves["value"].max() > 0.85
    columns = ["strategy", "n_labels", "value"]
    listed = lw.simulate(TEXTS, Y, text_model(), strategies=["random", "auto", "k-center"], **SHORT).curves
    assert curves[columns].equals(listed[columns])


FOR_CLASSES = lw.strategies.fitting(make_task("classification", plain_schema(2)))


@pytest.mark.parametrize("strategy", [name for name in FOR_CLASSES if name != "dropquery"])
def test_every_strategy_for_classes_plays_on_texts(strategy):
    needs_source = "source" in lw.strategies.make(strategy).needs
    source = {"X_source": TEXTS[60:90], "y_source": Y[60:90]} if needs_source else {}
    run = lw.simulate(
        TEXTS[:60],
        Y[:60],
        text_model(),
        strategies=[strategy],
        budget=14,
        n_initial=10,
        batch_size=4,
        seeds=[0],
        **source,
    )
    assert run.curves["cost"].max() == 14


def test_a_strategy_that_changes_features_says_that_texts_have_none():
    with pytest.raises(InputError, match="dropquery: X must be numeric"):
        lw.simulate(TEXTS, Y, text_model(), strategies=["dropquery"], **SHORT)


def test_a_learner_is_taught_texts():
    learner = lw.ActiveLearner(text_model(), batch_size=8)
    for batch in learner.rounds(TEXTS):
        learner.teach(batch, Y[batch.indices])
        if len(learner.history_) == 5:
            break
    assert (learner.model_.predict(TEXTS) == Y).mean() > 0.9 and learner.history_["mode"].iloc[0] == "seed"


@pytest.mark.parametrize("strategy", ["auto", "margin", "k-center", "badge"])
def test_select_takes_texts_with_a_fitted_pipeline(strategy):
    model = text_model().fit(TEXTS[:40], Y[:40])
    known = {"model": model, "X_labeled": TEXTS[:40], "y_labeled": Y[:40]}
    picks = lw.select(strategy, TEXTS[40:], n=6, **known)
    inside = lw.select(strategy, AS_ARRAY[40:], n=6, **known | {"X_labeled": pd.Series(TEXTS[:40])})
    assert len(set(picks.indices.tolist())) == 6 and picks.indices.tolist() == inside.indices.tolist()


def test_texts_without_a_vectorizer_are_embedded_by_their_words():
    picks = lw.select("k-center", ["a cat", "a cat", "a cat", "stock market news"], n=1, X_labeled=["a cat", "the cat"])
    assert picks.indices.tolist() == [3]


def regression(frame):
    columns = make_column_transformer(
        (TfidfVectorizer(), "text"), (StandardScaler(), ["length"]), (OneHotEncoder(), ["place"])
    )
    return make_pipeline(columns, Ridge()), frame["length"].to_numpy()


def columns_and_classes(frame):
    columns = make_column_transformer((CountVectorizer(), "text"), (StandardScaler(), ["length"]))
    return make_pipeline(columns, LogisticRegression()), Y


@pytest.mark.parametrize("case", [regression, columns_and_classes])
def test_frames_pass_through_a_column_transformer(case):
    estimator, y = case(FRAME)
    run = lw.simulate(FRAME, y, estimator, strategies=["random", "auto"], **SHORT)
    assert run.curves["n_labels"].tolist() == [10, 20, 30] * 2
    learner = lw.ActiveLearner(estimator, batch_size=10)
    batch = next(learner.rounds(FRAME))
    learner.teach(batch, y[batch.indices])
    assert learner.model_.predict(FRAME).shape == (120,)


@pytest.mark.parametrize(
    "estimator",
    [make_pipeline(TfidfVectorizer(), SelectKBest(chi2, k=5), LogisticRegression()),
     GridSearchCV(text_model(), {"logisticregression__C": [1.0, 10.0]}, cv=2),
     make_pipeline(CountVectorizer(vocabulary=["good", "fine"]), LogisticRegression())],
    ids=["a supervised step", "a search over a pipeline", "two words only"],
)  # fmt: skip
def test_pipelines_whose_features_have_another_source(estimator):
    run = lw.simulate(TEXTS, Y, estimator, strategies=["k-center"], **SHORT)
    assert run.curves["n_labels"].tolist() == [10, 20, 30]


def test_records_pass_through_a_dict_vectorizer():
    records = [{"word": text.split()[0], "size": len(text)} for text in TEXTS]
    run = lw.simulate(records, Y, make_pipeline(DictVectorizer(), LogisticRegression()), strategies=["auto"], **SHORT)
    assert run.curves["value"].iloc[-1] > 0.8


@pytest.mark.parametrize(
    ("X", "estimator", "message"),
    [(TEXTS, "linear", r"X must be rows of numbers for 'linear', got texts.*make_pipeline\(TfidfVectorizer\(\)"),
     (TEXTS, LogisticRegression(), r"estimator must be one that can be fitted on X, got LogisticRegression.*make_pipeline\(TfidfVectorizer"),
     (FRAME, LogisticRegression(), r"could not convert string to float.*ColumnTransformer"),
     ([*TEXTS[:-1], None], text_model(), r"X must be without missing items, got 1 of 120, the first at position 119"),
     (pd.Series([np.nan, *TEXTS[1:]]), text_model(), r"X must be without missing items, got 1 of 120, the first at position 0"),
     (np.arange(120.0), "linear", r"X must be of shape \(n_items, n_features\), got shape \(120,\)"),
     (pd.Series(np.arange(120.0)), "linear", r"X must be of shape \(n_items, n_features\), got shape \(120,\)"),
     ([[1.0], [1.0, 2.0]] * 60, "linear", r"X must be of shape \(n_items, n_features\), got rows of unequal length")],
    ids=["name of a model", "no vectorizer", "frame with words", "a missing text", "a missing text in a series",
         "one column", "one column in a series", "ragged"],
)  # fmt: skip
def test_what_a_model_cannot_be_fitted_on_is_refused_with_a_cure(X, estimator, message):
    with pytest.raises(InputError, match=message):
        lw.simulate(X, Y, estimator, strategies=["random"], **SHORT)
    with pytest.raises(InputError, match=message):
        learner = lw.ActiveLearner(estimator, strategy="random", batch_size=20)
        batch = next(learner.rounds(X))
        learner.teach(batch, Y[batch.indices])
