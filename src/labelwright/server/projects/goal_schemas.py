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
    openings: int = Field(default=3, ge=1, le=20, description="How often sealed labels may be opened to certify it.")
    point_value: float | None = Field(default=None, gt=0, le=1e12, description="What a point of the metric is worth.")
    label_cost: float | None = Field(default=None, gt=0, le=1e12, description="What an answer costs, in the same unit.")
    prevalence: float | None = Field(default=None, gt=0, le=1, description="Of a search: the expected relevant share.")


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
    openings: int
    point_value: float | None
    label_cost: float | None
    prevalence: float | None
