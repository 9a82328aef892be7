"""Events about the project itself: its creation, state, questions, guidelines and settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from labelwright.plain import Json, JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText, Upcaster
from labelwright.store.rows import Rows

FIRST_QUESTION = "q_1"  # the id of the only question of projects made before questions had ids of their own


@dataclass(frozen=True)
class ProjectCreated(EventBody):
    """The first event of a project.

    Attributes
    ----------
    slug : str
    config : JSON object
        Kind of items, columns, policy, seed and goal; opaque here, read by `labelwright.engine.project`.
    """

    kind: ClassVar[str] = "project.created"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.project),)

    slug: str
    config: JsonObject

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.project,
            {
                "slug": self.slug, "created_at": event.at, "state": "importing", "config": self.config, "n_items": 0,
                "wanted_seq": 0, "trained_seq": 0, "cycle": 0, "settings_version": 1,
            },
        )  # fmt: skip


@dataclass(frozen=True)
class ProjectStateChanged(EventBody):
    """The project was paused or resumed.

    Attributes
    ----------
    state : str
        "ready" or "paused".
    """

    kind: ClassVar[str] = "project.state"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.project),)

    state: str

    def project(self, rows: Rows, event: Event) -> None:
        rows.update(t.project, state=self.state)


def _schema_1_to_2(data: dict[str, Json]) -> dict[str, Json]:
    """Version 1 knew one question, which everybody had to answer; its settings stood in the project's."""
    return {**data, "position": 0, "required": True, "settings": {}}


@dataclass(frozen=True)
class QuestionDefined(EventBody):
    """A new question, or the next version of a question's schema.

    Attributes
    ----------
    question : str
        The question's id.
    name : str
        The text that is asked.
    task : str
    primary : bool
        Whether selection follows this question.
    version : int
        Of the schema, from 1.
    body : JSON object
        The schema; opaque here, read by the task.
    position : int
        The question's place on the screen, from 0.
    required : bool
    settings : JSON object
        Model, metric and positive answer; opaque here, read by `labelwright.engine.project`.
    """

    kind: ClassVar[str] = "schema"
    body_version: ClassVar[int] = 2
    upcasters: ClassVar[Mapping[int, Upcaster]] = {1: _schema_1_to_2}
    projected: ClassVar[tuple[Projected, ...]] = (
        Projected(t.question),
        Projected(t.schema_version),
        Projected(t.project),
    )

    question: str
    name: str
    task: str
    primary: bool
    version: int
    body: JsonObject
    position: int
    required: bool
    settings: JsonObject

    def project(self, rows: Rows, event: Event) -> None:
        known = rows.update(t.question, t.question.c.id == self.question, schema_version=self.version, name=self.name)
        if not known:
            rows.insert(
                t.question,
                {
                    "id": self.question, "name": self.name, "task": self.task, "is_primary": self.primary,
                    "position": self.position, "required": self.required, "settings": self.settings,
                    "schema_version": self.version, "guideline_version": 0, "wanted_seq": 0,
                },
            )  # fmt: skip
        rows.insert(
            t.schema_version,
            {
                "question_id": self.question,
                "version": self.version,
                "body": self.body,
                "seq": event.seq,
                "withdrawn": [],
            },
        )
        if self.version > 1:
            rows.update(t.project, settings_version=t.project.c.settings_version + 1)


def _guideline_1_to_2(data: dict[str, Json]) -> dict[str, Json]:
    """Version 1 knew one question."""
    return {**data, "question": FIRST_QUESTION}


def _guideline_2_to_3(data: dict[str, Json]) -> dict[str, Json]:
    """Version 2 knew no examples."""
    return {**data, "examples": []}


@dataclass(frozen=True)
class Example:
    """A real item that shows what the guidelines mean.

    Attributes
    ----------
    ordinal : int
    answer : JSON object
        The right one.
    rule : SealedText, optional
        Why.
    """

    ordinal: int
    answer: JsonObject
    rule: SealedText | None


@dataclass(frozen=True)
class GuidelineWritten(EventBody):
    """The next version of a question's guidelines.

    Attributes
    ----------
    question : str
    version : int
        From 1, per question.
    text : SealedText
        Markdown.
    examples : tuple of Example
    """

    kind: ClassVar[str] = "guideline"
    body_version: ClassVar[int] = 3
    upcasters: ClassVar[Mapping[int, Upcaster]] = {1: _guideline_1_to_2, 2: _guideline_2_to_3}
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.guideline),)

    question: str
    version: int
    text: SealedText
    examples: tuple[Example, ...]

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.guideline,
            {
                "question_id": self.question, "version": self.version, "sealed_id": self.text.id,
                "examples": self.data()["examples"], "seq": event.seq,
            },
        )  # fmt: skip
        rows.update(t.question, t.question.c.id == self.question, guideline_version=self.version)
        if self.version > 1:
            rows.update(t.project, settings_version=t.project.c.settings_version + 1)


@dataclass(frozen=True)
class GoalChanged(EventBody):
    """The lead set, changed or removed the goal.

    Attributes
    ----------
    question : str
        Whose metric it is.
    metric : str, optional
        What the question's models are measured by from now on; None leaves it.
    config : JSON object
        Goal and stopping rules; opaque here, read by `labelwright.engine.goals`.
    """

    kind: ClassVar[str] = "goal"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.project), Projected(t.question))

    question: str
    metric: str | None
    config: JsonObject

    def project(self, rows: Rows, event: Event) -> None:
        row = rows.one(rows.select(t.project.c.config, t.project.c.settings_version))
        rows.update(
            t.project, config={**row.config, **self.config}, settings_version=row.settings_version + 1,
            wanted_seq=event.seq,
        )  # fmt: skip
        if self.metric is None:
            return
        of = t.question.c.id == self.question
        settings = rows.scalar(rows.select(t.question.c.settings).where(of))
        if settings.get("metric") != self.metric:
            rows.update(t.question, of, settings={**settings, "metric": self.metric}, wanted_seq=event.seq)


@dataclass(frozen=True)
class PolicyChanged(EventBody):
    """The lead changed how items are chosen.

    Attributes
    ----------
    policy : JSON object
        The whole new policy; opaque here, read by `labelwright.policy`.
    """

    kind: ClassVar[str] = "policy"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.project),)

    policy: JsonObject

    def project(self, rows: Rows, event: Event) -> None:
        row = rows.one(rows.select(t.project.c.config, t.project.c.settings_version))
        rows.update(
            t.project, config={**row.config, "policy": self.policy}, settings_version=row.settings_version + 1,
            wanted_seq=event.seq,
        )  # fmt: skip
