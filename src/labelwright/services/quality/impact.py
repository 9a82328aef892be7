"""What a change of the guidelines costs: labels that it may affect, hours to review them, and how the metric moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from labelwright.check import Ints
from labelwright.engine import features
from labelwright.engine.cycle import Cycle
from labelwright.engine.gold import known_answers
from labelwright.engine.inputs import QuestionInputs
from labelwright.errors import InputError, NotReadyError
from labelwright.loop import steps as pure
from labelwright.loop.state import RESERVE, TRAIN, Labels
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.quality.opening import open_review, standing_answers
from labelwright.services.site import Site
from labelwright.services.steering.estimates import EstimateView
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

GUIDELINE = "guideline"
SECONDS = 10.0  # for one answer, where nobody's time is known


@dataclass(frozen=True)
class Impact:
    """What a changed rule between two answers may cost.

    Attributes
    ----------
    items : list of str
        Ids of labeled items that it may affect: those of the reserve and with a known answer first, then the nearest
        to the examples, or the least sure.
    n_training, n_reserve, n_gold : int
    hours : float
        To look at all of them again, at the median seconds of an answer.
    metric : str
    now, flipped : EstimateView, optional
        The model on the reserve as it is, and if the training labels of all of them changed to the other answer.
    """

    items: list[str]
    n_training: int
    n_reserve: int
    n_gold: int
    hours: float
    metric: str
    now: EstimateView | None
    flipped: EstimateView | None


def estimate(
    site: Site, actor: Actor, slug: str, question_id: str | None, pair: Sequence[JsonObject], near: Sequence[str] = (),
    *, limit: int = 500,
) -> Impact:  # fmt: skip
    """Say before a change what it may affect.

    Parameters
    ----------
    pair : two answers
        Between which the rule changes.
    near : sequence of str
        Ids of items, such as new examples; only labels of items like them are affected then, ``limit`` at most.

    Raises
    ------
    InputError
        If there are not two different answers.
    NotReadyError
        If there is no label version yet.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = project.question(question_id)
        if len(pair) != 2 or pair[0] == pair[1]:
            raise InputError("impact: two different answers must be given.")
        for answer in pair:
            question.task.validate(dict(answer))
        if project.row.awaits_features:
            raise NotReadyError("Nothing is labeled yet, so nothing is affected.")
        cycle = Cycle(store, project.row.cycle)
        frozen = next(one for one in cycle.inputs.questions if one.id == question.id)
        labels = cycle.labels(frozen)
        known = {ordinal for ordinal, of in known_answers(rows, question.id) if of == question.id}
        seconds = _median_seconds(rows, question.id)
        targets = np.array([shown.existing(project, one) for one in near], dtype=np.int64)
    affected = np.array(
        [k for k, answer in enumerate(labels.answers) if dict(answer) in [dict(one) for one in pair]], dtype=np.int64
    )
    affected = affected[_order(store, cycle, labels, affected, targets)][:limit]
    is_reserve = labels.split[affected] == RESERVE
    gold = [ordinal for ordinal in labels.item_idx[affected].tolist() if ordinal in known]
    first = np.argsort(~(is_reserve | np.isin(labels.item_idx[affected], gold)), kind="stable")
    now, flipped = _replayed(cycle, frozen, labels, affected, pair)
    return Impact(
        [shown.item_id_of(int(o)) for o in labels.item_idx[affected[first]]], int((~is_reserve).sum()),
        int(is_reserve.sum()), len(gold), len(affected) * seconds / 3600, frozen.metric, now, flipped,
    )  # fmt: skip


def send_to_review(site: Site, actor: Actor, slug: str, question_id: str | None, items: Sequence[str]) -> int:
    """Open a review of each item that has none open; return how many were opened."""
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        question, opened = project.question(question_id), 0
        for item in items:
            ordinal = shown.existing(project, item)
            about = standing_answers(transaction.rows, ordinal, question.id)
            opened += open_review(transaction, ordinal, question.id, GUIDELINE, {}, about, again=True)
    return opened


def _order(store: ProjectStore, cycle: Cycle, labels: Labels, affected: Ints, targets: Ints) -> Ints:
    """The nearest to the targets first; the least sure first where there is none."""
    if not len(targets) or not len(affected):
        return np.argsort(labels.confidence[affected], kind="stable")
    revision = cycle.inputs.revision
    items = features.rows_of(store, revision, labels.item_idx[affected])
    wanted = features.rows_of(store, revision, targets)
    apart = ((items[:, None, :] - wanted[None, :, :]) ** 2).sum(axis=2).min(axis=1)
    return np.argsort(apart, kind="stable")


def _replayed(
    cycle: Cycle, frozen: QuestionInputs, labels: Labels, affected: Ints, pair: Sequence[JsonObject]
) -> tuple[EstimateView | None, EstimateView | None]:
    """The metric on the reserve as it is, and after the training labels of the affected items have flipped."""
    state = cycle.state(frozen)
    answers = [dict(answer) for answer in labels.answers]
    one, two = (dict(answer) for answer in pair)
    for k in affected.tolist():
        if labels.split[k] == TRAIN:
            answers[k] = two if answers[k] == one else one
    changed = replace(labels, answers=answers, y=state.task.encode(answers))
    found = []
    for version in (labels, changed):
        measured = pure.evaluate(state, labels, pure.fit(state, version)).estimate
        found.append(None if measured is None else EstimateView.of(frozen.metric, measured, len(version.of(TRAIN)[0])))
    return found[0], found[1]


def _median_seconds(rows: Rows, question_id: str) -> float:
    table = t.annotation
    seconds = rows.scalars(
        rows.select(table.c.seconds)
        .where(table.c.question_id == question_id, table.c.seconds.is_not(None))
        .order_by(table.c.seq.desc())
        .limit(1000)
    ).all()
    return float(np.median(seconds)) if seconds else SECONDS
