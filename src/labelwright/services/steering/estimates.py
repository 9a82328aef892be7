"""Measured figures as pages show them: with interval, number of labels, and whether they are enough to judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labelwright.engine.project import Question
from labelwright.loop.steps import ENOUGH
from labelwright.stats import Estimate
from labelwright.store import tables as t
from labelwright.store.rows import AnyRow, AnySelect, Rows


@dataclass(frozen=True)
class EstimateView:
    """A figure with its 95 % interval and the number of labels behind it.

    Attributes
    ----------
    n_labels : int
        Labels that the model was trained on.
    enough : bool
        False below 30 reserve labels: too few to judge.
    """

    metric: str
    value: float
    low: float
    high: float
    n: int
    n_labels: int
    enough: bool

    @classmethod
    def of(cls, metric: str, estimate: Estimate, n_labels: int) -> EstimateView:
        """An estimate that was just made."""
        low, high = float(estimate.low), float(estimate.high)
        return cls(metric, float(estimate.value), low, high, int(estimate.n), n_labels, estimate.n >= ENOUGH)


@dataclass(frozen=True)
class CurvePoint:
    """One published model.

    Attributes
    ----------
    hours : float
        Active time of all answers until then.
    cost : float, optional
        Of them, by people's rates, else by what an answer costs; None where neither is known.
    """

    cycle: int
    at: str
    n_labels: int
    estimate: EstimateView
    hours: float = 0.0
    cost: float | None = None


def rising_points(points: Sequence[CurvePoint]) -> list[CurvePoint]:
    """The points with ever more labels: labels that were taken back make a later model one of fewer labels."""
    rising: list[CurvePoint] = []
    for point in points:
        while rising and rising[-1].n_labels >= point.n_labels:
            rising.pop()
        rising.append(point)
    return rising


def of_cycle(rows: Rows, question: Question, cycle: int) -> EstimateView | None:
    """The figure of the model that a cycle trained."""
    row = rows.first(_of(rows, question).where(t.metric.c.cycle == cycle))
    return None if row is None else _view(row)


def of_model(rows: Rows, question: Question, cycle: int) -> list[EstimateView]:
    """All figures of the model that a cycle trained, the question's metric first."""
    table = t.metric
    found = rows.all(rows.select(table).where(table.c.question_id == question.id, table.c.cycle == cycle))
    return [_view(row) for row in sorted(found, key=lambda row: (row.metric != question.metric, row.metric))]


def latest(rows: Rows, question: Question) -> EstimateView | None:
    """The newest model's figure."""
    table = t.metric
    row = rows.first(_of(rows, question).order_by(table.c.cycle.desc()))
    return None if row is None else _view(row)


def _of(rows: Rows, question: Question) -> AnySelect:
    table = t.metric
    return rows.select(table).where(table.c.question_id == question.id, table.c.metric == question.metric)


def _view(row: AnyRow) -> EstimateView:
    return EstimateView(row.metric, row.value, row.low, row.high, row.n, row.n_labels, row.n >= ENOUGH)
