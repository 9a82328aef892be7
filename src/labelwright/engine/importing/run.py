"""The import as a whole, for new projects and for more rows later; nothing is ever half imported."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.importing import scan as scanning
from labelwright.engine.importing import split as splitting
from labelwright.engine.importing import stage
from labelwright.engine.importing.lock import import_lock
from labelwright.engine.importing.scan import LabelSource
from labelwright.engine.importing.source import SourceSpec, scan_source
from labelwright.engine.importing.stored import Stored
from labelwright.engine.importing.vectors import StagedVectors, remove_unrecorded
from labelwright.engine.layout import SOURCE
from labelwright.engine.search_goal import blind_share
from labelwright.errors import InputError
from labelwright.exchange.reader import Columns, Reader
from labelwright.items import duplicates
from labelwright.items.base import ItemKind
from labelwright.store import tables as t
from labelwright.store.clock import new_id, now
from labelwright.store.project import ProjectStore
from labelwright.store.record.imports import ItemsImported
from labelwright.tasks import Cell, Task

SIGNATURE_ROWS: Final = 1 << 17


@dataclass(frozen=True)
class ImportSpec:
    """What to import, and how to read it.

    Parameters
    ----------
    labels : tuple of LabelSource
        One for each question whose labels come with the data.
    make_tasks : callable, optional
        Called with the label cells by question once all were read, where labels themselves tell a schema; returns
        the task of each question.
    certifies : (float, int), optional
        The accuracy that is to be certified, and in how many openings: so many items are sealed.
    blind : (float, float or None), optional
        The recall that is to be certified, and the expected prevalence: the blind sample takes the place of a reserve.
    source : SourceSpec, optional
        Labeled items of another domain that a new project starts from.
    max_text : int
        Characters that an item may have.
    """

    reader: Reader
    columns: Columns
    kind: ItemKind
    labels: tuple[LabelSource, ...] = ()
    make_tasks: Callable[[dict[str, list[Cell]]], dict[str, Task]] | None = None
    labels_are: str = "training"
    reserve_share: float | None = None
    certifies: tuple[float, int] | None = None
    blind: tuple[float, float | None] | None = None
    seed: int = 0
    source: SourceSpec | None = None
    max_text: int = field(kw_only=True)


@dataclass(frozen=True)
class Added:
    """What an import brought.

    Attributes
    ----------
    in_large_groups : int
        Items that stay in the pool because too many items are in their group, so that a reserve with them would
        measure one group.
    source : int
        Labeled items of another domain that came with them.
    corrected : int
        Those of them that take the place of a copy with another label.
    """

    batch: str
    added: int
    known: int
    reserve: int
    labeled: int
    duplicates: int
    reserve_share: float
    in_large_groups: int = 0
    source: int = 0
    corrected: int = 0


def run_import(
    store: ProjectStore, spec: ImportSpec, *, actor: str, progress: scanning.Progress = lambda *_: None
) -> Added:
    """Check everything, then stage, then make visible.

    Raises
    ------
    InputError, ConflictError
        With file, row and column; the project is then as it was.
    """
    with import_lock(store):
        remove_staged(store)
        try:
            return _run(store, spec, actor, progress)
        except BaseException:
            remove_staged(store)
            raise


def remove_staged(store: ProjectStore) -> None:
    """Remove what an import that failed or was killed left behind."""
    stage.remove_staged(store)
    remove_unrecorded(store)


def _run(store: ProjectStore, spec: ImportSpec, actor: str, progress: scanning.Progress) -> Added:
    old = Stored(store)
    found = scanning.scan(
        spec.reader, spec.columns, spec.kind, scanning.Known(old.known()), labels=spec.labels,
        max_text=spec.max_text, progress=progress,
    )  # fmt: skip
    tasks = {source.question_id: source.task for source in spec.labels if source.task is not None}
    if spec.make_tasks is not None:
        tasks |= spec.make_tasks(found.labels)
    n_old, n_new = old.n_items, len(found.keys)
    share = spec.reserve_share
    if share is None and spec.blind is not None:
        share = blind_share(*spec.blind, n_new)
    if share is None:
        share = splitting.reserve_size(n_new) / max(n_new, 1)
    batch = new_id("b")
    if n_new == 0:
        return Added(batch, 0, found.n_known, 0, 0, 0, share)
    progress("finding duplicates", 0, n_new)
    of_source = np.concatenate([old.splits == SOURCE, np.zeros(n_new, dtype=bool)])
    first = _first_alike(spec.kind, old, found, of_source)
    digests = _write_signatures(store, found, n_old, batch)
    dup_group = np.where(first < n_old, old.dup_group_of(first), first)
    is_new = np.arange(n_old + n_new) >= n_old
    groups = old.groups + found.groups
    for ordinal in np.flatnonzero(of_source):
        groups[ordinal] = None
    member = splitting.join_groups(first, groups)
    old_split = np.concatenate([old.splits, np.full(n_new, "pool", dtype="<U7")])
    n_sealed = None if spec.certifies is None else splitting.sealed_size_for(*spec.certifies, n_new)
    n_sealed = 0 if spec.blind is not None else n_sealed
    rng = np.random.default_rng([spec.seed, n_old])
    split = splitting.draw(member, is_new, old_split, share, rng, n_sealed=n_sealed)

    vectors = StagedVectors(store, n_old) if spec.columns.embedding else None
    if vectors is not None:
        progress("storing embeddings", 0, n_new)
        vectors.stage(spec.reader, spec.columns, np.array(found.numbers, dtype=np.int64), n_old, batch)
    _stage_batch(store, batch, n_old, n_new, spec.reader.path.name, spec.labels_are)
    n_labeled = _stage_rows(store, spec, tasks, found, batch, n_old, split, dup_group, progress)
    source = None
    if spec.source is not None:
        task = tasks.get(spec.source.question_id) or spec.source.task
        assert task is not None
        labeled = scan_source(spec.source, spec.kind, task, max_text=spec.max_text, progress=progress)
        source = stage_source(store, spec, spec.source, labeled, task, n_old + n_new, vectors, progress)
    os.sync()
    with store.write() as transaction:
        rows = transaction.rows
        store.arrays.remember(rows, "signatures", digests if source is None else digests | source.arrays)
        body = ItemsImported(
            batch=batch, first_ordinal=n_old, n_items=n_new, labels_are=spec.labels_are,
            manifest=stage.manifest(stage.manifest_rows(rows, n_old, n_new)), arrays=digests, reserve_share=share,
            seed=spec.seed, makes_ready=store.row(rows).state == "importing", came_from=None,
        )  # fmt: skip
        transaction.record(body, actor=actor)
        if vectors is not None:
            vectors.record(transaction, actor)
        if source is not None:
            manifest = stage.manifest(stage.manifest_rows(rows, source.first_ordinal, source.n_items))
            transaction.record(replace(source, manifest=manifest), actor=actor)
    n_duplicates = int((first[n_old:] != np.arange(n_old, n_old + n_new)).sum())
    n_reserve = int((split[n_old:] != "pool").sum())
    n_large = int(splitting.in_large_groups(member, is_new, share).sum())
    n_source = 0 if source is None else source.n_items
    return Added(batch, n_new, found.n_known, n_reserve, n_labeled, n_duplicates, share, n_large, n_source)


def _first_alike(
    kind: ItemKind, old: Stored, found: scanning.Scan, of_source: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """The first item that each is a near-duplicate of; items of a source are alone, so that they keep nothing apart."""
    hashes, signatures = found.hashes.array(), found.signatures
    if not old.n_items:  # signatures are the largest thing there is, so they are not copied
        return duplicates.group(kind, hashes, signatures)
    hashes = np.concatenate([old.hashes, hashes])
    signatures = np.concatenate([old.signatures(kind), signatures])
    first, own = np.arange(len(hashes), dtype=np.int64), np.flatnonzero(~of_source)
    first[own] = own[duplicates.group(kind, hashes[own], signatures[own])]
    return first


def _write_signatures(store: ProjectStore, found: scanning.Scan, first: int, batch: str) -> dict[str, str]:
    """Write the signatures of new items in files of bounded size, and let go of them; return the files' digests."""
    digests: dict[str, str] = {}
    for start in range(0, len(found.signatures), SIGNATURE_ROWS):
        path = f"signatures/{first + start:09d}-{batch}.npy"
        digests |= store.arrays.write(path, found.signatures[start : start + SIGNATURE_ROWS])
    found.signatures = found.signatures[:0].copy()
    return digests


