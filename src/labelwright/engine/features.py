"""Encoded items: files of features under a revision, made by the worker; whoever uses them names the revision.

A revision names an encoder as it was fitted. Its files lie in one folder: the encoder, what the pages show
of a typical item, and features of ranges of items. Items whose content was replaced have their new features
in files of their own, which are laid over the ranges in the order of their events.
"""

from __future__ import annotations

import itertools
import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright import encoders
from labelwright.engine.contents import erased
from labelwright.errors import UnavailableError
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.features import FIRST_REVISION
from labelwright.store.rows import Rows

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


def load(store: ProjectStore, revision: str, n_items: int, upto_seq: int) -> Features:
    """Features of the first ``n_items`` items as of an event, (n_items, n_dims) float32; kept for the next cycle."""
    with store.read() as rows:
        files = files_as_of(rows, revision, n_items, upto_seq)
        erased_upto = max(erased(rows).values(), default=0)
    patches = [file for file in files if file.replaces]
    place = f"{store.folder} {store.project_id} {erased_upto}"
    key = (place, revision, n_items, patch_seq(patches[-1]) if patches else 0)
    if key not in _cache:
        whole = _joined(store, [file for file in files if not file.replaces], n_items)
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


def _joined(store: ProjectStore, ranges: list[FeatureFile], n_items: int) -> Features:
    """The first rows of files: one is mapped, several are read one after the other, which a disk does fastest."""
    first = store.arrays.read(ranges[0].path)
    if len(ranges) == 1:
        return np.asarray(first[:n_items])
    whole = np.empty((min(n_items, sum(file.n_items for file in ranges)), first.shape[1]), dtype=np.float32)
    at = 0
    for file in ranges:
        rows = store.arrays.read(file.path, mapped=False)[: len(whole) - at]
        whole[at : at + len(rows)] = rows
        at += len(rows)
    return whole[:at]


def files_as_of(rows: Rows, revision: str, n_items: int, upto_seq: int) -> list[FeatureFile]:
    """The files that hold the first ``n_items`` items as of an event, in the order in which they are laid over."""
    return [
        file
        for file in files_of(rows, revision)
        if file.first < n_items and (not file.replaces or (file.seq > 0 and patch_seq(file) <= upto_seq))
    ]


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
    try:
        if folder is None or not store.arrays.has(path):
            return None
        read: JsonObject = json.loads(store.arrays.read_bytes(path))
    except UnavailableError:  # it is in a store that is away; the items are shown without it
        return None
    return read


def patch(store: ProjectStore, file: FeatureFile) -> tuple[npt.NDArray[np.int64], Features]:
    """Ordinals and features of items whose content was replaced, from their file."""
    stored = store.arrays.read(file.path)
    return np.asarray(stored[:, 0], dtype=np.int64), np.asarray(stored[:, 1:], dtype=np.float32)


def patch_seq(file: FeatureFile) -> int:
    """The event up to which a file of replaced contents is made, from its name."""
    return int(file.path.removesuffix(".npy").rpartition("-")[2])


def folder_of(rows: Rows, revision: str) -> str | None:
    """Where the files of a revision are, once its encoder is in the record."""
    folder: str | None = rows.scalar(rows.select(t.encoder.c.folder).where(t.encoder.c.revision == revision))
    return folder


def free_folder(store: ProjectStore, revision: str) -> str:
    """Where a revision may write: files that a worker left before it could record them stay, since it may only have
    been stopped."""
    folders = itertools.chain([f"features/{revision}"], (f"features/{revision}.{k}" for k in itertools.count(2)))
    return next(path for path in folders if not store.arrays.files(path))


def n_encoded(rows: Rows, revision: str) -> int:
    """How many items have features under a revision; their ordinals are below it."""
    return max((file.first + file.n_items for file in files_of(rows, revision) if not file.replaces), default=0)


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
    return ranges + sorted((file for file in files if file.replaces), key=patch_seq)
