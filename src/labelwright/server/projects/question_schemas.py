"""Bodies about questions: what is asked, labels, guidelines."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from labelwright.budgets import MAX_LABELS
from labelwright.server.model import Body, View
from labelwright.server.projects.item_schemas import Item
from labelwright.server.projects.upload_schemas import TaskName


class NewQuestion(Body):
    """One of several questions of a new project."""

    id: str | None = Field(default=None, pattern=r"^[a-z0-9_-]{1,40}$", description="Null: `q_1`, `q_2` in order.")
    text: str = Field(default="", max_length=200, description="What is asked, as the annotator reads it.")
    task: TaskName
    labels: list[str] | None = Field(default=None, max_length=MAX_LABELS)
    open_labels: bool = False
    column: str | None = Field(default=None, description="The column of the data that holds labels of this question.")
    required: bool = Field(default=True, description="The item is answered when all required questions are.")
    primary: bool = Field(default=False, description="Items are chosen for this question. The first, if none says so.")
    guidelines: str = Field(default="", max_length=200_000)
    positive: str | None = None
    min: float | None = Field(default=None, description="Regression: the smallest answer.")
    max: float | None = Field(default=None, description="Regression: the largest answer.")
    step: float | None = Field(default=None, gt=0)
    unit: str | None = Field(default=None, max_length=40)
    model: str | None = Field(default=None, description="Null: the default of the task.")
    metric: str | None = Field(default=None, description="Null: the default of the task.")


class Label(View):
    """One of the labels that an answer may carry."""

    id: str
    name: str
    key: str | None = None


class Example(View):
    """A real item that shows what the guidelines mean."""

    item: str
    content: Item
    answer: dict[str, Any]
    label: str
    rule: str | None = None


class Guidelines(View):
    """The rules for annotators, in Markdown, with the examples that are pinned to them."""

    version: int
    markdown: str
    examples: list[Example] = []


class Question(View):
    """What is asked about each item."""

    id: str
    name: str = Field(description="The text that is asked.")
    task: TaskName
    view: str = Field(description="The editor to mount.")
    primary: bool = Field(description="Items are chosen for this question.")
    required: bool = Field(description="The item is answered when all required questions are.")
    labels: list[Label] = []
    open: bool = Field(default=False, description="Annotators may add labels.")
    schema_version: int
    min: float | None = None
    max: float | None = None
    step: float | None = None
    unit: str | None = None
    guidelines: Guidelines
    metric: str
    model: str


class NewExample(Body):
    """An item to pin, with the right answer and the reason."""

    item: str = Field(max_length=40)
    answer: dict[str, Any]
    rule: str | None = Field(default=None, max_length=2000)


class NewGuidelines(Body):
    """New text; it becomes a new version."""

    markdown: str = Field(max_length=200_000)
    examples: list[NewExample] | None = Field(default=None, max_length=200, description="Null: those that are pinned.")
    question: str | None = Field(default=None, max_length=40, description="Null: the primary question.")
    settings_version: int | None = Field(
        default=None, description="The version that was edited; 409 `conflict` if the settings have changed since."
    )


class LabelChange(Body):
    """A label as it shall be; without an id it is new."""

    id: str | None = Field(default=None, max_length=40)
    name: str = Field(min_length=1, max_length=200)


class ChangedQuestion(Body):
    """What to change of a question; null leaves it."""

    text: str | None = Field(default=None, max_length=200)
    labels: list[LabelChange] | None = Field(
        default=None, max_length=MAX_LABELS, description="All labels in their order; one that is left out is removed."
    )
    open_labels: bool | None = None
    settings_version: int | None = Field(
        default=None, description="The version that was edited; 409 `conflict` if the settings have changed since."
    )


class NewLabel(Body):
    """A label to add to an open schema."""

    name: str = Field(min_length=1, max_length=200)
    question: str | None = Field(default=None, max_length=40, description="Null: the primary question.")
