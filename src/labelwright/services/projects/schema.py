"""Changing what is asked: a question's text and its labels. Answers name labels by id, so they keep their meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Text, cast, func

from labelwright import tasks
from labelwright.budgets import MAX_LABELS
from labelwright.engine.goals import Goal
from labelwright.engine.project import Question, load
from labelwright.errors import ConflictError, InputError
from labelwright.plain import Json, JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects.questions import QuestionView, view
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.record.project import QuestionDefined
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class LabelChange:
    """A label as it shall be.

    Attributes
    ----------
    id : str, optional
        Of a label that is there; None for a new one.
    """

    id: str | None
    name: str


def change_question(
    site: Site, actor: Actor, slug: str, question_id: str, *, text: str | None = None,
    labels: Sequence[LabelChange] | None = None, open_labels: bool | None = None, settings_version: int | None = None,
) -> QuestionView:  # fmt: skip
    """Reword a question; rename, reorder, add and remove its labels; say whether annotators may add some.

    Parameters
    ----------
    labels : sequence of LabelChange, optional
        All labels, in their new order. A label that is left out is removed, if no answer names it.

    Raises
    ------
    InputError
        If the question has no labels, or a label is unknown or given twice.
    ConflictError
        If a label that is left out was used, the settings have changed since ``settings_version``, or the project is
        archived.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        access.check_settings_version(project, settings_version)
        asked = project.question(question_id)
        text = asked.text if text is None else text.strip()
        if not text:
            raise InputError("question: the text that is asked must not be empty.")
        schema = changed_schema(rows, asked, labels, open_labels)
        if text != asked.text or schema != asked.schema:
            transaction.record(define(asked, schema, text=text), actor=actor.person_id)
        return view(store, rows, load(store, rows).question(asked.id))


def add_label(site: Site, actor: Actor, slug: str, name: str, *, question: str | None = None) -> QuestionView:
    """Add a label to an open schema, as annotators may.

    Raises
    ------
    ConflictError, InputError
        If the schema is closed, has the label, or is full.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        asked = access.changeable(store, rows).question(question)
        if not asked.schema.get("open"):
            raise ConflictError(f"labels: the labels of '{slug}' are fixed.", "Ask the project's lead to add one.")
        known = [LabelChange(str(label["id"]), str(label["name"])) for label in labels_of(asked)]
        if any(label.name == name.strip() for label in known):
            raise ConflictError(f"labels: there is a label '{name.strip()}' already.")
        schema = changed_schema(rows, asked, [*known, LabelChange(None, name)], None)
        transaction.record(define(asked, schema), actor=actor.person_id)
        return view(store, rows, load(store, rows).question(asked.id))


def define(asked: Question, schema: JsonObject, *, text: str | None = None) -> QuestionDefined:
    """The next version of a question."""
    tasks.make(asked.task_name, schema)
    return QuestionDefined(
        question=asked.id, name=text or asked.text, task=asked.task_name, primary=asked.primary,
        version=asked.schema_version + 1, body=schema, position=asked.position, required=asked.required, settings={},
    )  # fmt: skip


def labels_of(asked: Question) -> list[JsonObject]:
    """The labels of a question's schema; none where it asks for a number."""
    return list(asked.schema.get("labels") or ())  # type: ignore[arg-type]


def changed_schema(
    rows: Rows, asked: Question, labels: Sequence[LabelChange] | None, open_labels: bool | None
) -> JsonObject:  # fmt: skip
    """The schema of a question with other labels.

    Raises
    ------
    InputError, ConflictError
        See `change_question`.
    """
    schema = dict(asked.schema)
    if labels is None and open_labels is None:
        return schema
    if "labels" not in schema:
        raise InputError(f"labels: the question '{asked.id}' asks for a number, so it has no labels.")
    if open_labels is not None:
        schema.pop("open", None)
        schema |= {"open": True} if open_labels else {}
    if labels is not None:
        schema["labels"] = _labels(rows, asked, labels)
        _check_metrics(rows, asked, schema)
    return schema


def _check_metrics(rows: Rows, asked: Question, schema: JsonObject) -> None:
    """Refuse labels under which a metric that is in use means nothing, as where it names one that has another name."""
    task = tasks.make(asked.task_name, schema)
    goal = Goal.from_config(rows.one(rows.select(t.project.c.config)).config) if asked.primary else None
    aims = [] if goal is None else [one.metric for one in goal.targets]
    for metric in (asked.metric, *aims):
        try:
            task.metric(metric)
        except InputError as error:
            raise ConflictError(
                f"labels: the metric '{metric}' does not fit these labels: {error.message}",
                "Set another goal first; afterwards it can name the new labels.",
            ) from error


def _labels(rows: Rows, asked: Question, labels: Sequence[LabelChange]) -> list[Json]:
    known = {str(label["id"]): label for label in labels_of(asked)}
    if len(labels) > MAX_LABELS:
        raise InputError(
            f"labels: a question must have at most {MAX_LABELS} labels, got {len(labels)}.", "Use one that is there."
        )
    ids = [label.id for label in labels if label.id is not None]
    if unknown := sorted(set(ids) - known.keys()):
        raise InputError(f"labels: there is no label '{unknown[0]}'.", "Leave the id out for a new label.")
    if len(set(ids)) < len(ids):
        raise InputError("labels: each label must be given once.")
    for gone in sorted(known.keys() - set(ids)):
        if gone in str(asked.positive or ""):
            raise ConflictError(f"labels: '{known[gone]['name']}' cannot be removed: it is the label searched for.")
        if n_used := _times_used(rows, asked, gone):
            raise ConflictError(
                f"labels: '{known[gone]['name']}' cannot be removed: "
                + ("1 answer or label names it." if n_used == 1 else f"{n_used:,} answers or labels name it."),
                "Merge it into another label, split it, or rename it.",
            )
    last = last_id(rows, asked)
    changed: list[Json] = []
    for label in labels:
        last += label.id is None
        name = label.name.strip()
        before = known.get(label.id or "", {"id": f"l_{last}"})
        changed.append({**before, "name": name})
    return changed


def last_id(rows: Rows, asked: Question) -> int:
    """The highest number that a label of any version has; an open page may still send a removed one."""
    versions = rows.scalars(rows.select(t.schema_version.c.body).where(t.schema_version.c.question_id == asked.id))
    return max((int(label["id"].removeprefix("l_")) for body in versions for label in body["labels"]), default=0)


def _times_used(rows: Rows, asked: Question, label_id: str) -> int:
    """How many answers of people and labels of the data name a label, those among them that were undone."""
    mark = f'%"{label_id}"%'
    annotation, given = t.annotation, t.given
    found = 0
    for table in (annotation, given):
        query = rows.select(func.count(), of=table).where(
            table.c.question_id == asked.id, cast(table.c.answer, Text).like(mark)
        )
        found += int(rows.scalar(query) or 0)
    return found
