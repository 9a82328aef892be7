"""Bodies of the routes about encoders."""

from __future__ import annotations

from pydantic import Field

from labelwright.server.model import Body, View


class Encoder(View):
    """One encoder of a project."""

    spec: str
    serves: bool
    n_encoded: int
    loss: float | None = Field(description="Out of fold, at the last comparison; lower is better.")
    p_best: float | None = Field(description="Chance that it has the smallest loss of all.")
    licence: str = Field(description="Of its weights; empty where it has none.")
    model: str = Field(description="The learner that serves or fitted best with it; empty before a comparison.")
    gain: str = Field(description="What refined features were measured to bring, in a sentence; empty for others.")


class Fit(View):
    """One pair of encoder and learner at the last comparison."""

    spec: str
    model: str
    serves: bool
    loss: float = Field(description="Out of fold; lower is better.")
    p_best: float = Field(description="Chance that it has the smallest loss of all.")


class Encoders(View):
    """The encoders of a project, the one that it begins with first."""

    n_items: int
    encoders: list[Encoder]
    measure: str | None
    n_labels: int | None
    why: str | None
    at: str | None
    fits: list[Fit] = Field(description="Pairs of encoder and learner, where the project's model is auto.")


class NamedEncoders(Body):
    """The encoders that a project tries from now on."""

    encoders: list[str] = Field(min_length=1, max_length=8)
