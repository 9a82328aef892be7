"""The two arms of a cycle's fork: what each is trained on, how each orders the pool, and how they compare."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from labelwright import models
from labelwright.engine import forks
from labelwright.engine.cycle import Cycle, ReservePredictions, reserve_items
from labelwright.engine.forks import Fork
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.sourcing import at_work
from labelwright.errors import InputError
from labelwright.evaluation.two_models import difference
from labelwright.loop import steps as pure
from labelwright.loop.state import RESERVE, Labels, State
from labelwright.loop.steps import ENOUGH
from labelwright.policy import Slots
from labelwright.policy.fork import ARMS, interleave
from labelwright.store.record.forks import ForkEnded, ForkOutcome
from labelwright.store.rows import Rows
from labelwright.tasks import Predictions

TURNS: Final = 11  # sets the coin of who picks first apart from other draws of the same seed
OPEN: Final = "open"


def labels(cycle: Cycle, arm: int) -> Labels:
    """The label version as an arm sees it: what the other one asked for is set aside."""
    fork, primary = _fork(cycle), cycle.inputs.primary
    return cycle.labels(primary).without(cycle.frozen.asked.aside(arm, fork.per_arm))


def state(cycle: Cycle, arm: int) -> State:
    """The pure state in which an arm is trained and ranks."""
    spec = _fork(cycle).arms[arm]
    policy = at_work(cycle, forks.policy_of(spec, cycle.ranking_policy))
    primary = replace(cycle.inputs.primary, model=spec.model)
    return replace(cycle.state(primary), policy=policy, ask_again=False)


def order(cycle: Cycle) -> Slots | None:
    """Both arms' picks in turn; None where no fork runs, both have their labels, or one has no model."""
    fork, primary = cycle.inputs.fork, cycle.inputs.primary
    if fork is None or cycle.frozen.asked.complete(fork.per_arm):
        return None
    orders: list[Slots] = []
    for arm, name in enumerate(ARMS):
        path = cycle.files.arm_model(primary.id, name)
        if not cycle.store.arrays.has(path):
            return None
        model = models.load(cycle.store.arrays.read_bytes(path))
        orders.append(
            pure.rank(
                state(cycle, arm),
                labels(cycle, arm),
                cycle.predictions_in(primary, cycle.files.arm_predictions(primary.id, name)),
                model,
            )
        )
    seed = [cycle.inputs.seed, len(cycle.labels(primary)), TURNS]
    sampled = [forks.at_random(arm, cycle.ranking_policy) for arm in fork.arms]
    return interleave(
        orders[0], orders[1], rng=np.random.default_rng(seed), at_random=(sampled[0], sampled[1]),
        groups=cycle.layout.dup_group,
    )  # fmt: skip


def has_predictions(cycle: Cycle) -> bool:
    """Whether the order of the arms can be made again: their files may have been thinned."""
    if cycle.inputs.fork is None:
        return True
    primary, arrays = cycle.inputs.primary, cycle.store.arrays
    return all(
        not arrays.has(cycle.files.arm_reserve(primary.id, name)) or _has_all(cycle, primary, name) for name in ARMS
    )


def _has_all(cycle: Cycle, primary: QuestionInputs, name: str) -> bool:
    arrays = cycle.store.arrays
    folder = cycle.files.arm_predictions(primary.id, name)
    return arrays.has(cycle.files.arm_model(primary.id, name)) and bool(arrays.files(folder))


def reserve_part(cycle: Cycle, predictions: Predictions) -> ReservePredictions:
    """What is predicted of the items of the reserve."""
    idx = reserve_items(cycle.layout)
    return ReservePredictions(idx, cycle.inputs.primary.make_task().take(predictions, idx))


def of_reserve(cycle: Cycle, question: QuestionInputs, name: str) -> ReservePredictions | None:
    """What an arm's model predicted of the items of the reserve, None where it was thinned."""
    return cycle.reserve_in(question, cycle.files.arm_reserve(question.id, name))


def compared(cycle: Cycle) -> ForkOutcome | None:
    """Metric of each arm on the reserve labels of the cycle, and their difference; None where there are too few."""
    question = cycle.inputs.primary
    task = question.make_task()
    item_idx, y = cycle.labels(question).of(RESERVE)
    arms = [of_reserve(cycle, question, name) for name in ARMS]
    if len(item_idx) < ENOUGH or any(arm is None for arm in arms):
        return None
    taken = [task.take(arm.predictions, np.searchsorted(arm.item_idx, item_idx)) for arm in arms if arm is not None]
    groups = item_idx if cycle.layout.group is None else cycle.layout.group[item_idx]
    try:
        values = [float(task.score(question.metric, y, one)) for one in taken]
        found = difference(task, question.metric, y, *taken, groups=groups, seed=cycle.inputs.seed)
    except InputError:  # a metric that these labels do not define
        return None
    limits = [float(found.low), float(found.high)] if found.known else [None, None]
    return ForkOutcome(question.metric, values[0], values[1], float(found.value), limits[0], limits[1], len(item_idx))


def verdict(outcome: ForkOutcome | None, *, higher_is_better: bool) -> str:
    """Which arm's labels trained the better model: "a", "b", or "open" where the interval holds 0.

    >>> found = ForkOutcome("accuracy", 0.8, 0.83, 0.03, 0.01, 0.05, 400)
    >>> verdict(found, higher_is_better=True), verdict(None, higher_is_better=True)
    ('b', 'open')
    """
    if outcome is None or outcome.low is None or outcome.high is None or outcome.low <= 0 <= outcome.high:
        return OPEN
    return "b" if (outcome.low > 0) == higher_is_better else "a"


def ended(cycle: Cycle, fork: Fork) -> ForkEnded:
    """The event that ends a fork with what its arms' models of this cycle are worth.

    One that a person ends before has no verdict: who stops when the curves look right finds differences by chance.
    """
    question, asked = cycle.inputs.primary, cycle.frozen.asked
    outcome = compared(cycle)
    higher = question.make_task().higher_is_better(question.metric)
    found = verdict(outcome, higher_is_better=higher) if asked.complete(fork.per_arm) else OPEN
    with cycle.store.read() as rows:
        spent = seconds(rows, question.id, cycle, fork)
    return ForkEnded(
        fork.id, question.id, cycle.id, asked.counts(fork.per_arm), spent, outcome, found
    )  # fmt: skip


def seconds(rows: Rows, question_id: str, cycle: Cycle, fork: Fork) -> tuple[float, float]:
    """Active seconds of the labels of each arm."""
    one, two = (cycle.frozen.asked.own(arm, fork.per_arm) for arm in range(2))
    row = forks.find(rows, fork.id)
    after = int(row.seq)
    return forks.seconds(rows, question_id, one, after), forks.seconds(rows, question_id, two, after)


def _fork(cycle: Cycle) -> Fork:
    assert cycle.inputs.fork is not None
    return cycle.inputs.fork
