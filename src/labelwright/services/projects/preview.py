"""What would be imported: the guess about an upload, its first rows, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from labelwright import items, stats, tasks
from labelwright.budgets import MAX_LABELS
from labelwright.engine.importing.scan import content_of
from labelwright.engine.importing.split import reserve_size
from labelwright.errors import LabelwrightError
from labelwright.exchange import Columns, Guess, Reader, Survey, guess, open_source, survey
from labelwright.exchange.guess import is_blank
from labelwright.exchange.reader import Record, SourceError
from labelwright.exchange.vectors import embedding_columns
from labelwright.items.image import thumbnail
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects.uploads import find
from labelwright.services.site import Site

PREVIEW_ROWS = 20


@dataclass(frozen=True)
class Problem:
    """What is wrong with a file, and where; one that is not ``severe`` is a warning."""

    code: str
    message: str
    hint: str = ""
    row: int | None = None
    column: str | None = None
    severe: bool = True


@dataclass(frozen=True)
class PreviewRow:
    """A row as it would be imported."""

    row: int
    key: str
    content: JsonObject
    label: str | None = None
    group: str | None = None
    problem: str | None = None


@dataclass(frozen=True)
class ReserveAdvice:
    """How sharp a reserve of ``n`` items measures: half the width of the 95 % interval at accuracy .8."""

    n: int
    half_width: float


@dataclass(frozen=True)
class Preview:
    """The guess about an upload."""

    kind: str
    format: str
    encoding: str | None
    all_columns: list[str]
    columns: dict[str, str | list[str] | None]
    task: str
    labels: list[str]
    answer: str | None
    rows: list[PreviewRow]
    n_rows: int | None
    problems: list[Problem]
    reserve: list[ReserveAdvice]
    slug: str


def preview(
    site: Site,
    actor: Actor,
    upload_id: str,
    *,
    columns: Mapping[str, str | list[str] | None],
    task: str | None,
    labels: list[str] | None,
) -> Preview:
    """The guess about an upload, its first rows as they would be imported, and what is wrong."""
    path, max_text = find(site, actor, upload_id), site.settings.max_text
    reader = open_source(path)
    found = guess(reader, Columns.from_dict(columns), task=task)
    whole = survey(reader, found.columns.label)
    if found.columns.label is not None:
        found = replace(found, task=task or whole.answers.task())
    labels_found = list(whole.answers.labels(found.task))
    return Preview(
        kind=found.kind,
        format=reader.name,
        encoding=reader.encoding,
        all_columns=reader.columns,
        columns=_guessed(found.columns) | {role: "" for role, column in columns.items() if column == ""},
        task=found.task,
        labels=labels or labels_found,
        answer=found.answer,
        rows=[_row(reader, found, record, labels, max_text) for record in found.sample[:PREVIEW_ROWS]],
        n_rows=whole.n_rows,
        problems=_problems(reader, found, whole, labels, max_text),
        reserve=_advice(whole.n_rows),
        slug=_free_slug(site, path),
    )


def _guessed(columns: Columns) -> dict[str, str | list[str] | None]:
    """The role of each column; label columns of further questions are named by the questions."""
    return {role: column for role, column in asdict(columns).items() if role != "labels"}


def _problems(reader: Reader, found: Guess, whole: Survey, labels: list[str] | None, max_text: int) -> list[Problem]:
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for record in found.sample:
        if (message := _row(reader, found, record, labels, max_text, decode=found.kind != "image").problem) is not None:
            problems.append(Problem("invalid-input", message, row=record.number))
        if found.columns.id is not None:
            key = str(record.cells[found.columns.id])
            if key in seen:
                message = f"The id '{key}' is already in row {seen[key]}."
                problems.append(Problem("invalid-input", message, row=record.number, column=found.columns.id))
            seen[key] = record.number
    problems += _embedding_problems(reader, found.columns)
    problems += [Problem("left-out", remark, severe=False) for remark in reader.remarks]
    if (fault := whole.fault) is not None:
        problems.append(Problem("invalid-input", fault.message, fault.hint, fault.row, fault.column))
    if found.answer is not None:
        message, hint = f"The column '{found.answer}' looks like the answer.", "Say whether it holds labels."
        problems.append(Problem("looks-like-answer", message, hint, column=found.answer))
    if (column := found.columns.label) is not None:
        problems += _label_problems(whole, found.task, column, are_given=labels is not None)
        problems.append(
            Problem(
                "chosen-labels",
                "Labels that come with the data train the model but cannot measure it, unless their rows "
                "are a random sample of all rows: the choice of rows biases every metric.",
                "Say 'random' only if the rows were sampled at random.",
                column=column,
                severe=False,
            )
        )
    return problems


def _embedding_problems(reader: Reader, columns: Columns) -> list[Problem]:
    """What is wrong with the first embeddings."""
    if not columns.embedding:
        return []
    try:
        next(reader.vectors(embedding_columns(columns, reader.columns)), None)
    except SourceError as fault:
        return [Problem("invalid-input", fault.message, fault.hint, fault.row, fault.column)]
    return []


def _label_problems(whole: Survey, task: str, column: str, *, are_given: bool) -> list[Problem]:
    """What is wrong with the labels of a column, where they are taken from it."""
    if are_given:
        return []
    if whole.answers.has_too_many(task):
        message = f"A label column must have at most {MAX_LABELS} distinct values, got more."
        return [Problem("too-many-labels", message, "Choose another column, or name the labels.", column=column)]
    if whole.is_cut:
        message = f"The labels were read from the first {whole.n_read:,} rows; further rows may hold others."
        return [Problem("labels-cut", message, "Add the labels that are missing.", column=column, severe=False)]
    return []


def _row(
    reader: Reader, found: Guess, record: Record, labels: list[str] | None, max_text: int, decode: bool = True
) -> PreviewRow:
    columns, kind = found.columns, items.make(found.kind)
    row = PreviewRow(
        record.number,
        str(record.cells[columns.id]) if columns.id else "",
        {},
        group=str(record.cells[columns.group]) if columns.group else None,
    )
    try:
        if decode:
            content = content_of(reader, record, columns, kind, max_text)
            shown: JsonObject = {"media": thumbnail(content.media)} if content.media is not None else content.body
            row = replace(row, content=shown)
        if columns.label is not None and not is_blank(record.cells[columns.label]):
            cell = record.cells[columns.label]
            row = replace(row, label="|".join(map(str, cell)) if isinstance(cell, list) else str(cell))
            if labels or found.task == "regression":
                tasks.make(found.task, tasks.guess(found.task, list(labels or ()), keep_order=True)).parse(cell)
    except LabelwrightError as error:
        row = replace(row, problem=error.message)
    return row


def _advice(n_rows: int | None) -> list[ReserveAdvice]:
    sizes = {50, 100, 200, 400} if n_rows is None else {reserve_size(n_rows), 50, 100, 200, 400}
    fits = [n for n in sorted(sizes) if n > 0 and (n_rows is None or n <= n_rows / 4 or n == reserve_size(n_rows))]
    return [ReserveAdvice(n, stats.half_width(n, p=0.8)) for n in fits]


def _folder_name(path: Path) -> str:
    """The name of the folder that was dropped, which is alone in its upload."""
    inside = list(path.iterdir())
    return inside[0].name if len(inside) == 1 and inside[0].is_dir() else "files"


def _free_slug(site: Site, path: Path) -> str:
    stem = path.name.split(".")[0] if path.is_file() else _folder_name(path)
    base = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:56] or "project"
    taken = set(site.store.slugs())
    return next(s for s in [base, *(f"{base}-{i}" for i in range(2, 10_000))] if s not in taken)
