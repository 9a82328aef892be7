"""How right the model is on the open reserve before and after a merger: the same predictions, two classes as one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelwright.engine.project import Project, Question
from labelwright.evaluation.measure import Measurement
from labelwright.services.evaluation.reserve import OnReserve, on_reserve
from labelwright.services.projects.migrations.wanted import Wanted
from labelwright.services.projects.schema import labels_of
from labelwright.services.site import Site
from labelwright.services.team.figure import FigureView
from labelwright.store.project import ProjectStore
from labelwright.tasks import Predictions


@dataclass(frozen=True)
class Accuracy:
    """A metric before and after, of the model that serves the published ranking.

    Attributes
    ----------
    metric : str
        "accuracy", or "hamming-accuracy" where an item has several labels.
    n : int
        Items of the open reserve with a label.
    """

    metric: str
    n: int
    before: FigureView
    after: FigureView


def accuracy(
    site: Site, store: ProjectStore, project: Project, asked: Question, made: Question, wanted: Wanted
) -> Accuracy | None:
    """The two figures; None without a model, or where it was trained under other labels.

    Notes
    -----
    Nothing is trained. Where an item has one class, the probabilities of the two labels are added; where it has
    several labels, the larger of the two counts.
    """
    measured = on_reserve(site, store, project, asked)
    if measured is None or list(measured.labels) != [str(one["id"]) for one in labels_of(asked)]:
        return None
    task = made.task
    metric = next(name for name in sorted(task.mean_metrics) if task.higher_is_better(name))
    y = task.encode(measured.task.decode(measured.y))
    after = Measurement(task, task.metric(metric), random_state=measured.cycle)
    before = measured.figure(measured.task.metric(metric))
    merged = FigureView.of(after.honest(y, _merged(measured, wanted), measured.sample))
    return Accuracy(metric, measured.n, before, merged)


def _merged(measured: OnReserve, wanted: Wanted) -> Predictions:
    proba = np.array(measured.task.proba(measured.predictions), dtype=np.float64)
    ids = list(measured.labels)
    gone, kept = ids.index(wanted.label), ids.index(wanted.into[0])
    both = proba[:, [gone, kept]]
    proba[:, kept] = both.sum(axis=1) if measured.task.one_class else both.max(axis=1)
    return measured.task.predictions(np.delete(proba, gone, axis=1))
