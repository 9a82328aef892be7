"""The steps of a training cycle: resolve, fit, evaluate, predict, judge, rank.

Each is a pure function of stored inputs, so that a cycle can be stopped anywhere and run again, and recomputing a
ranking or a label version gives the same result.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from labelwright import annotators, models
from labelwright.annotators import Answers, Params
from labelwright.check import Ints
from labelwright.errors import InputError, IntegrityError
from labelwright.evaluation.reserve import evaluate_reserve
from labelwright.evidence import Annotations, Evidence
from labelwright.evidence.known import KnownScores
from labelwright.evidence.source import SourceItems
from labelwright.kernels.rows import Changed, FeatureRows, as_rows
from labelwright.loop.state import ASIDE, RESERVE, TRAIN, Evaluation, Labels, State, Unfinished
from labelwright.models.base import Model
from labelwright.policy import guard
from labelwright.policy.base import Slots
from labelwright.policy.guard import GuardVerdict
from labelwright.policy.rank import rank as rank_policy
from labelwright.stats.estimate import Estimate
from labelwright.stopping.base import Verdict
from labelwright.strategies.shared.selection import ANYONE
from labelwright.tasks.predictions import Predictions

if TYPE_CHECKING:
    import pandas as pd

N_DRAWS = 8  # members of a committee, where the strategy or the task needs one
ENOUGH = 30  # reserve labels below which an estimate is too uncertain to judge
BLOCK_ROWS = 65_536


def resolve(state: State, params: Params | None = None) -> Labels:
    """Answers to a label version: one label an item, by the resolver that the state names.

    Parameters
    ----------
    params : mapping, optional
        What the resolver was fitted with, for a label version that is recomputed; it is fitted anew otherwise.
    """
    resolver = annotators.make(state.resolver)
    given = Answers(state.item_idx, state.person, state.answer, state.voice)
    params = resolver.fit(state.task, given) if params is None else params
    resolved = annotators.resolve(resolver, state.task, given, params)
    item_idx = given.items()
    answers = [label.answer for label in resolved]
    return Labels(
        item_idx,
        answers,
        state.task.encode(answers),
        np.array([label.confidence for label in resolved], dtype=np.float32),
        np.where(state.reserve[item_idx], RESERVE, TRAIN),
        np.array([len(positions) for positions in given.first_by_item()], dtype=np.int64),
        [label.posterior for label in resolved],
        resolver.name,
        params,
    )


def fit(state: State, labels: Labels, *, n_draws: int | None = None) -> Model | None:
    """The project's model on the training labels; None if there is none, nor labels of another domain.

    Parameters
    ----------
    n_draws : int, optional
        Members of its committee; as many as the strategy needs if left out.

    Raises
    ------
    IntegrityError
        If a reserve item is among the training labels (promise 3).
    """
    idx, y = labels.of(TRAIN)
    if not len(idx) and not (isinstance(state.model, Model) and state.model.sourced):
        return None
    if state.reserve[idx].any():
        raise IntegrityError(f"fit: training items must be outside the reserve, got item {idx[state.reserve[idx]][0]}.")
    groups = None if state.group is None else state.group[idx]
    return new_model(state, n_draws).fit(state.X[idx], y, groups=groups)


def evaluate(state: State, labels: Labels, model: Model | None) -> Evaluation:
    """The model on the reserve labels, with intervals, by group where there are groups."""
    metric = state.metric or state.task.default_metric
    idx, y = labels.of(RESERVE)
    if model is None or not len(idx):
        return Evaluation(metric, None, len(idx), False, {})
    predictions = state.task.quantised(model.predict(state.X[idx]), state.quantiser)
    groups = None if state.group is None else state.group[idx]

    def measured(name: str) -> Estimate | None:
        try:
            return evaluate_reserve(state.task, y, predictions, metric=name, groups=groups, random_state=state.seed)
        except InputError:  # a metric that these labels do not define, such as r2 where all are equal
            return None

    others = [name for name in state.task.metrics if name != metric and len(idx) > 1]
    return Evaluation(
        metric,
        measured(metric),
        len(idx),
        len(idx) >= ENOUGH,
        {name: found for name in others if (found := measured(name)) is not None},
    )


def predict(state: State, model: Model) -> Predictions:
    """Predictions of all items, in blocks, as they will be read back from storage."""
    parts = [
        state.task.quantised(model.predict(state.X[start : start + BLOCK_ROWS]), state.quantiser)
        for start in range(0, state.n_items, BLOCK_ROWS)
    ]
    return parts[0] if len(parts) == 1 else state.task.concatenate(parts)


def judge(state: State, history: pd.DataFrame) -> list[Verdict]:
    """Each stopping rule's verdict on the history so far."""
    return [rule.judge(history) for rule in state.rules]


