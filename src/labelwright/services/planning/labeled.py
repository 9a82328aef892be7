"""Labeled data to replay: a file, or the labels of a project, as features and encoded answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright import encoders, items, models, tasks
from labelwright.engine import answers, contents
from labelwright.engine.importing.scan import drafts
from labelwright.engine.labels import labels
from labelwright.engine.layout import SEALED, layout
from labelwright.errors import InputError
from labelwright.exchange import Columns, guess, open_source
from labelwright.exchange.guess import is_blank
from labelwright.items import Content
from labelwright.services.projects import access
from labelwright.services.site.settings import Settings
from labelwright.store.project import ProjectStore
from labelwright.tasks import Cell

Progress = Callable[[str, int, int | None], None]
MIN_ITEMS: Final = 40


@dataclass(frozen=True)
class Labeled:
    """Items with their labels, as features.

    Parameters
    ----------
    kind, task, encoder, model : str
        Of the items and labels; the default encoder and model for them.
    columns : Columns
        Of the file, or of the project.
    labels : tuple of str
        The names of the classes; empty for numbers.
    contents : tuple of Content
    X : array or sparse matrix of shape (n_items, n_features)
    y : array of shape (n_items,) or (n_items, n_labels)
        Encoded.
    groups : str array of shape (n_items,), optional
    """

    kind: str
    task: str
    encoder: str
    model: str
    columns: Columns
    labels: tuple[str, ...]
    contents: tuple[Content, ...]
    X: object
    y: npt.NDArray[np.generic]
    groups: npt.NDArray[np.str_] | None

    @property
    def n_items(self) -> int:
        """How many items have a label."""
        return len(self.contents)


def of_file(
    source: Path, columns: Columns, *, task: str | None = None, least: int = MIN_ITEMS, who: str = "plan",
    max_text: int = Settings.max_text, progress: Progress = lambda *_: None,
) -> Labeled:  # fmt: skip
    """Read and encode a file; rows without a label are left out.

    Raises
    ------
    InputError
        If the source cannot be read, names no column of labels, or has fewer than ``least`` of them.
    """
    reader = open_source(source)
    if columns.label is None:
        raise InputError(f"{who}: --label must be given.", "Name the column of the true labels.")
    found = guess(reader, columns, task=task)
    kind = items.make(found.kind)
    kept, cells, groups = list[Content](), list[Cell](), list[str]()
    for draft in drafts(reader, found.columns, kind, max_text):
        progress("reading", draft.record.number, reader.count())
        if not is_blank(draft.record.cells[columns.label]):
            kept.append(draft.content)
            cells.append(draft.record.cells[columns.label])
            groups.append(str(draft.record.cells[found.columns.group]) if found.columns.group else "")
    if len(kept) < least:
        raise InputError(f"{who}: SOURCE must hold at least {least} labeled rows, got {len(kept)}.")
    task_object = tasks.make(found.task, tasks.guess(found.task, cells))
    y = task_object.encode([answer for cell in cells if (answer := task_object.parse(cell)) is not None])
    encoder = encoders.default(kind.name)
    return Labeled(
        found.kind, found.task, encoder, models.default(task_object, found.kind), found.columns,
        label_names(task_object), tuple(kept), encoders.make(encoder).fit(kept).transform(kept), y,
        np.array(groups) if found.columns.group else None,
    )  # fmt: skip


def of_project(store: ProjectStore, *, who: str = "plan") -> Labeled:
    """The labels of a project's primary question as they are now, with the contents of their items.

    Sealed items are left out: their labels are for a certificate alone. Labels that a strategy chose are no random
    sample of the items, which a replay of them cannot undo.

    Raises
    ------
    InputError
        If fewer than 40 items have a label.
    """
    with store.read() as rows:
        project = access.ready(store, rows)
        where = layout(store, rows, project.row.n_items)
        given = labels(store, rows, where, project.primary)
        gone = set(answers.excluded(rows, where.n_items).tolist())
    ordinals = sorted(k for k in given if k not in gone and where.split[k] != SEALED)
    if len(ordinals) < MIN_ITEMS:
        raise InputError(
            f"{who}: '{store.slug}' must have at least {MIN_ITEMS} labeled items, got {len(ordinals)}.",
            "Label more, or plan on a file of similar data.",
        )
    chosen = np.array(ordinals, dtype=np.int64)
    blocks = contents.blocks(store, chosen, upto_seq=project.row.wanted_seq)
    kept = [content for block in blocks for content in block]
    task = project.primary.task
    y = task.encode([dict(given[k].answer) for k in ordinals])
    encoder = encoders.make(encoders.default(project.kind)).fit(kept)
    return Labeled(
        project.kind, task.name, encoders.default(project.kind), project.primary.model, project.columns,
        label_names(task), tuple(kept), encoder.transform(kept), y, _groups(where.group, where.dup_group, chosen),
    )  # fmt: skip


def _groups(
    group: npt.NDArray[np.int64] | None, dup_group: npt.NDArray[np.int64], chosen: npt.NDArray[np.int64]
) -> npt.NDArray[np.str_] | None:
    """Groups of the data, or of duplicates where the data name none; None where every item is alone."""
    found = (dup_group if group is None else group)[chosen]
    return None if len(np.unique(found)) == len(found) else found.astype(np.str_)


def label_names(task: tasks.Task) -> tuple[str, ...]:
    """The names of the classes of a kind of label, in order; empty for numbers."""
    listed = task.schema.get("labels")
    names = [one.get("name") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return tuple(str(name) for name in names)
