"""How fast labels come, and what they take: of the last days, as the plan goes on from it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.engine.project import Project
from labelwright.engine.quality import profiles
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.record.standing import ANSWER
from labelwright.store.rows import Rows

DAYS: Final = 14
DAY: Final = 86_400
HOUR: Final = 3600.0


@dataclass(frozen=True)
class Pace:
    """Of the last fourteen days.

    Attributes
    ----------
    labels_a_day : float, optional
        Labels for training, on average over the days since the first of them; None without answers.
    seconds : float, optional
        The median of an answer.
    per_label : float
        Answers of people for each label for training: those of the reserve, repeats and checks come on top.
    price : float, optional
        Of an answer: by what the goal says, else by the rates of those who answered.
    n_days : int
        Days on which somebody answered.
    """

    labels_a_day: float | None
    seconds: float | None
    per_label: float
    price: float | None
    n_days: int

    def hours(self, n_labels: int) -> float | None:
        """Of people, for so many labels for training."""
        return None if self.seconds is None else n_labels * self.per_label * self.seconds / HOUR

    def cost(self, n_labels: int) -> float | None:
        """Of so many labels for training."""
        return None if self.price is None else n_labels * self.per_label * self.price


def pace(rows: Rows, project: Project, n_labels: int) -> Pace:
    """Of a project.

    Parameters
    ----------
    n_labels : int
        Labels for training that there are.
    """
    table = t.annotation
    given = rows.all(
        rows.select(table.c.at, table.c.person_id, table.c.seconds, table.c.ordinal, t.item.c.split)
        .where(
            table.c.kind == ANSWER, table.c.first, table.c.at >= iso(time.time() - DAYS * DAY),
            t.item.c.ordinal == table.c.ordinal,
        )
    )  # fmt: skip
    if not given:
        return Pace(None, None, 1.0, _price(rows, project, []), 0)
    training = {row.ordinal for row in given if row.split == "pool"}
    days = sorted({row.at[:10] for row in given})
    first = np.datetime64(days[0])
    span = int((np.datetime64(iso(time.time())[:10]) - first) / np.timedelta64(1, "D")) + 1
    seconds = [row.seconds for row in given if row.seconds is not None]
    return Pace(
        len(training) / span, float(np.median(seconds)) if seconds else None, len(given) / max(len(training), 1),
        _price(rows, project, [(row.person_id, row.seconds) for row in given]), len(days),
    )  # fmt: skip


def _price(rows: Rows, project: Project, given: list[tuple[str, float | None]]) -> float | None:
    """The mean price of an answer, if it is known of everybody who answered."""
    if project.goal is not None and project.goal.label_cost is not None:
        return project.goal.label_cost
    rates = {person: profile.rate for person, profile in profiles(rows).items() if profile.rate is not None}
    if not given or any(person not in rates for person, _ in given):
        return None
    return float(np.mean([rates[person] * (seconds or 0.0) / HOUR for person, seconds in given]))
