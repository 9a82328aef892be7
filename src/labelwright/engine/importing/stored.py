"""What a project holds before an import: keys, hashes, groups and splits, by ordinal."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.engine.importing.compact import Hashes
from labelwright.engine.layout import SOURCE
from labelwright.errors import IntegrityError
from labelwright.items.base import ItemKind, Signatures
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore


class Stored:
    """The items of a project, as arrays and lists in the order of ordinals."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        item = t.item
        self.hash_by_key: dict[str, str] = {}
        self.groups: list[str | None] = []
        splits: list[str] = []
        dup_groups: list[int] = []
        with store.read() as rows:
            row = store.row_if_any(rows)
            n_items = 0 if row is None else row.n_items  # not what the table holds: an event says what is ours
            query = (
                rows.select(item.c.key, item.c.content_hash, item.c.group_key, item.c.split, item.c.dup_group)
                .where(item.c.ordinal < n_items)
                .order_by(item.c.ordinal)
            )
            for key, content_hash, group, split, dup_group in rows.stream(query):
                self.hash_by_key[key] = content_hash
                self.groups.append(group)
                splits.append(split)
                dup_groups.append(dup_group)
        self.n_items = len(splits)
        if self.n_items != n_items:
            raise IntegrityError(f"add: '{store.slug}' must hold {n_items} items, got {self.n_items}.", "Run verify.")
        with store.read() as rows:
            beyond = rows.first(rows.select(item.c.ordinal).where(item.c.ordinal >= n_items))
        if beyond is not None:
            raise IntegrityError(
                f"add: '{store.slug}' holds rows of no import, at item {beyond.ordinal}.",
                "Run verify; restore a backup.",
            )
        self.splits = np.array(splits, dtype="<U7")
        self.hashes = Hashes(self.hash_by_key.values()).array()
        self._dup_groups = np.array(dup_groups, dtype=np.int64)

    def known(self) -> dict[str, str]:
        """Hashes of contents by key, without those of a source: rows like these are new."""
        splits = self.splits.tolist()
        return {key: one for (key, one), split in zip(self.hash_by_key.items(), splits, strict=True) if split != SOURCE}

    def signatures(self, kind: ItemKind) -> Signatures:
        """The stored signatures of all batches, in order of ordinals."""
        table = t.array_file
        with self._store.read() as rows:
            paths = list(
                rows.scalars(rows.select(table.c.path).where(table.c.kind == "signatures").order_by(table.c.path))
            )
        parts: list[Signatures] = [self._store.arrays.read(path) for path in paths]
        return np.concatenate([np.zeros((0, kind.signature_words), dtype=np.uint32), *parts])

    def dup_group_of(self, first: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Duplicate group of old items; for positions beyond them, anything."""
        if not self.n_items:
            return first
        return self._dup_groups[np.minimum(first, self.n_items - 1)]
