"""Bodies about versions of labels and models."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.projects.schemas import EstimateView
from labelwright.server.steering.round_schemas import Difference

ChangeKind = Literal["added", "removed", "changed"]


class Counted(View):
    """How many items have a label of a question."""

    question: str
    n_labels: int


class Version(View):
    """A moment of the labels: one that a person named, or what a training resolved."""

    name: str
    kind: Literal["snapshot", "training"]
    seq: int
    upto_seq: int = Field(description="The last event that belongs to it.")
    label_version: str | None
    at: str
    by: str
    note: str | None
    labels: list[Counted]


class VersionList(View):
    """A page of versions, newest first."""

    items: list[Version]
    next_cursor: str | None


class NewSnapshot(Body):
    """A name for a moment."""

    name: str = Field(max_length=80)
    at: str | None = Field(default=None, max_length=80, description="A version, event or time; now if left out.")
    note: str | None = Field(default=None, max_length=2000)


class BalanceShare(View):
    """A class, a label or a range of numbers, and how many items have it at each moment."""

    name: str
    before: int
    after: int


class QuestionDiff(View):
    """What differs in the labels of one question."""

    question: str
    text: str
    n_before: int
    n_after: int
    added: int
    removed: int
    changed: int
    balance: list[BalanceShare]


class Effect(View):
    """What became of the metric."""

    before: EstimateView | None
    after: EstimateView | None
    difference: Difference | None
    sentence: str


class VersionDiff(View):
    """Two moments beside each other."""

    first: str
    second: str | None
    first_seq: int
    second_seq: int
    questions: list[QuestionDiff]
    effect: Effect


class ChangedLabel(View):
    """One label that differs; without what it is where the item is leased to the caller."""

    item: str
    key: str
    kind: ChangeKind
    before: str | None
    after: str | None
    cause: str | None
    seq: int
    by: str | None
    at: str | None
    reason: str | None
    hidden: bool


class ChangedLabelList(View):
    """A page of changes in the order of the items."""

    items: list[ChangedLabel]
    next_cursor: str | None
    count: int


class KeptFile(View):
    """A file, its hash, and whether it is there still."""

    path: str
    hash: str
    is_kept: bool


class Model(View):
    """One model of the registry."""

    id: str
    cycle: int
    question: str
    kind: str
    at: str
    label_version: str
    n_labels: int
    n_items: int = Field(description="Items when it was trained; it predicts nothing of later ones.")
    seed: int
    encoder: str
    revision: str
    params: dict[str, Any]
    versions: dict[str, Any]
    metrics: list[EstimateView]
    artifact: KeptFile
    refit: list[KeptFile]
    stage: Literal["candidate", "served", "retired"]
    is_chosen: bool = Field(description="Somebody said that it serves.")
    is_best: bool
    can_serve: bool = Field(description="Model and predictions are kept, under labels that the question still has.")


class ModelRegistry(View):
    """A page of models, newest first."""

    items: list[Model]
    next_cursor: str | None
    n_items: int = Field(description="Items of the project now.")


class ModelChoice(Body):
    """Which model of a question serves."""

    question: str | None = Field(default=None, max_length=40, description="The primary one if left out.")
    model: str | None = Field(max_length=60, description="Null for the newest one, whichever that is.")
    note: str | None = Field(default=None, max_length=2000)
