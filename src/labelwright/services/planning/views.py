"""A plan as the page shows it: set-ups with figures, curves with bands, and what to do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from labelwright.loop.plan_grid import Replay, SetUp
from labelwright.loop.plan_result import Plan
from labelwright.stats.estimate import Estimate
from labelwright.stats.paired import corrected_resampled_t

LEVEL: Final = 0.95


@dataclass(frozen=True)
class RangeView:
    """A figure with its 95 % interval; None where it is not known or has no bound."""

    value: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, estimate: Estimate) -> RangeView:
        """Of an estimate that may have no bounds."""
        return cls(*(known(one) for one in (estimate.value, estimate.low, estimate.high)))


@dataclass(frozen=True)
class SetUpView:
    """One way to label."""

    strategy: str
    model: str
    batch_size: int
    overlap: int

    @classmethod
    def of(cls, setup: SetUp) -> SetUpView:
        """Of a set-up of a grid."""
        return cls(setup.strategy, setup.model, setup.batch_size, setup.overlap)


@dataclass(frozen=True)
class RowView:
    """What was measured of a set-up under one error of the annotators.

    Attributes
    ----------
    n_seeds, n_reached : int
        Replays that are finished, and those that reached the target.
    answers, saving : RangeView
        See `labelwright.loop.plan_result.Plan.table`.
    value : float
        Mean at the end of the budget.
    """

    setup: SetUpView
    error: float
    n_seeds: int
    n_reached: int
    answers: RangeView
    saving: RangeView
    hours: float | None
    cost: float | None
    value: float


@dataclass(frozen=True)
class ProposalView:
    """What to do where annotators err so often."""

    setup: SetUpView
    error: float
    text: str
    answers: RangeView
    saving: RangeView
    at_least: bool
    n_reached: int
    n_seeds: int
    tied: list[SetUpView]
    is_simpler: bool
    hours: RangeView
    cost: RangeView


@dataclass(frozen=True)
class PointView:
    """The mean over seeds after a round, with its interval where there are two seeds or more."""

    n_answers: float
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class CurveView:
    """The curve of a set-up."""

    setup: SetUpView
    error: float
    points: list[PointView]


def rows_of(plan: Plan) -> list[RowView]:
    """The table of a plan."""
    rows: Any = plan.table.to_dict("records")
    return [
        RowView(
            SetUpView(row["strategy"], row["model"], int(row["batch_size"]), int(row["overlap"])),
            row["annotator_error"], int(row["n_seeds"]), int(row["reached"]),
            RangeView(*(known(row[name]) for name in ("answers", "low", "high"))),
            RangeView(*(known(row[name]) for name in ("saving", "saving_low", "saving_high"))),
            known(row["hours"]), known(row["cost"]), float(row["value"]),
        )
        for row in rows
    ]  # fmt: skip


def proposals_of(plan: Plan) -> list[ProposalView]:
    """What to do under each error; empty while a set-up has no replay yet."""
    done = {(run.cell.setup, run.cell.error, run.cell.seed) for run in plan.replays}
    errors = [
        error
        for error in plan.grid.errors
        if any(all((setup, error, seed) in done for setup in plan.grid.setups) for seed in plan.grid.seeds)
    ]
    views = []
    for error in errors:
        best = plan.propose(error)
        views.append(
            ProposalView(
                SetUpView.of(best.setup), error, plan.text(error), RangeView.of(best.answers),
                RangeView.of(best.saving), best.at_least, best.n_reached, best.n_seeds,
                [SetUpView.of(one) for one in best.tied], best.is_simpler, RangeView.of(best.hours),
                RangeView.of(best.cost),
            )
        )  # fmt: skip
    return views


def curves_of(plan: Plan) -> list[CurveView]:
    """The curve of each set-up under each error."""
    by_setup: dict[tuple[SetUp, float], list[Replay]] = {}
    for run in plan.replays:
        by_setup.setdefault((run.cell.setup, run.cell.error), []).append(run)
    return [
        CurveView(SetUpView.of(setup), error, _points(runs, plan.test_share))
        for (setup, error), runs in by_setup.items()
    ]


def _points(runs: Sequence[Replay], test_share: float) -> list[PointView]:
    """Rounds that all seeds have."""
    points = []
    for k in range(min(len(run.values) for run in runs)):
        mean = corrected_resampled_t(np.array([run.values[k] for run in runs]), test_share=test_share).estimate
        at = float(np.mean([run.answers[k] for run in runs]))
        points.append(PointView(at, mean.value, known(mean.low), known(mean.high)))
    return points


def known(value: float) -> float | None:
    """None for what is not a finite number.

    >>> known(float("nan")), known(2.0)
    (None, 2.0)
    """
    return float(value) if math.isfinite(value) else None
