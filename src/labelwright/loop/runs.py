"""One simulated run: one strategy on one split, with the steps of the real loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Ints, complain
from labelwright.evaluation.reserve import evaluate_reserve
from labelwright.evidence.source import SourceItems
from labelwright.kernels.rows import FeatureRows, as_rows
from labelwright.loop import steps
from labelwright.loop.crowd import Answering, answered
from labelwright.loop.fitting import Choice, choose
from labelwright.loop.looks import SEARCH, Looks, relevant, search_row, stop_set
from labelwright.loop.state import State
from labelwright.loop.targets import as_model, is_auto
from labelwright.loop.team import Shift, Team
from labelwright.models import make
from labelwright.policy.base import Policy, Slots
from labelwright.policy.kinds.random import Random
from labelwright.stats.estimate import Estimate
from labelwright.stopping.base import StoppingRule
from labelwright.tasks.base import Task
from labelwright.tasks.predictions import Predictions
from labelwright.transfer.mixing import Mixed, Source

MOST_COMPARED = 1000  # labels of the whole pool that learners are compared on

Oracle = Callable[[Ints, np.random.Generator], Any]


@dataclass(frozen=True)
class RunSource:
    """Labeled items of another domain, as models and as strategies take them."""

    X: FeatureRows
    items: SourceItems


@dataclass(frozen=True)
class Setting:
    """Settings that all runs share."""

    X: FeatureRows
    y: npt.NDArray[Any]
    task: Task
    values: npt.NDArray[Any] | None
    estimator: object
    embed: FeatureRows
    n_initial: int
    batch_size: int
    budget: int
    test_size: float
    groups: npt.NDArray[Any] | None
    costs: npt.NDArray[np.float64] | None
    oracle: Oracle | None
    overlap: int
    rules: tuple[StoppingRule, ...]
    metric: str
    columns: Mapping[str, npt.NDArray[Any]]
    team: Team | None = None
    resolver: str = "majority"
    reserve_size: int | None = None
    looks: frozenset[str] = frozenset()
    source: RunSource | None = None


@dataclass(frozen=True)
class Job:
    """One strategy on one split."""

    name: str
    policy: Policy
    seed: int


def play(setting: Setting, job: Job) -> Iterator[dict[str, Any]]:
    """Run one job: a row whenever the model was measured; what stopping rules see is under "look"."""
    name, policy, seed = job.name, job.policy, job.seed
    pool, test, initial = split(setting, seed)
    reserve, test = split_test(setting, test, seed)
    looks, sample = Looks(setting.looks, setting.metric), stop_set(pool, seed)
    rng = np.random.default_rng([seed, 1])
    mask = np.zeros(len(setting.y), dtype=bool)
    mask[pool] = True
    learner, given = as_model(setting.estimator, setting.task, setting.values), setting.source
    if given is not None:
        learner = Mixed(learner, Source(given.X, given.items.y, as_rows(setting.X[pool]), setting.task))
    state = State(
        setting.task, setting.X, mask, np.zeros_like(mask), policy=policy, seed=seed, embed=setting.embed,
        model=learner, costs=setting.costs, metric=setting.metric, columns=setting.columns, resolver=setting.resolver,
        source=None if given is None else given.items,
    )  # fmt: skip
    team = setting.team
    people = {} if team is None else team.costs
    state = replace(state, drawn=initial, ask_again=len(people) != 1, people=people)
    shift = None if team is None else team.start(seed)
    choice: Choice | None = None
    slots, select_seconds, n_asked = _initial(initial), 0.0, 0
    while True:
        n_before = len(state.item_idx)
        if team is None or shift is None:
            state = answered(state, slots, setting.overlap, _oracle(setting, rng))
            n_asked += len(slots)
        else:
            state, shift = team.answered(state, slots, setting.overlap, shift)
            n_asked += len(np.unique(state.item_idx[n_before:]))
        if len(state.item_idx) == n_before and len(slots):  # nobody is left who may answer
            return
        started = perf_counter()
        labels = steps.resolve(state)
        if is_auto(setting.estimator):
            choice = choose(state, labels, choice)
            state = replace(state, model=choice.learner)
        model = steps.fit(state, labels)
        fit_seconds = perf_counter() - started
        predictions = None if model is None else steps.predict(state, model)
        if predictions is not None:
            seen = _measured(setting, predictions, reserve)
            value = seen if test is reserve else _measured(setting, predictions, test)
            spent = _spent(setting, state, shift)
            look: dict[str, Any] = {
                "n_labels": len(labels), **spent, "value": seen.value, "low": seen.low, "high": seen.high,
                "n_reserve": len(reserve),
                **_looked(setting, looks, predictions, sample, reserve, len(labels)),
            }  # fmt: skip
            if setting.looks & SEARCH:
                named = getattr(policy.make_strategy(), "positive", None)
                asked = state.item_idx[np.sort(np.unique(state.item_idx, return_index=True)[1])]
                look |= search_row(relevant(setting.task, setting.y, named)[asked], len(pool))
            yield {
                "strategy": name, "seed": seed, "n_labels": len(labels), **spent, "value": value.value,
                "fit_seconds": fit_seconds, "select_seconds": select_seconds, "look": look,
                "transfer": model.choice_ if isinstance(model, Mixed) else None,
            }  # fmt: skip
        left = min(setting.budget, len(pool)) - n_asked
        if left <= 0:
            return
        started = perf_counter()
        verdict = steps.watch(state, labels)
        state = state if verdict is None else replace(state, guards=(*state.guards, verdict))
        wanted = replace(state, policy=replace(policy, n_slots=min(policy.batch_size, left)))
        slots = steps.rank(wanted, labels, predictions, model)
        if not len(slots):  # the constraints allow no more
            return
        state = replace(state, drawn=np.concatenate([state.drawn, slots.item_idx[slots.kind == Random.name]]))
        select_seconds = perf_counter() - started


def _looked(
    setting: Setting, looks: Looks, predictions: Predictions, sample: Ints, reserve: Ints, n_labels: int
) -> dict[str, float]:
    """What rules look at beside the value, where a rule asks for it."""
    if not setting.looks:
        return {}
    groups = None if setting.groups is None else setting.groups[reserve]
    on_reserve = setting.task.take(predictions, reserve)
    return {
        **looks.of_sample(setting.task, setting.task.take(predictions, sample)),
        **looks.of_reserve(setting.task, n_labels, setting.y[reserve], on_reserve, groups),
    }


def _measured(setting: Setting, predictions: Predictions, items: Ints) -> Estimate:
    groups = None if setting.groups is None else setting.groups[items]
    return evaluate_reserve(
        setting.task, setting.y[items], setting.task.take(predictions, items), metric=setting.metric, groups=groups,
        n_resamples=100,
    )  # fmt: skip


def _spent(setting: Setting, state: State, shift: Shift | None) -> dict[str, float]:
    """Answers, money and hours so far; money is what ``costs`` says, or a unit an answer, where nobody has a rate."""
    paid = setting.team is not None and setting.team.paid
    each = setting.costs[state.item_idx].sum() if setting.costs is not None else len(state.item_idx)
    cost = shift.cost if shift is not None and paid else float(each)
    hours = {} if shift is None else {"hours": shift.hours}
    return {"n_answers": len(state.item_idx), "cost": cost, **hours}


def _oracle(setting: Setting, rng: np.random.Generator) -> Answering:
    """The answers of the simulated people: the true labels, or those of the given oracle."""

    def answer(asked: Ints) -> npt.NDArray[Any]:
        if setting.oracle is None:
            return setting.y[asked]
        return _codes(setting, setting.oracle(asked, rng), len(asked))

    return answer


def _initial(items: Ints) -> Slots:
    """The random labels to begin with."""
    missing = np.full(len(items), np.nan)
    return Slots(items, np.full(len(items), Random.name), missing.astype(np.float32), missing)


def _codes(setting: Setting, given: Any, n: int) -> npt.NDArray[Any]:
    given = np.asarray(given)
    if len(given) != n:
        raise complain("simulate", "the oracle's answers", f"of length {n}", len(given))
    if setting.values is None:
        return np.asarray(given, dtype=setting.y.dtype)
    unknown = ~np.isin(given, setting.values)
    if unknown.any():
        raise complain("simulate", "the oracle's answers", "values of y", repr(given[unknown][0]))
    return np.asarray(np.searchsorted(setting.values, given))


def split(setting: Setting, seed: int) -> tuple[Ints, Ints, Ints]:
    """Pool, test and initial items of a seed; whole groups."""
    rng = np.random.default_rng([seed, 0])
    n_items = len(setting.y)
    group = np.arange(n_items) if setting.groups is None else np.unique(setting.groups, return_inverse=True)[1]
    n_groups = int(group.max()) + 1
    held = np.zeros(n_groups, dtype=bool)
    held[rng.permutation(n_groups)[: min(max(1, round(setting.test_size * n_groups)), n_groups - 1)]] = True
    pool, test = np.flatnonzero(~held[group]), np.flatnonzero(held[group])
    return pool, test, np.sort(rng.permutation(pool)[: setting.n_initial])


def split_test(setting: Setting, test: Ints, seed: int) -> tuple[Ints, Ints]:
    """The reserve that stopping rules see, and the items on which values are measured: all of the test part for both,
    or two parts of it, whole groups, where the size of the reserve is given."""
    if setting.reserve_size is None:
        return test, test
    rng = np.random.default_rng([seed, 4])
    group = np.arange(len(test)) if setting.groups is None else np.unique(setting.groups[test], return_inverse=True)[1]
    order = np.argsort(rng.permutation(int(group.max()) + 1)[group], kind="stable")
    last = group[order[min(setting.reserve_size, len(test) - 1)]]  # the first group that no longer fits
    n_kept = int(np.flatnonzero(group[order] == last)[0])
    return np.sort(test[order[:n_kept]]), np.sort(test[order[n_kept:]])


def _of_all(setting: Setting, pool: Ints, seed: int) -> str:
    """The learner that labels of the pool speak for; of a part of it, where it is large."""
    some = np.sort(np.random.default_rng([seed, 5]).permutation(pool)[:MOST_COMPARED])
    mask = np.zeros(len(setting.y), dtype=bool)
    answers = setting.task.decode(setting.y[some])
    state = State(setting.task, setting.X, ~mask, mask, some, ["all"] * len(some), answers, drawn=some, seed=seed)
    return choose(state, steps.resolve(state)).learner


def full_value(setting: Setting, seed: int) -> float:
    pool, test, _ = split(setting, seed)
    _, test = split_test(setting, test, seed)
    model = as_model(setting.estimator, setting.task, setting.values).fresh(n_draws=0, random_state=seed)
    if is_auto(setting.estimator):
        model = make(_of_all(setting, pool, seed), setting.task, random_state=seed)
    model.fit(setting.X[pool], setting.y[pool])
    predictions = setting.task.quantised(model.predict(setting.X[test]))
    return setting.task.score(setting.metric, setting.y[test], predictions)
