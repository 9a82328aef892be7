"""Bodies of the routes about how good the model is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.team.schemas import QuestionName, TeamFigure


class MetricLine(View):
    """One metric on the reserve."""

    name: str
    higher_is_better: bool
    figure: TeamFigure


class MetricChoice(View):
    """A metric that can be asked for."""

    name: str
    takes: list[Literal["label", "recall", "precision", "k", "costs", "level"]]


class ClassLine(View):
    """How the model fares at one class."""

    label: str
    name: str
    n: int
    precision: TeamFigure
    recall: TeamFigure
    f1: TeamFigure


class ReliabilityBin(View):
    """Items that the model is about equally sure of, or whose predicted number is about equal."""

    low: float
    high: float
    predicted: float = Field(description="The mean confidence, or prediction.")
    figure: TeamFigure = Field(description="Share that is right; of numbers, the mean of label minus prediction.")


class Coverage(View):
    """How many labels lie in intervals of a level."""

    level: float
    figure: TeamFigure


class Reliability(View):
    """Whether probabilities, or intervals of numbers, mean what they say."""

    kind: Literal["confidence", "labels", "residuals"]
    bins: list[ReliabilityBin]
    coverage: list[Coverage]


class Window(View):
    """Measured items of three periods in a row."""

    first: str
    last: str
    figure: TeamFigure
    n_items: int = Field(description="Of the last period.")
    n_reserve: int


class Windows(View):
    """Rolling windows by item time."""

    metric: str
    windows: list[Window]
    n_without_time: int


class PeoplesErrors(View):
    """How often people are wrong, and the accuracy with that taken into account."""

    basis: Literal["gold", "agreement", "none"]
    error: TeamFigure
    measured: TeamFigure
    corrected: TeamFigure


class Reader(View):
    """How well a person, or all together, tell two classes apart."""

    name: str = Field(description="Empty for all together.")
    sensitivity: TeamFigure
    specificity: TeamFigure


class Readers(View):
    """Readers against one kind of truth."""

    against: Literal["gold", "adjudicated"]
    positive: str
    readers: list[Reader]


class SecondLooks(View):
    """How many labels of the reserve were reviewed."""

    n_wrong: int
    n_wrong_reviewed: int
    n_right: int
    n_right_reviewed: int
    even: bool = Field(description="False where the plain accuracy flatters itself.")
    corrected: TeamFigure


class Evaluation(View):
    """The published model on the reserve."""

    question: str
    questions: list[QuestionName]
    task: str
    labels: dict[str, str]
    state: Literal["no-model", "no-reserve", "ready"]
    n: int
    n_groups: int
    grouped: bool
    needed: int
    n_reserve: int
    cycle: int | None
    at: str | None
    n_labels: int
    metrics: list[MetricLine]
    choices: list[MetricChoice]
    classes: list[ClassLine]
    reliability: Reliability | None
    windows: Windows | None
    people: PeoplesErrors | None
    readers: list[Readers]
    second_looks: SecondLooks | None


class SliceLine(View):
    """One slice of the reserve."""

    column: str
    value: str
    figure: TeamFigure
    shrunk: float | None
    p_value: float | None = Field(description="Of the difference from all others, corrected.")


class Slices(View):
    """The slices of the reserve, the worst first."""

    metric: str
    higher_is_better: bool
    columns: list[str]
    left_out: list[str] = Field(description="Columns whose values all have too few items.")
    min_items: int
    n_tested: int
    overall: TeamFigure | None
    slices: list[SliceLine]


class SliceItems(View):
    """The items of a slice."""

    n: int
    n_wrong: int | None
    items: list[str]


class WrongItem(View):
    """An item whose label is not what the model says."""

    item: str
    preview: str
    label: str
    predicted: str
    confidence: float | None


class Worst(View):
    """The worst errors, fifty at most."""

    question: str
    n_wrong: int
    items: list[WrongItem]


class AskedLooks(Body):
    """Items of the reserve to look at again."""

    items: list[Annotated[str, Field(max_length=20)]] = Field(min_length=1, max_length=50)
    question: str | None = Field(default=None, max_length=40)


class SentLooks(View):
    """Reviews that were opened."""

    n_asked: int
    n_agreeing: int
