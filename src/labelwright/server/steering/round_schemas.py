"""Bodies of the routes about rounds."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.projects.schemas import EstimateView
from labelwright.server.steering.schemas import CurvePoint

Verdict = Literal["held", "failed", "open"]
Text = Field(default=None, max_length=2000, description="Null: as drafted from the data.")


class Difference(View):
    """A paired difference of two models; without bounds where it has no interval."""

    value: float
    low: float | None
    high: float | None
    n: int


class Round(View):
    """The lead's unit of work."""

    id: str
    number: int
    hypothesis: str
    change: str = Field(description="What was changed for it.")
    measure: str
    verdict: Verdict
    note: str
    changed: bool = Field(description="Whether it ran with other settings than the round before.")
    drafted: list[str] = Field(description="Which of these no person has said: they are drafted from the data.")
    strategy: str
    planned: int
    state: str
    started_at: str
    ended_at: str | None
    asked: dict[str, int] = Field(description="Answers by kind of slot.")
    answers: int
    seconds: float
    before: EstimateView | None
    after: EstimateView | None
    difference: Difference | None = Field(description="Between the two, paired on the same reserve labels.")
    outcome: str


class NewRound(Body):
    """A round to begin."""

    hypothesis: str = Field(default="", max_length=2000, description="What the round shall show.")
    labels: int | None = Field(default=None, ge=1, le=100_000, description="Planned labels; null: the batch size.")
    strategy: str | None = Field(default=None, max_length=80, description="Null: as before.")
    constraints: list[str] | None = Field(
        default=None, max_length=50, description="Rules such as `group at-most 2`; null: as before, empty: none."
    )
    settings_version: int | None = Field(
        default=None, description="The version that was seen; 409 `conflict` if the settings have changed since."
    )


class SaidOfRound(Body):
    """What a lead says of a round; it takes the place of all that was said before."""

    hypothesis: str | None = Text
    change: str | None = Text
    measure: str | None = Text
    verdict: Verdict | None = Field(default=None, description="Null: as drafted from the data.")
    note: str | None = Text


class RoundList(View):
    """A page of rounds, newest first."""

    items: list[Round]
    next_cursor: str | None = None
    detectable: float | None = Field(
        default=None,
        description="The smallest true change that the next round shows in four of five cases.",
    )


class SettingLine(View):
    """One setting in two rounds, in words."""

    what: str
    before: str
    now: str


class RoundComparison(View):
    """Two rounds beside each other."""

    first: Round
    second: Round
    settings: list[SettingLine] = Field(description="What each ran with, those that are equal too.")
    difference: Difference | None = Field(description="Between the models at their ends, second minus first.")
    sentence: str


class ModelComparison(View):
    """Two models of a project, with what had been spent when each was trained."""

    first: CurvePoint
    second: CurvePoint
    difference: Difference | None = Field(description="Second minus first, paired on the same reserve labels.")
    sentence: str


class DesignPart(View):
    """One thing to look at, and what the data say about it."""

    name: Literal["criterion", "dial", "stop"]
    sentences: list[str]


class DesignReview(View):
    """Whether it is time to look at how items are chosen, and what the data say."""

    every: int = Field(description="Rounds between two reviews; 0 for never.")
    rounds: int = Field(description="Ended since the last review.")
    due: bool
    last_at: str | None
    parts: list[DesignPart]


class NewDesignReview(Body):
    """A person has looked at how items are chosen."""

    note: str = Field(default="", max_length=2000, description="What was decided.")
