"""Bodies of the routes about forks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.projects.schemas import EstimateView
from labelwright.server.steering.round_schemas import Difference


class NewForkArm(Body):
    """One way to choose."""

    strategy: str = Field(max_length=80)
    model: str = Field(max_length=80, description="The kind of model that the arm trains.")
    dial: int | None = Field(
        default=None, ge=1, le=1000, description="Doubtful items for each pick; null: the strategy as it is."
    )


class NewFork(Body):
    """Two ways to choose, to be tried side by side."""

    arms: tuple[NewForkArm, NewForkArm]
    per_arm: int = Field(ge=5, le=100_000, description="Labels that each arm is given.")
    hypothesis: str = Field(default="", max_length=2000)


class ForkArmView(View):
    """One arm, with what it got so far."""

    strategy: str
    model: str
    dial: int | None
    answers: int
    seconds: float


class ForkPoint(View):
    """The models of both arms of one training, on the reserve labels of then."""

    cycle: int
    answers: list[int]
    a: EstimateView
    b: EstimateView


class Fork(View):
    """Two arms that began from one labeled set."""

    id: str
    number: int
    hypothesis: str
    metric: str
    arms: list[ForkArmView]
    per_arm: int
    detectable: float | None = Field(description="The smallest true difference that could be shown, said beforehand.")
    state: Literal["running", "ended"]
    started_at: str
    ended_at: str | None
    points: list[ForkPoint]
    difference: Difference | None = Field(description="Arm B less arm A.")
    verdict: Literal["a", "b", "open"]
    sentence: str


class ForkList(View):
    """All forks, newest first."""

    items: list[Fork]
    models: list[str] = Field(description="Kinds of model that an arm may train.")
    model: str = Field(description="That of the project.")
    per_arm: int = Field(description="A size to begin with.")


class ForkProposal(View):
    """What a fork of so many labels could show."""

    per_arm: int
    metric: str
    detectable: float | None
    n: int = Field(description="Reserve labels that it would be measured on.")
