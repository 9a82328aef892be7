"""Bodies of the routes about guidelines."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.projects.question_schemas import Example
from labelwright.server.projects.schemas import EstimateView


class Line(View):
    """A line of the guidelines."""

    change: Literal["same", "added", "removed"]
    text: str


class News(View):
    """What changed in a question's guidelines since the caller last saw them."""

    question: str
    seen: int
    version: int
    lines: list[Line]
    examples: list[Example]


class NewsList(View):
    """Of each question whose guidelines changed."""

    items: list[News]


class Seen(Body):
    """The caller was shown the guidelines up to a version."""

    question: str | None = Field(default=None, max_length=40)
    version: int = Field(ge=1)


class GuidelineVersion(View):
    """One version of a question's guidelines."""

    version: int
    at: str
    by: str
    n_annotations: int
    n_examples: int


class GuidelineVersions(View):
    """The newest first."""

    items: list[GuidelineVersion]


class Proposal(View):
    """An item that would make a good example."""

    item: str
    preview: str
    answers: dict[str, int]
    answer: dict[str, Any]
    label: str
    confidence: float
    decided: bool


class Boundary(View):
    """A pair of answers that people confuse."""

    pair: tuple[str, str]
    n_items: int
    items: list[Proposal]


class Boundaries(View):
    """The pair that people confuse most often first."""

    items: list[Boundary]


class AskedImpact(Body):
    """A rule between two answers that may change."""

    question: str | None = Field(default=None, max_length=40)
    pair: list[dict[str, Any]] = Field(min_length=2, max_length=2)
    near: list[str] = Field(default=[], max_length=50, description="Ids of items; only labels of items like them.")
    limit: int = Field(default=500, ge=1, le=5000)


class Impact(View):
    """What it may cost."""

    items: list[str]
    n_training: int
    n_reserve: int
    n_gold: int
    hours: float
    metric: str
    now: EstimateView | None
    flipped: EstimateView | None


class ItemsOfQuestion(Body):
    """Items by id."""

    question: str | None = Field(default=None, max_length=40)
    items: list[str] = Field(min_length=1, max_length=5000)


class NumberOpened(View):
    """How many reviews were opened."""

    opened: int