def _stage_batch(store: ProjectStore, batch: str, first: int, n_items: int, name: str, labels_are: str) -> None:
    with store.stage() as rows:
        rows.insert(
            t.import_batch,
            {
                "id": batch, "first_ordinal": first, "n_items": n_items, "source": name[:300],
                "labels_are": labels_are, "manifest": None, "visible": False, "at": now(), "seq": None,
            },
        )  # fmt: skip


def stage_source(
    store: ProjectStore,
    spec: ImportSpec,
    source: SourceSpec,
    found: scanning.Scan,
    task: Task,
    first: int,
    vectors: StagedVectors | None,
    progress: scanning.Progress,
) -> ItemsImported:
    """Write the items of a source, invisible; return their event, without the manifest."""
    batch, n = new_id("b"), len(found.keys)
    if vectors is not None:
        vectors.stage(source.reader, source.columns, np.array(found.numbers, dtype=np.int64), first, batch)
    own = replace(spec, reader=source.reader, columns=source.columns, labels_are=SOURCE)
    _stage_batch(store, batch, first, n, source.reader.path.name, SOURCE)
    alone, split = np.arange(first + n, dtype=np.int64), np.full(first + n, SOURCE)
    _stage_rows(store, own, {source.question_id: task}, found, batch, first, split, alone, progress)
    digests = _write_signatures(store, found, first, batch)
    return ItemsImported(
        batch=batch, first_ordinal=first, n_items=n, labels_are=SOURCE, manifest="", arrays=digests, reserve_share=0.0,
        seed=spec.seed, makes_ready=False, came_from=source.came_from,
    )  # fmt: skip


