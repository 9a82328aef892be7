"""Settings of a simulation as users write them: seeds, labels that are missing, names that are misspelt."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

import labelwright as lw
from labelwright import models
from labelwright.errors import InputError
from labelwright.tasks import guess
from labelwright.tasks import make as make_task

X = np.random.default_rng(0).normal(size=(100, 3))
Y = (X[:, 0] > 0).astype(int)
SHORT = {"strategies": ["random"], "n_initial": 10, "budget": 20}


def run(y=Y, estimator=None, **settings):
    return lw.simulate(X, y, estimator or LogisticRegression(), **(SHORT | settings))


@pytest.mark.parametrize(
    ("seeds", "used"), [(2, [0, 1]), (np.int64(1), [0]), ([7, 3], [7, 3]), (range(4, 6), [4, 5]), (iter([5]), [5])],
    ids=["a number", "a number of numpy", "a list", "a range", "an iterator"],
)  # fmt: skip
def test_seeds_are_a_number_of_them_or_their_values(seeds, used):
    assert run(seeds=seeds).curves["seed"].unique().tolist() == used


@pytest.mark.parametrize(
    ("seeds", "message"),
    [(0, "seeds must be at least 1, got 0"), ([], "seeds must be one or more, got none"),
     ([1, 1], "seeds must be distinct, got 1 twice"), ([0.5], "seeds must be an integer, got 0.5"),
     (-1, "seeds must be at least 1"), ([-1], "seeds must be at least 0, got -1"), (True, "seeds must be"),
     ("two", "seeds must be a number of them, or a sequence of integers, got 'two'"),
     (2.0, "seeds must be a number of them, or a sequence of integers, got 2.0")],
    ids=str,
)  # fmt: skip
def test_other_seeds_are_refused(seeds, message):
    with pytest.raises(InputError, match=message):
        run(seeds=seeds)


def missing_at(positions, value, y=Y):
    given = y.astype(object)
    given[positions] = value
    return given


@pytest.mark.parametrize(
    ("y", "n", "first"),
    [(missing_at([4, 9], np.nan), 2, 4), (missing_at([3], None), 1, 3), (missing_at([0], pd.NA), 1, 0),
     (np.where(np.arange(100) == 5, np.nan, X[:, 0]), 1, 5), (pd.Series(missing_at([7], None), dtype="Int64"), 1, 7),
     (pd.Series(np.where(np.arange(100) < 2, None, "yes")), 2, 0), (missing_at([8], None).tolist(), 1, 8),
     (missing_at([6], np.nan, np.array(["no", "yes"])[Y]), 1, 6), (pd.Series(missing_at([2], None, Y > 0), dtype="boolean"), 1, 2),
     (np.where(np.arange(100)[:, None] == 1, np.nan, X > 0), 1, 1)],
    ids=["NaN", "None", "NA", "a float NaN", "nullable integers", "texts", "a list", "NaN among words", "nullable booleans", "marks"],
)  # fmt: skip
def test_missing_labels_are_one_clear_error(y, n, first):
    wanted = rf"simulate: y must be without missing labels, got {n} of 100, the first at position {first}\. Drop"
    with pytest.raises(InputError, match=wanted):
        run(y, estimator="linear")


def test_a_batch_with_a_missing_label_names_it_and_the_way_to_skip():
    learner = lw.ActiveLearner(Ridge(), batch_size=3)
    batch = next(learner.rounds(X))
    with pytest.raises(
        InputError, match=r"labels must be without missing labels, got 1 of 3, the first at position 1\. .*None"
    ):
        learner.teach(batch, [1.0, float("nan"), 2.0])
    learner.teach(batch, [1.0, None, 2.0])
    assert learner.history_["n_skipped"].tolist() == [1]


@pytest.mark.parametrize(
    "y", [pd.Series(Y, dtype="Int64"), pd.Series(Y > 0, dtype="boolean"), pd.Series(Y).astype("category"),
          pd.Series(np.array(["no", "yes"])[Y]), pd.Series(np.array(["no", "yes"])[Y], dtype="category"), Y.astype(object)],
    ids=["Int64", "boolean", "categories", "strings", "categories of strings", "objects"],
)  # fmt: skip
def test_labels_in_the_types_of_pandas(y):
    assert run(y, seeds=1).curves["value"].iloc[-1] > 0.6


def test_labels_of_several_types_are_refused():
    with pytest.raises(InputError, match="y must be of one type, got int and str"):
        run([0, "yes"] * 50, seeds=1)


@pytest.mark.parametrize(
    ("attempt", "message"),
    [(lambda: lw.select("margn", X, n=1), r"got 'margn'\. Did you mean 'margin'\? All: lw\.strategies\(\)\.$"),
     (lambda: run(strategies=["k_center"]), r"got 'k_center'\. Did you mean 'k-center'\? All: lw\.strategies\(\)\.$"),
     (lambda: lw.ActiveLearner("linear", strategy="Random").rounds(X).__next__(), r"Did you mean 'random'\?"),
     (lambda: run(strategies=["zzzzzz"]), r"got 'zzzzzz'\. All: lw\.strategies\(\)\.$"),
     (lambda: run(estimator="liner"), r"got 'liner'\. Did you mean 'linear'\? All: boosting, gaussian-process, linear, linear-cv, nearest-mean, svm, tabular\.$"),
     (lambda: models.make("booting", make_task("regression", {})), r"Did you mean 'boosting'\?"),
     (lambda: make_task("classification", guess("classification", ["a", "b"])).higher_is_better("accurcy"),
      r"metric must be one that exists, got 'accurcy'\. Did you mean 'accuracy'\? All: accuracy, balanced-accuracy"),
     (lambda: run(Y * 1.0, Ridge(), strategies=["margin"], seeds=1), r"'margin', which serves classification")],
    ids=["select", "underscore", "capital", "nothing near", "model", "model by name", "metric", "not for the task"],
)  # fmt: skip
def test_a_misspelt_name_gets_the_nearest(attempt, message):
    with pytest.raises(InputError, match=message) as refused:
        attempt()
    assert len(str(refused.value)) < 250
