"""Labels of another domain for a project that is there already: what is new, what changed, and a batch of both.

An item of a source never changes. One whose label is another one by now comes as a copy under a key of its own, and the
copy before is excluded in the same transaction.
"""

from __future__ import annotations

import os
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from labelwright.engine.importing.compact import Texts
from labelwright.engine.importing.lock import import_lock
from labelwright.engine.importing.run import Added, ImportSpec, remove_staged, stage_source
from labelwright.engine.importing.scan import MAX_KEY, Progress, Scan
from labelwright.engine.importing.source import PREFIX, SourceSpec, only, scan_source
from labelwright.engine.importing.stage import manifest, manifest_rows
from labelwright.engine.importing.stored import Stored
from labelwright.engine.importing.vectors import StagedVectors
from labelwright.engine.layout import SOURCE
from labelwright.engine.reading import changed_labels
from labelwright.errors import InputError
from labelwright.plain import JsonObject
from labelwright.store import record
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.base import EventBody
from labelwright.store.record.imports import ItemsExcluded, ItemsImported
from labelwright.store.rows import Rows
from labelwright.tasks import Task

COPY: Final = re.compile(r"source(?:-\d+)?:(.*)", re.DOTALL)
WHY: Final = "The source has another label or content for them."


@dataclass(frozen=True)
class _Copy:
    """A copy of an item of a source, as it is in the project.

    Attributes
    ----------
    project : str, optional
        The project that it came from.
    stands : bool
        Whether it is not excluded.
    undone : bool
        Whether it was taken out with its whole import.
    erased : bool
        Whether its content was erased, which nothing brings back.
    """

    ordinal: int
    content_hash: str
    answer: JsonObject | None
    project: str | None
    stands: bool
    undone: bool
    erased: bool


def add_source(
    store: ProjectStore, spec: ImportSpec, source: SourceSpec, task: Task, *, actor: str,
    progress: Progress = lambda *_: None,
) -> Added:  # fmt: skip
    """Bring the labeled items of a source that are not there yet, and those whose label changed, as one import.

    Parameters
    ----------
    spec : ImportSpec
        Of the project: the kind of its items, its seed and its limits.
    task : Task
        Of the question that the labels answer.

    Raises
    ------
    InputError, ConflictError
        If something of the source cannot be taken, or another import is running; the project is then as it was.
    """
    with import_lock(store):
        remove_staged(store)
        try:
            return _add(store, spec, source, task, actor, progress)
        except BaseException:
            remove_staged(store)
            raise


def _add(
    store: ProjectStore, spec: ImportSpec, source: SourceSpec, task: Task, actor: str, progress: Progress
) -> Added:
    old = Stored(store)
    found = scan_source(source, spec.kind, task, max_text=spec.max_text, progress=progress)
    with store.read() as rows:
        imports = [record.read(event) for event in store.events(rows, kinds=(ItemsImported.kind,))]
        copies = _copies(rows, imports, source.question_id, old.n_items)
    kept, replaced = _compared(found, copies, source, task)
    if not kept:
        return Added("", 0, len(found.keys), 0, 0, 0, 0.0)
    new = only(found, kept)
    new = replace(new, keys=Texts(_free(key, old.hash_by_key) for key in new.keys))
    vectors = StagedVectors(store, old.n_items) if spec.columns.embedding else None
    staged = stage_source(store, spec, source, new, task, old.n_items, vectors, progress)
    os.sync()
    with store.write() as transaction:
        rows = transaction.rows
        store.arrays.remember(rows, "signatures", staged.arrays)
        if replaced:
            transaction.record(ItemsExcluded(tuple(sorted(replaced)), transaction.seal(WHY)), actor=actor)
        lines = manifest(manifest_rows(rows, staged.first_ordinal, staged.n_items))
        transaction.record(replace(staged, manifest=lines), actor=actor)
        if vectors is not None:
            vectors.record(transaction, actor)
    n = len(kept)
    return Added(staged.batch, n, len(found.keys) - n, 0, n, 0, 0.0, source=n, corrected=len(replaced))


def _copies(rows: Rows, imports: Sequence[EventBody], question_id: str, n_items: int) -> dict[str, list[_Copy]]:
    """All copies of items of sources by the key that they have there, in the order in which they came."""
    origin = {one.batch: (one.came_from or {}).get("project") for one in imports if isinstance(one, ItemsImported)}
    batch, item, given = t.import_batch, t.item, t.given
    undone = set(rows.scalars(rows.select(batch.c.id).where(batch.c.undone_seq.is_not(None))))
    gone, erased = (set(rows.scalars(rows.select(table.c.ordinal))) for table in (t.exclusion, t.erasure))
    labels = rows.select(given.c.ordinal, given.c.answer)
    labels = labels.where(given.c.question_id == question_id, given.c.labels_are == SOURCE)
    answers = {row.ordinal: row.answer for row in rows.all(labels)}
    changed = changed_labels(rows, question_id)
    query = rows.select(item.c.ordinal, item.c.key, item.c.content_hash, item.c.batch_id)
    query = query.where(item.c.split == SOURCE, item.c.ordinal < n_items).order_by(item.c.ordinal)
    found: dict[str, list[_Copy]] = {}
    for row in rows.stream(query):
        if (named := COPY.fullmatch(row.key)) is None:
            continue
        answer, project = answers.get(row.ordinal), origin.get(row.batch_id)
        found.setdefault(named[1], []).append(_Copy(
            row.ordinal, row.content_hash, None if answer is None else changed.current(answer),
            None if project is None else str(project), row.ordinal not in gone,
            row.ordinal in gone and row.batch_id in undone, row.ordinal in erased,
        ))  # fmt: skip
    return found


def _compared(
    found: Scan, copies: Mapping[str, Sequence[_Copy]], source: SourceSpec, task: Task
) -> tuple[list[int], list[int]]:
    """Which rows to bring, and the items that are excluded for them.

    A row and a copy are of one item where key and content are the same, or where both came from one project, in which a
    key names one item. What somebody excluded stays out; what was undone with its import comes again.
    """
    kept, replaced, project = list[int](), list[int](), source.came_from.get("project")
    for k, (key, cell) in enumerate(zip(found.keys, found.labels[source.question_id], strict=True)):
        alike = [
            one
            for one in copies.get(key.removeprefix(PREFIX), ())
            if one.content_hash == found.hashes[k] or (project is not None and one.project == project)
        ]
        if any(one.erased for one in alike):
            continue
        if alike and not alike[-1].undone:
            last = alike[-1]
            if not last.stands or (last.content_hash, last.answer) == (found.hashes[k], task.parse(cell)):
                continue
        kept.append(k)
        replaced += [one.ordinal for one in alike if one.stands]
    return kept, replaced


def _free(key: str, taken: Container[str]) -> str:
    """A key that no item has, from that of an item of a source.

    >>> _free("source:a", ()), _free("source:a", ("source:a", "source-2:a"))
    ('source:a', 'source-3:a')

    Raises
    ------
    InputError
        If it would be too long.
    """
    rest, free, n = key.removeprefix(PREFIX), key, 1
    while free in taken:
        n += 1
        free = f"source-{n}:{rest}"
    if len(free) > MAX_KEY:
        raise InputError(f"add: the id of a further copy must have at most {MAX_KEY} characters, got {len(free)}.")
    return free
