"""What a project aims at, and the history that its stopping rules judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from labelwright.errors import InputError
from labelwright.loop.state import RESERVE
from labelwright.stopping import make as make_rule
from labelwright.stopping.base import StoppingRule
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.tasks import Task

if TYPE_CHECKING:
    import pandas as pd


def history(
    store: ProjectStore, connection: Connection, config: dict[str, Any], upto_cycle: int | None = None
) -> pd.DataFrame:
    """Looks at the reserve, one row a served model: what stopping rules judge."""
    import pandas as pd

    columns = ["cycle", "n_labels", "cost", "value", "low", "high", "n_reserve"]
    metric = t.metric
    name = config.get("metric") or config.get("default_metric")
    query = (
        select(metric.c.cycle, metric.c.n_labels, metric.c.value, metric.c.low, metric.c.high, metric.c.n)
        .where(metric.c.project_id == store.project_id, metric.c.metric == name, metric.c.split == RESERVE)
        .order_by(metric.c.cycle)
    )
    if upto_cycle is not None:
        query = query.where(metric.c.cycle <= upto_cycle)
    rows = [
        (r.cycle, r.n_labels, float(r.n_labels + r.n), r.value, r.low, r.high, r.n) for r in connection.execute(query)
    ]
    return pd.DataFrame(rows, columns=columns)


def project_rules(config: dict[str, Any]) -> tuple[StoppingRule, ...]:
    """The rules that a project's goal stands for."""
    return tuple(make_rule(rule["name"], **rule.get("params", {})) for rule in config.get("rules", ()))


def parse_goal(goal: str, task: Task) -> tuple[str, float]:
    """Read ``METRIC=VALUE``.

    Raises
    ------
    InputError
        If the metric is not one of the task's or the value is no number.
    """
    name, _, value = goal.partition("=")
    task.higher_is_better(name.strip())
    try:
        return name.strip(), float(value)
    except ValueError as error:
        raise InputError(f"create: --goal must be METRIC=VALUE, got '{goal}'.", "For example accuracy=0.92.") from error
