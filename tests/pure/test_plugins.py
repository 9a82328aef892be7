"""The shared checks, over every plugin class of a package."""

import pytest
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multioutput import MultiOutputClassifier
from sklearn.svm import SVC

from labelwright import models, stopping, strategies, tasks, testing
from labelwright.registry import plugins
from labelwright.stopping.composition import AllOf, AnyOf, Patient
from labelwright.testing.samples import sample_task

STRATEGIES = plugins("labelwright.strategies", strategies.Strategy)


@pytest.mark.parametrize("check", testing.STRATEGY_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", STRATEGIES)
def test_strategy(name, check):
    check(STRATEGIES[name])


TASKS = {
    "classification": ({"labels": [{"id": f"l_{i}", "name": n} for i, n in enumerate("abc", 1)]},
                       [{"label": f"l_{i}"} for i in (3, 1, 2)]),
    "multilabel": ({"labels": [{"id": f"l_{i}", "name": n} for i, n in enumerate("abc", 1)]},
                   [{"labels": []}, {"labels": ["l_1", "l_3"]}, {"labels": ["l_2"]}]),
    "regression": ({"min": 0, "max": 10, "unit": "cm"}, [{"value": 0.0}, {"value": 3.5}, {"value": 10.0}]),
}  # fmt: skip


def test_every_task_is_checked():
    assert set(TASKS) == set(tasks.names())


@pytest.mark.parametrize("check", testing.TASK_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", TASKS)
def test_task(name, check):
    schema, answers = TASKS[name]
    check(tasks.make(name, schema), answers)


def makers():
    for task in tasks.names():
        for name in models.names(sample_task(task)):
            yield f"{name}-{task}", lambda t, name=name, **params: models.make(name, t, **params), task
    for estimator, task in (
        (LogisticRegression(), "classification"),
        (SVC(), "classification"),
        (RandomForestClassifier(10), "classification"),
        (Ridge(), "regression"),
        (RandomForestRegressor(10), "regression"),
        (RandomForestClassifier(10), "multilabel"),
        (MultiOutputClassifier(RandomForestClassifier(10)), "multilabel"),
    ):
        name = f"{type(estimator).__name__}-{task}"
        yield name, lambda t, e=estimator, **params: models.wrap(e, t, **params), task


MAKERS = {name: (make, task) for name, make, task in makers()}


@pytest.mark.parametrize("check", testing.MODEL_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", MAKERS)
def test_model(name, check, few_trees):
    make, task = MAKERS[name]
    check(make, sample_task(task))


RULES = {
    "budget": stopping.make("budget", n_labels=100),
    "budget-cost": stopping.make("budget", cost=5.0),
    "budget-hours": stopping.make("budget", hours=5.0),
    "budget-date": stopping.make("budget", date="2027-03-05"),
    "target": stopping.make("target", threshold=0.8),
    "plateau": stopping.make("plateau"),
    "plateau-late": stopping.make("plateau", spending="late", margin=0.1),
    "kappa-stable": stopping.make("kappa-stable"),
    "overall-uncertainty": stopping.make("overall-uncertainty"),
    "prediction-change": stopping.make("prediction-change"),
    "cost-benefit": stopping.make("cost-benefit", value_of_point=1.0),
    "consecutive-irrelevant": stopping.make("consecutive-irrelevant"),
    "knee": stopping.make("knee"),
    "qbcb": stopping.make("qbcb"),
    "elusion": stopping.make("elusion", recall=0.8),
    "default": stopping.default(value_of_point=1.0, n_labels=500),
    "any": AnyOf(stopping.make("budget", n_labels=100), stopping.make("target", threshold=0.8)),
    "all": AllOf(stopping.make("budget", n_labels=100), stopping.make("target", threshold=0.8)),
    "patient": Patient(stopping.make("target", threshold=0.8), looks=2),
}


def test_every_rule_is_checked():
    assert set(stopping.names()) <= set(RULES)


@pytest.mark.parametrize("check", testing.RULE_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", RULES)
def test_rule(name, check):
    check(RULES[name])
