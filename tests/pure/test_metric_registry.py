"""One registry: a metric of any name in reserves, rounds and tasks, with what it needs."""

from dataclasses import replace

import numpy as np
import pytest

from labelwright import tasks
from labelwright.errors import InputError
from labelwright.evaluation import evaluate_reserve
from labelwright.loop.steps import evaluate, fit, resolve
from tests.pure.test_loop import state_of

SPAM = tasks.make("classification", tasks.guess("classification", ["ham", "spam"]))
THREE = tasks.make("classification", tasks.guess("classification", ["a", "b", "c"]))
rng = np.random.default_rng(0)
Y = rng.integers(0, 2, 200)
YES = np.clip(0.3 * Y + rng.random(200) * 0.7, 0, 1)
SAID = SPAM.predictions(np.column_stack([1 - YES, YES]))


@pytest.mark.parametrize(
    "metric",
    ["precision-at-recall:0.9:spam", "recall-at-precision:0.6", "roc-auc", "roc-auc:ham", "f1:ham", "top-1", "brier",
     "calibration-error", "cost:0,1/5,0", "neg_brier_score", "average_precision", "f1_weighted"],
)  # fmt: skip
def test_the_reserve_is_measured_by_any_name(metric):
    found = evaluate_reserve(SPAM, Y, SAID, metric=metric, n_resamples=100)
    assert found.known and found.low <= found.value <= found.high
    assert np.isclose(found.value, SPAM.score(metric, Y, SAID))


def test_the_positive_class_is_the_second_the_one_given_or_the_one_named():
    by_default, named, given = (
        evaluate_reserve(SPAM, Y, SAID, metric=metric, positive=positive).value
        for metric, positive in (("recall", None), ("recall:ham", 1), ("recall", 0))
    )
    assert by_default == SPAM.score("recall:spam", Y, SAID) and named == given != by_default


@pytest.mark.parametrize(
    ("task", "metric", "message"),
    [(THREE, "recall", "positive class of 'recall' must be given"), (SPAM, "recall:eggs", "one of ham, spam, got 'eggs'"),
     (SPAM, "precision-at-recall", "Name it as in precision-at-recall:0.9:LABEL"), (SPAM, "precision-at-recall:2", "between 1e-09 and 1"),
     (SPAM, "cost:0,1", "costs must be"), (SPAM, "top-x", "number in top-K"), (SPAM, "r2", "which is one of numbers"),
     (tasks.make("regression", {}), "accuracy", "metric must be"), (THREE, "roc_auc", "metric must be")],
)  # fmt: skip
def test_a_name_that_does_not_fit_is_refused_when_it_is_named(task, metric, message):
    with pytest.raises(InputError, match=message):
        task.higher_is_better(metric)


def test_lower_is_better_of_errors_alone():
    lower = ("log-loss", "brier", "calibration-error", "cost:0,1/5,0")
    assert not any(SPAM.higher_is_better(name) for name in lower)
    assert all(SPAM.higher_is_better(name) for name in ("accuracy", "roc-auc", "neg_log_loss", "f1:spam"))


def test_a_round_is_measured_by_the_metric_that_the_goal_names():
    state = replace(state_of("classification"), metric="f1_macro")
    labels = resolve(state)
    found = evaluate(state, labels, fit(state, labels))
    assert found.metric == "f1_macro" and found.estimate is not None and found.estimate.known
    assert set(found.extra) == set(state.task.metrics)
