"""What would be imported: the guess about an upload, its first rows, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from labelwright import items, stats, tasks
from labelwright.budgets import COUNT_ROWS, COUNT_SIZE
from labelwright.engine.importing.scan import content_of
from labelwright.engine.importing.split import reserve_size
from labelwright.errors import InputError, LabelwrightError
from labelwright.exchange import Columns, Guess, Reader, guess, open_source
from labelwright.exchange.guess import is_blank
from labelwright.exchange.reader import Record
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
    all_columns: list[str]
    columns: dict[str, str | list[str] | None]
    task: str
    labels: list[str]
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
    n_rows = reader.count()
    if n_rows is None:
        n_rows = _count(reader)
    return Preview(
        kind=found.kind,
        format=reader.name,
        all_columns=reader.columns,
        columns=_guessed(found.columns) | {role: "" for role, column in columns.items() if column == ""},
        task=found.task,
        labels=labels or list(found.labels),
        rows=[_row(reader, found, record, labels, max_text) for record in found.sample[:PREVIEW_ROWS]],
        n_rows=n_rows,
        problems=_problems(reader, found, labels, max_text),
        reserve=_advice(n_rows),
        slug=_free_slug(site, path),
    )


def _count(reader: Reader) -> int | None:
    """How many rows there are; None if there are too many to count, or one of them is broken."""
    n_rows = size = 0
    try:
        for record in reader:
            n_rows, size = n_rows + 1, size + record.size
            if n_rows > COUNT_ROWS or size > COUNT_SIZE:
                return None
    except InputError:
        return None
    return n_rows


def _guessed(columns: Columns) -> dict[str, str | list[str] | None]:
    """The role of each column; label columns of further questions are named by the questions."""
    return {role: column for role, column in asdict(columns).items() if role != "labels"}


def _problems(reader: Reader, found: Guess, labels: list[str] | None, max_text: int) -> list[Problem]:
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
    if found.columns.label is not None:
        problems.append(
            Problem(
                "chosen-labels",
                "Labels that come with the data train the model but cannot measure it, unless their rows "
                "are a random sample of all rows: the choice of rows biases every metric.",
                "Say 'random' only if the rows were sampled at random.",
                column=found.columns.label,
                severe=False,
            )
        )
    return problems


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
            schema = tasks.guess(found.task, list(labels or found.labels), keep_order=True)
            if labels or found.task == "regression":
                tasks.make(found.task, schema).parse(cell)
    except LabelwrightError as error:
        row = replace(row, problem=error.message)
    return row


def _advice(n_rows: int | None) -> list[ReserveAdvice]:
    sizes = {50, 100, 200, 400} if n_rows is None else {reserve_size(n_rows), 50, 100, 200, 400}
    fits = [n for n in sorted(sizes) if n > 0 and (n_rows is None or n <= n_rows / 4 or n == reserve_size(n_rows))]
    return [ReserveAdvice(n, stats.half_width(n, p=0.8)) for n in fits]


def _free_slug(site: Site, path: Path) -> str:
    stem = path.name.split(".")[0] if path.is_file() else "images"
    base = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:56] or "project"
    taken = set(site.store.slugs())
    return next(s for s in [base, *(f"{base}-{i}" for i in range(2, 10_000))] if s not in taken)
