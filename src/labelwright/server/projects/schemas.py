"""Bodies of the project routes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from labelwright.budgets import MAX_LABELS
from labelwright.server.model import Body, View
from labelwright.server.projects.goal_schemas import Goal, NewGoal
from labelwright.server.projects.question_schemas import Guidelines, NewQuestion, Question
from labelwright.server.projects.upload_schemas import Columns, ItemKindName, TaskName, Upload
from labelwright.services.people.roles import SiteRole

ProjectState = Literal["importing", "ready", "paused", "archived", "failed", "damaged"]


class StartFrom(Body):
    """Labeled items of another domain that the model of a project learns from: of a project, or of an upload."""

    project: str | None = Field(default=None, description="The caller must be allowed to export it.")
    snapshot: str | None = Field(default=None, max_length=80, description="A moment of that project; now if left out.")
    upload_id: str | None = None
    label: str | None = Field(default=None, max_length=200, description="Column of labels of the upload; else guessed.")

    @model_validator(mode="after")
    def _names_one(self) -> StartFrom:
        if (self.project is None) == (self.upload_id is None):
            raise ValueError("exactly one of project and upload_id must be given")
        return self


class NewProject(Body):
    """A project to make from an upload."""

    slug: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    title: str = Field(default="", max_length=200)
    upload_id: str
    task: TaskName | None = Field(default=None, description="Needed without `questions`.")
    columns: Columns = Columns()
    questions: list[NewQuestion] | None = Field(
        default=None,
        min_length=1,
        max_length=20,
        description="Several questions about each item. They replace the fields of the single question: `task`, "
        "`labels`, `open_labels`, `question`, `guidelines`, `positive`, `min`, `max`, `step`, `unit`.",
    )
    labels: list[str] | None = Field(default=None, max_length=MAX_LABELS)
    open_labels: bool = False
    labels_are: Literal["training", "random", "gold"] = "training"
    question: str = Field(default="", max_length=200, description="What is asked, as the annotator reads it.")
    guidelines: str = Field(default="", max_length=200_000)
    goal: str | NewGoal | None = Field(default=None, description="A goal, or `METRIC=VALUE` such as `accuracy=0.92`.")
    positive: str | None = None
    min: float | None = Field(default=None, description="Regression: the smallest answer.")
    max: float | None = Field(default=None, description="Regression: the largest answer.")
    step: float | None = Field(default=None, gt=0)
    unit: str | None = Field(default=None, max_length=40)
    start_from: StartFrom | None = Field(default=None, description="For classification: labels of another domain.")
    overlap: int = Field(default=1, ge=1, le=20)
    strategy: str = "auto"
    model: str | None = Field(default=None, max_length=40, description="Of the primary question; by kind of item.")
    batch_size: int = Field(default=10, ge=1, le=1000)
    encoders: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=8,
        description="How items become features; by kind of item if left out. Several are compared on the labels.",
    )
    seed: int = Field(default=0, ge=0, lt=2**31, description="Of all sampling, so of the splits too.")

    @model_validator(mode="after")
    def _asks_something(self) -> NewProject:
        if self.task is None and self.questions is None:
            raise ValueError("either task or questions must be given")
        if sum(question.primary for question in self.questions or ()) > 1:
            raise ValueError("at most one question may be primary")
        return self


class Deleted(View):
    """A project that was deleted and can be restored."""

    slug: str
    created_at: str
    deleted_at: str


class DeletedList(View):
    """The deleted projects, the latest first."""

    items: list[Deleted]


class ShardsDone(View):
    """How far the worker is, while it predicts a large pool."""

    done: int
    of: int


class Running(View):
    """What the worker does for this project, or did last."""

    state: Literal["idle", "waiting", "running", "failed", "no-worker"]
    step: str | None = None
    since: str | None = None
    n_labels: int | None = None
    error: str | None = None
    last_published: str | None = None
    shards: ShardsDone | None = None


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
    source: int = Field(default=0, description="Labeled items of another domain; in no other count.")


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
    role: SiteRole = Field(description="The caller's in this project.")
    permissions: list[str] = Field(description="What it allows, for hiding what would be refused.")


class ProjectList(View):
    """A page of projects."""

    items: list[ProjectSummary]
    next_cursor: str | None = None


class ImportState(View):
    """How far an import is, or why it failed and where in the file."""

    phase: str
    done: int
    total: int | None
    error: str | None = None
    hint: str | None = None
    reason: str | None = Field(default=None, description="The error without its place in the file.")
    file: str | None = None
    row: int | None = Field(default=None, description="1-based data row, where one is to blame.")
    column: str | None = None


class FailedImport(View):
    """A first import that failed, and what was chosen for it."""

    file: str | None = Field(description="The name of the file or folder.")
    request: dict[str, Any] | None = Field(
        description="The body of the request that asked for the project, as it came; null where none is known."
    )
    upload: Upload | None = Field(description="Null if the upload was dropped, or is somebody else's.")


class Mine(View):
    """The caller's own progress."""

    today: int = Field(description="Items the caller has answered today.")
    total: int = Field(description="Items the caller has answered.")
    seconds_median: float | None
    pace: list[int] = Field(description="Answers per five minutes over the last hour, oldest first.")


class ProjectDetail(ProjectSummary):
    """Everything a page about one project starts from."""

    question: Question = Field(description="The primary question.")
    questions: list[Question] = Field(description="The primary one first, then in the project's order.")
    guidelines: Guidelines = Field(description="Those of the primary question.")
    settings_version: int = Field(description="Goes up with every change of the project's settings.")
    counts: Counts
    running: Running
    mine: Mine
    goal: str | None = Field(description="`METRIC=VALUE`.")
    goal_details: Goal | None
    tells: bool = Field(default=False, description="People are told something about their answers.")
    pace_warning: bool = Field(default=False, description="People are told when they answer unusually fast.")
    policy: dict[str, Any]
    import_state: ImportState | None = None


class AddItems(Body):
    """More rows: from an upload, or directly as rows of the same columns; or labels of another domain."""

    upload_id: str | None = None
    rows: list[dict[str, Any]] | None = Field(default=None, max_length=10_000)
    source: StartFrom | None = Field(default=None, description="For classification: labels of another domain.")

    @model_validator(mode="after")
    def _names_one_kind(self) -> AddItems:
        if self.source is not None and (self.upload_id is not None or self.rows is not None):
            raise ValueError("source cannot be combined with upload_id or rows")
        return self


class Added(View):
    """What an import brought."""

    batch: str
    added: int
    known: int = Field(description="Rows that were there already, by id and content.")
    reserve: int
    labeled: int
    duplicates: int
    corrected: int = Field(
        default=0, description="Of a source: those that take the place of a copy with another label or content."
    )


class ImportView(View):
    """One import batch."""

    id: str
    source: str
    at: str
    first: bool = Field(description="The batch that the project was made from.")
    n_items: int
    labels_are: Literal["training", "random", "gold", "source"] | None = Field(
        description="What labels of the file are: `source` where the items are of another domain; null: it had none."
    )
    undone: bool
    by: str | None = Field(description="The name of the person who imported it.")


class ImportList(View):
    """All imports of a project, newest first."""

    items: list[ImportView]


class Undoing(Body):
    """Why an import is undone."""

    reason: str = Field(default="", max_length=2000)
