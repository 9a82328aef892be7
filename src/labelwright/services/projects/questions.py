"""The questions of a project: what clients see of them, their guidelines, labels that are added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from labelwright.engine.project import Project, Question, load
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects.described import describe_answer
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore, Transaction
from labelwright.store.record.project import Example, GuidelineWritten
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class LabelView:
    """One of the labels that an answer may carry."""

    id: str
    name: str
    key: str | None = None


class _Sealed(TypedDict):
    id: str
    hash: str


class StoredExample(TypedDict):
    """An example as the table holds it."""

    ordinal: int
    answer: JsonObject
    rule: _Sealed | None


@dataclass(frozen=True)
class ExampleView:
    """A real item that shows what the guidelines mean.

    Attributes
    ----------
    item : str
        Its id.
    content : ItemView
    answer : JSON object
    label : str
        The answer in words.
    rule : str, optional
        Why.
    """

    item: str
    content: shown.ItemView
    answer: JsonObject
    label: str
    rule: str | None


@dataclass(frozen=True)
class NewExample:
    """An item to pin, by its id, with the right answer and the reason."""

    item: str
    answer: JsonObject
    rule: str | None = None


@dataclass(frozen=True)
class GuidelinesView:
    """The rules for annotators, in Markdown, with the examples that are pinned to them."""

    version: int
    markdown: str
    examples: list[ExampleView] = field(default_factory=list)


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
    row = rows.first(
        rows.select(table.c.sealed_id, table.c.examples).where(
            table.c.question_id == question.id, table.c.version == question.guideline_version
        )
    )
    if row is None:
        return NO_GUIDELINES
    markdown = store.unseal(rows, row.sealed_id) or ""
    return GuidelinesView(question.guideline_version, markdown, examples(store, rows, question, row.examples))


def examples(store: ProjectStore, rows: Rows, question: Question, stored: list[StoredExample]) -> list[ExampleView]:
    """Pinned examples as clients see them, without those of excluded items and of labels that were split since."""
    if not stored:
        return []
    ordinals = [one["ordinal"] for one in stored]
    gone = set(rows.scalars(rows.select(t.exclusion.c.ordinal).where(t.exclusion.c.ordinal.in_(ordinals))))
    views = shown.views(store, rows, load(store, rows), ordinals)
    return [
        ExampleView(
            shown.item_id_of(one["ordinal"]), views[one["ordinal"]], answer, describe_answer(question, answer),
            store.unseal(rows, one["rule"]["id"]) if one["rule"] is not None else None,
        )
        for one in stored
        if one["ordinal"] in views and one["ordinal"] not in gone
        and (answer := question.task.current(one["answer"])) is not None
    ]  # fmt: skip


def write_guidelines(
    site: Site,
    actor: Actor,
    slug: str,
    markdown: str,
    *,
    question: str | None = None,
    pinned: Sequence[NewExample] | None = None,
    settings_version: int | None = None,
) -> GuidelinesView:
    """Store new guidelines as a new version.

    Parameters
    ----------
    question : str, optional
        The primary question's where none is named.
    pinned : sequence of NewExample, optional
        All examples from now on; those of the version before if left out.
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
        made = tuple(_pin(transaction, project, asked, one) for one in _pinned(store, transaction, asked, pinned))
        body = GuidelineWritten(asked.id, asked.guideline_version + 1, transaction.seal(markdown), made)
        transaction.record(body, actor=actor.person_id)
    with store.read() as rows:
        return guidelines(store, rows, access.ready(store, rows).question(asked.id))


def pin(
    store: ProjectStore, transaction: Transaction, actor: Actor, project: Project, question: Question, new: NewExample
) -> None:
    """Add an example to a question's guidelines, as a new version; it replaces an earlier one of the same item."""
    now = guidelines(store, transaction.rows, question)
    kept = [NewExample(one.item, one.answer, one.rule) for one in now.examples if one.item != new.item]
    made = tuple(_pin(transaction, project, question, one) for one in (*kept, new))
    body = GuidelineWritten(question.id, question.guideline_version + 1, transaction.seal(now.markdown), made)
    transaction.record(body, actor=actor.person_id)


def _pinned(
    store: ProjectStore, transaction: Transaction, question: Question, wanted: Sequence[NewExample] | None
) -> Sequence[NewExample]:
    if wanted is not None:
        return wanted
    now = guidelines(store, transaction.rows, question).examples
    return [NewExample(one.item, one.answer, one.rule) for one in now]


def _pin(transaction: Transaction, project: Project, question: Question, example: NewExample) -> Example:
    ordinal = shown.existing(project, example.item)
    question.task.validate(dict(example.answer))
    rule = transaction.seal(example.rule.strip()) if example.rule and example.rule.strip() else None
    return Example(ordinal, example.answer, rule)
