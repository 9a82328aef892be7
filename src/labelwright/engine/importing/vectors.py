"""Embeddings that come with the rows of an import: files of features, written before the rows become visible."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from labelwright import encoders
from labelwright.encoders.given import Given
from labelwright.engine.features import files_of, folder_of, n_encoded, revision_of
from labelwright.errors import InputError
from labelwright.exchange.reader import Columns, Reader
from labelwright.exchange.vectors import CURE, Ints, Vectors, embedding_columns
from labelwright.store import tables as t
from labelwright.store.arrays import SHARD_ROWS
from labelwright.store.project import ProjectStore, Transaction
from labelwright.store.record.features import EncoderFitted, ItemsEncoded


class StagedVectors:
    """The embeddings of an import, in files that no event names yet.

    Parameters
    ----------
    store : ProjectStore
    n_old : int
        Items that are there already.

    Raises
    ------
    InputError
        If these have no embeddings.
    """

    def __init__(self, store: ProjectStore, n_old: int) -> None:
        self._store = store
        with store.read() as rows:
            self._revision = revision_of(rows, Given.name)
            folder, done = folder_of(rows, self._revision), n_encoded(rows, self._revision)
            known = files_of(rows, self._revision)
        if done != n_old:
            raise InputError(
                f"add: embeddings must be there for all items, got them for {done:,} of {n_old:,}.",
                "Make a new project from all rows with their embeddings.",
            )
        self._n_dims = store.arrays.read(known[0].path).shape[1] if known else 0
        self._is_new, self._folder = folder is None, folder or f"features/{self._revision}"
        self._files = list[ItemsEncoded]()

    def stage(self, reader: Reader, columns: Columns, numbers: Ints, first: int, batch: str) -> None:
        """Write the embeddings of new rows.

        Parameters
        ----------
        numbers : int64 array of shape (n_new,)
            Which rows of the source are new, in rising order.
        first : int
            Ordinal of the first of them.
        batch : str
            Of the import, so that files of one that was stopped are never taken for those of another.

        Raises
        ------
        InputError
            If a row has no embedding, or one of another length than those before it.
        """
        written = 0
        for shard in self._shards(reader, embedding_columns(columns, reader.columns), numbers):
            at = first + written
            path = f"{self._folder}/{at:09d}-{at + len(shard):09d}-{batch}.npy"
            digests = self._store.arrays.write(path, shard)
            self._files.append(ItemsEncoded(self._revision, at, len(shard), False, digests))
            written += len(shard)
        if written != len(numbers):
            raise reader.fail("the source changed while it was read.", "Copy it first, then import the copy.")

    def record(self, transaction: Transaction, actor: str) -> None:
        """Enter them into the record, in the transaction that makes their items visible."""
        arrays, rows = self._store.arrays, transaction.rows
        if self._is_new:
            digests = arrays.write_bytes(f"{self._folder}/encoder.skops", encoders.make(Given.name).dump())
            arrays.remember(rows, "encoder", digests)
            transaction.record(EncoderFitted(self._revision, Given.name, self._folder, 0, digests), actor=actor)
        for body in self._files:
            arrays.remember(rows, "features", body.arrays)
            transaction.record(body, actor=actor)

    def _shards(self, reader: Reader, wanted: list[str], numbers: Ints) -> Iterator[Vectors]:
        """The vectors of the wanted rows, as many together as a file of features holds."""
        waiting, n_waiting = list[Vectors](), 0
        for at, vectors in reader.vectors(wanted):
            self._n_dims = self._n_dims or vectors.shape[1]
            if vectors.shape[1] != self._n_dims:
                expected = f"embeddings must have {self._n_dims} numbers, as those that are there"
                raise reader.fail(f"{expected}, got {vectors.shape[1]}.", CURE, row=int(at[0]), column=wanted[0])
            inside = numbers[np.searchsorted(numbers, at[0]) : np.searchsorted(numbers, at[-1], side="right")]
            waiting.append(vectors if len(inside) == len(at) else vectors[np.searchsorted(at, inside)])
            n_waiting += len(inside)
            while n_waiting >= SHARD_ROWS:
                joined = np.concatenate(waiting)
                yield joined[:SHARD_ROWS]
                waiting, n_waiting = [joined[SHARD_ROWS:]], n_waiting - SHARD_ROWS
        if n_waiting:
            yield np.concatenate(waiting)


def remove_unrecorded(store: ProjectStore) -> None:
    """Delete the files of imports that failed or were killed; those that an event names are not touched."""
    with store.read() as rows:
        recorded = set(rows.scalars(rows.select(t.array_file.c.path)))
        folder = folder_of(rows, revision_of(rows, Given.name)) or f"features/{revision_of(rows, Given.name)}"
    written = [path for path in (*store.arrays.files(folder), *store.arrays.files("signatures")) if path[-4:] == ".npy"]
    store.arrays.delete([path for path in written if path not in recorded])
