"""The first schema of a question: of the labels that were named, or of the cells of the column that holds them."""

from __future__ import annotations

import re

from labelwright import tasks
from labelwright.budgets import MAX_LABELS
from labelwright.check import check_magnitude
from labelwright.errors import InputError
from labelwright.exchange import Reader
from labelwright.plain import Json, JsonObject
from labelwright.services.projects.drafts import QuestionDraft
from labelwright.tasks import Cell, Task


def known_task(question: QuestionDraft, column: str | None) -> Task | None:
    """The task of a question whose schema is known before the data were read."""
    if not question.labels and column is not None:
        return None
    schema = tasks.guess(question.task, list(question.labels), keep_order=True) | _scale(question)
    if question.label_ids:
        schema["labels"] = _with_ids(question)
    return tasks.make(question.task, schema | ({"open": True} if question.open_labels else {}))


def _with_ids(question: QuestionDraft) -> list[Json]:
    """The labels under the ids that they had where a file was written from."""
    ids, names = question.label_ids, question.labels
    if len(ids) != len(names) or len(set(ids)) < len(ids) or not all(re.fullmatch(r"l_[1-9]\d*", one) for one in ids):
        raise InputError(
            f"create: label_ids of '{question.id}' must be one distinct id, such as l_1, for each of the "
            f"{len(names)} labels, got {', '.join(ids)}."
        )
    return [{"id": label_id, "name": name} for label_id, name in zip(ids, names, strict=True)]


def _scale(question: QuestionDraft) -> JsonObject:
    scale: JsonObject = {key: value for key, value in question.scale.items() if value is not None}
    for key, value in scale.items():
        if isinstance(value, (int, float)):
            check_magnitude("create", key, value)
    return scale


def task_of_cells(reader: Reader, question: QuestionDraft, cells: list[Cell], column: str) -> Task:
    """The task whose schema follows from the label cells."""
    scale = _scale(question)
    try:
        schema = tasks.guess(question.task, [cell for cell in cells if cell is not None]) | scale
    except InputError as error:
        raise _with_row(reader, question.task, cells, column, error) from error
    labels = schema.get("labels")
    n_labels = len(labels) if isinstance(labels, list) else 0
    if n_labels > MAX_LABELS:
        raise reader.fail(
            f"a label column must have at most {MAX_LABELS} distinct values, got {n_labels}.",
            "Choose the right column of labels (--label), or name the labels (--labels).",
            column=column,
        )
    return tasks.make(question.task, schema | ({"open": True} if question.open_labels else {}))


def _with_row(reader: Reader, task: str, cells: list[Cell], column: str, error: InputError) -> InputError:
    """Name the row whose label a schema cannot be made of; in a first import every row is new."""
    for number, cell in enumerate(cells, 1):
        try:
            tasks.guess(task, [] if cell is None else [cell])
        except InputError as fault:
            return reader.fail(fault.message, fault.hint, row=number, column=column)
    return error
