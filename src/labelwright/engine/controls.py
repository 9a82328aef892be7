"""Models that were trained on the control arm alone: when one is due, and what was recorded of them."""

from __future__ import annotations

from typing import Final

import numpy as np

from labelwright.engine.cycle import Cycle, ReservePredictions, reserve_items
from labelwright.engine.inputs import QuestionInputs
from labelwright.loop import steps as pure
from labelwright.loop.state import TRAIN, Labels
from labelwright.store import tables as t
from labelwright.store.record.decisions import ControlFitted
from labelwright.store.rows import Rows

LEAST: Final = 30  # labels in the arm at the first model
GROWTH: Final = 1.1  # of the arm from one model to the next


def arm_labels(cycle: Cycle) -> Labels:
    """The labels of the cycle's control arm."""
    return cycle.labels(cycle.inputs.primary).among(cycle.frozen.arm)


def is_due(n_labels: int, n_last: int) -> bool:
    """Whether an arm has grown enough since its last model.

    >>> is_due(29, 0), is_due(30, 0), is_due(32, 30), is_due(33, 30)
    (False, True, False, True)
    """
    return n_labels >= max(LEAST, n_last * GROWTH - 1e-9)


def predicted(cycle: Cycle, question: QuestionInputs) -> ReservePredictions | None:
    """Train on the arm alone and predict the reserve; None where the arm holds fewer than two different answers."""
    labels, state = arm_labels(cycle), cycle.state(question)
    if len(np.unique(labels.of(TRAIN)[1], axis=0)) < 2:
        return None
    model = pure.fit(state, labels, n_draws=0)
    assert model is not None
    of_reserve = reserve_items(cycle.layout)
    return ReservePredictions(of_reserve, state.task.quantised(model.predict(state.X[of_reserve]), state.quantiser))


def recorded(rows: Rows, question_id: str) -> list[ControlFitted]:
    """All models of the arm, oldest first."""
    table = t.decision
    found = rows.scalars(
        rows.select(table.c.data)
        .where(table.c.kind == ControlFitted.kind, table.c.question_id == question_id)
        .order_by(table.c.seq)
    )
    bodies = [ControlFitted.read(data, ControlFitted.body_version) for data in found]
    return [body for body in bodies if isinstance(body, ControlFitted)]