def rank(
    state: State,
    labels: Labels,
    predictions: Predictions | None,
    model: Model | None = None,
    model_embed: FeatureRows | None = None,
    scores: KnownScores | None = None,
) -> Slots:
    """Slots by the policy, from stored arrays alone.

    Candidates are pool items without a label and not in flight; items in flight count as labeled for
    diversity. Unfinished items come first, each as the kind of slot in which it was first asked.

    Parameters
    ----------
    predictions : Predictions or None
        Of all items, as `predict` gives them; None if there is no model yet.
    model : Model, optional
        The one that made them, for strategies that need predictions of changed items.
    model_embed : array of shape (n_items, n_dims), optional
        Features in which near items are similar, in place of the state's own.
    scores : KnownScores, optional
        Of all items, where they were computed by shards.

    Raises
    ------
    IntegrityError
        If a reserve item is among the candidates (promise 3).
    """
    task = state.task
    busy = np.zeros(state.n_items, dtype=bool)
    busy[labels.item_idx] = True
    busy[state.in_flight] = True
    candidates, reserve = _open(state.pool, busy, state.dup_group), _open(state.reserve, busy, state.dup_group)
    trained, y = labels.of(TRAIN)
    leased = busy & ~state.reserve
    leased[trained] = False
    leased[labels.of(ASIDE)[0]] = False
    known = np.concatenate([trained, np.flatnonzero(leased)])  # labeled for training, then leased to be
    if state.reserve[candidates].any() or state.reserve[known].any():
        raise IntegrityError("rank: candidates must be outside the reserve, got one inside.")
    embed = next(part for part in (model_embed, state.embed, state.X) if part is not None)
    evidence = Evidence(
        embed,
        rows=candidates,
        task=task,
        predict=None if predictions is None else lambda: task.take(predictions, candidates),
        predict_changed=None
        if model is None
        else lambda change: task.quantised(
            model.predict(Changed(as_rows(state.X), change, candidates)), state.quantiser
        ),
        predict_labeled=None if predictions is None else lambda: task.take(predictions, trained),
        embed_labeled=lambda: np.asarray(embed[known]),
        y_labeled=y,
        annotations=_annotations(state, trained),
        source=_source(state, model),
        metric=state.metric,
        model=getattr(model, "estimator_", None),
        ids=candidates,
        groups=None if state.dup_group is None else state.dup_group[candidates],
        scores=scores and scores.taken(candidates),
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
        places=None if state.places is None else state.places[candidates],
    )
    return _unfinished_first(state.unfinished, slots)


def _source(state: State, model: Model | None) -> SourceItems | None:
    """The source; a model that holds it knows whether it was used, for a stored one the state says so."""
    if state.source is None or model is None or not model.sourced:
        return state.source
    return replace(state.source, used=model.transfers)


def _annotations(state: State, trained: Ints) -> Annotations:
    """Who answered what about the items that train, as codes."""
    in_training = np.isin(state.item_idx, trained)
    codes = {name: code for code, name in enumerate(state.people)}
    who = np.array([codes.setdefault(name, len(codes)) for name in state.person], dtype=np.int64)
    answers = state.task.encode([answer for answer, used in zip(state.answer, in_training, strict=True) if used])
    costs = np.array(list(state.people.values())) if state.people else None
    return Annotations(np.searchsorted(trained, state.item_idx[in_training]), who[in_training], answers, costs)


def watch(state: State, labels: Labels) -> GuardVerdict | None:
    """The guard's next look if one is due: it compares what chosen and random labels teach the model."""
    trained, y = labels.of(TRAIN)
    strategy = state.policy.make_strategy()
    drawn = np.intersect1d(state.drawn, trained)
    chosen = np.setdiff1d(trained, np.union1d(drawn, state.known))
    if not state.policy.guard or strategy.random_share == 1 or not len(chosen):
        return None
    if not guard.due(len(drawn), len(state.guards)):
        return None
    own = [name for name in state.task.metrics if name == state.metric]
    metric = (
        own[0] if own else state.task.default_metric
    )  # a scorer of another library may not be defined on few labels
    sign = 1 if state.task.higher_is_better(metric) else -1

    def value(train: Ints, test: Ints) -> float:
        at = np.searchsorted(trained, train)
        model = new_model(state, n_draws=0).fit(state.X[train], y[at])
        return sign * state.task.score(metric, y[np.searchsorted(trained, test)], model.predict(state.X[test]))

    rng = np.random.default_rng([state.seed, len(drawn), 7])
    share = state.policy.random_share
    return guard.look(drawn, chosen, value, random_share=share, before=state.guards, rng=rng)


def needs_draws(state: State) -> bool:
    """Whether the strategy, or the task's doubt that it looks at, needs a committee."""
    needs = state.policy.make_strategy().needs_of(state.task)
    return "draws" in needs or ("doubt" in needs and state.task.doubts_draws)


def new_model(state: State, n_draws: int | None = None) -> Model:
    """A model of the project's kind, not yet fitted; with a committee where the strategy needs one."""
    n_draws = (N_DRAWS if needs_draws(state) else 0) if n_draws is None else n_draws
    if isinstance(state.model, Model):
        return state.model.fresh(n_draws=n_draws, random_state=state.seed)
    return models.make(state.model, state.task, n_draws=n_draws, random_state=state.seed)


def _open(part: Any, busy: Any, dup_group: Ints | None) -> Ints:
    """Items of a part that may be asked: neither busy nor, while others are left, a duplicate of a busy item."""
    free = np.flatnonzero(part & ~busy)
    if dup_group is None or not len(free):
        return free
    fresh = free[~np.isin(dup_group[free], dup_group[busy])]
    return fresh if len(fresh) else free


def _unfinished_first(unfinished: Unfinished, slots: Slots) -> Slots:
    """Put unfinished items in front, with the kind and the propensity of the slot in which they were first asked."""
    if not len(unfinished):
        return slots
    left = ~np.isin(slots.item_idx, unfinished.item_idx)
    missing = np.full(len(unfinished), np.nan)
    return Slots(
        np.concatenate([unfinished.item_idx, slots.item_idx[left]]),
        np.concatenate([unfinished.kind, slots.kind[left]]).astype("<U8"),
        np.concatenate([missing, slots.score[left]]).astype(np.float32),
        np.concatenate([unfinished.propensity, slots.propensity[left]]),
        {key: np.concatenate([missing, part[left]]).astype(np.float32) for key, part in slots.reasons.items()},
        slots.mode,
        slots.why,
        None if slots.whom is None else np.concatenate([np.full(len(unfinished), ANYONE), slots.whom[left]]),
    )
