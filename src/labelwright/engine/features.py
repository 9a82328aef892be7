"""Encoded items: shards of features beside the store, made by the worker, one encoder a project."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from labelwright import items
from labelwright.items.base import Content, Encoder, ItemKind
from labelwright.items.table import typical_row
from labelwright.store import tables as t
from labelwright.store.arrays import SHARD_ROWS
from labelwright.store.project import ProjectStore

ENCODER = "features/encoder.skops"
TYPICAL = "features/typical.json"
FIT_ROWS = 20_000
BLOCK_ROWS = 4096
_CACHE_SIZE = 4
_cache: OrderedDict[tuple[str, int], npt.NDArray[np.float32]] = OrderedDict()


def encode(store: ProjectStore, kind_name: str, n_items: int) -> None:
    """Make features for all items that have none; what is there already stays as it is."""
    kind = items.make(kind_name)
    done = _n_encoded(store)
    if done >= n_items:
        return
    encoder = _encoder(store, kind, n_items)
    for first in range(done, n_items, SHARD_ROWS):
        last = min(first + SHARD_ROWS, n_items)
        parts = [
            encoder.transform(contents(store, kind, range(start, min(start + BLOCK_ROWS, last))))
            for start in range(first, last, BLOCK_ROWS)
        ]
        digests = store.arrays.write(f"features/{first:09d}-{last:09d}.npy", np.concatenate(parts))
        with store.write() as transaction:
            store.arrays.remember(transaction.connection, "features", digests)
            transaction.record(
                "decision",
                {"decision": "encode", "arrays": digests, "first": first, "n_items": last - first},
                actor="system",
            )


def load(store: ProjectStore, n_items: int) -> npt.NDArray[np.float32]:
    """Features of the first ``n_items`` items, (n_items, n_dims) float32; kept for the next cycle."""
    key = (store.project_id, n_items)
    if key not in _cache:
        shards = [store.arrays.read(path) for path in _shards(store)]
        _cache[key] = shards[0][:n_items] if len(shards) == 1 else np.concatenate(shards)[:n_items]
        while len(_cache) > _CACHE_SIZE:
            _cache.popitem(last=False)
    _cache.move_to_end(key)
    return _cache[key]


def rows(store: ProjectStore, ordinals: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Features of a few items (n, n_dims), read from their shards alone."""
    found: npt.NDArray[np.float32] | None = None
    for path in _shards(store):
        first, last = (int(part) for part in path.removeprefix("features/").removesuffix(".npy").split("-"))
        inside = (ordinals >= first) & (ordinals < last)
        if inside.any():
            shard = store.arrays.read(path)
            if found is None:
                found = np.zeros((len(ordinals), shard.shape[1]), dtype=np.float32)
            found[inside] = shard[ordinals[inside] - first]
    return found if found is not None else np.zeros((len(ordinals), 1), dtype=np.float32)


def contents(store: ProjectStore, kind: ItemKind, ordinals: range | npt.NDArray[np.int64]) -> list[Content]:
    """Contents of some items, in the order asked for."""
    wanted = [int(i) for i in ordinals]
    found: dict[int, dict[str, Any]] = {}
    table = t.content
    with store.read() as connection:
        for start in range(0, len(wanted), 500):
            rows = connection.execute(
                select(table.c.ordinal, table.c.body).where(
                    table.c.project_id == store.project_id, table.c.ordinal.in_(wanted[start : start + 500])
                )
            )
            found.update({row.ordinal: row.body for row in rows})
    bodies = [found[i] for i in wanted]
    return [Content(b, (store.media / b["media"]).read_bytes() if "media" in b else None) for b in bodies]


def typical(store: ProjectStore) -> dict[str, Any] | None:
    """The typical row of a table project, once the encoder was fitted."""
    path = store.arrays.folder / TYPICAL
    return json.loads(path.read_text()) if path.exists() else None


def _encoder(store: ProjectStore, kind: ItemKind, n_items: int) -> Encoder:
    if (store.arrays.folder / ENCODER).exists():
        return kind.encoder.load(store.arrays.read_bytes(ENCODER))
    rng = np.random.default_rng(0)
    sample = np.sort(rng.choice(n_items, min(n_items, FIT_ROWS), replace=False))
    learned_from = contents(store, kind, sample)
    encoder = kind.encoder().fit(learned_from)
    digests: dict[str, str] = {}
    if kind.name == "table":
        digests |= store.arrays.write_bytes(TYPICAL, json.dumps(typical_row(learned_from)).encode())
    digests |= store.arrays.write_bytes(ENCODER, encoder.dump())
    with store.write() as transaction:
        store.arrays.remember(transaction.connection, "encoder", digests)
        transaction.record(
            "decision",
            {"decision": "fit-encoder", "arrays": digests, "kind": kind.name, "n_items": len(sample)},
            actor="system",
        )
    return encoder


def _shards(store: ProjectStore) -> list[str]:
    with store.read() as connection:
        return list(
            connection.scalars(
                select(t.array_file.c.path)
                .where(t.array_file.c.project_id == store.project_id, t.array_file.c.kind == "features")
                .order_by(t.array_file.c.path)
            )
        )


def _n_encoded(store: ProjectStore) -> int:
    shards = _shards(store)
    return int(shards[-1].removesuffix(".npy").rpartition("-")[2]) if shards else 0
