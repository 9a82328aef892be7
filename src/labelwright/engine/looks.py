"""What a cycle records of its model for stopping rules: how it differs from the models before it."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from labelwright.engine.cycle import Cycle, ReservePredictions
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.layout import POOL
from labelwright.loop.changes import paired_change
from labelwright.loop.looks import AGREEMENT, CHANGE, Row, sample_row, stop_set
from labelwright.loop.state import RESERVE
from labelwright.stopping.columns import GROWTH
from labelwright.store import tables as t

SEED: Final = 0  # of the sample, which changes only when rows are added
RECORDED: Final = (*sorted(AGREEMENT), *sorted(CHANGE), "doubt")


def look(cycle: Cycle, columns: frozenset[str]) -> Row:
    """The columns of a cycle's look, NaN where they cannot be had.

    Agreement and doubt are of one random sample of the pool, the same at each look; the change is measured on the
    reserve labels that this cycle knows.
    """
    question = cycle.inputs.primary
    missing = {name: 0.0 if name == "change_n" else math.nan for name in columns}
    return {**missing, **_of_sample(cycle, question, columns), **_of_reserve(cycle, question, columns)}


def _of_sample(cycle: Cycle, question: QuestionInputs, columns: frozenset[str]) -> Row:
    predictions = cycle.predictions(question)
    if predictions is None or not columns & (AGREEMENT | {"doubt"}):
        return {}
    task = question.make_task()
    sample = stop_set(np.flatnonzero(cycle.layout.split == POOL), SEED)
    before, earlier = _before(cycle, question), None
    if before is not None:
        sample = sample[sample < before.inputs.n_items]
        old = before.predictions(before.inputs.question(question.id))
        earlier = None if old is None else task.answer(task.take(old, sample))
    return sample_row(columns, task, task.take(predictions, sample), earlier)[0]


def _of_reserve(cycle: Cycle, question: QuestionInputs, columns: frozenset[str]) -> Row:
    if not columns & CHANGE:
        return {}
    labels = cycle.labels(question)
    items, y = labels.of(RESERVE)
    n_labels = len(labels) - len(items)
    earlier, later = _with_fewer(cycle, question, n_labels), cycle.reserve(question)
    if earlier is None or later is None or not len(items):
        return {}
    task = question.make_task()
    common = np.isin(items, earlier.item_idx) & np.isin(items, later.item_idx)
    items, y = items[common], y[common]
    if len(items) < 2:
        return {}
    old, new = (task.take(one.predictions, np.searchsorted(one.item_idx, items)) for one in (earlier, later))
    groups = cycle.layout.group
    found = paired_change(task, question.metric, y, old, new, None if groups is None else groups[items])
    return {"change": found.change, "change_se": found.error, "change_n": float(found.n)}


def _before(cycle: Cycle, question: QuestionInputs) -> Cycle | None:
    """The last cycle before this one whose model is another and whose predictions are kept, under the same schema."""
    for row in _models(cycle, question):
        before = Cycle(cycle.store, row[0])
        asked = next((one for one in before.inputs.questions if one.id == question.id), None)
        if asked is not None and asked.schema == question.schema and before.predictions(asked) is not None:
            return before
    return None


def _with_fewer(cycle: Cycle, question: QuestionInputs, n_labels: int) -> ReservePredictions | None:
    """What the last model with a fifth fewer labels predicts of the reserve, if that is kept."""
    for cycle_id, n in _models(cycle, question):
        if n * (1 + GROWTH) > n_labels:
            continue
        before = Cycle(cycle.store, cycle_id)
        asked = next((one for one in before.inputs.questions if one.id == question.id), None)
        of_model = before.reserve(asked) if asked is not None and asked.schema == question.schema else None
        if of_model is not None:
            return of_model
    return None


def _models(cycle: Cycle, question: QuestionInputs) -> list[tuple[int, int]]:
    """Earlier cycles that fitted a model of the question, and its labels, the newest first."""
    table = t.model
    with cycle.store.read() as rows:
        found = rows.all(
            rows.select(table.c.cycle, table.c.n_labels)
            .where(table.c.question_id == question.id, table.c.cycle < cycle.id)
            .order_by(table.c.cycle.desc())
        )
    return [(int(row.cycle), int(row.n_labels)) for row in found]
