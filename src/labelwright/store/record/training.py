"""Events of a training cycle: labels resolved, a model served, a ranking published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from labelwright.plain import Json, JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, Upcaster
from labelwright.store.record.project import FIRST_QUESTION
from labelwright.store.record.reasons import TEXT, Reason
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class QuestionLabels:
    """One question's part of a label version.

    Attributes
    ----------
    n_labels, n_training : int
        Items with a label, and those of them that train.
    resolver : str
        How several answers became one label.
    params : JSON object
        What the resolver fitted, such as the annotators' skills; opaque here.
    schema_version : int
    same_as : int, optional
        The cycle whose labels and model are used, where no answer of this question changed since.
    """

    n_labels: int
    n_training: int
    resolver: str
    params: JsonObject
    schema_version: int
    same_as: int | None


def _label_version_1_to_2(data: dict[str, Json]) -> dict[str, Json]:
    """Version 1 knew one question."""
    labels: dict[str, Json] = {
        "n_labels": data["n_labels"], "n_training": data["n_labels"], "resolver": "majority", "params": {},
        "schema_version": data["schema_version"], "same_as": None,
    }  # fmt: skip
    kept = {key: data[key] for key in ("id", "cycle", "upto_seq", "arrays")}
    return {**kept, "questions": {FIRST_QUESTION: labels}}


@dataclass(frozen=True)
class LabelsResolved(EventBody):
    """Answers up to an event became an immutable label version of all questions.

    Attributes
    ----------
    id : str
        Such as "lv-12".
    cycle : int
    upto_seq : int
        The last event that was looked at.
    questions : mapping of str to QuestionLabels
    arrays : mapping of str to str
        Files and their digests, the cycle's frozen inputs among them.
    """

    kind: ClassVar[str] = "label-version"
    body_version: ClassVar[int] = 2
    upcasters: ClassVar[Mapping[int, Upcaster]] = {1: _label_version_1_to_2}
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.label_version),)

    id: str
    cycle: int
    upto_seq: int
    questions: dict[str, QuestionLabels]
    arrays: dict[str, str]

    def project(self, rows: Rows, event: Event) -> None:
        written = self.data()
        rows.insert(
            t.label_version,
            {
                "id": self.id, "cycle": self.cycle, "upto_seq": self.upto_seq, "questions": written["questions"],
                "arrays": self.arrays, "seq": event.seq,
            },
        )  # fmt: skip


@dataclass(frozen=True)
class Measurement:
    """A metric with its interval, of ``n`` reserve labels, for a model of ``n_labels`` training labels."""

    split: str
    metric: str
    value: float
    low: float
    high: float
    n: int
    n_labels: int


def _model_1_to_2(data: dict[str, Json]) -> dict[str, Json]:
    """Version 1 knew one question."""
    return {**data, "question": FIRST_QUESTION}


@dataclass(frozen=True)
class ModelServed(EventBody):
    """A question's model was fitted and measured, and serves from now on.

    Attributes
    ----------
    id, label_version : str
    cycle : int
    question : str
    name : str
        The kind of model.
    n_labels : int
        It was trained on.
    arrays : mapping of str to str
    params : JSON object
        With the versions of the libraries; opaque here.
    metrics : tuple of Measurement
    """

    kind: ClassVar[str] = "model"
    body_version: ClassVar[int] = 2
    upcasters: ClassVar[Mapping[int, Upcaster]] = {1: _model_1_to_2}
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.model), Projected(t.metric))

    id: str
    cycle: int
    question: str
    name: str
    n_labels: int
    arrays: dict[str, str]
    params: JsonObject
    metrics: tuple[Measurement, ...]
    label_version: str

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.model,
            {
                "id": self.id, "cycle": self.cycle, "question_id": self.question, "name": self.name,
                "n_labels": self.n_labels, "arrays": self.arrays, "params": self.params, "stage": "served",
                "seq": event.seq,
            },
        )  # fmt: skip
        rows.insert(
            t.metric,
            *(
                {"question_id": self.question, "cycle": self.cycle, "at": event.at, **vars(measured)}
                for measured in self.metrics
            ),
        )


def _ranking_1_to_2(data: dict[str, Json]) -> dict[str, Json]:
    """Version 1 knew one question, stored its reason as a sentence, and repeated the frozen policy."""
    kept = {key: value for key, value in data.items() if key not in ("mode", "why", "policy", "schema_version")}
    why: Json = {"code": TEXT, "figures": {"text": data.get("why", "")}}
    return {**kept, "question": FIRST_QUESTION, "mode": data.get("mode", ""), "why": why}


@dataclass(frozen=True)
class RankingPublished(EventBody):
    """A new order is served.

    Attributes
    ----------
    id : str
        Such as "r-12".
    cycle : int
    question : str
        The one that the ranking is about.
    label_version : str
    model : str, optional
    strategy, mode : str
        The strategy with its version, and what it did.
    why : Reason
    seed, n_slots, n_labels, upto_seq, n_items : int
    arrays : mapping of str to str
    thinned : tuple of str
        Files of earlier cycles that were deleted to make room.
    """

    kind: ClassVar[str] = "ranking"
    body_version: ClassVar[int] = 2
    upcasters: ClassVar[Mapping[int, Upcaster]] = {1: _ranking_1_to_2}
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.ranking), Projected(t.project))

    id: str
    cycle: int
    question: str
    label_version: str
    model: str | None
    strategy: str
    mode: str
    why: Reason
    seed: int
    n_slots: int
    n_labels: int
    upto_seq: int
    n_items: int
    arrays: dict[str, str]
    thinned: tuple[str, ...]

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.ranking,
            {
                "id": self.id, "cycle": self.cycle, "question_id": self.question,
                "label_version_id": self.label_version, "model_id": self.model, "strategy": self.strategy,
                "seed": self.seed, "n_slots": self.n_slots, "n_labels": self.n_labels, "arrays": self.arrays,
                "at": event.at, "seq": event.seq,
            },
        )  # fmt: skip
        rows.update(t.project, ranking_id=self.id, cycle=self.cycle, trained_seq=self.upto_seq)
