"""One look at a project: everything that may have changed, with the features and the model of one cycle.

What a look finds is recorded and not recomputed by ``verify``: it depends on which alarms people had settled, which a
cycle does not freeze. All draws follow from the cycle's seed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from labelwright.engine import features
from labelwright.engine.contents import current_bodies
from labelwright.engine.cycle import Cycle
from labelwright.engine.drifting import items, labels
from labelwright.engine.drifting.finding import (
    COLUMNS,
    ERRORS,
    INPUTS,
    LABELS,
    NO_MODEL,
    PREDICTIONS,
    STREAM,
    Finding,
)
from labelwright.engine.drifting.ordering import Order, read_order, units_of
from labelwright.engine.drifting.schedule import LEAST_LABELS, LEVEL
from labelwright.engine.drifting.stream import read_stream
from labelwright.engine.inputs import QuestionInputs
from labelwright.loop.state import RESERVE
from labelwright.plain import Json
from labelwright.store import tables as t
from labelwright.store.record.drift import DriftFound
from labelwright.store.rows import Rows

OPEN: Final = "open"
TABLE: Final = "table"
N_TESTS: Final = {TABLE: 5}  # of items: classifier, scan, predictions, labels; and columns of a table
DRIFT_SEED: Final = 7919


def look(cycle: Cycle) -> list[Finding] | None:
    """What the cycle shows; streams of errors alone where items have no order in time, None without any."""
    with cycle.store.read() as rows:
        order = read_order(rows, cycle.layout.n_items)
        begins = restarts(rows, cycle.inputs.primary.id)
        of_others = {one.id: restarts(rows, one.id) for one in cycle.inputs.questions if not one.primary}
    streams = [stream_of(cycle, one, of_others.get(one.id, begins)) for one in cycle.inputs.questions]
    if order is None:
        return streams if any(one.n for one in streams) else None
    in_use = np.ones(cycle.layout.n_items, dtype=bool)
    in_use[cycle.frozen.excluded] = False
    order = order.among(in_use)
    level = LEVEL / N_TESTS.get(cycle.inputs.kind, 4)
    rng = np.random.default_rng([cycle.inputs.seed, DRIFT_SEED])
    of_primary = [*_of_items(cycle, order, begins, level, rng), *_of_model(cycle, order, begins, level, rng)]
    others = [
        replace(_reserve_errors(cycle, one, order, of_others[one.id]), question=one.id)
        for one in cycle.inputs.questions
        if not one.primary
    ]
    return [*of_primary, *others, *streams]


def stream_of(cycle: Cycle, question: QuestionInputs, begins: dict[str, int]) -> Finding:
    """Follow the errors on labels of the random share in the order in which they were answered."""
    named = None if question.primary else question.id
    found = read_stream(cycle, question)
    if found is None:
        return Finding(STREAM, NO_MODEL, 0, LEAST_LABELS, question=named)
    wrong, later = _wrong(found.told, found.truth), found.order.since(begins.get(STREAM))
    told = labels.errors(later, wrong[len(found.order) - len(later) :], STREAM)
    left_out = found.n_left_out if len(later) == len(found.order) else 0
    return replace(told, question=named, n_left_out=left_out)


def _reserve_errors(cycle: Cycle, question: QuestionInputs, order: Order, begins: dict[str, int]) -> Finding:
    reserve = cycle.source(question).reserve(question)
    if reserve is None or not cycle.has_labels(question):
        return Finding(ERRORS, NO_MODEL, 0, LEAST_LABELS)
    task = question.make_task()
    item_idx, y = cycle.labels(question).of(RESERVE)
    there = np.zeros(cycle.layout.n_items, dtype=bool)
    there[np.intersect1d(item_idx, reserve.item_idx)] = True
    place = {item: k for k, item in enumerate(item_idx.tolist())}
    later = order.among(there).since(begins.get(ERRORS))
    told = task.answer(task.take(reserve.predictions, np.searchsorted(reserve.item_idx, later.items)))
    truth = np.asarray(y[[place[item] for item in later.items.tolist()]])
    return labels.errors(later, _wrong(np.asarray(told), truth))


def restarts(rows: Rows, question_id: str) -> dict[str, int]:
    """Ordinals from which on each thing is looked at: the onset of the last alarm that somebody settled."""
    table = t.drift_alarm
    found = rows.all(
        rows.select(table.c.what, table.c.figures)
        .where(table.c.question_id == question_id, table.c.state != OPEN)
        .order_by(table.c.seq)
    )
    return {row.what: int(row.figures["onset_item"]) for row in found}


def raised(rows: Rows) -> set[tuple[str, str]]:
    """What has an open alarm, with its question; it raises no other."""
    table = t.drift_alarm
    found = rows.all(rows.select(table.c.what, table.c.question_id).where(table.c.state == OPEN))
    return {(row.what, row.question_id) for row in found}


def found(finding: Finding, alarm_id: str, question_id: str, cycle_id: int) -> DriftFound:
    """The event of an alarm: its figures without the picture."""
    figures = finding.dump()
    del figures["series"]
    return DriftFound(alarm_id, finding.what, question_id, cycle_id, finding.onset, figures)


def _of_items(
    cycle: Cycle, order: Order, begins: dict[str, int], level: float, rng: np.random.Generator
) -> list[Finding]:  # fmt: skip
    unit = units_of(cycle.layout)
    sample = order.since(begins.get(INPUTS)).sampled(unit, items.MOST, rng)
    rows_of = features.load(cycle.store, cycle.inputs.revision, cycle.layout.n_items, cycle.inputs.upto_seq)
    results = [items.inputs(sample, np.asarray(rows_of[sample.items], dtype=np.float64), level, rng)]
    if cycle.inputs.kind == TABLE:
        sample = order.since(begins.get(COLUMNS)).sampled(unit, items.MOST, rng)
        ordinals = sample.items.tolist()
        with cycle.store.read() as rows:
            bodies = current_bodies(rows, ordinals)
        cells: list[dict[str, Json]] = [
            row if isinstance(row := bodies[ordinal].get("row"), dict) else {} for ordinal in ordinals
        ]
        results.append(items.columns(sample, cells, level))
    return results


def _of_model(
    cycle: Cycle, order: Order, begins: dict[str, int], level: float, rng: np.random.Generator
) -> list[Finding]:  # fmt: skip
    question = cycle.inputs.primary
    reserve = cycle.source(question).reserve(question)
    wanted = (PREDICTIONS, LABELS, ERRORS)
    if reserve is None or not cycle.has_labels(question):
        return [Finding(what, NO_MODEL, 0, LEAST_LABELS) for what in wanted]
    task = question.make_task()
    in_reserve = np.zeros(cycle.layout.n_items, dtype=bool)
    in_reserve[reserve.item_idx] = True
    whole = order.among(in_reserve)

    def proba(of: Order) -> items.Floats:
        values = task.proba(task.take(reserve.predictions, np.searchsorted(reserve.item_idx, of.items)))
        return np.asarray(values, dtype=np.float64).reshape(len(of), -1)

    sample = whole.since(begins.get(PREDICTIONS)).sampled(units_of(cycle.layout), items.MOST, rng)
    results = [items.predictions(sample, proba(sample), level, rng)]

    item_idx, y = cycle.labels(question).of(RESERVE)
    is_labeled = np.zeros(cycle.layout.n_items, dtype=bool)
    is_labeled[item_idx] = True
    by_item = np.argsort(item_idx)
    labeled = whole.among(is_labeled)

    def truth(of: Order) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
        return np.asarray(y[by_item[np.searchsorted(item_idx[by_item], of.items)]])

    if task.one_class:
        later, all_later = labeled.since(begins.get(LABELS)), whole.since(begins.get(LABELS))
        stored = question.schema.get("labels")
        names = [str(one["id"]) for one in stored if isinstance(one, dict)] if isinstance(stored, list) else []
        codes, seed = truth(later).astype(np.int64), int(rng.integers(2**31))
        results.append(labels.labels(later, codes, all_later, proba(all_later), names, level, seed))
    return [*results, _reserve_errors(cycle, question, order, begins)]


def _wrong(
    told: np.ndarray[tuple[int, ...], np.dtype[np.generic]], truth: np.ndarray[tuple[int, ...], np.dtype[np.generic]]
) -> labels.Bools:
    """Whether the model is wrong; of numbers, whether it is farther off than at half of the items."""
    if truth.dtype.kind == "f" and truth.ndim == 1:
        off = np.abs(told.astype(np.float64) - truth.astype(np.float64))
        return np.asarray(off > np.median(off)) if len(off) else np.zeros(0, dtype=bool)
    same = told == truth
    return np.asarray(~(same if same.ndim == 1 else same.all(axis=1)))
