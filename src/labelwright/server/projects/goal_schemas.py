"""Bodies about a project's goal."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from labelwright.server.model import Body, View


class NewGoal(Body):
    """What the project aims at."""

    metric: str = Field(max_length=80)
    value: float
    deadline: date | None = Field(default=None, description="The last day.")
    budget: int | None = Field(default=None, description="Answers of people that may be spent, the reserve included.")


class ChangedGoal(Body):
    """The goal from now on; null for none."""

    goal: NewGoal | None
    settings_version: int | None = Field(
        default=None, description="The version that was edited; 409 `conflict` if the settings have changed since."
    )


class Goal(View):
    """A goal, and what is left of its time."""

    metric: str
    value: float
    higher_is_better: bool
    deadline: date | None
    days_left: int | None = Field(description="To the deadline; below 0 after it.")
    budget: int | None
