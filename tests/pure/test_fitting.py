"""The model "auto": the learner that labels speak for serves, it does not move by chance, and the record says why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labelwright import ActiveLearner, models, simulate, tasks
from labelwright.errors import InputError
from labelwright.loop import representation
from labelwright.loop.fitting import Choice, choose, with_learners
from labelwright.loop.state import Labels, State
from labelwright.loop.steps import resolve
from labelwright.models.automatic import check_model, first, tried
from labelwright.testing.samples import sample_task

TWO = tasks.make("classification", {"labels": [{"id": name, "name": name} for name in "ab"]})


def world(seed: int, n: int, *, curved: bool) -> tuple[State, Labels]:
    """Two classes, divided by a ring or by a line."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2)).astype(np.float32)
    far = (X**2).sum(axis=1) > 1.4 if curved else X @ [1.0, -0.5] + rng.normal(size=n) * 0.3 > 0
    mask = np.ones(n, dtype=bool)
    answers = [{"label": "ab"[int(one)]} for one in far]
    state = State(TWO, X, mask, ~mask, np.arange(n), ["p"] * n, answers, seed=seed)
    return state, resolve(state)


def test_a_curved_border_moves_to_a_learner_that_bends() -> None:
    state, labels = world(0, 80, curved=True)
    found = choose(state, labels)
    assert found.learner in ("svm", "gaussian-process", "boosting") and found.comparison is not None
    assert found.comparison.reason.code == "model-moves" and found.comparison.n_labels == 80
    assert f"{found.learner} serves from the next training on in place of nearest-mean" in str(found.comparison.reason)
    assert set(found.comparison.found) == set(tried(TWO, 2))
    assert np.isclose(sum(one.p_best for one in found.comparison.found.values()), 1)
    assert choose(state, labels) == found


def test_a_straight_border_seldom_moves() -> None:
    moved = [
        choose(*world(seed, 60, curved=False)).learner not in ("nearest-mean", "linear", "linear-cv")
        for seed in range(8)
    ]
    assert sum(moved) <= 3


def test_nothing_moves_until_labels_have_grown_by_a_quarter() -> None:
    state, labels = world(1, 80, curved=True)
    chosen = choose(state, labels)
    for n, anew in ((90, False), (100, True)):
        state, labels = world(1, n, curved=True)
        assert (choose(state, labels, chosen).comparison is not chosen.comparison) is anew
    state, labels = world(1, 29, curved=True)
    assert choose(state, labels) == Choice("nearest-mean")


def test_a_learner_that_cannot_serve_gives_way_to_the_first() -> None:
    state, labels = world(1, 20, curved=True)
    assert choose(state, labels, Choice("tabular")).learner == "nearest-mean"
    assert first(sample_task("regression")) == "linear" and "nearest-mean" not in tried(sample_task("regression"), 2)
    assert "boosting" not in tried(TWO, 1000)


def test_features_and_learners_are_compared_in_pairs() -> None:
    state, labels = world(2, 80, curved=True)
    bent = replace(state, X=(state.X**2).astype(np.float32))
    pairs = with_learners({"plain": state, "squared": bent})
    assert len(pairs) == 2 * len(tried(TWO, 2))
    states = {" + ".join(name): one for name, one in pairs.items()}
    found = representation.compare(states, labels, "plain + nearest-mean", what="model")
    assert found is not None and found.found["squared + linear"].loss < found.found["plain + linear"].loss


def test_auto_in_a_notebook_is_the_same_choice() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2))
    y = np.where((X**2).sum(axis=1) > 1.4, "far", "near")
    learner = ActiveLearner("auto", strategy="random", batch_size=20)
    served = []
    for batch in learner.rounds(X):
        assert (learner.comparison_ is None) == (len(learner.history_) < 2)
        learner.teach(batch, y[batch.indices])
        assert learner.model_ is not None
        served.append(learner.model_.name)  # type: ignore[attr-defined]
        if len(served) == 5:
            break
    assert served[0] == "nearest-mean" and served[-1] in ("svm", "gaussian-process", "boosting")
    assert learner.comparison_ is not None and learner.comparison_.chosen == served[-1]
    assert (learner.predict(X) == y).mean() > 0.85 and learner.predict_proba(X).shape == (300, 2)


@pytest.mark.parametrize("kind", ["numbers", "labels"])
def test_auto_serves_numbers_and_labels(kind: str) -> None:
    X = np.random.default_rng(0).normal(size=(90, 3))
    y = np.sin(2 * X[:, 0]) if kind == "numbers" else (X > 0).astype(int)
    learner = ActiveLearner("auto", batch_size=10)
    rounds = learner.rounds(X, y)
    assert learner.comparison_ is not None and learner.predict(X).shape == y.shape
    assert next(rounds, None) is None  # all are labeled


def test_auto_in_a_simulation() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2))
    y = (X**2).sum(axis=1) > 1.4
    auto, linear = (simulate(X, y, one, strategies=["random"], budget=80, seeds=1) for one in ("auto", "linear"))
    assert auto.curves["value"].iloc[-1] > linear.curves["value"].iloc[-1] + 0.1
    assert float(auto.full.iloc[0]) > float(linear.full.iloc[0]) + 0.1


def test_auto_is_a_model_that_may_be_named_and_nothing_else_is() -> None:
    check_model("create", "auto", TWO)
    with pytest.raises(InputError, match="nearest-mean: the task"):
        check_model("create", "nearest-mean", sample_task("regression"))
    with pytest.raises(InputError, match="model must be one of auto"):
        check_model("create", "os.system", TWO)
    assert "auto" not in models.names()
