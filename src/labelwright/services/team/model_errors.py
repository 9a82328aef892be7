"""Where the published model is wrong on items that it never learned from."""

from __future__ import annotations

import numpy as np

from labelwright.engine.cycle import Cycle
from labelwright.engine.project import Project, Question
from labelwright.loop.state import RESERVE
from labelwright.services.team.alarms import ModelErrors
from labelwright.services.team.skill import value_of
from labelwright.store.project import ProjectStore


def model_errors(store: ProjectStore, project: Project, question: Question) -> ModelErrors | None:
    """Reserve items whose label the model misses; None without a model.

    The label is that of the label version, which all who answered made together: somebody who repeats the model's error
    makes it less likely to be found here, so that the test of copying errs in favour of the person.
    """
    if project.row.cycle == 0:
        return None
    cycle = Cycle(store, project.row.cycle)
    frozen = next((one for one in cycle.inputs.questions if one.id == question.id), None)
    of_reserve = None if frozen is None else cycle.source(frozen).reserve(frozen)
    if frozen is None or of_reserve is None or not cycle.has_labels(frozen):
        return None
    task = frozen.make_task()
    item_idx, y = cycle.labels(frozen).of(RESERVE)
    seen = np.isin(item_idx, of_reserve.item_idx)
    item_idx, y = item_idx[seen], y[seen]
    if not len(item_idx):
        return None
    predictions = task.take(of_reserve.predictions, np.searchsorted(of_reserve.item_idx, item_idx))
    favoured = task.answer(predictions)
    wrong = np.flatnonzero(np.asarray(favoured).ravel() != np.asarray(y).ravel()) if y.ndim == 1 else item_idx[:0]
    given = [value_of(question, answer) for answer in task.decode(favoured[wrong])]
    return ModelErrors(item_idx[wrong], given)
