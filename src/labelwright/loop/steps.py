"""The steps of a training cycle: resolve, fit, evaluate, predict, judge, rank.

Each is a pure function of stored inputs, so that a cycle can be killed anywhere and run again, and a
ranking or a label version can be recomputed and comes out equal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from labelwright import models
from labelwright.check import Ints
from labelwright.errors import IntegrityError
from labelwright.evaluation.reserve import evaluate_reserve
from labelwright.kernels.rows import Changed, as_rows
from labelwright.loop.state import RESERVE, TRAIN, Evaluation, Labels, State
from labelwright.models.base import Model
from labelwright.policy import guard
from labelwright.policy.base import CHOSEN, Slots
from labelwright.policy.guard import GuardVerdict
from labelwright.policy.rank import rank as rank_policy
from labelwright.stopping.base import Verdict
from labelwright.strategies import Annotations, Evidence
from labelwright.tasks.predictions import Predictions

if TYPE_CHECKING:
    import pandas as pd

N_DRAWS = 8  # members of a committee, where the strategy or the task needs one
ENOUGH = 30  # reserve labels below which nobody should judge
BLOCK_ROWS = 65_536


def resolve(state: State) -> Labels:
    """Answers to a label version: one label an item, merged by the task in the order answers came."""
    by_item: dict[int, dict[str, int]] = {}
    for position, (item, who) in enumerate(zip(state.item_idx.tolist(), state.person, strict=True)):
        by_item.setdefault(item, {}).setdefault(who, position)  # a person's first answer counts
    items = sorted(by_item)
    merged = [state.task.merge([state.answer[k] for k in by_item[item].values()]) for item in items]
    item_idx = np.array(items, dtype=np.int64)
    answers = [one.answer for one in merged]
    return Labels(
        item_idx,
        answers,
        state.task.encode(answers),
        np.array([one.confidence for one in merged], dtype=np.float32),
        np.where(state.reserve[item_idx], RESERVE, TRAIN),
        np.array([len(by_item[item]) for item in items], dtype=np.int64),
        [one.posterior for one in merged],
    )


def fit(state: State, labels: Labels) -> Model | None:
    """The project's model on the training labels; None if there is none.

    Raises
    ------
    IntegrityError
        If a reserve item is among the training labels (promise 3).
    """
    idx, y = labels.of(TRAIN)
    if not len(idx):
        return None
    if state.reserve[idx].any():
        raise IntegrityError(f"fit: training items must be outside the reserve, got item {idx[state.reserve[idx]][0]}.")
    groups = None if state.group is None else state.group[idx]
    return _new_model(state).fit(state.X[idx], y, groups=groups)


def evaluate(state: State, labels: Labels, model: Model | None) -> Evaluation:
    """The model on the reserve labels, with intervals, by group where there are groups."""
    metric = state.metric or state.task.default_metric
    idx, y = labels.of(RESERVE)
    if model is None or not len(idx):
        return Evaluation(metric, None, len(idx), False, {})
    predictions = model.predict(state.X[idx]).quantised()
    groups = None if state.group is None else state.group[idx]

    def measured(name: str) -> Any:
        return evaluate_reserve(state.task, y, predictions, metric=name, groups=groups, random_state=state.seed)

    others = [name for name in state.task.metrics if name != metric and len(idx) > 1]
    return Evaluation(metric, measured(metric), len(idx), len(idx) >= ENOUGH, {name: measured(name) for name in others})


def predict(state: State, model: Model) -> Predictions:
    """Predictions of all items, in blocks, as they will be read back from storage."""
    found = [
        model.predict(state.X[start : start + BLOCK_ROWS]).quantised() for start in range(0, state.n_items, BLOCK_ROWS)
    ]
    if len(found) == 1:
        return found[0]
    values = np.concatenate([part.values for part in found])
    draws = [part.draws for part in found if part.draws is not None]
    return Predictions(found[0].form, values, np.concatenate(draws, axis=1) if draws else None)


def judge(state: State, history: pd.DataFrame) -> list[Verdict]:
    """Each stopping rule's verdict on the history so far."""
    return [rule.judge(history) for rule in state.rules]


