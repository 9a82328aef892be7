"""Labeled items of another domain, staged beside the first items of a project: its source."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from labelwright.check import complain
from labelwright.engine.importing import scan as scanning
from labelwright.engine.importing.compact import Hashes, Texts
from labelwright.engine.importing.scan import MAX_KEY, LabelSource, Scan
from labelwright.errors import InputError
from labelwright.exchange.guess import is_blank
from labelwright.exchange.reader import Columns, Reader
from labelwright.items.base import ItemKind
from labelwright.plain import JsonObject
from labelwright.tasks import Cell, Task

PREFIX = "source:"  # of the keys, so that they never are those of items that are asked
FEW = 12  # names in an error


@dataclass(frozen=True)
class SourceSpec:
    """The labeled items that a project starts from.

    Parameters
    ----------
    label : str
        The column of labels.
    question_id : str
        The question that they answer.
    came_from : JSON object
        A project, the moment and the digest of its labels, or the name of a file and its SHA-256.
    task : Task, optional
        Of that question; None where the schema follows from the data of the project.
    who : str
        The act that errors name, "create" or "add".
    """

    reader: Reader
    columns: Columns
    label: str
    question_id: str
    came_from: JsonObject
    task: Task | None = None
    who: str = "create"


def label_cells(spec: SourceSpec) -> list[Cell]:
    """The labels of a source, as they stand in it; those that are blank are left out.

    Raises
    ------
    InputError
        If there is none.
    """
    cells: list[Cell] = [record.cells[spec.label] for record in spec.reader.only([spec.label])]
    found = [cell for cell in cells if not is_blank(cell)]
    if not found:
        raise spec.reader.fail("a source must have at least one label, got none.", column=spec.label)
    return found


def check_classes(cells: Sequence[Cell], task: Task, who: str = "create") -> None:
    """Refuse classes of a source that the project does not have, and list them.

    Examples
    --------
    >>> from labelwright import tasks
    >>> check_classes(["a", "c", "d"], tasks.make("classification", tasks.guess("classification", ["a", "b"])))
    Traceback (most recent call last):
    ...
    labelwright.errors.InputError: create: the classes of the source must be among those of the project, got c, d. \
Add them to the labels of the project, rename them in the source, or leave these items out.
    """
    strange = sorted({str(cell) for cell in cells if not _is_known(cell, task)})
    if strange:
        more = f" and {len(strange) - FEW} more" if len(strange) > FEW else ""
        raise InputError(
            f"{who}: the classes of the source must be among those of the project, got {', '.join(strange[:FEW])}"
            f"{more}.",
            "Add them to the labels of the project, rename them in the source, or leave these items out.",
        )


def _is_known(cell: Cell, task: Task) -> bool:
    try:
        return task.parse(cell) is not None
    except InputError:
        return False


def scan_source(spec: SourceSpec, kind: ItemKind, task: Task, *, max_text: int, progress: scanning.Progress) -> Scan:
    """Read and check the rows of a source that have a label, under keys of its own.

    Raises
    ------
    InputError
        If a class is not one of the project's, or a row cannot be taken.
    """
    check_classes(label_cells(spec), task, spec.who)
    found = scanning.scan(
        spec.reader, spec.columns, kind, scanning.Known(), labels=(LabelSource(spec.question_id, spec.label, task),),
        max_text=max_text, progress=progress,
    )  # fmt: skip
    cells = found.labels[spec.question_id]
    kept = [k for k, cell in enumerate(cells) if cell is not None]
    keys = Texts(PREFIX + found.keys[k] for k in kept)
    if longest := max((key for key in keys if len(key) > MAX_KEY), key=len, default=None):
        expected = f"at most {MAX_KEY - len(PREFIX)} characters long"
        raise complain(spec.who, "ids of a source", expected, len(longest) - len(PREFIX), "Shorten them.")
    return replace(only(found, kept), keys=keys)


def only(found: Scan, kept: Sequence[int]) -> Scan:
    """Some of the rows that were read, by their positions in rising order."""
    return replace(
        found, keys=Texts(found.keys[k] for k in kept), hashes=Hashes(found.hashes[k] for k in kept),
        groups=[found.groups[k] for k in kept], numbers=array("I", [found.numbers[k] for k in kept]),
        labels={question_id: [cells[k] for k in kept] for question_id, cells in found.labels.items()},
        signatures=found.signatures[np.array(kept, dtype=np.int64)],
    )  # fmt: skip
