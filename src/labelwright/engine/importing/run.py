"""The import as a whole, for new projects and for more rows later; nothing is ever half imported."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import insert, select

from labelwright.engine.importing import scan as scanning
from labelwright.engine.importing import split as splitting
from labelwright.engine.importing import stage
from labelwright.errors import ConflictError, InputError
from labelwright.exchange.reader import Columns, Reader
from labelwright.items import duplicates
from labelwright.items.base import ItemKind, Signatures
from labelwright.store import tables as t
from labelwright.store.clock import new_id, now
from labelwright.store.project import ProjectStore
from labelwright.tasks import Task


@dataclass(frozen=True)
class ImportSpec:
    """What to import, and how to read it.

    ``task`` is None where the labels themselves tell the schema: ``make_task`` is then called with the
    label cells, once all of them were read.
    """

    reader: Reader
    columns: Columns
    kind: ItemKind
    task: Task | None = None
    make_task: Callable[[list[Any]], Task] | None = None
    labels_are: str = "training"
    reserve_share: float | None = None
    seed: int = 0


@dataclass(frozen=True)
class Added:
    """What an import brought."""

    batch: str
    added: int
    known: int
    reserve: int
    labeled: int
    duplicates: int
    reserve_share: float


@contextmanager
def import_lock(store: ProjectStore) -> Iterator[None]:
    """One import a project at a time; the lock goes with the process that holds it.

    Raises
    ------
    ConflictError
        If another import is running.
    """
    with (store.folder / "import.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ConflictError(
                f"add: another import into '{store.slug}' is running.", "Wait until it has ended."
            ) from error
        yield


def is_importing(store: ProjectStore) -> bool:
    """Whether a living process imports into this project now."""
    try:
        with import_lock(store):
            return False
    except ConflictError:
        return True


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
        stage.remove_staged(store)
        try:
            return _run(store, spec, actor, progress)
        except BaseException:
            stage.remove_staged(store)
            raise


def _run(store: ProjectStore, spec: ImportSpec, actor: str, progress: scanning.Progress) -> Added:
    old = _Old(store)
    found = scanning.scan(
        spec.reader, spec.columns, spec.kind, scanning.Known(old.hash_by_key), task=spec.task, progress=progress
    )
    task = spec.task
    if task is None and spec.make_task is not None:
        task = spec.make_task(found.labels)
    n_old, n_new = old.n_items, len(found.keys)
    share = spec.reserve_share
    if share is None:
        share = splitting.reserve_size(n_new) / max(n_new, 1)
    batch = new_id("b")
    if n_new == 0:
        return Added(batch, 0, found.n_known, 0, 0, 0, share)
    progress("finding duplicates", 0, n_new)
    hashes = np.concatenate([old.hashes, found.hash_array()])
    signatures = np.concatenate([old.signatures(spec.kind), found.signatures])
    first = duplicates.group(spec.kind, hashes, signatures)
    dup_group = np.where(first < n_old, old.dup_group_of(first), first)
    is_new = np.arange(n_old + n_new) >= n_old
    member = splitting.join_groups(first, [*old.groups, *found.groups])
    old_split = np.concatenate([old.splits, np.full(n_new, "pool", dtype="<U7")])
    split = splitting.draw(member, is_new, old_split, share, np.random.default_rng([spec.seed, n_old]))

    with store.stage() as connection:
        connection.execute(
            insert(t.import_batch).values(
                project_id=store.project_id, id=batch, first_ordinal=n_old, n_items=n_new,
                source=spec.reader.path.name[:300], labels_are=spec.labels_are, manifest=None, visible=False, at=now(),
                seq=None,
            )
        )  # fmt: skip
    n_labeled = _stage_rows(store, spec, task, found, batch, n_old, split, dup_group, progress)
    digests = store.arrays.write(f"signatures/{n_old:09d}-{batch}.npy", found.signatures)
    os.sync()
    with store.write() as transaction:
        connection = transaction.connection
        digest = stage.manifest(stage.manifest_rows(connection, store.project_id, n_old, n_new))
        store.arrays.remember(connection, "signatures", digests)
        transaction.record(
            "import",
            {
                "batch": batch, "first_ordinal": n_old, "n_items": n_new, "labels_are": spec.labels_are,
                "manifest": digest, "arrays": digests, "reserve_share": share, "seed": spec.seed,
            },
            actor=actor,
        )  # fmt: skip
    n_duplicates = int((first[n_old:] != np.arange(n_old, n_old + n_new)).sum())
    return Added(batch, n_new, found.n_known, int((split[n_old:] != "pool").sum()), n_labeled, n_duplicates, share)


def _stage_rows(
    store: ProjectStore, spec: ImportSpec, task: Task | None, found: scanning.Scan, batch: str, n_old: int,
    split: Any, dup_group: Any, progress: scanning.Progress,
) -> int:  # fmt: skip
    items: list[dict[str, Any]] = []
    contents: list[dict[str, Any]] = []
    given: list[dict[str, Any]] = []
    position = n_labeled = 0
    for draft in scanning.drafts(spec.reader, spec.columns, spec.kind):
        if draft.record.number not in found.numbers:
            continue
        if position >= len(found.hashes) or draft.hash != found.hashes[position]:
            raise InputError(
                f"{draft.record.where}: the source changed while it was read.", "Copy it first, then import the copy."
            )
        ordinal = n_old + position
        row = stage.item_row(store, spec.reader, spec.columns, draft.record.cells, draft.record.where)
        row |= {
            "ordinal": ordinal, "key": found.keys[position], "content_hash": draft.hash, "batch_id": batch,
            "split": str(split[ordinal]), "group_key": found.groups[position], "dup_group": int(dup_group[ordinal]),
        }  # fmt: skip
        items.append(row)
        body = stage.write_media(store, draft.content, draft.hash)
        contents.append({"project_id": store.project_id, "ordinal": ordinal, "body": body})
        label = found.labels[position]
        answer = task.parse(label) if label is not None and task is not None else None
        if answer is not None:
            given.append(
                {
                    "project_id": store.project_id, "ordinal": ordinal, "answer": answer,
                    "labels_are": spec.labels_are,
                }
            )  # fmt: skip
            n_labeled += 1
        position += 1
        if len(items) == stage.CHUNK:
            with store.stage() as connection:
                stage.insert_chunk(connection, items, contents, given)
            items, contents, given = [], [], []
            progress("storing", position, len(found.keys))
    if items:
        with store.stage() as connection:
            stage.insert_chunk(connection, items, contents, given)
    if position != len(found.keys):
        raise spec.reader.fail("the source changed while it was read.", "Copy it first, then import the copy.")
    progress("storing", position, len(found.keys))
    return n_labeled


class _Old:
    """What the project holds before an import, by ordinal."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        item = t.item
        self.hash_by_key: dict[str, str] = {}
        self.groups: list[str | None] = []
        splits: list[str] = []
        dup_groups: list[int] = []
        with store.read() as connection:
            query = (
                select(item.c.key, item.c.content_hash, item.c.group_key, item.c.split, item.c.dup_group)
                .where(item.c.project_id == store.project_id)
                .order_by(item.c.ordinal)
            )
            for key, content_hash, group, split, dup_group in connection.execute(query):
                self.hash_by_key[key] = content_hash
                self.groups.append(group)
                splits.append(split)
                dup_groups.append(dup_group)
        self.n_items = len(splits)
        self.splits = np.array(splits, dtype="<U7")
        self.hashes = np.array([h.encode() for h in self.hash_by_key.values()], dtype="S32")
        self._dup_groups = np.array(dup_groups, dtype=np.int64)

    def signatures(self, kind: ItemKind) -> Signatures:
        """The stored signatures of all batches, in order of ordinals."""
        with self._store.read() as connection:
            paths = list(
                connection.scalars(
                    select(t.array_file.c.path)
                    .where(t.array_file.c.project_id == self._store.project_id, t.array_file.c.kind == "signatures")
                    .order_by(t.array_file.c.path)
                )
            )
        parts: list[Signatures] = [self._store.arrays.read(path) for path in paths]
        return np.concatenate([np.zeros((0, kind.signature_words), dtype=np.uint32), *parts])

    def dup_group_of(self, first: Any) -> Any:
        """Duplicate group of old items; for positions beyond them, anything."""
        if not self.n_items:
            return first
        return self._dup_groups[np.minimum(first, self.n_items - 1)]
