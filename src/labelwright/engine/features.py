"""Encoded items: files of features under a revision, made by the worker; whoever uses them names the revision.

A revision names an encoder as it was fitted. Its files lie in one folder: the encoder, what the pages show
of a typical item, and features of ranges of items. Items whose content was replaced have their new features
in files of their own, which are laid over the ranges in the order of their events.
"""

from __future__ import annotations

import itertools
import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import func

from labelwright import encoders, items
from labelwright.encoders import Encoder
from labelwright.engine.contents import blocks, erased, sample
from labelwright.errors import ConflictError
from labelwright.items.base import ItemKind
from labelwright.items.table import typical_row
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.arrays import SHARD_ROWS
from labelwright.store.project import ProjectStore
from labelwright.store.record.features import FIRST_REVISION, EncoderFitted, ItemsEncoded
from labelwright.store.rows import Rows

FIT_ROWS: Final = 20_000
BLOCK_ROWS: Final = 4096
_CACHE_SIZE: Final = 4
Features = npt.NDArray[np.float32]
_cache: OrderedDict[tuple[str, str, int, int], Features] = OrderedDict()


@dataclass(frozen=True)
class FeatureFile:
    """One file of features: of a range of ordinals, or of items whose content was replaced."""

    path: str
    first: int
    n_items: int
    replaces: bool
    seq: int


def revision_of(rows: Rows, encoder: str) -> str:
    """The revision of an encoder, by its spec, or the name of its first one."""
    table, slug = t.encoder, encoders.slug(encoder)
    is_its = table.c.name == slug
    if encoders.is_default(encoder):  # the only one there was before revisions
        is_its |= table.c.revision == FIRST_REVISION
    revision = rows.scalar(rows.select(table.c.revision).where(is_its).order_by(table.c.seq.desc()).limit(1))
    return str(revision or f"{encoders.slug(encoder)}-1")


def encode(store: ProjectStore, kind_name: str, encoder_name: str, revision: str, n_items: int, upto_seq: int) -> None:
    """Make features of the first ``n_items`` items, as their contents were at an event, where there are none."""
    kind = items.make(kind_name)
    with store.read() as rows:
        files = files_of(rows, revision)
        stale = _replaced_since(rows, files, n_items, upto_seq)
    done = max((file.first + file.n_items for file in files if not file.replaces), default=0)
    if done >= n_items and not len(stale):
        return
    encoder = _encoder(store, kind, encoder_name, revision, n_items)
    with store.read() as rows:
        folder = folder_of(rows, revision)
    for first in range(done, n_items, SHARD_ROWS):
        last = min(first + SHARD_ROWS, n_items)
        path = f"{folder}/{first:09d}-{last:09d}.npy"
        gone = _erased(store, range(first, last))
        if gone:  # another worker may have left a file from before the erasure
            store.arrays.delete([path])
        if not store.arrays.has(path):
            parts = [encoder.transform(block) for block in blocks(store, range(first, last), max_items=BLOCK_ROWS)]
            encoded = np.concatenate(parts)
            encoded[[ordinal - first for ordinal in gone]] = 0.0
            store.arrays.write(path, encoded)
        _record(store, revision, path, first=first, n_items=last - first, replaces=False, gone=gone)
    if len(stale):
        path = f"{folder}/replaced-{upto_seq:012d}.npy"
        if not store.arrays.has(path):
            made = [encoder.transform(block) for block in blocks(store, stale, max_items=BLOCK_ROWS, upto_seq=upto_seq)]
            with_ordinals = np.concatenate([stale[:, None], np.concatenate(made)], axis=1, dtype=np.float64)
            store.arrays.write(path, with_ordinals)
        _record(store, revision, path, first=int(stale[0]), n_items=len(stale), replaces=True, gone=())