def rank(
    state: State, labels: Labels, predictions: Predictions | None, model: Model | None = None, model_embed: Any = None
) -> Slots:
    """Slots by the policy, from stored arrays alone.

    Candidates are pool items without a label and not in flight; items in flight count as labeled for
    diversity. Items that have fewer answers than the overlap come first.

    Parameters
    ----------
    predictions : Predictions or None
        Of all items, as `predict` gives them; None if there is no model yet.
    model : Model, optional
        The one that made them, for strategies that ask what it says of changed items.
    model_embed : array of shape (n_items, n_dims), optional
        Where near means alike, in place of the state's own.

    Raises
    ------
    IntegrityError
        If a reserve item is among the candidates (promise 3).
    """
    busy = np.zeros(state.n_items, dtype=bool)
    busy[labels.item_idx] = True
    busy[state.in_flight] = True
    candidates, reserve = _open(state.pool, busy, state.dup_group), _open(state.reserve, busy, state.dup_group)
    trained, y = labels.of(TRAIN)
    leased = busy & ~state.reserve
    leased[trained] = False
    known = np.concatenate([trained, np.flatnonzero(leased)])  # labeled for training, then leased to be
    if state.reserve[candidates].any() or state.reserve[known].any():
        raise IntegrityError("rank: candidates must be outside the reserve, got one inside.")
    embed = next(part for part in (model_embed, state.embed, state.X) if part is not None)
    evidence = Evidence(
        embed,
        rows=candidates,
        task=state.task,
        predict=None if predictions is None else lambda: predictions.take(candidates),
        predict_changed=None
        if model is None
        else lambda change: model.predict(Changed(as_rows(state.X), change, candidates)).quantised(),
        predict_labeled=None if predictions is None else lambda: predictions.take(trained),
        embed_labeled=lambda: embed[known],
        y_labeled=y,
        annotations=_annotations(state, trained),
        model=getattr(model, "estimator_", None),
        ids=candidates,
        groups=None if state.dup_group is None else state.dup_group[candidates],
        costs=None if state.costs is None or not state.policy.make_strategy().has_gain else state.costs[candidates],
    )
    share = guard.share_of(state.policy.random_share, state.guards)
    slots = rank_policy(
        replace(state.policy, random_share=share),
        evidence,
        candidates=candidates,
        reserve=reserve,
        rng=np.random.default_rng([state.seed, len(labels), len(state.in_flight)]),
        n_asked=int(busy.sum()),
        reserve_groups=None if state.dup_group is None else state.dup_group[reserve],
        labeled=trained if state.ask_again else None,
        columns={column: values[candidates] for column, values in state.columns.items()},
        counts={
            column: dict(zip(*np.unique(values[state.round_items].astype(str), return_counts=True), strict=True))
            for column, values in state.columns.items()
        },
    )
    return _with_unfinished(state, labels, slots)


def _annotations(state: State, trained: Ints) -> Annotations:
    """Who answered what about the items that train, as codes."""
    ours = np.isin(state.item_idx, trained)
    codes: dict[str, int] = {}
    who = np.array([codes.setdefault(name, len(codes)) for name in state.person], dtype=np.int64)
    answers = state.task.encode([answer for answer, one in zip(state.answer, ours, strict=True) if one])
    return Annotations(np.searchsorted(trained, state.item_idx[ours]), who[ours], answers)


def watch(state: State, labels: Labels) -> GuardVerdict | None:
    """The guard's next look, where one is due: do chosen labels teach the model less than random ones?"""
    trained, y = labels.of(TRAIN)
    strategy = state.policy.make_strategy()
    drawn = np.intersect1d(state.drawn, trained)
    chosen = np.setdiff1d(trained, drawn)
    if not state.policy.guard or strategy.random_share == 1 or not len(chosen):
        return None
    if not guard.due(len(drawn), len(state.guards)):
        return None
    metric = state.metric or state.task.default_metric
    sign = 1 if state.task.higher_is_better(metric) else -1

    def value(train: Ints, test: Ints) -> float:
        at = np.searchsorted(trained, train)
        model = _new_model(state, n_draws=0).fit(state.X[train], y[at])
        return sign * state.task.score(metric, y[np.searchsorted(trained, test)], model.predict(state.X[test]))

    rng = np.random.default_rng([state.seed, len(drawn), 7])
    share = state.policy.random_share
    return guard.look(drawn, chosen, value, random_share=share, before=state.guards, rng=rng)


def needs_draws(state: State) -> bool:
    """Whether the strategy, or the task's doubt that it looks at, needs a committee."""
    needs = state.policy.make_strategy().needs_of(state.task)
    return "draws" in needs or ("doubt" in needs and state.task.doubts_draws)


def _new_model(state: State, n_draws: int | None = None) -> Model:
    n_draws = (N_DRAWS if needs_draws(state) else 0) if n_draws is None else n_draws
    if isinstance(state.model, Model):
        return state.model.fresh(n_draws=n_draws, random_state=state.seed)
    return models.make(state.model, state.task, n_draws=n_draws, random_state=state.seed)


def _open(part: Any, busy: Any, dup_group: Ints | None) -> Ints:
    """Items of a part that may be asked: not busy, nor a duplicate of a busy one while others are left."""
    free = np.flatnonzero(part & ~busy)
    if dup_group is None or not len(free):
        return free
    fresh = free[~np.isin(dup_group[free], dup_group[busy])]
    return fresh if len(fresh) else free


def _with_unfinished(state: State, labels: Labels, slots: Slots) -> Slots:
    """Put items that were answered by fewer people than the overlap in front."""
    done = np.isin(labels.item_idx, np.concatenate([state.in_flight, state.settled]))
    unfinished = (labels.n_people < state.policy.overlap) & (state.pool | state.reserve)[labels.item_idx] & ~done
    if not unfinished.any():
        return slots
    missing = np.full(int(unfinished.sum()), np.nan)
    return Slots(
        np.concatenate([labels.item_idx[unfinished], slots.item_idx]),
        np.concatenate([np.where(labels.split[unfinished] == RESERVE, RESERVE, CHOSEN), slots.kind]).astype("<U8"),
        np.concatenate([missing, slots.score]).astype(np.float32),
        np.concatenate([missing, slots.propensity]),
        {key: np.concatenate([missing, part]).astype(np.float32) for key, part in slots.reasons.items()},
        slots.mode,
        slots.why,
    )