def _stage_rows(
    store: ProjectStore, spec: ImportSpec, tasks: Mapping[str, Task], found: scanning.Scan, batch: str, n_old: int,
    split: npt.NDArray[np.str_], dup_group: npt.NDArray[np.int64], progress: scanning.Progress,
) -> int:  # fmt: skip
    """Second pass: write the rows in chunks, invisible; return how many have a label."""
    chunk = stage.Chunk(store)
    position = n_labeled = 0
    with store.media.keeping() as keep:
        for draft in scanning.drafts(spec.reader, spec.columns, spec.kind, spec.max_text):
            if position < len(found.numbers) and draft.record.number != found.numbers[position]:
                continue
            if position == len(found.numbers):
                break
            if draft.hash != found.hashes[position]:
                raise InputError(
                    f"{draft.record.where}: the source changed while it was read.",
                    "Copy it first, then import the copy.",
                )
            ordinal = n_old + position
            item = stage.item_row(spec.columns, draft.record.cells, draft.record.where) | {
                "ordinal": ordinal, "key": found.keys[position], "content_hash": draft.hash, "batch_id": batch,
                "split": str(split[ordinal]), "group_key": found.groups[position], "dup_group": int(dup_group[ordinal]),
            }  # fmt: skip
            body = stage.write_media(keep, draft.content, draft.hash)
            labels = {
                question_id: answer
                for question_id, cells in found.labels.items()
                if cells[position] is not None and (answer := tasks[question_id].parse(cells[position])) is not None
            }
            n_labeled += bool(labels)
            chunk.add(ordinal, item, body, labels, spec.labels_are)
            position += 1
            if position % stage.CHUNK == 0:
                progress("storing", position, len(found.keys))
    chunk.flush()
    if position != len(found.keys):
        raise spec.reader.fail("the source changed while it was read.", "Copy it first, then import the copy.")
    progress("storing", position, len(found.keys))
    return n_labeled
