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
    return X, {"classes": X[:, :3].argmax(axis=1), "labels": (X[:, :3] > 0).astype(np.int8)}.get(task.form, X[:, 0])


def learns(make: Make, task: Task) -> None:
    """It beats a model that knows no features, gives float32 of the task's form, and keeps its inputs."""
    X, y = data(task)
    X.setflags(write=False)
    found = make(task).fit(X, y).predict(X)
    _well_formed(found, task, len(X))
    know_nothing = Predictions(task.form, np.tile(found.values.mean(axis=0), (len(X), *[1] * (found.values.ndim - 1))))
    metric = {"classes": "accuracy", "labels": "hamming-accuracy"}.get(task.form, "r2")
    assert task.score(metric, y, found) > task.score(metric, y, know_nothing) + 0.1


def repeats(make: Make, task: Task) -> None:
    """One seed, one model."""
    X, y = data(task)
    one, two = (make(task, n_draws=3, random_state=7).fit(X, y).predict(X) for _ in range(2))
    assert one.draws is not None and two.draws is not None
    assert (one.values == two.values).all() and (one.draws == two.draws).all()


def draws_differ(make: Make, task: Task) -> None:
    """A committee has members of their own, in the form of the predictions."""
    X, y = data(task)
    found = make(task, n_draws=4).fit(X, y).predict(X)
    assert found.draws is not None and found.draws.shape == (4, *found.values.shape)
    for member in found.draws:
        _well_formed(Predictions(task.form, member), task, len(X))
    assert found.draws.std(axis=0).max() > 0


def few_labels(make: Make, task: Task) -> None:
    """One item, two items, one class, a class never seen: predictions are still well formed."""
    X, y = data(task)
    for n in (1, 2, 3, 7):
        _well_formed(make(task, n_draws=2).fit(X[:n], y[:n]).predict(X), task, len(X))
    same = np.repeat(y[:1], 9, axis=0)
    found = make(task).fit(X[:9], same).predict(X)
    _well_formed(found, task, len(X))
    if task.form == "classes":
        assert (found.values.argmax(axis=1) == y[0]).all() and 0.5 < found.values[0, y[0]] < 1
        two = make(task).fit(X[y != 2], y[y != 2]).predict(X)
        assert two.values[:, 2].max() < 0.02


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
    found = new.fit(X, y).predict(X)
    assert found.draws is not None and len(found.draws) == 2


def groups_and_weights(make: Make, task: Task) -> None:
    """Groups are taken; an item of weight 2 counts like two."""
    X, y = data(task)
    _well_formed(make(task, n_draws=2).fit(X, y, groups=np.arange(len(y)) // 3).predict(X), task, len(X))
    _well_formed(make(task).fit(X, y, sample_weight=np.arange(len(y)) % 2 + 1.0).predict(X), task, len(X))


def _well_formed(found: Predictions, task: Task, n: int) -> None:
    assert found.form == task.form and found.values.dtype == np.float32 and len(found) == n
    assert np.isfinite(found.values).all()
    if task.form != "value":
        assert found.values.shape == (n, task.n_outputs) and found.values.min() >= 0 and found.values.max() <= 1
    if task.form == "classes":
        assert np.abs(found.values.sum(axis=1) - 1).max() < 1e-5


MODEL_CHECKS: tuple[Callable[[Make, Task], None], ...] = (
    learns, repeats, draws_differ, few_labels, fit_again, groups_and_weights,
)  # fmt: skip
