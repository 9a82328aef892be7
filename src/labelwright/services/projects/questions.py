"""The questions of a project: what clients see of them, their guidelines, labels that are added."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.engine.project import Question
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.project import GuidelineWritten
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class LabelView:
    """One of the labels that an answer may carry."""

    id: str
    name: str
    key: str | None = None


@dataclass(frozen=True)
class GuidelinesView:
    """The rules for annotators, in Markdown."""

    version: int
    markdown: str


NO_GUIDELINES = GuidelinesView(0, "")


@dataclass(frozen=True)
class QuestionView:
    """What is asked about each item.

    Attributes
    ----------
    name : str
        The text that is asked.
    view : str
        The editor to mount.
    open : bool
        Whether annotators may add labels.
    """

    id: str
    name: str
    task: str
    view: str
    primary: bool
    required: bool
    labels: list[LabelView]
    open: bool
    schema_version: int
    min: float | None
    max: float | None
    step: float | None
    unit: str | None
    guidelines: GuidelinesView
    metric: str
    model: str


def view(store: ProjectStore, rows: Rows, question: Question) -> QuestionView:
    """A question as clients see it."""
    schema = question.schema
    labels = [LabelView(**label) for label in schema.get("labels") or ()]  # type: ignore[union-attr,arg-type]
    low, high, step, unit = (schema.get(name) for name in ("min", "max", "step", "unit"))
    return QuestionView(
        question.id, question.text, question.task_name, question.task.view, question.primary, question.required,
        labels, bool(schema.get("open")), question.schema_version, low, high, step, unit,  # type: ignore[arg-type]
        guidelines(store, rows, question), question.metric, question.model,
    )  # fmt: skip


def guidelines(store: ProjectStore, rows: Rows, question: Question) -> GuidelinesView:
    """The current guidelines of a question."""
    table = t.guideline
    sealed_id = rows.scalar(
        rows.select(table.c.sealed_id).where(
            table.c.question_id == question.id, table.c.version == question.guideline_version
        )
    )
    return GuidelinesView(question.guideline_version, store.unseal(rows, sealed_id) or "")


def write_guidelines(
    site: Site,
    actor: Actor,
    slug: str,
    markdown: str,
    *,
    question: str | None = None,
    settings_version: int | None = None,
) -> GuidelinesView:
    """Store new guidelines as a new version.

    Parameters
    ----------
    question : str, optional
        The primary question's where none is named.
    settings_version : int, optional
        Of the settings that the writer looked at.

    Raises
    ------
    ConflictError
        If somebody else has changed the settings meanwhile.
    """
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        access.check_settings_version(project, settings_version)
        asked = project.primary if question is None else project.question(question)
        body = GuidelineWritten(asked.id, asked.guideline_version + 1, transaction.seal(markdown), ())
        transaction.record(body, actor=actor.person_id)
    return GuidelinesView(body.version, markdown)
