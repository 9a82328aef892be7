"""What had been spent when each model was trained: hours, and money where it is known what they cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from labelwright.engine.project import Project
from labelwright.engine.quality import profiles
from labelwright.services.projects import goal as goals
from labelwright.services.steering.estimates import CurvePoint
from labelwright.store import tables as t
from labelwright.store.record.standing import UNDOING
from labelwright.store.rows import Rows

HOUR: Final = 3600.0


@dataclass(frozen=True)
class CostShare:
    """Answers and active seconds by kind of slot."""

    kind: str
    answers: int
    seconds: float
    measures: bool


def spent(rows: Rows, project: Project, points: list[CurvePoint]) -> list[CurvePoint]:
    """The points with hours and cost: of all answers, those about the reserve and repeated ones too.

    Everybody's rate counts if everybody who answered has one; else each answer costs what the goal says.
    """
    table, version = t.annotation, t.label_version
    answers = rows.all(
        rows.select(table.c.seq, table.c.person_id, table.c.seconds)
        .where(table.c.kind.not_in(UNDOING))
        .order_by(table.c.seq)
    )
    rates = {person: profile.rate for person, profile in profiles(rows).items() if profile.rate is not None}
    goal = goals.view(project)
    seqs = np.array([row.seq for row in answers], dtype=np.int64)
    hours = np.array([(row.seconds or 0.0) / HOUR for row in answers])
    costs = None
    if answers and all(row.person_id in rates for row in answers):
        costs = np.array([rates[row.person_id] for row in answers]) * hours
    elif goal is not None and goal.label_cost is not None:
        costs = np.full(len(answers), goal.label_cost)
    upto = {row.cycle: row.upto_seq for row in rows.all(rows.select(version.c.cycle, version.c.upto_seq))}
    priced: list[CurvePoint] = []
    for point in points:
        k = int(np.searchsorted(seqs, upto[point.cycle], side="right"))
        cost = None if costs is None else float(costs[:k].sum())
        priced.append(replace(point, hours=float(hours[:k].sum()), cost=cost))
    return priced