def load(store: ProjectStore, revision: str, n_items: int, upto_seq: int) -> Features:
    """Features of the first ``n_items`` items as of an event, (n_items, n_dims) float32; kept for the next cycle."""
    with store.read() as rows:
        files = files_of(rows, revision)
        erased_upto = max(erased(rows).values(), default=0)
    patches = [file for file in files if file.replaces and file.first < n_items and file.seq > 0]
    patches = [file for file in patches if _patch_seq(file) <= upto_seq]
    place = f"{store.media} {store.project_id} {erased_upto}"
    key = (place, revision, n_items, _patch_seq(patches[-1]) if patches else 0)
    if key not in _cache:
        ranges = [store.arrays.read(file.path) for file in files if not file.replaces and file.first < n_items]
        whole = ranges[0][:n_items] if len(ranges) == 1 else np.concatenate(ranges)[:n_items]
        for file in patches:
            whole = np.array(whole)  # a copy: files are never written
            rows_, values = patch(store, file)
            inside = rows_ < n_items
            whole[rows_[inside]] = values[inside]
        if len(whole) < n_items:  # never keep less than was asked for
            return whole
        _cache[key] = whole
        while len(_cache) > _CACHE_SIZE:
            _cache.popitem(last=False)
    _cache.move_to_end(key)
    return _cache[key]


def rows_of(store: ProjectStore, revision: str, ordinals: npt.NDArray[np.int64]) -> Features:
    """Features of a few items (n, n_dims), read from their files alone; zeros for those not encoded yet."""
    with store.read() as rows:
        files = files_of(rows, revision)
    features: Features | None = None
    for file in files:
        if file.replaces:
            patched, values = patch(store, file)
            at = {int(ordinal): k for k, ordinal in enumerate(patched)}
            for k, ordinal in enumerate(ordinals.tolist()):
                if features is not None and ordinal in at:
                    features[k] = values[at[ordinal]]
            continue
        inside = (ordinals >= file.first) & (ordinals < file.first + file.n_items)
        if inside.any():
            shard = store.arrays.read(file.path)
            if features is None:
                features = np.zeros((len(ordinals), shard.shape[1]), dtype=np.float32)
            features[inside] = shard[ordinals[inside] - file.first]
    return features if features is not None else np.zeros((len(ordinals), 1), dtype=np.float32)


def typical(store: ProjectStore, rows: Rows) -> JsonObject | None:
    """The typical row of a table project, once an encoder was fitted."""
    folder = rows.scalar(rows.select(t.encoder.c.folder).order_by(t.encoder.c.seq.desc()).limit(1))
    path = f"{folder}/typical.json"
    if folder is None or not store.arrays.has(path):
        return None
    read: JsonObject = json.loads(store.arrays.read_bytes(path))
    return read


def patch(store: ProjectStore, file: FeatureFile) -> tuple[npt.NDArray[np.int64], Features]:
    """Ordinals and features of items whose content was replaced, from their file."""
    stored = store.arrays.read(file.path)
    return np.asarray(stored[:, 0], dtype=np.int64), np.asarray(stored[:, 1:], dtype=np.float32)


def _patch_seq(file: FeatureFile) -> int:
    """The event up to which a file of replaced contents is made, from its name."""
    return int(file.path.removesuffix(".npy").rpartition("-")[2])


def _erased(store: ProjectStore, ordinals: Iterable[int]) -> list[int]:
    """Which of some items are erased by now; they have no features."""
    with store.read() as rows:
        return sorted(set(ordinals) & set(erased(rows)))


def _record(
    store: ProjectStore, revision: str, path: str, *, first: int, n_items: int, replaces: bool, gone: Sequence[int]
) -> None:  # fmt: skip
    """Enter a file into the record, unless another worker has done so, whichever of the two has written it.

    Raises
    ------
    ConflictError
        If an item was erased since the file was made; the file is deleted, and the next cycle makes it anew.
    """
    digests = store.arrays.digests([path])
    with store.write() as transaction:
        rows = transaction.rows
        if rows.first(rows.select(t.feature_file.c.path).where(t.feature_file.c.path == path)) is not None:
            return
        inside = _ordinals_in(store, path) if replaces else range(first, first + n_items)
        if sorted(set(inside) & set(erased(rows))) != list(gone):
            store.arrays.delete([path])
            raise ConflictError("features: an item was erased while its features were made.", "They are made anew.")
        store.arrays.remember(rows, "features", digests)
        transaction.record(ItemsEncoded(revision, first, n_items, replaces, digests), actor="system")


