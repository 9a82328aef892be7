"""Bodies of the routes about drift."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.team.schemas import TeamFigure

What = Literal["inputs", "columns", "predictions", "labels", "errors", "stream"]


class DriftPoint(View):
    """One point of a picture, with its 95 % interval."""

    name: str = Field(description="Day, or key, of the first item of the window.")
    value: float
    low: float
    high: float
    n: int


class DriftSeries(View):
    """A line of a picture."""

    name: str = Field(description='"statistic", "error", the id of a label, or "column NAME".')
    points: list[DriftPoint]


class DriftTest(View):
    """What one test says."""

    name: str
    p_value: float | None
    effect: float
    n_before: int
    n_after: int


class DriftPart(View):
    """A column, or the prevalence of a label."""

    name: str
    effect: float
    p_value: float = Field(description="Corrected for the number of parts.")
    before: float | None
    after: float | None
    low: float | None
    high: float | None


class DriftFinding(View):
    """What the last look says of one thing that may change."""

    what: What
    state: Literal["ready", "few-items", "few-labels", "no-model", "unclear"]
    n: int
    needed: int
    level: float = Field(description="A p-value at or below it is an alarm.")
    alarm: bool
    onset: str | None
    limit: float | None = Field(description="What chance alone exceeds in one of twenty cases.")
    tests: list[DriftTest]
    series: list[DriftSeries]
    parts: list[DriftPart]
    question: str | None = Field(description="That errors and stream are of; null: the primary question.")
    n_left_out: int = Field(description="Labels before the start of the stream, without predictions any more.")


class SampleSize(View):
    """How exactly so many labels measure a share."""

    n: int
    half_width: float


class LabelShare(View):
    """How common a label is in the sample."""

    label: str
    name: str
    figure: TeamFigure


class DriftSample(View):
    """What a random sample of the items after the onset measures so far."""

    n: int
    n_answered: int
    shares: list[LabelShare]
    accuracy: TeamFigure = Field(description="Of the model that the alarm was raised with.")


class DriftAlarm(View):
    """One alarm."""

    id: str
    what: What
    since: str | None
    state: Literal["open", "measured", "real", "false", "accepted"]
    at: str
    cycle: int | None
    finding: DriftFinding
    settled_by: str | None
    settled_at: str | None
    note: str | None
    n_left: int = Field(description="Unanswered items of the pool after the onset.")
    sizes: list[SampleSize]
    sample: DriftSample | None


class DriftAlarms(View):
    """All alarms, open ones first."""

    items: list[DriftAlarm]


class LabelCount(View):
    """Labels of one class in a window."""

    label: str
    name: str
    n: int


class DriftWindow(View):
    """Equally many items in a row of their order in time."""

    name: str
    n_items: int
    n_labels: int
    counts: list[LabelCount]
    accuracy: TeamFigure


class Drift(View):
    """Labels and evaluation in the same windows, and what the last look says."""

    state: Literal["no-order", "few-items", "waiting", "ready"]
    question: str
    metric: str
    ordered_by: Literal["time", "import"] | None
    n_items: int
    needed: int
    n_looked: int = Field(description="Items at the last look; 0 before the first.")
    cycle: int | None
    windows: list[DriftWindow]
    findings: list[DriftFinding]
    alarms: list[DriftAlarm]
    positions: dict[str, float] = Field(description="Where each alarm began, in windows from the first, by its id.")


class Settlement(Body):
    """What an alarm was."""

    outcome: Literal["real", "false", "accepted"]
    note: str = Field("", max_length=4000)


class NewSample(Body):
    """How many items are drawn."""

    n: int = Field(ge=1, le=1000)


class Sampled(View):
    """How many items are asked first."""

    n: int
