"""A fork as people see it: its arms, how their models have done since it began, and what can be said of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelwright.engine import arms as engine_arms
from labelwright.engine import forks as engine_forks
from labelwright.engine.cycle import Cycle
from labelwright.engine.project import Project
from labelwright.errors import InputError, LabelwrightError, UnavailableError
from labelwright.evaluation import evaluate_reserve
from labelwright.loop.state import RESERVE
from labelwright.loop.steps import ENOUGH
from labelwright.policy.fork import ARMS
from labelwright.services.site import Site
from labelwright.services.steering.estimates import EstimateView
from labelwright.services.steering.round_views import Difference
from labelwright.store.project import ProjectStore
from labelwright.store.record.forks import ForkEnded, ForkMeasured, ForkOutcome
from labelwright.store.rows import AnyRow, Rows
from labelwright.words import Figure, Reason, in_words

MOST_POINTS = 40


@dataclass(frozen=True)
class ArmView:
    """One arm.

    Attributes
    ----------
    dial : int, optional
        Doubtful items that each pick is spread over; None for the strategy as it is.
    answers : int
        Labels that it got so far.
    seconds : float
        Active seconds of them.
    """

    strategy: str
    model: str
    dial: int | None
    answers: int
    seconds: float


@dataclass(frozen=True)
class ForkPoint:
    """The models of both arms of one training, on the reserve labels of then."""

    cycle: int
    answers: list[int]
    a: EstimateView
    b: EstimateView


@dataclass(frozen=True)
class ForkView:
    """One fork.

    Attributes
    ----------
    per_arm : int
        Labels that each arm is given.
    detectable : float, optional
        The smallest true difference that could be shown, as it was said beforehand.
    state : str
        "running" or "ended".
    difference : Difference, optional
        The second arm's figure less the first one's, on the same reserve labels.
    verdict : str
        "a", "b" or "open".
    sentence : str
    """

    id: str
    number: int
    hypothesis: str
    metric: str
    arms: list[ArmView]
    per_arm: int
    detectable: float | None
    state: str
    started_at: str
    ended_at: str | None
    points: list[ForkPoint]
    difference: Difference | None
    verdict: str
    sentence: str


def view(site: Site, store: ProjectStore, rows: Rows, project: Project, row: AnyRow) -> ForkView:
    """The view of a row of the table of forks."""
    fork = engine_forks.fork_of(row)
    measured = engine_forks.measured(rows, fork.id)
    last = measured[-1] if measured else None
    key = ("fork", store.project_id, fork.id, 0 if last is None else last.cycle)
    points: list[ForkPoint] = site.cache.get(key, lambda: _points(store, measured))
    ended = None if row.outcome is None else ForkEnded.read(row.outcome, ForkEnded.body_version)
    if ended is None:
        one, two = engine_forks.answered(rows, project, row)
        spent = [engine_forks.seconds(rows, row.question_id, items, row.seq) for items in (one, two)]
        counts, seconds = (len(one), len(two)), (spent[0], spent[1])
        compared = None if last is None else engine_arms.compared(Cycle(store, last.cycle))
        verdict = engine_arms.OPEN
        said = Reason("fork-running", {"a": counts[0], "b": counts[1], "per_arm": fork.per_arm})
    else:
        said = outcome_in_words(row, ended)
        counts, seconds, compared, verdict = ended.answers, ended.seconds, ended.outcome, ended.verdict
    arms = [
        ArmView(arm.strategy, arm.model, arm.dial, n, time)
        for arm, n, time in zip(fork.arms, counts, seconds, strict=True)
    ]
    return ForkView(
        row.id, row.number, store.unseal(rows, row.hypothesis_id) or "", project.primary.metric, arms, fork.per_arm,
        row.detectable, row.state, row.started_at, row.ended_at, points, _difference(compared),
        verdict, in_words(said),
    )  # fmt: skip


def arm_in_words(strategy: str, model: str, dial: int | None) -> str:
    """An arm in a few words.

    >>> arm_in_words("margin-diversity", "linear", 10), arm_in_words("auto", "boosting", None)
    ('margin-diversity (dial 10) with linear', 'auto with boosting')
    """
    return f"{strategy}{'' if dial is None else f' (dial {dial})'} with {model}"


def outcome_in_words(row: AnyRow, ended: ForkEnded) -> Reason:
    """What can be said of a fork that has ended."""
    compared = ended.outcome
    if compared is None:
        return Reason("fork-unmeasured", {"needed": ENOUGH})
    low, high = compared.low, compared.high
    figures: dict[str, Figure] = {"metric": compared.metric, "n": compared.n, "change": abs(compared.difference)}
    if low is None or high is None:
        return Reason("fork-no-interval", {**figures, "a": compared.a, "b": compared.b})
    if min(ended.answers) < row.per_arm:
        return Reason("fork-early", {**figures, "low": low, "high": high, "per_arm": int(row.per_arm)})
    if ended.verdict == engine_arms.OPEN:
        return Reason("fork-open", {**figures, "low": low, "high": high})
    arms = [arm_in_words(arm.strategy, arm.model, arm.dial) for arm in engine_forks.fork_of(row).arms]
    better, worse = arms if ended.verdict == "a" else reversed(arms)
    bounds = sorted((abs(low), abs(high)))
    return Reason("fork-better", {**figures, "better": better, "worse": worse, "low": bounds[0], "high": bounds[1]})


def _difference(compared: ForkOutcome | None) -> Difference | None:
    if compared is None:
        return None
    return Difference(compared.difference, compared.low, compared.high, compared.n)


def _points(store: ProjectStore, measured: list[ForkMeasured]) -> list[ForkPoint]:
    some = measured
    if len(measured) > MOST_POINTS:
        kept = np.unique(np.linspace(0, len(measured) - 1, MOST_POINTS).astype(np.int64))
        some = [measured[k] for k in kept.tolist()]
    return [point for one in some if (point := _point(store, one)) is not None]


def _point(store: ProjectStore, one: ForkMeasured) -> ForkPoint | None:
    """None where there were too few reserve labels, or files were thinned."""
    cycle = Cycle(store, one.cycle)
    try:
        question = cycle.inputs.primary
        item_idx, y = cycle.labels(question).of(RESERVE)
        n_labels = len(cycle.labels(question)) - len(item_idx) - sum(one.answers)
    except UnavailableError:  # it is not thinned, only away
        raise
    except (LabelwrightError, OSError):
        return None
    task = question.make_task()
    if len(item_idx) < ENOUGH:
        return None
    groups = item_idx if cycle.layout.group is None else cycle.layout.group[item_idx]
    found: list[EstimateView] = []
    for arm, name in enumerate(ARMS):
        model = engine_arms.of_reserve(cycle, question, name)
        if model is None:
            return None
        predictions = task.take(model.predictions, np.searchsorted(model.item_idx, item_idx))
        try:
            estimate = evaluate_reserve(task, y, predictions, metric=question.metric, groups=groups)
        except InputError:
            return None
        if not estimate.bounded:
            return None
        found.append(EstimateView.of(question.metric, estimate, n_labels + one.answers[arm]))
    return ForkPoint(one.cycle, list(one.answers), found[0], found[1])
