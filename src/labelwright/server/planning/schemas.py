"""Bodies of the routes about plans."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from labelwright.budgets import MAX_LABELS
from labelwright.server.model import Body, View
from labelwright.server.projects.upload_schemas import Columns, ItemKindName, TaskName

PlanState = Literal["waiting", "running", "finished", "cancelled", "failed"]


class PlanSource(Body):
    """What is replayed: an upload of the caller's, or a project that the caller manages."""

    upload_id: str | None = Field(default=None, max_length=40)
    project: str | None = Field(default=None, pattern=r"^[a-z0-9-]{1,64}$")
    columns: Columns = Columns()
    task: TaskName | None = None


class SimilarSource(PlanSource):
    """Data, labeled or not, that similar projects are looked for."""

    labels: list[str] = Field(default=[], max_length=MAX_LABELS, description="The labels to choose from, of an upload.")


class NewPlan(Body):
    """A grid of set-ups to replay."""

    source: PlanSource
    strategies: list[str] = Field(default=["auto", "margin", "random"], min_length=1, max_length=20)
    models: list[str] = Field(default=[], max_length=10, description="The simplest first; by kind of item if empty.")
    batch_sizes: list[int] = Field(default=[], max_length=10, description="12 rounds in all if empty.")
    overlaps: list[int] = Field(default=[1], min_length=1, max_length=5)
    errors: list[float] = Field(default=[0.0], min_length=1, max_length=5, description="Shares of wrong answers.")
    seeds: int = Field(default=5, ge=1, le=50)
    budget: int | None = Field(default=None, ge=2, le=100_000)
    metric: str | None = Field(default=None, max_length=80)
    target: float | None = None
    seconds_per_label: float | None = Field(default=None, gt=0, le=86_400)
    rate: float | None = Field(default=None, ge=0, le=1_000_000)


class PlanFigure(View):
    """A figure with its 95 % interval; null where it is not known or has no bound."""

    value: float | None
    low: float | None
    high: float | None


class SetUp(View):
    """One way to label."""

    strategy: str
    model: str
    batch_size: int
    overlap: int


class PlanRow(View):
    """What was measured of a set-up under one error of the annotators."""

    setup: SetUp
    error: float
    n_seeds: int
    n_reached: int = Field(description="Replays that reached the target.")
    answers: PlanFigure = Field(description="Until the target; a lower bound where not every replay reached it.")
    saving: PlanFigure = Field(description="Of the baseline's answers; the interval holds for this row alone.")
    hours: float | None
    cost: float | None
    value: float = Field(description="Mean of the metric at the end of the budget.")


class PlanProposal(View):
    """What to do where annotators err so often."""

    setup: SetUp
    error: float
    text: str
    answers: PlanFigure
    saving: PlanFigure = Field(description="Allows for having looked at all set-ups.")
    at_least: bool
    n_reached: int
    n_seeds: int
    tied: list[SetUp]
    is_simpler: bool
    hours: PlanFigure
    cost: PlanFigure


class PlanPoint(View):
    """The mean over seeds after a round."""

    n_answers: float
    value: float
    low: float | None
    high: float | None


class PlanCurve(View):
    """The curve of a set-up."""

    setup: SetUp
    error: float
    points: list[PlanPoint]


class PlanLine(View):
    """A plan in a list."""

    id: str
    name: str
    project: str | None
    state: PlanState
    created_at: str
    n_done: int
    n_replays: int


class PlanList(View):
    """Plans, the latest first."""

    items: list[PlanLine]


class Plan(View):
    """A plan with all that is known so far."""

    line: PlanLine
    error: str | None
    kind: ItemKindName
    task: TaskName
    labels: list[str]
    columns: dict[str, Any]
    upload_id: str | None = Field(description="The file, while it is kept and the caller's.")
    n_items: int
    metric: str
    higher_is_better: bool
    target: float | None
    budget: int
    errors: list[float]
    baseline: SetUp
    rows: list[PlanRow]
    proposals: list[PlanProposal]
    curves: list[PlanCurve]


class SimilarProject(View):
    """A similar project, and what it says."""

    slug: str
    title: str
    similarity: float
    n_items: int
    strategy: str
    model: str
    batch_size: int
    overlap: int
    saving: PlanFigure = Field(description="Of its strategy against its control arm.")
    planned: SetUp | None = Field(description="What its latest finished plan proposes.")
    seconds: PlanFigure = Field(description="Median of an answer.")
    n_labels: int
    regret: int | None = Field(description="Labels after the goal was first reached.")


class SimilarList(View):
    """Similar projects, the most similar first."""

    items: list[SimilarProject]


class ModelList(View):
    """Models that a project may train."""

    items: list[str]
