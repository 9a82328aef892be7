"""Bodies about targets and the labeling plan."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from labelwright.server.model import Body, View


class NewTarget(Body):
    """What is to be reached in a saved slice."""

    slice: str = Field(max_length=40, description="The id of a saved slice.")
    metric: str = Field(max_length=80)
    value: float
    deadline: date | None = Field(default=None, description="The last day; that of the goal if left out.")


class NewTargets(Body):
    """All targets beside the goal, from now on."""

    targets: list[NewTarget] = Field(max_length=20)
    before: int | None = Field(
        default=None, ge=1, le=100_000_000, description="Labels that such a model took before, as far as is known."
    )


class NewQuota(Body):
    """The share of each batch for training that comes from items with a value; 0 takes the quota away."""

    column: str = Field(max_length=20)
    value: str = Field(max_length=400)
    share: float = Field(ge=0, le=0.9)


class PlanEstimate(View):
    """A figure on the reserve, at 95 %."""

    metric: str
    value: float
    low: float
    high: float
    n: int
    n_labels: int
    enough: bool


class Aim(View):
    """What is to be reached, where; slice null for all items."""

    slice: str | None
    name: str
    metric: str
    value: float
    higher_is_better: bool
    deadline: date | None


class Standing(View):
    """Where a target stands; what is to come at 80 %."""

    now: PlanEstimate | None
    state: str
    chance: float | None = Field(description="That it is reached within four times the labels there are.")
    chance_in_time: float | None
    missing: int | None
    missing_low: int | None
    missing_high: int | None
    hours: float | None
    cost: float | None
    by: date | None


class Quota(View):
    """A share of each batch for training that comes from a part of the items."""

    column: str
    value: str
    of_pool: float
    now: float | None
    proposed: float | None


class TargetLine(View):
    """One target, in the order of priority."""

    aim: Aim
    standing: Standing
    quota: Quota | None
    text: str


class PlanPace(View):
    """Of the last fourteen days."""

    labels_a_day: float | None
    seconds: float | None
    per_label: float
    price: float | None
    n_days: int


class Staffing(View):
    """Hours of the next seven days that meet the earliest deadline."""

    labels: int
    annotators: float
    experts: float
    until: date


class Expected(View):
    """One forecast of a round, and what was measured then."""

    at: str
    n_labels: int
    labels: float | None
    labels_low: float | None
    labels_high: float | None
    next_labels: int
    value: float
    low: float
    high: float
    measured: float | None
    held: bool | None


class Kept(View):
    """All forecasts, and how many of those that can be judged held; 80 % should."""

    forecasts: list[Expected]
    n: int
    n_held: int
    low: float | None
    high: float | None


class Saving(View):
    """Labels to the goal against those that such a model took before, by what the lead said."""

    labels: int
    before: int
    share: float


class PlanKind(View):
    """Items with the same value of the cost column; seconds are null below the least number of measured times."""

    name: str
    n_left: int
    n_measured: int
    seconds: float | None
    doubt: float | None = Field(description="How unsure the model is of those that are left, from 0 to 1.")
    labels: int | None
    hours: float | None
    cost: float | None


class PlanRole(View):
    """What annotators, experts or reviewers are to do; seconds are null where there is too little to tell."""

    role: str
    n_people: int
    n_measured: int
    seconds: float | None
    labels: int | None = Field(description="Labels for training; of reviewers, reviews.")
    hours: float | None
    cost: float | None
    by: date | None
    week_hours: float | None


class PlanWork(View):
    """What is missing, by kinds of item in the order of priority, and by roles."""

    missing: int | None
    kinds: list[PlanKind]
    roles: list[PlanRole]
    least: int = Field(description="Measured times below which no rate is named.")


class LabelingPlan(View):
    """What is to be reached first, by how many labels, until when, and who is needed for it."""

    lines: list[TargetLine]
    pace: PlanPace
    n_labels: int
    before: int | None
    staffing: Staffing | None
    kept: Kept
    saving: Saving | None
    work: PlanWork
