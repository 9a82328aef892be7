"""Labels of another domain in a cycle: what is frozen of them, what a model learns from, and what it took.

Items of a source have the split "source". Nobody is asked about them and nothing is measured on them; their labels
came with them and are in no label version.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from labelwright import models
from labelwright.engine import features
from labelwright.engine.layout import SOURCE, Layout
from labelwright.engine.reading import changed_labels
from labelwright.engine.reasons import stored
from labelwright.errors import IntegrityError
from labelwright.evidence.source import SourceItems
from labelwright.kernels.rows import as_rows
from labelwright.loop.state import TRAIN, State
from labelwright.models.base import Model
from labelwright.plain import JsonObject
from labelwright.policy import Policy
from labelwright.store import tables as t
from labelwright.store.record.transfer import TransferChosen, TransferTried
from labelwright.store.rows import Rows
from labelwright.strategies import SOURCE as NEEDED
from labelwright.transfer.choice import Choice
from labelwright.transfer.mixing import Mixed, Source

if TYPE_CHECKING:
    from labelwright.engine.cycle import Cycle
    from labelwright.engine.inputs import QuestionInputs

AUTO: Final = "auto"
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class FrozenSource:
    """What a cycle learns from beside its own labels.

    Attributes
    ----------
    question : str
        The question that the source's labels answer.
    n_items : int
    digest : str
        SHA-256 of the items' ordinals and labels.
    """

    question: str
    n_items: int
    digest: str


def has_source(where: Layout) -> bool:
    """Whether the project began from labels of another domain."""
    return bool((where.split == SOURCE).any())


def in_project(rows: Rows) -> bool:
    """Whether the project began from labels of another domain that are still in use."""
    table = t.import_batch
    query = rows.select(table.c.id).where(table.c.visible, table.c.labels_are == SOURCE, table.c.undone_seq.is_(None))
    return rows.first(query) is not None


def source_labels(rows: Rows, where: Layout, question_id: str, upto_seq: int | None = None) -> dict[int, JsonObject]:
    """Labels of the items of a source by ordinal, as they are read as of an event or now."""
    if not has_source(where):
        return {}
    table, changed = t.given, changed_labels(rows, question_id, upto_seq)
    query = (
        rows.select(table.c.ordinal, table.c.answer)
        .where(table.c.question_id == question_id, table.c.labels_are == SOURCE, table.c.ordinal < where.n_items)
        .order_by(table.c.ordinal)
    )
    return {
        int(row.ordinal): answer
        for row in rows.stream(query)
        if where.split[row.ordinal] == SOURCE and (answer := changed.current(row.answer)) is not None
    }


def label_in_source(rows: Rows, question_id: str, ordinal: int) -> JsonObject | None:
    """The label that one item of a source came with, as it is read now."""
    table = t.given
    query = rows.select(table.c.answer).where(table.c.question_id == question_id, table.c.labels_are == SOURCE)
    answer = rows.scalar(query.where(table.c.ordinal == ordinal))
    return None if answer is None else changed_labels(rows, question_id).current(answer)


def freeze_source(rows: Rows, where: Layout, question_id: str, without: Ints) -> tuple[FrozenSource | None, Ints]:
    """The source as it is now: neither excluded items nor those whose content was replaced since they were labeled."""
    known = source_labels(rows, where, question_id)
    gone = {*without.tolist(), *(rows.scalars(rows.select(t.replacement.c.ordinal)) if known else ())}
    kept = {ordinal: answer for ordinal, answer in known.items() if ordinal not in gone}
    items = np.array(sorted(kept), dtype=np.int64)
    if not len(items):
        return None, items
    return FrozenSource(question_id, len(items), digest_of(items, [kept[k] for k in items.tolist()])), items


def digest_of(items: Ints, labels: Sequence[JsonObject]) -> str:
    """SHA-256 of items and their labels, one line each.

    >>> digest_of(np.array([3]), [{"label": "l_1"}])[:12]
    'dcbce73563f4'
    """
    digest = hashlib.sha256()
    for item, label in zip(items.tolist(), labels, strict=True):
        digest.update(f"{item} {json.dumps(label, sort_keys=True)}\n".encode())
    return digest.hexdigest()


def with_source(cycle: Cycle, question: QuestionInputs, state: State) -> State:
    """The state of a question with the frozen source: in the model that is fitted, and for strategies.

    Raises
    ------
    IntegrityError
        If the labels of the source are not those that were frozen.
    """
    frozen, items, target = cycle.inputs.source, cycle.frozen.source, np.flatnonzero(state.pool)
    if frozen is None or frozen.question != question.id or cycle.inputs.is_cold or not len(target):
        return state
    with cycle.store.read() as rows:
        known = source_labels(rows, cycle.layout, question.id, cycle.inputs.upto_seq)
        chosen = chosen_in(rows, cycle.id if question.same_as is None else question.same_as, question.id)
    labels = [known[k] for k in items.tolist() if k in known]
    if len(labels) != len(items) or digest_of(items, labels) != frozen.digest:
        raise IntegrityError(
            f"source: cycle {cycle.id} must find the {frozen.n_items} labels that it was frozen with, got others.",
            "Run verify; restore a backup.",
        )
    X, y = np.asarray(state.X[items]), state.task.encode(labels)
    learned = Source(as_rows(X), y, as_rows(state.X[target]), state.task, widening=False)
    model = Mixed(models.make(str(state.model), state.task), learned)
    return replace(state, model=model, source=SourceItems(X, y, used=chosen is None or chosen.method is not None))


def at_work(cycle: Cycle, policy: Policy) -> Policy:
    """A policy, with "auto" in place of a strategy that needs a source where none is left."""
    lacks = cycle.inputs.source is None and NEEDED in policy.make_strategy().needs
    return replace(policy, strategy=AUTO, params={}) if lacks else policy


def without_source(state: State, learner: str) -> State:
    """The state as the labels of the project alone make it, for comparisons of learners and encoders."""
    return replace(state, model=learner, source=None)


def kept_model(model: Model) -> Model:
    """What is stored of a model: one that a source helped to fit takes items as they are, and no longer needs it."""
    return model.fitted_ if isinstance(model, Mixed) else model


def chosen_event(cycle: Cycle, question: QuestionInputs, choice: Choice) -> TransferChosen:
    """The event that says what a model took from the source."""
    assert cycle.inputs.source is not None
    return TransferChosen(
        cycle=cycle.id, question=question.id, n_labels=len(cycle.labels(question).of(TRAIN)[0]),
        n_source=cycle.inputs.source.n_items, method=choice.method, amount=float(choice.amount),
        loss=_number(choice.loss), alone=_number(choice.alone),
        tried=tuple(TransferTried(one.method, float(one.amount), _number(one.loss)) for one in choice.tried),
        reason=stored(choice.reason),
    )  # fmt: skip


def chosen_in(rows: Rows, cycle_id: int, question_id: str) -> TransferChosen | None:
    """What the model of a cycle took from the source, None before it was fitted."""
    table = t.decision
    of_cycle = rows.select(table.c.data).where(table.c.cycle == cycle_id)
    return _read(rows.scalar(of_cycle.where(table.c.kind == TransferChosen.kind, table.c.question_id == question_id)))


def nearest(cycle: Cycle, ordinal: int) -> int | None:
    """The item of the frozen source whose features are nearest to those of an item; None where there is none."""
    items = cycle.frozen.source
    if cycle.inputs.is_cold or not len(items) or ordinal >= cycle.inputs.n_items:
        return None
    X = features.load(cycle.store, cycle.inputs.revision, cycle.inputs.n_items, cycle.inputs.upto_seq)
    apart = ((X[items] - X[ordinal]) ** 2).sum(axis=1)
    return int(items[int(apart.argmin())])


def last_chosen(rows: Rows, question_id: str) -> TransferChosen | None:
    """What the last model took from the source, None where there is none."""
    table = t.decision
    query = rows.select(table.c.data).where(table.c.kind == TransferChosen.kind, table.c.question_id == question_id)
    return _read(rows.scalar(query.order_by(table.c.seq.desc()).limit(1)))


def _read(data: JsonObject | None) -> TransferChosen | None:
    return None if data is None else TransferChosen.read(data, TransferChosen.body_version)


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