def _ordinals_in(store: ProjectStore, path: str) -> list[int]:
    """The items of a file of replaced contents."""
    return [int(ordinal) for ordinal in store.arrays.read(path)[:, 0]]


def _encoder(store: ProjectStore, kind: ItemKind, name: str, revision: str, n_items: int) -> Encoder:
    """The fitted encoder of a revision; fitted now on a sample, if it is the first time.

    Files that a worker left before it could record them stay where they are, since it may only have been stopped.
    """
    with store.read() as rows:
        recorded = folder_of(rows, revision)
    if recorded is not None:
        return encoders.load(name, store.arrays.read_bytes(f"{recorded}/encoder.skops"))
    folders = itertools.chain([f"features/{revision}"], (f"features/{revision}.{k}" for k in itertools.count(2)))
    folder = next(path for path in folders if not store.arrays.files(path))
    rng = np.random.default_rng(0)
    drawn = rng.choice(n_items, min(n_items, FIT_ROWS), replace=False)
    encoder = encoders.make(name)
    learned_from = sample(store, drawn, encoder.fit_size)
    encoder.fit(learned_from)
    digests: dict[str, str] = {}
    if kind.name == "table":
        typical_ = json.dumps(typical_row(learned_from)).encode()
        digests |= store.arrays.write_bytes(f"{folder}/typical.json", typical_)
    digests |= store.arrays.write_bytes(f"{folder}/encoder.skops", encoder.dump())
    with store.write() as transaction:
        other = folder_of(transaction.rows, revision)
        if other is None:
            store.arrays.remember(transaction.rows, "encoder", digests)
            transaction.record(
                EncoderFitted(revision, encoder.spec.slug, folder, len(learned_from), digests), actor="system"
            )
            return encoder
    return encoders.load(name, store.arrays.read_bytes(f"{other}/encoder.skops"))


def folder_of(rows: Rows, revision: str) -> str | None:
    """Where the files of a revision are, once its encoder is in the record."""
    folder: str | None = rows.scalar(rows.select(t.encoder.c.folder).where(t.encoder.c.revision == revision))
    return folder


def files_of(rows: Rows, revision: str) -> list[FeatureFile]:
    """Ranges by ordinal, then replaced contents by event."""
    table = t.feature_file
    rows_of_files = rows.all(
        rows.select(table.c.path, table.c.first, table.c.n_items, table.c.replaces, table.c.seq)
        .where(table.c.revision == revision)
        .order_by(table.c.replaces, table.c.first, table.c.seq)
    )
    files = [FeatureFile(*row) for row in rows_of_files]
    ranges = [file for file in files if not file.replaces]
    return ranges + sorted((file for file in files if file.replaces), key=_patch_seq)


def _replaced_since(rows: Rows, files: list[FeatureFile], n_items: int, upto_seq: int) -> npt.NDArray[np.int64]:
    """Items whose content was replaced up to an event, after their features were made."""
    table = t.replacement
    patched = max((_patch_seq(file) for file in files if file.replaces), default=0)
    query = (
        rows.select(table.c.ordinal, func.max(table.c.seq).label("seq"))
        .where(table.c.ordinal < n_items, table.c.seq <= upto_seq, table.c.seq > patched)
        .group_by(table.c.ordinal)
        .order_by(table.c.ordinal)
    )
    gone = erased(rows)  # no content of theirs is left
    return np.array([row.ordinal for row in rows.all(query) if row.ordinal not in gone], dtype=np.int64)
