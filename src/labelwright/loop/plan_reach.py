"""When a replay reached the target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelwright.loop.plan_grid import Replay


@dataclass(frozen=True)
class Reach:
    """When one replay reached the target: answers and labels; of the whole budget where it never did."""

    answers: float
    labels: float
    reached: bool


def reach_of(run: Replay, target: float, higher_is_better: bool) -> Reach:
    """Answers and labels at which a replay reaches the target, between rounds on a straight line.

    A curve that is measured often goes above the target by chance more often; so the curve is first made monotone by
    isotonic regression, which pools rounds that go down again.

    Examples
    --------
    >>> from labelwright.loop.plan_grid import Cell, SetUp
    >>> cell = Cell(SetUp("random", "linear", 10), 0.0, 0)
    >>> run = Replay(cell, (10, 20, 30), (10, 20, 30), (0.5, 0.7, 0.9), 0.9, 1.0)
    >>> reach_of(run, 0.8, True), reach_of(run, 0.95, True)
    (Reach(answers=25.0, labels=25.0, reached=True), Reach(answers=30.0, labels=30.0, reached=False))
    """
    from sklearn.isotonic import isotonic_regression

    smooth = isotonic_regression(np.array(run.values), increasing=higher_is_better)
    sign = 1.0 if higher_is_better else -1.0
    there = np.flatnonzero(sign * smooth >= sign * target)
    if not len(there):
        return Reach(float(run.answers[-1]), float(run.labels[-1]), False)
    k = int(there[0])
    if k == 0:
        return Reach(float(run.answers[0]), float(run.labels[0]), True)
    part = float((target - smooth[k - 1]) / (smooth[k] - smooth[k - 1]))
    answers = run.answers[k - 1] + part * (run.answers[k] - run.answers[k - 1])
    return Reach(round(answers, 9), round(run.labels[k - 1] + part * (run.labels[k] - run.labels[k - 1]), 9), True)
