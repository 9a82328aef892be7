"""First pass over a source: every row is decoded and checked before a single one is stored.

What is kept in memory per row is small: key, hash, signature, group, label name, most of them in arrays of bytes. What
it comes to is in docs/reference/benchmarks.md.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from labelwright.budgets import BLOCK_SIZE, MAX_IMAGE
from labelwright.engine.importing.compact import Hashes, Texts
from labelwright.engine.importing.distinct import Distinct
from labelwright.errors import ConflictError, InputError
from labelwright.exchange.guess import is_blank
from labelwright.exchange.reader import Columns, Reader, Record
from labelwright.exchange.vectors import embedding_columns
from labelwright.items.base import Content, ItemKind, Signatures
from labelwright.tasks import Cell, Task

BLOCK = 2048
MAX_KEY = 300
MAX_LABEL = 1000
Progress = Callable[[str, int, "int | None"], None]


@dataclass
class Known:
    """What the project holds already: keys with their hashes, in the order of ordinals."""

    hash_by_key: dict[str, str] = field(default_factory=dict)

    @cached_property
    def count_by_hash(self) -> Counter[str]:
        """How often each content is there."""
        return Counter(self.hash_by_key.values())


@dataclass(frozen=True)
class LabelSource:
    """Where the labels of a question come from.

    Attributes
    ----------
    column : str
    task : Task, optional
        Checks the cells; None collects them unchecked, for a schema yet to be made from them.
    """

    question_id: str
    column: str
    task: Task | None


@dataclass
class Scan:
    """The result of the first pass, one entry per new row; ``labels`` by question, None where a cell is blank.

    ``numbers`` are those of the rows, in rising order.
    """

    keys: Texts = field(default_factory=Texts)
    hashes: Hashes = field(default_factory=Hashes)
    groups: list[str | None] = field(default_factory=list)
    labels: dict[str, list[Cell]] = field(default_factory=dict)
    signatures: Signatures = field(default_factory=lambda: np.zeros((0, 0), dtype=np.uint32))
    numbers: array[int] = field(default_factory=lambda: array("I"))
    n_known: int = 0


@dataclass(frozen=True)
class Draft:
    """One row, decoded."""

    record: Record
    content: Content
    hash: str


def drafts(reader: Reader, columns: Columns, kind: ItemKind, max_text: int) -> Iterator[Draft]:
    """Decode the rows one by one; an error names file, row and column."""
    embedded = embedding_columns(columns, reader.columns)
    records = reader.only([name for name in reader.columns if name not in embedded]) if embedded else iter(reader)
    for record in records:
        try:
            content = content_of(reader, record, columns, kind, max_text)
        except InputError as error:
            raise record.fail(error.message, error.hint) from error
        yield Draft(record, content, kind.content_hash(content))


def content_of(reader: Reader, record: Record, columns: Columns, kind: ItemKind, max_text: int) -> Content:
    """The content of a row; ``InputError`` that names the column if a cell cannot be taken."""
    for column, cell in record.cells.items():
        if column != columns.text and isinstance(cell, str) and "\x00" in cell:
            raise InputError(f"column '{column}': a cell must not hold the character NUL.", "Remove it.")
    content = kind.content(_content_cells(reader, record, columns, kind))
    kind.check_size(content, max_text)
    return content


def _content_cells(reader: Reader, record: Record, columns: Columns, kind: ItemKind) -> dict[str, object]:
    """The cells that hold the item; image paths become bytes."""
    if kind.name == "table":
        return {name: record.cells[name] for name in columns.features}
    column = columns.image if kind.name == "image" else columns.text
    assert column is not None
    cell = record.cells[column]
    if kind.name == "image" and isinstance(cell, str) and not cell.startswith("data:"):
        path = reader.resolve(cell)
        if not path.is_file():
            raise InputError(f"column '{column}': the image '{cell}' does not exist beside the source.")
        if path.stat().st_size > MAX_IMAGE:
            raise InputError(f"column '{column}': an image must have at most {MAX_IMAGE:,} bytes.", "Scale it down.")
        cell = path.read_bytes()
    return {column: cell}


def scan(
    reader: Reader,
    columns: Columns,
    kind: ItemKind,
    known: Known,
    *,
    labels: Sequence[LabelSource],
    max_text: int,
    progress: Progress,
) -> Scan:
    """Read and check everything.

    Parameters
    ----------
    labels : sequence of LabelSource
        One for each question whose labels come with the data.
    max_text : int
        Characters that an item may have.

    Raises
    ------
    InputError, ConflictError
        With file, row and column, for the first row that cannot be taken.
    """
    found, signed = Scan(labels={source.question_id: [] for source in labels}), bytearray()
    block, size, total = list[Content](), 0, reader.count()
    ids, copies = Distinct(), dict[str, int]()
    for draft in drafts(reader, columns, kind, max_text):
        record = draft.record
        key = _key(draft, columns, copies)
        if columns.id is not None:
            ids.add(key, record.number)
        if record.number % 500 == 0:
            progress("reading", record.number, total)
        if columns.id is None and copies[draft.hash[:16]] <= known.count_by_hash[draft.hash]:
            found.n_known += 1
            continue
        if key in known.hash_by_key:
            if known.hash_by_key[key] != draft.hash:
                raise ConflictError(
                    f"{record.where}, row {record.number}: '{key}' is in the project with other content.",
                    "An item never changes; give the new content another id.",
                )
            found.n_known += 1
            continue
        cells = {source.question_id: _label_cell(record, source) for source in labels}
        found.keys.append(key)
        found.hashes.append(draft.hash)
        found.groups.append(_text(record.cells[columns.group]) if columns.group else None)
        for question_id, cell in cells.items():
            found.labels[question_id].append(cell)
        found.numbers.append(record.number)
        block.append(draft.content)
        size += draft.content.size
        if len(block) == BLOCK or size > BLOCK_SIZE:
            signed += kind.signatures(block).tobytes()
            block, size = [], 0
    if block:
        signed += kind.signatures(block).tobytes()
    ids.check(reader, columns)
    if not found.keys and not found.n_known:
        raise reader.fail("there are no rows.", "Choose a file with at least one row below the header.")
    found.signatures = np.frombuffer(signed, dtype=np.uint32).reshape(len(found.keys), kind.signature_words)
    progress("reading", len(found.keys) + found.n_known, total)
    return found


def _label_cell(record: Record, source: LabelSource) -> Cell:
    """A label cell, checked where the schema is known; None where it is blank."""
    cell: Cell = record.cells[source.column]
    if is_blank(cell):
        return None
    if isinstance(cell, str) and len(cell) > MAX_LABEL:
        raise record.fail(
            f"a label must have at most {MAX_LABEL:,} characters, got {len(cell):,}.",
            "Choose the right column of labels (--label).",
            source.column,
        )
    if source.task is not None:
        try:
            source.task.parse(cell)
        except InputError as error:
            raise record.fail(error.message, error.hint, source.column) from error
    return cell


def _key(draft: Draft, columns: Columns, copies: dict[str, int]) -> str:
    if columns.id is None:
        base = draft.hash[:16]
        copies[base] = copies.get(base, 0) + 1
        return base if copies[base] == 1 else f"{base}-{copies[base]}"
    cell = draft.record.cells[columns.id]
    key = "" if is_blank(cell) else str(cell).strip()
    if not key or len(key) > MAX_KEY:
        raise draft.record.fail(f"an id must have 1 to {MAX_KEY} characters, got {len(key)}.", column=columns.id)
    return key


def _text(cell: Any) -> str | None:
    if is_blank(cell):
        return None
    return (cell if isinstance(cell, str) else json.dumps(cell, default=str))[:MAX_KEY]
