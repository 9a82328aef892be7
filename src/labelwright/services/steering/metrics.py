"""What a goal may be stated in."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright import tasks


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
    """All metrics.

    >>> [metric.name for metric in listing().items if metric.task == "regression"]
    ['mae', 'rmse', 'r2']
    """
    return MetricList(
        [
            MetricView(metric, name, metric not in tasks.kind(name).lower_metrics)
            for name in tasks.names()
            for metric in tasks.kind(name).metrics
        ]
    )
