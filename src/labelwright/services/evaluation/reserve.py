"""What the evaluation page measures on: the published model's predictions of the labeled items of the reserve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.engine.cycle import Cycle
from labelwright.engine.project import Project, Question
from labelwright.errors import InputError
from labelwright.evaluation.measure import Measurement
from labelwright.loop.state import RESERVE
from labelwright.plain import JsonObject
from labelwright.services.site import Site
from labelwright.services.team.figure import FigureView
from labelwright.stats.sample import Sample
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.tasks import Predictions, Task
from labelwright.tasks.metrics import Metric, Options
from labelwright.words import Reason

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
UNDEFINED = Reason("metric-undefined")


@dataclass(frozen=True, eq=False)
class OnReserve:
    """Labels and predictions of n items of the reserve, under one label version and one model.

    Attributes
    ----------
    cycle : int
        That published the model.
    at : str
        When the model was made.
    n_labels : int
        Labels that it learned from.
    labels : dict of str to str
        Names by id, in the order of the model's outputs; empty for numbers.
    item_idx : int64 array of shape (n,), increasing
    y : encoded answers of the same items
    predictions : Predictions of the same items
    sample : Sample
        With the groups of the data, where it has some.
    """

    cycle: int
    at: str
    n_labels: int
    question: Question
    task: Task
    labels: dict[str, str]
    item_idx: Ints
    y: npt.NDArray[Any]
    predictions: Predictions
    sample: Sample

    @property
    def n(self) -> int:
        """How many items there are."""
        return len(self.item_idx)

    @property
    def is_number(self) -> bool:
        """Whether answers are numbers."""
        return not self.labels

    @property
    def distance(self) -> Floats:
        """How far numbers are from the predicted ones, (n,), in the unit of the target."""
        predicted = np.asarray(self.task.answer(self.predictions), dtype=np.float64)
        return np.asarray(np.abs(predicted - self.y), dtype=np.float64)

    @property
    def right(self) -> Bools:
        """Items whose answer is the model's, (n,): all labels of several; of numbers, the half that is closest."""
        if self.is_number:
            return np.asarray(self.distance <= np.median(self.distance), dtype=bool)
        same = np.asarray(self.task.answer(self.predictions)) == self.y
        return np.asarray(same if same.ndim == 1 else same.all(axis=1), dtype=bool)

    def measurement(self, metric: str, options: Options | None = None) -> Measurement:
        """A metric of the task, ready to be measured.

        Raises
        ------
        InputError
            If there is no such metric, or a parameter is missing.
        """
        return Measurement(self.task, self.task.metric(metric, options), random_state=self.cycle)

    def figure(self, metric: Metric, among: Bools | None = None) -> FigureView:
        """A metric with its interval, of all items or of some; undefined where these labels do not define it."""
        y, predictions, sample = self.y, self.predictions, self.sample
        if among is not None:
            if not among.any():
                return FigureView.none(UNDEFINED)
            y, sample = y[among], sample.take(among)
            predictions = self.task.take(predictions, np.flatnonzero(among))
        try:
            found = Measurement(self.task, metric, random_state=self.cycle).honest(y, predictions, sample)
        except InputError:
            return FigureView.none(UNDEFINED)
        return FigureView.of(found, found.reason if found.n and np.isfinite(found.value) else UNDEFINED)


def asked(project: Project, question_id: str | None) -> Question:
    """The question that is named, else the primary one."""
    return project.primary if question_id is None else project.question(question_id)


def labels_of(schema: JsonObject) -> dict[str, str]:
    """Names of the labels of a schema by id, in their order; empty for numbers.

    >>> labels_of({"labels": [{"id": "l_1", "name": "cat"}]}), labels_of({})
    ({'l_1': 'cat'}, {})
    """
    labels: list[JsonObject] = list(schema.get("labels") or ())  # type: ignore[arg-type]
    return {str(one["id"]): str(one["name"]) for one in labels}


def on_reserve(
    site: Site, store: ProjectStore, project: Project, question: Question, *, cycle: int | None = None
) -> OnReserve | None:  # fmt: skip
    """What is measured, read once for each cycle; None without a model or a label of the reserve.

    Parameters
    ----------
    cycle : int, optional
        Whose model and labels; the published one if left out.
    """
    number = project.row.cycle if cycle is None else cycle
    if number == 0:
        return None
    key = ("on-reserve", store.project_id, number, question.id, question.schema_version)
    found: OnReserve | None = site.cache.get(key, lambda: _read(store, number, question))
    return found


def _read(store: ProjectStore, number: int, question: Question) -> OnReserve | None:
    cycle = Cycle(store, number)
    frozen = next((one for one in cycle.inputs.questions if one.id == question.id), None)
    of_reserve = None if frozen is None else cycle.source(frozen).reserve(frozen)
    if frozen is None or of_reserve is None or not cycle.has_labels(frozen):
        return None
    item_idx, y = cycle.labels(frozen).of(RESERVE)
    order = np.argsort(item_idx)
    order = order[np.isin(item_idx[order], of_reserve.item_idx)]
    item_idx, y = item_idx[order], y[order]
    if not len(item_idx):
        return None
    task, table = frozen.make_task(), t.model
    with store.read() as rows:
        model = rows.first(
            rows.select(table.c.n_labels, t.event.c.at).where(
                table.c.question_id == question.id, table.c.cycle == cycle.source(frozen).id,
                t.event.c.seq == table.c.seq,
            )
        )  # fmt: skip
    groups = None if cycle.layout.group is None else cycle.layout.group[item_idx]
    return OnReserve(
        cycle.id, "" if model is None else model.at, 0 if model is None else model.n_labels, question, task,
        labels_of(frozen.schema), item_idx, y,
        task.take(of_reserve.predictions, np.searchsorted(of_reserve.item_idx, item_idx)),
        Sample.of(len(item_idx), groups=groups),
    )  # fmt: skip
