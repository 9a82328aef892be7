"""How reviewers fare: what appeals overturned, and how long decisions take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.project import Project
from labelwright.services.quality.deciding import APPEAL
from labelwright.services.team.figure import FigureView
from labelwright.stats.intervals import median_interval
from labelwright.store import tables as t
from labelwright.store.record.reviews import DECIDED, LABEL
from labelwright.store.rows import AnyRow, Rows
from labelwright.words import Reason

PAUSE: Final = 600.0  # seconds between two decisions beyond which the reviewer was not at work


@dataclass(frozen=True)
class Reviewer:
    """What one reviewer decided.

    Attributes
    ----------
    n_appealed : int
        Of the decisions, how many their authors appealed.
    overturned : FigureView
        The share of the appeals decided since that gave the item another label. People appeal where they think that
        they were right, so it is no error rate of all decisions.
    seconds : FigureView
        The median between one decision and the next, pauses above ten minutes left out.
    hours_waited : FigureView
        The median from when a review was opened to its decision.
    """

    person_id: str
    name: str
    n_decided: int
    n_appealed: int
    overturned: FigureView
    seconds: FigureView
    hours_waited: FigureView


def reviewers(rows: Rows, project: Project, names: dict[str, str]) -> list[Reviewer]:
    """Everybody who decided a review, sorted by name."""
    table = t.review
    decided = rows.all(rows.select(table).where(table.c.state == DECIDED).order_by(table.c.decided_at))
    appeals = {
        row.about: row for row in rows.all(rows.select(table).where(table.c.about.is_not(None))) if row.cause == APPEAL
    }
    by_person: dict[str, list[AnyRow]] = {}
    for row in decided:
        by_person.setdefault(row.decided_by, []).append(row)
    found = [_reviewer(project, names, who, own, appeals) for who, own in by_person.items()]
    return sorted(found, key=lambda one: one.name)


def gaps(own: Sequence[AnyRow]) -> npt.NDArray[np.float64]:
    """Seconds between the decisions of one reviewer, the oldest first, without pauses above ten minutes."""
    between = np.diff(np.array([_epoch(row.decided_at) for row in own]))
    return np.asarray(between[between <= PAUSE], dtype=np.float64)


def _reviewer(
    project: Project, names: dict[str, str], person: str, own: list[AnyRow], appeals: dict[str, AnyRow]
) -> Reviewer:
    appealed = [(row, appeals[row.id]) for row in own if row.id in appeals]
    judged = [(row, appeal) for row, appeal in appealed if appeal.state == DECIDED]
    turned = sum(_overturns(project, row, appeal) for row, appeal in judged)
    between = gaps(own)
    waited = np.array([_epoch(row.decided_at) - _epoch(row.opened_at) for row in own]) / 3600
    no_times = FigureView.none(Reason("no-times"))
    return Reviewer(
        person, names.get(person, person), len(own), len(appealed),
        FigureView.share(float(turned), float(len(judged)), Reason("no-appeals")),
        FigureView.of(median_interval(between)) if len(between) else no_times, FigureView.of(median_interval(waited)),
    )  # fmt: skip


def _overturns(project: Project, row: AnyRow, appeal: AnyRow) -> bool:
    if appeal.outcome != LABEL or appeal.answer is None:
        return False
    if row.answer is None:
        return True
    return project.question(row.question_id).task.distance(dict(row.answer), dict(appeal.answer)) > 0


def _epoch(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
