"""A project as the engine and the services know it: typed, read from its row, its questions and their schemas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from labelwright import models, tasks
from labelwright.engine.goals import Goal
from labelwright.engine.quality import QualityRules
from labelwright.errors import InputError, NotFoundError
from labelwright.exchange import Columns
from labelwright.plain import JsonObject
from labelwright.policy import Policy
from labelwright.stopping import make as make_rule
from labelwright.stopping.base import StoppingRule
from labelwright.store import tables as t
from labelwright.store.project import ProjectRow, ProjectStore
from labelwright.store.rows import AnyRow, Rows
from labelwright.tasks import Task

DEFAULT_RESOLVER = "majority"


@dataclass(frozen=True)
class Rule:
    """A stopping rule by name, with its parameters."""

    name: str
    params: JsonObject

    def make(self) -> StoppingRule:
        """The rule itself."""
        return make_rule(self.name, **self.params)


@dataclass(frozen=True)
class Question:
    """One question of a project, under one version of its schema.

    Attributes
    ----------
    text : str
        What is asked.
    model, metric, resolver : str
    positive : JSON object, optional
        The answer that a search looks for.
    wanted_seq : int
        The last event that changed what this question can be trained on.
    """

    id: str
    text: str
    task_name: str
    schema: JsonObject
    schema_version: int
    guideline_version: int
    primary: bool
    required: bool
    position: int
    model: str
    metric: str
    resolver: str
    positive: JsonObject | None
    wanted_seq: int

    @cached_property
    def task(self) -> Task:
        """The kind of label under this schema."""
        return tasks.make(self.task_name, self.schema)

    @property
    def looked_for(self) -> str | None:
        """The name of the label that a search, or a metric of one class, looks for."""
        return None if self.positive is None else self.task.describe(self.positive)


@dataclass(frozen=True)
class Project:
    """Everything that is set about a project, at one moment.

    Attributes
    ----------
    kind : str
        Of the items.
    labels_are : str
        What labels that come with the data are good for.
    questions : tuple of Question
        The primary one first, then in order.
    """

    id: str
    row: ProjectRow
    title: str
    kind: str
    columns: Columns
    labels_are: str
    policy: Policy
    seed: int
    demo: bool
    goal: Goal | None
    rules: tuple[Rule, ...]
    quality: QualityRules
    questions: tuple[Question, ...]

    @property
    def primary(self) -> Question:
        """The question that selection follows."""
        return self.questions[0]

    @property
    def required(self) -> tuple[str, ...]:
        """Ids of the questions that everybody has to answer."""
        return tuple(question.id for question in self.questions if question.required)

    def question(self, question_id: str | None) -> Question:
        """One of the questions; the only one where none is named.

        Raises
        ------
        InputError, NotFoundError
            If there are several and none is named, or there is none of that id.
        """
        if question_id is None:
            if len(self.questions) > 1:
                named = ", ".join(question.id for question in self.questions)
                raise InputError(f"question: one of {named} must be named, got none.")
            return self.primary
        for question in self.questions:
            if question.id == question_id:
                return question
        named = ", ".join(question.id for question in self.questions)
        raise NotFoundError(f"There is no question '{question_id}'.", f"The questions are {named}.")


def load(store: ProjectStore, rows: Rows, row: ProjectRow | None = None) -> Project:
    """Read a project as it is in a view.

    Raises
    ------
    IntegrityError
        If its row is missing.
    """
    row = row or store.row(rows)
    config = row.config
    questions = tuple(
        _question(question_row, config)
        for question_row in rows.all(
            rows.select(t.question, t.schema_version.c.body)
            .where(
                t.schema_version.c.question_id == t.question.c.id,
                t.schema_version.c.version == t.question.c.schema_version,
            )
            .order_by(t.question.c.is_primary.desc(), t.question.c.position)
        )
    )
    return Project(
        id=store.project_id,
        row=row,
        title=str(config["title"]),
        kind=str(config["kind"]),
        columns=Columns.from_dict(config["columns"]),  # type: ignore[arg-type]
        labels_are=str(config["labels_are"]),
        policy=Policy.from_stored(config["policy"]),  # type: ignore[arg-type]
        seed=int(config.get("seed") or 0),  # type: ignore[arg-type]
        demo=bool(config.get("demo")),
        goal=Goal.from_config(config),
        rules=tuple(Rule(r["name"], r.get("params", {})) for r in config.get("rules", ())),  # type: ignore
        quality=QualityRules.from_config(config),
        questions=questions,
    )


def question_as_of(rows: Rows, question: Question, schema_version: int) -> Question:
    """The question under an earlier version of its schema."""
    if schema_version == question.schema_version:
        return question
    table = t.schema_version
    body = rows.scalar(
        rows.select(table.c.body).where(table.c.question_id == question.id, table.c.version == schema_version)
    )
    return replace(question, schema=body, schema_version=schema_version)


def _question(row: AnyRow, config: JsonObject) -> Question:
    """Settings of a question's own, else those that projects of one question kept in their configuration."""
    settings = row.settings
    task = tasks.make(row.task, row.body)
    old = config if row.is_primary else {}
    model = settings.get("model") or old.get("model") or models.default(task, str(config["kind"]))
    metric = settings.get("metric") or old.get("metric") or task.default_metric
    return Question(
        id=row.id,
        text=row.name,
        task_name=row.task,
        schema=row.body,
        schema_version=row.schema_version,
        guideline_version=row.guideline_version,
        primary=row.is_primary,
        required=row.required,
        position=row.position,
        model=str(model),
        metric=str(metric),
        resolver=str(settings.get("resolver") or DEFAULT_RESOLVER),
        positive=cast("JsonObject | None", settings.get("positive") or old.get("positive")),
        wanted_seq=row.wanted_seq,
    )
