"""Bodies of the routes about stopping."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from labelwright.server.model import Body, View


class Opening(View):
    """One opening of the sealed labels: pass or fail, and nothing more."""

    at: str
    by: str
    cycle: int
    n: int
    alpha: float
    threshold: float
    passed: bool


class Certificate(View):
    """Where the certification of the goal stands."""

    why: str | None = Field(description="Why the goal cannot be certified, if so.")
    threshold: float | None
    metric: str
    n_sealed: int = Field(description="Sealed items that may count, one of each group.")
    n_proposed: int | None = Field(description="Labels that certify with a chance of 80 % at the figure measured now.")
    smallest_lead: float | None = Field(description="Above the threshold, for all sealed items to certify it.")
    n_asked: int
    n_labeled: int
    openings: int
    left: int
    alpha: float = Field(description="Error of one opening.")
    opened: list[Opening]
    can_open: bool


class AskedCertificate(Body):
    """The labels to ask for."""

    n: int = Field(ge=1, le=1_000_000)


class Certifiable(View):
    """What a project of a size could certify."""

    n_sealed: int = Field(description="0 where the goal cannot be certified.")
    smallest_lead: float | None = Field(description="Above the goal, to certify it with a chance of 80 %.")


class RuleView(View):
    """What one rule said at the last look."""

    rule: str
    stop: bool
    heuristic: bool = Field(description="It promises nothing.")
    text: str


class ForecastPoint(View):
    """What is expected to be measured, with an 80 % band."""

    n_labels: int
    value: float
    low: float
    high: float


class Forecast(View):
    """Where the learning curve goes, at 80 %."""

    labels: int | None = Field(description="In all, at the goal; null beyond four times the labels there are.")
    labels_low: int | None
    labels_high: int | None
    chance: float = Field(description="That the goal is reached within four times the labels.")
    cost: float | None = Field(description="Of the labels that are missing.")
    text: str
    curve: list[ForecastPoint]


class LedgerEntry(View):
    """One kind of statement that may be wrong."""

    name: str
    alpha: float = Field(description="The chance that any of them is wrong.")
    looks: int | None = Field(description="Declared; null where there is no limit.")
    used: int | None
    text: str


class Advice(View):
    """Whether to stop, and why; nothing stops by itself."""

    decision: Literal["go-on", "stop", "too-early"]
    text: str
    rules: list[RuleView]
    forecast: Forecast | None
    changes: list[str] = Field(description="What else could be changed.")
    ledger: list[LedgerEntry]
    cycle: int
    at: str | None = Field(description="When the rules looked last.")
