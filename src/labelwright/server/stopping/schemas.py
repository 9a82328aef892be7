"""Bodies of the routes about stopping."""

from __future__ import annotations

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
