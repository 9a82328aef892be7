"""Bodies of the routes about a project as a file."""

from __future__ import annotations

from pydantic import Field

from labelwright.server.model import Body, View

TEXT = Field(min_length=1, max_length=1_000_000, description="The file, TOML.")


class ProjectFile(Body):
    """A project file."""

    text: str = TEXT


class CheckedProjectFile(Body):
    """A project file whose preview was looked at."""

    text: str = TEXT
    seq: int = Field(ge=0, description="Of the preview; the file is refused if the project has changed since.")


class FileDifference(View):
    """One thing that the file says otherwise than the project."""

    table: str
    key: str
    before: str
    after: str
    effect: str = Field(description="What the change does, or why it is not possible.")
    possible: bool


class FilePreview(View):
    """What a file would change."""

    seq: int
    differences: list[FileDifference]
    notes: list[str]
    possible: bool = Field(description="Whether all of it can be applied.")
