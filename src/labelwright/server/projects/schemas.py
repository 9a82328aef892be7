"""Bodies of the project routes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.uploads.schemas import Columns, ItemKindName, TaskName

ProjectState = Literal["importing", "ready", "paused", "failed", "damaged"]


class NewProject(Body):
    """A project to make from an upload."""

    slug: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    title: str = Field(default="", max_length=200)
    upload_id: str
    task: TaskName
    columns: Columns = Columns()
    labels: list[str] | None = None
    open_labels: bool = False
    labels_are: Literal["training", "random", "gold"] = "training"
    question: str = Field(default="", max_length=200, description="What is asked, as the annotator reads it.")
    guidelines: str = Field(default="", max_length=200_000)
    goal: str | None = Field(default=None, description="`METRIC=VALUE`, such as `accuracy=0.92`.")
    positive: str | None = None
    min: float | None = Field(default=None, description="Regression: the smallest answer.")
    max: float | None = Field(default=None, description="Regression: the largest answer.")
    step: float | None = Field(default=None, gt=0)
    unit: str | None = Field(default=None, max_length=40)
    overlap: int = Field(default=1, ge=1, le=20)
    strategy: str = "auto"
    batch_size: int = Field(default=10, ge=1, le=1000)


class Label(View):
    """One of the labels that an answer may carry."""

    id: str
    name: str
    key: str | None = None


class Question(View):
    """What is asked about each item."""

    id: str
    name: str
    task: TaskName
    view: str = Field(description="The editor to mount.")
    labels: list[Label] = []
    open: bool = Field(default=False, description="Annotators may add labels.")
    schema_version: int
    min: float | None = None
    max: float | None = None
    step: float | None = None
    unit: str | None = None


class Guidelines(View):
    """The rules for annotators, in Markdown."""

    version: int
    markdown: str


class NewGuidelines(Body):
    """New text; it becomes a new version."""

    markdown: str = Field(max_length=200_000)


class NewLabel(Body):
    """A label to add to an open schema."""

    name: str = Field(min_length=1, max_length=200)


class Running(View):
    """What the worker does for this project, or did last."""

    state: Literal["idle", "waiting", "running", "failed", "no-worker"]
    step: str | None = None
    since: str | None = None
    n_labels: int | None = None
    error: str | None = None
    last_published: str | None = None


class EstimateView(View):
    """A figure with its 95 % interval and the number of labels behind it."""

    metric: str
    value: float
    low: float
    high: float
    n: int
    n_labels: int = Field(description="Labels the model was trained on.")
    enough: bool = Field(description="False below 30 reserve labels: too few to judge.")


class Counts(View):
    """How many items and answers there are."""

    items: int
    pool: int
    reserve: int
    labeled: int = Field(description="Items of the pool with an answer.")
    reserve_labeled: int
    answers: int
    skipped: int
    flagged: int
    duplicates: int = Field(description="Items in a group with a near or exact duplicate.")
    left: int = Field(description="Items of the pool and reserve without an answer.")


class ProjectSummary(View):
    """One line of the list of projects."""

    id: str
    slug: str
    title: str
    task: TaskName | None = None
    kind: ItemKindName | None = None
    state: ProjectState
    demo: bool = False
    created_at: str
    items: int = 0
    answers: int = 0
    latest: EstimateView | None = None
    error: str | None = None


class ProjectList(View):
    """A page of projects."""

    items: list[ProjectSummary]
    next_cursor: str | None = None


class ImportState(View):
    """How far an import is."""

    phase: str
    done: int
    total: int | None
    error: str | None = None
    hint: str | None = None


class Mine(View):
    """The caller's own progress."""

    today: int
    total: int
    seconds_median: float | None
    pace: list[int] = Field(description="Answers per five minutes over the last hour, oldest first.")


class ProjectDetail(ProjectSummary):
    """Everything a page about one project starts from."""

    question: Question
    guidelines: Guidelines
    counts: Counts
    running: Running
    mine: Mine
    goal: str | None
    policy: dict[str, Any]
    import_state: ImportState | None = None


class AddItems(Body):
    """More rows: from an upload, or directly as rows of the same columns."""

    upload_id: str | None = None
    rows: list[dict[str, Any]] | None = Field(default=None, max_length=10_000)


class Added(View):
    """What an import brought."""

    batch: str
    added: int
    known: int = Field(description="Rows that were there already, by id and content.")
    reserve: int
    labeled: int
    duplicates: int
