"""What models that did not learn from a label say of its item."""

from __future__ import annotations

from typing import Final

import numpy as np

from labelwright.check import Ints
from labelwright.loop.state import TRAIN, Labels, State
from labelwright.loop.steps import new_model
from labelwright.models.calibration import folds
from labelwright.tasks.predictions import Predictions

N_FOLDS: Final = 5


def out_of_fold(state: State, labels: Labels) -> tuple[Ints, Predictions] | None:
    """Predictions of the training items, each by a model that saw neither it nor its near-duplicates.

    Returns
    -------
    items, predictions : int64 array of shape (n,), predictions of n items
        None where there are too few labels to leave some out.
    """
    idx, y = labels.of(TRAIN)
    if len(idx) < 2 * N_FOLDS:
        return None
    together = idx if state.dup_group is None else state.dup_group[idx]
    _, group = np.unique(together, return_inverse=True)
    if group.max() + 1 < N_FOLDS:
        return None
    fold = folds(y, group, N_FOLDS, np.random.default_rng([state.seed, 11]))
    parts, order = [], []
    for k in range(N_FOLDS):
        inside, outside = np.flatnonzero(fold == k), np.flatnonzero(fold != k)
        model = new_model(state, n_draws=0).fit(state.X[idx[outside]], y[outside])
        parts.append(state.task.quantised(model.predict(state.X[idx[inside]]), state.quantiser))
        order.append(inside)
    back = np.argsort(np.concatenate(order), kind="stable")
    return idx, state.task.take(state.task.concatenate(parts), back)
