"""Simulates the loop on data with known labels, to compare strategies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labelwright import annotators as resolvers
from labelwright.annotators.majority import Majority
from labelwright.check import check_between, check_count, check_one_of, check_same_length, complain
from labelwright.evaluation.scorers import add_metric, check_metric
from labelwright.evidence.source import SourceItems
from labelwright.loop.annotator import Annotator
from labelwright.loop.given import as_policy, as_rules, read_seeds
from labelwright.loop.jobs import Done, check_jobs, run_jobs
from labelwright.loop.looks import EXTRA, SEARCH, wanted
from labelwright.loop.read_team import read_team
from labelwright.loop.results import Results, stop_row
from labelwright.loop.runs import Job, Oracle, RunSource, Setting, split, split_test
from labelwright.loop.sourced import check_known, embed_both, read_both, read_source, split_domains, transfers_of
from labelwright.loop.targets import read_items
from labelwright.policy.constraints import Constraint
from labelwright.stopping.base import StoppingRule
from labelwright.strategies import check_fits
from labelwright.strategies.base import Strategy
from labelwright.tasks.base import Task

if TYPE_CHECKING:
    import pandas as pd


LOOKED = ("n_labels", "cost", "value", "low", "high", "n_reserve")


def simulate(
    X: object,
    y: npt.ArrayLike,
    estimator: object,
    *,
    strategies: Sequence[str | Strategy],
    n_initial: int = 20,
    batch_size: int = 10,
    budget: int = 300,
    test_size: float = 0.3,
    reserve_size: int | None = None,
    groups: npt.ArrayLike | None = None,
    costs: npt.ArrayLike | None = None,
    oracle: Oracle | None = None,
    annotators: Sequence[Annotator] | pd.DataFrame | None = None,
    overlap: int = 1,
    resolver: str = "majority",
    constraints: Sequence[str] = (),
    columns: Mapping[str, npt.ArrayLike] | None = None,
    X_source: object = None,
    y_source: npt.ArrayLike | None = None,
    sample_domain: npt.ArrayLike | None = None,
    stop: StoppingRule | Sequence[StoppingRule] | None = None,
    metric: str | None = None,
    seeds: int | Iterable[int] = 10,
    n_jobs: int | None = None,
    progress: bool = True,
) -> Results:
    """Compare strategies on labeled data.

    An interrupt (Ctrl-C, or a notebook's stop button) ends it early: a warning says how many runs have finished, and
    the results hold those, with ``complete`` False. A `KeyboardInterrupt` before the first has finished is raised on.

    Parameters
    ----------
    X : array, sparse matrix or DataFrame of shape (n_items, n_features), or n_items texts or records
        Whatever the estimator takes. Texts come as a list, a Series or an array. Strategies that look for similar items
        see what the estimator's pipeline makes of X before its last step, fitted without labels; what is sparse, such
        as TF-IDF, in its 128 leading dimensions (truncated SVD).
    y : array of shape (n_items,), or (n_items, n_labels) of zeros and ones for multilabel
        Floats, or a regressor, make it a regression (unless the estimator is a classifier).
    estimator : scikit-learn estimator, or the name of a model of ours, or "auto", as in `ActiveLearner`
    strategies : sequence of str or Strategy
        Each with its own random share, if it has one.
    n_initial : int
        Random labels to begin with; 0 lets the strategy pick its own seed.
    batch_size, budget : int
        Labels a round, and in all.
    test_size : float
        Part of the items (of the groups, if given) that is held back, in (0, 1).
    reserve_size : int, optional
        Items of the test part that stopping rules see, as a project's reserve; values and regrets are measured on the
        others. All of the test part serves for both otherwise, which flatters the rules.
    groups : array of shape (n_items,), optional
        Never split between pool and test.
    costs : array of shape (n_items,), optional
        Cost of an answer; strategies with a gain divide by it.
    oracle : callable, optional
        ``oracle(indices, rng)`` answers like y; it may err. The test part keeps the true y.
    annotators : sequence of Annotator, or DataFrame with columns item, person, answer, optional
        A team in place of the oracle: people with errors, speeds and prices of their own, see `Annotator`. Whoever is
        free first takes the next slot under the rules of the server. A table replays real answers: ``item`` is a
        position in X, ``answer`` a value of y; with a column ``seconds``, people are as fast as they were.
    overlap : int
        Answers an item, merged by the resolver; each costs.
    resolver : {"majority", "one-coin", "dawid-skene"}
        What makes one label of several answers; the last two are for one class an item.
    constraints : sequence of str, optional
        What each batch of every strategy shall hold, such as "domain at-least 30% legal". Where they leave nothing
        to ask, a run ends before the budget.
    columns : mapping of str to array of shape (n_items,), optional
        Values that constraints speak of; "predicted" is there by itself.
    X_source, y_source : rows and array of n_source items, optional
        Labeled items of another domain, like X and y. The model learns from them as far as they lower its loss on
        labels of the pool; ``results.transfers`` says how. Where it does, `auto` counts them as labeled.
    sample_domain : array of shape (n_items,), optional
        In their place, as in skada: above 0 for items of X that are the source, below 0 for the target. Groups, costs,
        columns and positions are then those of the target's items alone.
    stop : StoppingRule or sequence of them, optional
        Where they would have stopped; the runs go on to the budget.
    metric : str, optional
        One of the task's metrics, or the name of a scorer of scikit-learn that the labels and the methods of the
        estimator allow, such as "roc_auc" or "neg_mean_absolute_error"; the task's default otherwise.
    seeds : int or iterable of int
        How many, from 0 on, or which. One split and one initial set each, shared by all strategies.
    n_jobs : int, optional
        Processes, as in scikit-learn: one by default, -1 for one a core. The results do not depend on it.
    progress : bool
        Whether a terminal or a notebook shows a bar of the rounds that are done; nothing is shown elsewhere.

    Returns
    -------
    results : Results
        ``curves``, ``stops``, ``summary()``, ``history(strategy, seed)``, ``plot()``. With annotators, ``curves`` has
        ``n_answers``, ``hours`` (worked, summed over people) and ``cost`` in money if somebody has a rate.

    Raises
    ------
    InputError
        If a name is unknown, the metric fits neither the labels nor the estimator, the budget exceeds the pool,
        lengths differ, the annotators do not fit the labels, or the source does not fit X and y.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> X = np.random.default_rng(0).normal(size=(200, 2))
    >>> r = simulate(X, X[:, 0] > 0, LogisticRegression(), strategies=["random", "margin"], budget=40, seeds=2)
    >>> r.curves.groupby("strategy")["n_labels"].max().to_dict()
    {'margin': 40, 'random': 40}
    >>> team = [Annotator("ann", accuracy=0.9, seconds=6, cost_per_hour=30), Annotator("bob", accuracy=0.7, seconds=3)]
    >>> r = simulate(X, X[:, 0] > 0, LogisticRegression(), strategies=["random"], budget=40, seeds=1,
    ...              annotators=team, overlap=2)
    >>> r.curves[["n_labels", "n_answers", "hours", "cost"]].iloc[-1].round(3).tolist()
    [40.0, 80.0, 0.1, 2.0]
    """
    if sample_domain is not None:
        X, y, X_source, y_source, _ = split_domains(X, y, sample_domain, "simulate", X_source)
    items = read_items(X, estimator, "simulate")
    n_items = int(items.shape[0])
    given = read_source(X_source, y_source, items, estimator, "simulate")
    task, target, y_given, values = read_both(y, given, estimator, "simulate")
    if values is not None:
        check_known(y_given, target, values)
    check_same_length("simulate", X=n_items, y=len(target))
    check_count("simulate", "batch_size", batch_size)
    check_count("simulate", "n_initial", n_initial, low=0)
    check_count("simulate", "overlap", overlap)
    check_count("simulate", "budget", budget, low=max(n_initial, 1))
    check_jobs(n_jobs)
    check_between("simulate", "test_size", test_size, 1e-6, 1 - 1e-6)
    metric = metric or task.default_metric
    add_metric(task, metric, estimator, values, "simulate")
    higher = task.higher_is_better(metric)
    team = None if annotators is None else read_team(annotators, target, values, overlap)
    if team is not None and oracle is not None:
        raise complain("simulate", "oracle and annotators", "one of the two", "both", "Drop the oracle.")
    _check_resolver(resolver, task)
    rules = [Constraint.parse(text) for text in constraints]
    named = _named(strategies)
    policies = {name: as_policy(strategy, batch_size) for name, strategy in named.items()}
    for strategy in named.values():
        check_fits(strategy, task, has_source=given is not None)
    made = {name: replace(policy, constraints=rules) for name, policy in policies.items()}
    embed, near = embed_both(items, given, estimator)
    setting = Setting(
        items, target, task, values, estimator, embed, n_initial, batch_size, budget,
        test_size, None if groups is None else np.asarray(groups),
        None if costs is None else np.asarray(costs, dtype=np.float64), oracle, overlap, as_rules(stop), metric,
        {name: np.asarray(values) for name, values in (columns or {}).items()}, team, resolver, reserve_size,
        source=None if given is None else RunSource(given.X, SourceItems(near, y_given)),
    )  # fmt: skip
    recorded = {*LOOKED, *EXTRA, *(("hours",) if team is not None else ())}
    if task.target.pick(codes=False, marks=False, numbers=True):
        recorded -= SEARCH
    setting = replace(setting, looks=wanted(setting.rules, recorded, "simulate"))
    for seed in (chosen := read_seeds(seeds)):
        pool, test, _ = split(setting, seed)
        check_count("simulate", "budget", budget, 1, len(pool), "Lower it: it exceeds the pool.")
        if reserve_size is not None:
            check_count("simulate", "reserve_size", reserve_size, 1, len(test) - 1, "Raise test_size.")
            _, test = split_test(setting, test, seed)
        check_metric(task, metric, target[test], "simulate")
    jobs = [Job(name, policy, seed) for seed in chosen for name, policy in made.items()]
    return _results(setting, run_jobs(setting, jobs, n_jobs=n_jobs, progress=progress), higher)


def _results(setting: Setting, done: Done, higher: bool) -> Results:
    import pandas as pd

    looked = [*LOOKED, *(["hours"] if setting.team is not None else []), *sorted(setting.looks)]
    curves = pd.DataFrame([row for _, run in done.runs for row in run])
    histories = {(job.name, job.seed): pd.DataFrame([row["look"] for row in run])[looked] for job, run in done.runs}
    stops = [
        stop_row(
            job.name,
            job.seed,
            getattr(rule, "name", type(rule).__name__),
            pd.DataFrame(run)[["n_labels", "value"]],
            _looks(rule, histories[job.name, job.seed]),
            higher,
        )
        for job, run in done.runs
        for rule in setting.rules
    ]
    columns = ["strategy", "seed", "rule", "n_labels", "value", "regret_labels", "regret_value", "reason"]
    people = ["n_answers", "hours"] if setting.team is not None else []
    kept = ["strategy", "seed", "n_labels", *people, "cost", "value", "fit_seconds", "select_seconds"]
    return Results(
        curves[kept], pd.DataFrame(stops, columns=columns), pd.Series(done.full, name="full"), setting.metric, higher,
        setting.test_size, histories, done.complete, transfers_of(done.runs),
    )  # fmt: skip


def _check_resolver(name: str, task: Task) -> None:
    """Refuse a resolver that there is not, or that the labels do not fit."""
    known = [one for one in resolvers.names() if not resolvers.make(one).hears_model]
    check_one_of("simulate", "resolver", name, known)
    if name != Majority.name and not task.one_class:
        raise complain("simulate", "resolver", f"'{Majority.name}' unless an item has one class", repr(name))


def _looks(rule: StoppingRule, history: Any) -> list[Any]:
    return [rule.judge(history.iloc[: k + 1]) for k in range(len(history))]


def _named(strategies: Sequence[str | Strategy]) -> dict[str, str | Strategy]:
    if isinstance(strategies, (str, Strategy)) or not len(strategies):
        raise complain("simulate", "strategies", "a list of one or more", repr(strategies))
    named: dict[str, str | Strategy] = {}
    for strategy in strategies:
        name = strategy if isinstance(strategy, str) else strategy.name
        if name in named and isinstance(strategy, Strategy):
            name += "(" + ", ".join(f"{key}={value}" for key, value in strategy.params().items()) + ")"
        if name in named:
            raise complain("simulate", "strategies", "distinct", f"'{name}' twice")
        named[name] = strategy
    return named
