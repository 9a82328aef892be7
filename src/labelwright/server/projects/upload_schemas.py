"""Bodies of the upload and preview routes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from labelwright.server.model import Body, View

TaskName = Literal["classification", "multilabel", "regression"]
ItemKindName = Literal["text", "image", "table"]


class Columns(Body):
    """Which column holds what; what is null is guessed."""

    id: str | None = None
    text: str | None = None
    image: str | None = None
    features: list[str] | None = None
    label: str | None = None
    group: str | None = None
    time: str | None = None
    domain: str | None = None
    cost: str | None = None
    licence: str | None = None
    consent: str | None = None
    embedding: str | None = None


class Upload(View):
    """A file that was received and waits to be previewed or imported; dropped after a day."""

    id: str
    name: str
    bytes: int
    files: int = Field(description="1 for a file; the number of files of a folder upload.")


class PreviewRequest(Body):
    """What to look at with which columns."""

    columns: Columns = Columns()
    task: TaskName | None = None
    labels: list[str] | None = None


class Problem(View):
    """What is wrong, and where."""

    code: str
    message: str
    hint: str = ""
    row: int | None = Field(default=None, description="1-based data row, where one is to blame.")
    column: str | None = None
    severe: bool = Field(default=True, description="False: a warning; the import would go on.")


class PreviewRow(View):
    """One row as it would be imported."""

    row: int
    key: str
    content: dict[str, Any] = Field(
        description="`{text}`, `{media}` (a thumbnail as data URL) or `{row: {column: value}}`."
    )
    label: str | None = None
    group: str | None = None
    problem: str | None = None


class ReserveAdvice(View):
    """What a reserve of n buys."""

    n: int
    half_width: float = Field(description="Half the width of the 95 % interval at accuracy .8.")


class Preview(View):
    """The guess about a file, and its first twenty rows."""

    kind: ItemKindName
    format: str
    encoding: str | None = Field(description="The encoding that the text is read in; null if it is not one text file.")
    all_columns: list[str]
    columns: Columns
    task: TaskName
    labels: list[str]
    answer: str | None = Field(
        description="A column of a table that looks like the answer; it is neither label nor feature until said."
    )
    rows: list[PreviewRow]
    n_rows: int | None = Field(description="Rows in the file; null if counting would take a whole pass of a big file.")
    problems: list[Problem]
    reserve: list[ReserveAdvice]
    slug: str = Field(description="A free project name made from the file's name.")
