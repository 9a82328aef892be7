"""Targets beside the goal: the same metric, or another one, in a part of the items that has a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from labelwright.check import check_count, check_magnitude
from labelwright.errors import InputError
from labelwright.plain import Json, JsonObject
from labelwright.tasks import Task

MAX_TARGETS: Final = 20


@dataclass(frozen=True)
class Target:
    """What is to be reached in a saved slice.

    Attributes
    ----------
    slice : str
        The id of the saved slice.
    metric : str
        A metric of the task.
    value : float
        The metric is to reach it, or to come down to it where less is better.
    deadline : date, optional
        The last day.
    """

    slice: str
    metric: str
    value: float
    deadline: date | None = None

    def to_json(self) -> JsonObject:
        """The stored form."""
        deadline = None if self.deadline is None else self.deadline.isoformat()
        return {"slice": self.slice, "metric": self.metric, "value": self.value, "deadline": deadline}

    @classmethod
    def read(cls, stored: Json) -> Target:
        """Read `to_json`.

        >>> Target.read(Target("sl_1", "accuracy", 0.9, date(2027, 1, 31)).to_json()).deadline.year
        2027
        """
        assert isinstance(stored, dict)
        given: Any = stored
        deadline = None if given["deadline"] is None else date.fromisoformat(given["deadline"])
        return cls(str(given["slice"]), str(given["metric"]), float(given["value"]), deadline)


def check_targets(targets: Sequence[Target], task: Task, *, today: date | None = None) -> None:
    """Refuse targets that cannot be aimed at.

    Parameters
    ----------
    today : date, optional
        A deadline must not lie before it.

    Raises
    ------
    InputError
        If there are too many, two of one slice and metric, or a metric, value or deadline is not possible.
    """
    check_count("targets", "number", len(targets), 0, MAX_TARGETS)
    if len({(one.slice, one.metric) for one in targets}) < len(targets):
        raise InputError("targets: a slice can have one target for a metric, got two.", "Remove one of them.")
    for one in targets:
        task.higher_is_better(one.metric)
        check_magnitude("targets", "value", one.value)
        if one.deadline is not None and today is not None and one.deadline < today:
            raise InputError(f"targets: a deadline must be today or later, got {one.deadline}.")
