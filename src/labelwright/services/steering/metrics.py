"""What a goal may be stated in."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright import tasks
from labelwright.engine.goals import RECALL


@dataclass(frozen=True)
class MetricView:
    """A metric of a task."""

    name: str
    task: str
    higher_is_better: bool


@dataclass(frozen=True)
class MetricList:
    """All metrics, task by task, the default of each first."""

    items: list[MetricView]


def listing() -> MetricList:
    """All metrics that need no more than a name, and recall where it makes a search.

    A goal takes others too, such as precision-at-recall:0.9:LABEL, or the name of a scorer of scikit-learn.

    >>> [metric.name for metric in listing().items if metric.task == "regression"]
    ['mae', 'rmse', 'r2']
    >>> [metric.name for metric in listing().items if metric.task == "multilabel"][-1]
    'recall'
    """
    found = []
    for name in tasks.names():
        task = tasks.kind(name)
        found += [MetricView(metric, name, metric not in task.lower_metrics) for metric in task.metrics]
        if task.target.pick(codes=True, marks=True, numbers=False):
            found.append(MetricView(RECALL, name, True))
    return MetricList(found)
