"""How well criteria of doubt find the model's errors, and how far they agree: on data the model did not choose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine import answers, features
from labelwright.engine.cycle import Cycle
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.layout import POOL
from labelwright.engine.project import Project
from labelwright.errors import InputError
from labelwright.loop.state import RESERVE
from labelwright.policy import kinds
from labelwright.policy.kinds.random import Random
from labelwright.scores.uncertainty import entropy, least_confidence, margin
from labelwright.stats.intervals import wilson
from labelwright.store.project import ProjectStore
from labelwright.tasks import Predictions, Task
from labelwright.words import Reason, in_words

MIN_ERRORS: Final = 10
MIN_ANSWERS: Final = 10
TOP: Final = 100
THIRD: Final = 1 / 3
Floats = npt.NDArray[np.float64]
Score = Callable[[npt.NDArray[np.floating]], npt.NDArray[np.floating]]
CRITERIA: Final[dict[str, Score]] = {"margin": margin, "entropy": entropy, "least-confidence": least_confidence}


def on_reserve(store: ProjectStore, project: Project) -> list[str]:
    """Which share of the model's errors on the reserve each criterion puts into its most doubtful third.

    One sentence a criterion, and one on how far the first agrees with the others about the pool.
    """
    nothing = [in_words(Reason("design-no-criterion"))]
    if project.row.cycle == 0:
        return nothing
    cycle = Cycle(store, project.row.cycle)
    question = cycle.inputs.question(project.primary.id)
    kept = cycle.reserve(question) if cycle.has_labels(question) else None
    if kept is None:
        return nothing
    task = question.make_task()
    item_idx, y = cycle.labels(question).of(RESERVE)
    known = np.isin(item_idx, kept.item_idx)
    predictions = task.take(kept.predictions, np.searchsorted(kept.item_idx, item_idx[known]))
    wrong = errors(task, y[known], predictions)
    if wrong is None:
        return nothing
    if wrong.sum() < MIN_ERRORS:
        return [in_words(Reason("design-no-errors", {"n": int(wrong.sum()), "needed": MIN_ERRORS}))]
    return [_found(name, score, wrong) for name, score in _scores(task, predictions).items()] + _shared(cycle, question)


def as_asked(store: ProjectStore, project: Project, cycle_id: int | None, from_seq: int) -> list[str]:
    """How often an earlier model is wrong about items that were chosen later, and about random ones."""
    if cycle_id is None:
        return []
    cycle = Cycle(store, cycle_id)
    question = next((one for one in cycle.inputs.questions if one.id == project.primary.id), None)
    if question is None or question.schema != project.primary.schema or (model := cycle.model(question)) is None:
        return []
    where = Cycle(store, project.row.cycle).layout
    with store.read() as rows:
        said = [one for one in answers.counted(rows, where, question.id) if one.seq > from_seq]
    said = [one for one in said if where.split[one.ordinal] == POOL and one.slot_kind in (*kinds.chosen(), Random.name)]
    is_random = np.array([one.slot_kind == Random.name for one in said], dtype=bool)
    if min(is_random.sum(), (~is_random).sum()) < MIN_ANSWERS:
        return []
    ordinals = np.array([one.ordinal for one in said], dtype=np.int64)
    predictions = model.predict(features.rows_of(store, cycle.inputs.revision, ordinals))
    task = question.make_task()
    wrong = errors(task, task.encode([dict(one.answer) for one in said]), predictions)
    if wrong is None:
        return []
    chosen, random = (wilson(float(wrong[part].sum()), int(part.sum())) for part in (~is_random, is_random))
    return [
        in_words(Reason("design-asked", {
            "chosen": chosen.value, "chosen_low": chosen.low, "chosen_high": chosen.high, "n_chosen": chosen.n,
            "random": random.value, "random_low": random.low, "random_high": random.high, "n_random": random.n,
        }))
    ]  # fmt: skip


def errors(task: Task, y: npt.NDArray[np.generic], predictions: Predictions) -> npt.NDArray[np.bool_] | None:
    """Whether the model is wrong about each item; None where answers are not right or wrong, such as numbers."""
    for metric in sorted(task.mean_metrics):
        if not task.higher_is_better(metric):
            continue
        right = np.asarray(task.losses(metric, y, predictions), dtype=np.float64)
        if np.isin(right, (0.0, 1.0)).all():
            return right < 1
    return None


def _scores(task: Task, predictions: Predictions) -> dict[str, Floats]:
    """Doubt of each item by each criterion; by the task's own where items have several labels."""
    try:
        proba = np.asarray(task.proba(predictions), dtype=np.float64) if task.one_class else None
    except InputError:
        proba = None
    if proba is None:
        return {"doubt": np.asarray(task.doubt(predictions), dtype=np.float64)}
    return {name: np.asarray(score(proba), dtype=np.float64) for name, score in CRITERIA.items()}


def _found(name: str, score: Floats, wrong: npt.NDArray[np.bool_]) -> str:
    n_third = max(1, round(THIRD * len(score)))
    most = np.argsort(-score, kind="stable")[:n_third]
    share = wilson(float(wrong[most].sum()), int(wrong.sum()))
    return in_words(
        Reason(
            "design-criterion", {"name": name, "share": share.value, "low": share.low, "high": share.high, "n": share.n}
        )
    )


def _shared(cycle: Cycle, question: QuestionInputs) -> list[str]:
    predictions = cycle.predictions(question)
    pool = np.flatnonzero(cycle.layout.split == POOL)
    if predictions is None or len(pool) < 2 * TOP:
        return []
    task = question.make_task()
    scores = _scores(task, task.take(predictions, pool))
    most = {name: np.argsort(-score, kind="stable")[:TOP] for name, score in scores.items()}
    first, *others = most
    shares = {name: len(np.intersect1d(most[first], most[name])) / TOP for name in others}
    return [
        in_words(Reason("design-shared", {"n": TOP, "first": first, "second": name, "share": share}))
        for name, share in shares.items()
    ]
