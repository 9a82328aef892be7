"""Bodies of the progress, round and event routes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from labelwright.server.model import View
from labelwright.server.projects.schemas import Counts, EstimateView, Running


class CurvePoint(View):
    """One published model."""

    cycle: int
    at: str
    n_labels: int
    estimate: EstimateView | None
    hours: float = Field(default=0.0, description="Active time of all answers until then.")
    cost: float | None = Field(
        default=None, description="Of them, by people's rates, else by the cost of an answer; null if neither is known."
    )


class CostShare(View):
    """Answers and active seconds by why they were asked for."""

    kind: str
    answers: int
    seconds: float
    measures: bool = Field(default=False, description="These answers measure; they are never trained on.")


class PersonAtWork(View):
    """Somebody who answered within the last hour, or holds a lease."""

    id: str
    name: str
    simulated: bool
    answers: int
    last_at: str | None
    leases: int


class NextSlot(View):
    """One of the next slots of the published ranking."""

    position: int
    kind: str
    item_id: str
    key: str
    preview: str
    score: float | None


class TriedTransfer(View):
    """The best amount of a method of transfer, and its log-loss in the screening; no method is no transfer."""

    method: str | None
    amount: float
    loss: float | None


class SourceOfLabels(View):
    """Labels of another domain that the project learns from, and what the last model took from them."""

    came_from: str = Field(description="Projects and files, in words.")
    n_items: int
    why: str | None = Field(description="Null before a model learned from them.")
    method: str | None = Field(description="Null: no transfer.")
    amount: float = Field(description="What one of them counts in labels of the project, in [0, 1].")
    n_labels: int = Field(description="Training labels of the project at that time.")
    loss: float | None
    alone: float | None = Field(description="The loss without the source.")
    tried: list[TriedTransfer]


class Progress(View):
    """What the lead opens every morning."""

    sentence: str
    metric: str
    higher_is_better: bool
    target: float | None
    warnings: list[str] = Field(description="What needs the lead now, such as a figure that fell.")
    curve: list[CurvePoint]
    latest: EstimateView | None
    running: Running
    counts: Counts
    cost: list[CostShare]
    people: list[PersonAtWork]
    next: list[NextSlot]
    ranking: str | None
    baseline: list[EstimateView] = Field(description="Models of the control arm alone, on the same reserve labels.")
    labels_changed_at: str | None = Field(description="When labels were last merged or split; the curve begins anew.")
    source: SourceOfLabels | None


class EqualLabels(View):
    """Labels of the policy that the labels of the control arm are worth."""

    n_arm: int
    value: float | None = Field(description="0: fewer than the first model had; null: more than the last one had.")
    low: float | None
    high: float | None
    first: int = Field(description="Labels of the first served model.")
    last: int
    n: int = Field(description="Reserve labels.")
    saving: float | None = Field(description="Share of random labels saved; null unless both bounds are known.")
    saving_low: float | None
    saving_high: float | None


class Control(View):
    """The control arm: a simple random sample of the pool, and a model that was trained on it alone."""

    sentence: str
    n_arm: int = Field(description="Labels in the arm.")
    needed: int = Field(description="Labels that its first model takes.")
    points: list[EstimateView] = Field(description="Its models on the reserve labels of today.")
    equal: EqualLabels | None = Field(description="About these two label sets only; null before it can be measured.")


class ClassFigures(View):
    """How one class fares on the reserve."""

    name: str
    n: int
    recall: EstimateView | None
    precision: EstimateView | None


class Cell(View):
    """Reserve items of one class that the model takes for one class."""

    truth: str | None = Field(description="Null where a label was given wrongly.")
    predicted: str | None = Field(description="Null where a label was missed.")
    n: int
    items: list[str] = Field(description="Ids, fifty at most.")


class FarOff(View):
    """A number that the model is far off."""

    item: str
    truth: float
    predicted: float


class Mistakes(View):
    """What the model of a question gets wrong on the reserve."""

    question: str
    n: int
    enough: bool = Field(description="False below 30 reserve labels.")
    classes: list[ClassFigures]
    cells: list[Cell]
    far_off: list[FarOff]


class Event(View):
    """One event of the record."""

    seq: int
    hash: str
    prev_hash: str
    body: dict[str, Any]


class EventList(View):
    """Events after a sequence number, oldest first."""

    items: list[Event]
    next_cursor: str | None = None
