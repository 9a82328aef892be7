"""Errors on the labels of the random share in the order in which they were answered.

Each label is held against what was predicted by the model of the ranking that was served when somebody answered: one
that had not been trained on it. So the stream sees each model as people met it, and a change in what people answer,
which has no place in the order of the items.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labelwright.engine.cycle import Cycle
from labelwright.engine.drifting.ordering import BY_ANSWER, Order
from labelwright.engine.inputs import QuestionInputs
from labelwright.loop.state import TRAIN
from labelwright.policy.kinds.random import Random
from labelwright.store import tables as t
from labelwright.store.record.standing import ANSWER
from labelwright.store.rows import Rows

Values = npt.NDArray[np.generic]


@dataclass(frozen=True)
class Stream:
    """Labels of the random share, the first answered first.

    Attributes
    ----------
    order : Order
        The items, each named by the time of its first answer.
    told, truth : arrays of shape (n,) or (n, n_labels)
        What was predicted before, and the label as it is now.
    n_left_out : int
        Labels before the start of the stream whose predictions are not kept any more.
    """

    order: Order
    told: Values
    truth: Values
    n_left_out: int


@dataclass(frozen=True)
class Asked:
    """The first answer to an item of the random share: its event and its time."""

    ordinal: int
    seq: int
    at: str


def read_stream(cycle: Cycle, question: QuestionInputs) -> Stream | None:
    """The stream of a question as the cycle knows it; None without a label that a model saw before.

    Labels from before the first model have no prediction and are no part of it. Where predictions of an old cycle were
    thinned, the stream starts after the last label that was answered under it.
    """
    if not cycle.has_labels(question):
        return None
    item_idx, y = cycle.labels(question).of(TRAIN)
    place = {item: k for k, item in enumerate(item_idx.tolist())}
    with cycle.store.read() as rows:
        asked = [one for one in _asked(rows, question.id, cycle.inputs.upto_seq) if one.ordinal in place]
        served = _served(rows, cycle.id)
    seqs = [seq for seq, _ in served]
    under = [bisect_left(seqs, one.seq) for one in asked]  # how many rankings were there before the answer
    told: dict[int, Values] = {}
    start = n_without = 0
    for n_before in sorted(set(under)):
        positions = [k for k, one in enumerate(under) if one == n_before]
        earlier = None if not n_before else Cycle(cycle.store, served[n_before - 1][1])
        if earlier is None or _has_no_model(earlier, question):
            start = n_without = positions[-1] + 1
            continue
        known = _predicted(earlier, question, np.array([asked[k].ordinal for k in positions], dtype=np.int64))
        if known is None:
            start = positions[-1] + 1
        else:
            told |= dict(zip(positions, known, strict=True))
    kept = asked[start:]
    if not kept:
        return None
    items = np.array([one.ordinal for one in kept], dtype=np.int64)
    order = Order(items, np.array([one.at for one in kept], dtype=object), BY_ANSWER)
    truth = np.asarray(y[[place[one.ordinal] for one in kept]])
    return Stream(order, np.asarray([told[k] for k in range(start, len(asked))]), truth, start - n_without)


def _asked(rows: Rows, question_id: str, upto_seq: int) -> list[Asked]:
    """First answers to items that were asked at random, the oldest first."""
    table = t.annotation
    query = (
        rows.select(table.c.ordinal, table.c.seq, table.c.at, table.c.slot_kind)
        .where(table.c.question_id == question_id, table.c.kind == ANSWER, table.c.first, table.c.seq <= upto_seq)
        .order_by(table.c.seq)
    )
    firsts: dict[int, Asked | None] = {}
    for row in rows.stream(query):
        at_random = row.slot_kind == Random.name
        firsts.setdefault(row.ordinal, Asked(row.ordinal, row.seq, row.at) if at_random else None)
    return [one for one in firsts.values() if one is not None]


def _served(rows: Rows, before: int) -> list[tuple[int, int]]:
    """Events and cycles of the published rankings before a cycle, the oldest first."""
    table = t.ranking
    found = rows.all(rows.select(table.c.seq, table.c.cycle).where(table.c.cycle < before).order_by(table.c.seq))
    return [(int(row.seq), int(row.cycle)) for row in found]


def _has_no_model(cycle: Cycle, question: QuestionInputs) -> bool:
    """Whether there was nothing to fit yet, or no such question; the labels and the model of others may be thinned."""
    if cycle.inputs.is_cold:
        return True
    with cycle.store.read() as rows:
        table = t.model
        query = rows.select(table.c.id).where(table.c.question_id == question.id, table.c.cycle <= cycle.id)
        return rows.first(query) is None


def _predicted(cycle: Cycle, question: QuestionInputs, items: npt.NDArray[np.int64]) -> Values | None:
    """What a cycle predicted of some items; None where that was thinned, or the labels were others then."""
    then = next((one for one in cycle.inputs.questions if one.id == question.id), None)
    if then is None or then.schema != question.schema or (len(items) and items.max() >= cycle.inputs.n_items):
        return None
    predictions = cycle.predictions(then)
    if predictions is None:
        return None
    task = then.make_task()
    return np.asarray(task.answer(task.take(predictions, items)))
