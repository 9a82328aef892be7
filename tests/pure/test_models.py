"""Properties of our models that the shared checks do not cover."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from labelwright import models, tasks
from labelwright.errors import InputError, IntegrityError
from labelwright.kernels.links import NEVER, softmax
from labelwright.models.calibration import temperature
from labelwright.testing.models import data
from labelwright.testing.samples import sample_task

SERVED = [(name, task) for task in tasks.names() for name in models.names(sample_task(task))]


@pytest.mark.parametrize(("name", "task"), SERVED)
def test_a_stored_model_predicts_the_same_bits(name, task, few_trees):
    X, y = data(sample_task(task))
    for n_draws, n in ((0, 20), (2, 60), (2, 1)):
        model = models.make(name, sample_task(task), n_draws=n_draws, random_state=3).fit(X[:n], y[:n])
        again = models.load(models.dump(model))
        one, two = model.predict(X), again.predict(X)
        assert (one.values == two.values).all() and again.params() == model.params()
        assert one.draws is None or (two.draws is not None and (one.draws == two.draws).all())
        assert again.classes_seen.tolist() == model.classes_seen.tolist()


def test_what_our_models_never_hold_is_not_loaded():
    import pickle

    from skops.io import dumps

    from labelwright.testing.samples import rng_of

    for data_ in (b"nonsense", pickle.dumps({"a": 1}), dumps({"state": rng_of}), dumps({"task": 1})):
        with pytest.raises(IntegrityError, match="one of ours"):
            models.load(data_)


def test_probabilities_are_calibrated_on_items_the_model_did_not_see():
    """Noisy labels in many dimensions: the temperature corrects an overconfident fit, and the log-loss improves."""
    rng = np.random.default_rng(0)
    task = sample_task("classification")
    X = rng.normal(size=(3000, 40))
    y = np.where(rng.random(3000) < 0.4, rng.integers(0, 3, 3000), X[:, :3].argmax(axis=1))
    model = models.make("linear", task).fit(X[:150], y[:150])
    assert model.state_["temperature"] > 1.2
    found = model.predict(X[150:])
    hot = softmax(np.log(np.maximum(found.values, 1e-9)) * model.state_["temperature"])
    plain = task.predictions(hot.astype(np.float32))
    assert task.score("log-loss", y[150:], found) < task.score("log-loss", y[150:], plain)


def test_temperature_is_the_minimum_of_the_log_loss():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 3))
    y = np.array([rng.choice(3, p=p) for p in softmax(logits)])
    assert abs(temperature(sample_task("classification").target, 3 * logits, y, np.ones(len(y))) - 3) < 0.15


def test_an_unseen_class_gets_nothing_and_rows_sum_to_one():
    X, y = data(sample_task("classification"))
    for name in models.names():
        found = models.make(name, sample_task("classification")).fit(X[y != 1], y[y != 1]).predict(X)
        assert (found.values[:, 1] == 0).all() and np.allclose(found.values.sum(axis=1), 1)
    assert softmax(np.array([[0.0, NEVER]])).tolist() == [[1.0, 0.0]]


def test_blocks_of_prediction_agree(monkeypatch):
    X, y = data(sample_task("classification"), n=1000)
    model = models.make("linear", sample_task("classification"), n_draws=2).fit(X, y)
    whole = model.predict(X)
    monkeypatch.setattr("labelwright.models.base.BLOCK_BYTES", 1)
    assert np.allclose(model.predict(X).values, whole.values, atol=1e-6)


def test_a_task_that_a_model_does_not_serve_is_refused():
    with pytest.raises(InputError, match="nearest-mean: the task must be one of classes or labels, got regression"):
        models.make("nearest-mean", sample_task("regression"))
    assert "nearest-mean" not in models.names(sample_task("regression"))
    assert "nearest-mean" in models.names(sample_task("multilabel"))


def test_wrap_refuses_what_it_cannot_use():
    task = sample_task("classification")
    with pytest.raises(InputError, match="with fit"):
        models.wrap(object(), task)
    with pytest.raises(InputError, match="stored model"):
        models.dump(models.wrap(LogisticRegression(), task).fit(*data(task)))
    from sklearn.cluster import KMeans

    X, y = data(task)
    with pytest.raises(InputError, match="predict_proba or decision_function"):
        models.wrap(KMeans(2), task, values=np.arange(3)).fit(X, y).predict(X)


def test_boosting_takes_missing_values():
    X, y = data(sample_task("classification"))
    X[::3, 1] = np.nan
    assert len(models.make("boosting", sample_task("classification")).fit(X, y).predict(X)) == 60
