"""Checks for a model, given as a function that makes one for a task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from labelwright.errors import InputError, NotReadyError
from labelwright.models import Model
from labelwright.tasks import Predictions, Task
from labelwright.testing.samples import sample_task

Make = Callable[..., Model]  # (task, n_draws=..., random_state=...) -> unfitted model


def check_model(make: Make, names: tuple[str, ...] = ("classification", "multilabel", "regression")) -> None:
    """Run all checks on a model, for the tasks that it serves."""
    for name in names:
        for check in MODEL_CHECKS:
            check(make, sample_task(name))


def data(task: Task, n: int = 60, seed: int = 0) -> tuple[Any, Any]:
    """Items whose answers follow from their features."""
    X = np.random.default_rng(seed).normal(size=(n, 4))
    codes, marks = X[:, :3].argmax(axis=1), (X[:, :3] > 0).astype(np.int8)
    return X, task.target.pick(codes=codes, marks=marks, numbers=X[:, 0])


def learns(make: Make, task: Task) -> None:
    """It beats a model that knows no features, gives float32 of the task's shape, and keeps its inputs."""
    X, y = data(task)
    X.setflags(write=False)
    predictions = make(task).fit(X, y).predict(X)
    _well_formed(predictions, task, len(X))
    values = task.proba(predictions)
    know_nothing = task.predictions(np.tile(values.mean(axis=0), (len(X), *[1] * (values.ndim - 1))))
    metric = task.target.pick(codes="accuracy", marks="hamming-accuracy", numbers="r2")
    assert task.score(metric, y, predictions) > task.score(metric, y, know_nothing) + 0.1


def repeats(make: Make, task: Task) -> None:
    """The same seed gives the same model."""
    X, y = data(task)
    one, two = (make(task, n_draws=3, random_state=7).fit(X, y).predict(X) for _ in range(2))
    assert one.committee is not None and two.committee is not None
    assert (task.proba(one) == task.proba(two)).all() and (one.committee == two.committee).all()


def draws_differ(make: Make, task: Task) -> None:
    """A committee has members of their own, in the form of the predictions."""
    X, y = data(task)
    predictions = make(task, n_draws=4).fit(X, y).predict(X)
    assert predictions.committee is not None and predictions.committee.shape == (4, *task.proba(predictions).shape)
    for member in predictions.committee:
        _well_formed(task.predictions(member), task, len(X))
    assert predictions.committee.std(axis=0).max() > 0


def few_labels(make: Make, task: Task) -> None:
    """One item, two items, one class, a class never seen: predictions are still well formed."""
    X, y = data(task)
    for n in (1, 2, 3, 7):
        _well_formed(make(task, n_draws=2).fit(X[:n], y[:n]).predict(X), task, len(X))
    same = np.repeat(y[:1], 9, axis=0)
    predictions = make(task).fit(X[:9], same).predict(X)
    _well_formed(predictions, task, len(X))
    if task.one_class:
        proba = task.proba(predictions)
        assert (proba.argmax(axis=1) == y[0]).all() and 0.5 < proba[0, y[0]] < 1
        two = make(task).fit(X[y != 2], y[y != 2]).predict(X)
        assert task.proba(two)[:, 2].max() < 0.02


def fit_again(make: Make, task: Task) -> None:
    """``fresh`` is unfitted and of the same kind; what was not fitted refuses to predict, wrong shapes too."""
    X, y = data(task)
    model = make(task).fit(X, y)
    new = model.fresh(n_draws=2, random_state=1)
    for call, error in (
        (lambda: new.predict(X), NotReadyError),
        (lambda: model.predict(X[:, :2]), InputError),
        (lambda: make(task).fit(X[:0], y[:0]), InputError),
        (lambda: make(task).fit(X, y[:5]), InputError),
    ):
        try:
            call()
        except error:
            continue
        raise AssertionError(f"expected {error.__name__}")
    predictions = new.fit(X, y).predict(X)
    assert predictions.committee is not None and len(predictions.committee) == 2


def groups_and_weights(make: Make, task: Task) -> None:
    """Groups are taken; an item of weight 2 counts like two."""
    X, y = data(task)
    _well_formed(make(task, n_draws=2).fit(X, y, groups=np.arange(len(y)) // 3).predict(X), task, len(X))
    _well_formed(make(task).fit(X, y, sample_weight=np.arange(len(y)) % 2 + 1.0).predict(X), task, len(X))


def _well_formed(predictions: Predictions, task: Task, n: int) -> None:
    values = task.proba(predictions)
    assert values.dtype == np.float32 and len(predictions) == n and np.isfinite(values).all()
    if values.ndim == 2:
        assert values.shape == (n, task.n_outputs) and values.min() >= 0 and values.max() <= 1
    if task.one_class:
        assert np.abs(values.sum(axis=1) - 1).max() < 1e-5


MODEL_CHECKS: tuple[Callable[[Make, Task], None], ...] = (
    learns, repeats, draws_differ, few_labels, fit_again, groups_and_weights,
)  # fmt: skip
