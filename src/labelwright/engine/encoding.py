"""Making features: of ranges of items, and of items whose content was replaced.

A file of features holds tens of thousands of items. An encoder that is slow writes what it has made in parts of a few
hundred, so that a killed process goes on where it was; they are joined and deleted when the file is whole. Refined
features are made of the features of their base, which are made first, so that no item is encoded twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import func

from labelwright import encoders, items
from labelwright.encoders import Encoder
from labelwright.encoders.adapter import Adapter
from labelwright.encoders.refined import RefinedEncoder
from labelwright.engine import refined
from labelwright.engine.contents import blocks, erased, sample
from labelwright.engine.encoding_shards import encode_by_shards, goes_out
from labelwright.engine.executors import Executor
from labelwright.engine.features import FeatureFile, Features, files_of, folder_of, free_folder, patch_seq, rows_of
from labelwright.engine.read_ahead import ahead
from labelwright.errors import ConflictError, IntegrityError
from labelwright.items.base import ItemKind
from labelwright.items.table import typical_row
from labelwright.store import tables as t
from labelwright.store.arrays import SHARD_ROWS
from labelwright.store.project import ProjectStore
from labelwright.store.record.features import EncoderFitted, ItemsEncoded
from labelwright.store.rows import Rows

FIT_ROWS: Final = 20_000
BLOCK_ROWS: Final = 4096
PARTS: Final = "parts"  # the folder of what is not joined yet


def encode(
    store: ProjectStore, kind_name: str, encoder_name: str, revision: str, n_items: int, upto_seq: int,
    may_go_on: Callable[[], bool] = lambda: True, executor: Executor | None = None,
) -> bool:  # fmt: skip
    """Make features of the first ``n_items`` items, as their contents were at an event, where there are none.

    Parameters
    ----------
    may_go_on : callable
        Asked before each part.
    executor : Executor, optional
        Where ranges of items are encoded; here if left out. Replaced contents, which are few, are encoded here.

    Returns
    -------
    whole : bool
        False if it was stopped before all were made.
    """
    kind = items.make(kind_name)
    with store.read() as rows:
        files = files_of(rows, revision)
        stale = _replaced_since(rows, files, n_items, upto_seq)
    done = max((file.first + file.n_items for file in files if not file.replaces), default=0)
    if done >= n_items and not len(stale):
        return True
    if encoders.make(encoder_name).comes_with_items:  # an item keeps its own, whatever stands in its place
        if done < n_items:
            raise IntegrityError(f"features: {revision} must be of {n_items} items, got {done}.", "Run verify.")
        return True
    encoder = _encoder(store, kind, encoder_name, revision, n_items)
    with store.read() as rows:
        folder = str(folder_of(rows, revision))
    base = _base(store, encoder, revision)
    if base is not None and not encode(
        store, kind_name, base.spec, base.revision, n_items, upto_seq, may_go_on, executor
    ):  # fmt: skip
        return False
    for first in range(done, n_items, SHARD_ROWS):
        last = min(first + SHARD_ROWS, n_items)
        path = f"{folder}/{first:09d}-{last:09d}.npy"
        gone = _erased(store, range(first, last))
        if gone:  # another worker may have left a file from before the erasure
            store.arrays.delete([path])
        if not store.arrays.has(path):
            if base is not None:
                encoded: Features | None = base.refined(store, np.arange(first, last))
            elif executor is not None and goes_out(executor, encoder_name):
                cuts = _cuts(encoder, range(first, last))
                parts = f"{folder}/{PARTS}"
                encoded = encode_by_shards(store, executor, encoder_name, folder, parts, cuts, may_go_on)
            else:
                encoded = _whole(store, encoder, f"{folder}/{PARTS}", range(first, last), may_go_on)
            if encoded is None:
                return False
            encoded[[ordinal - first for ordinal in gone]] = 0.0
            store.arrays.write(path, encoded)
            store.arrays.delete(store.arrays.files(f"{folder}/{PARTS}"))
        _record(store, revision, path, first=first, n_items=last - first, replaces=False, gone=gone)
    if len(stale):
        path = f"{folder}/replaced-{upto_seq:012d}.npy"
        if not store.arrays.has(path):
            if base is not None:
                made = [base.refined(store, stale)]
            else:
                parts_of = blocks(store, stale, max_items=BLOCK_ROWS, upto_seq=upto_seq)
                made = [encoder.transform(block) for block in parts_of]
            with_ordinals = np.concatenate([stale[:, None], np.concatenate(made)], axis=1, dtype=np.float64)
            store.arrays.write(path, with_ordinals)
        _record(store, revision, path, first=int(stale[0]), n_items=len(stale), replaces=True, gone=())
    return True


@dataclass(frozen=True)
class _Base:
    """The features that are refined, and the adapter that does so."""

    spec: str
    revision: str
    adapter: Adapter

    def refined(self, store: ProjectStore, ordinals: npt.NDArray[np.int64]) -> Features:
        """Refined features of some items, whose features are there."""
        return self.adapter.transform(rows_of(store, self.revision, ordinals))


def _base(store: ProjectStore, encoder: Encoder, revision: str) -> _Base | None:
    """What a revision refines; None where it refines nothing."""
    if not isinstance(encoder, RefinedEncoder):
        return None
    with store.read() as rows:
        made = refined.of_revision(rows, revision)
    return None if made is None else _Base(encoder.base.spec.text, made.base, encoder.adapter)


def _cuts(encoder: Encoder, ordinals: range) -> list[range]:
    """Ranges that blocks do not reach beyond."""
    n = encoder.part_rows if encoder.is_pretrained else BLOCK_ROWS
    return [ordinals[k : k + n] for k in range(0, len(ordinals), n)]


def _whole(
    store: ProjectStore, encoder: Encoder, folder: str, ordinals: range, may_go_on: Callable[[], bool]
) -> Features | None:
    """Features of a range of items; None if it was stopped, and then what was made lies in parts."""
    if not encoder.is_pretrained:
        return np.concatenate([encoder.transform(block) for block in blocks(store, ordinals, max_items=BLOCK_ROWS)])
    cuts = {f"{folder}/{some.start:09d}-{some.stop:09d}.npy": some for some in _cuts(encoder, ordinals)}
    missing = {path: some for path, some in cuts.items() if not store.arrays.has(path)}
    read = ((path, block) for path, some in missing.items() for block in blocks(store, some, max_items=BLOCK_ROWS))
    made = list[Features]()
    for path, block in ahead(read):
        if not made and not may_go_on():
            return None
        made.append(encoder.transform(block))
        if sum(map(len, made)) == len(missing[path]):
            store.arrays.write(path, np.concatenate(made))
            made = []
    return np.concatenate([store.arrays.read(path) for path in cuts])


def n_made(store: ProjectStore, rows: Rows, revision: str) -> int:
    """How many items are encoded under a revision, those in parts among them: for a progress bar."""
    ranges = [file for file in files_of(rows, revision) if not file.replaces]
    done = max((file.first + file.n_items for file in ranges), default=0)
    folder = folder_of(rows, revision)
    if folder is None:
        return done
    ends = [int(path[:-4].rpartition("-")[2]) for path in store.arrays.files(f"{folder}/{PARTS}")]
    return max(done, *ends) if ends else done


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
    """The fitted encoder of a revision; fitted now on a sample, if it is the first time."""
    with store.read() as rows:
        recorded = folder_of(rows, revision)
    if recorded is not None:
        return encoders.load(name, store.arrays.read_bytes(f"{recorded}/encoder.skops"))
    folder = free_folder(store, revision)
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


def _replaced_since(rows: Rows, files: list[FeatureFile], n_items: int, upto_seq: int) -> npt.NDArray[np.int64]:
    """Items whose content was replaced up to an event, after their features were made."""
    table = t.replacement
    patched = max((patch_seq(file) for file in files if file.replaces), default=0)
    query = (
        rows.select(table.c.ordinal, func.max(table.c.seq).label("seq"))
        .where(table.c.ordinal < n_items, table.c.seq <= upto_seq, table.c.seq > patched)
        .group_by(table.c.ordinal)
        .order_by(table.c.ordinal)
    )
    gone = erased(rows)  # no content of theirs is left
    return np.array([row.ordinal for row in rows.all(query) if row.ordinal not in gone], dtype=np.int64)
