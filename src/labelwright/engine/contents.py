"""Contents of items as they are, or were at an event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, String, cast, func

from labelwright.budgets import BLOCK_SIZE
from labelwright.errors import IntegrityError
from labelwright.items.base import Content
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

CHUNK = 500
Ordinals = range | npt.NDArray[np.int64]


def blocks(
    store: ProjectStore, ordinals: Ordinals, *, max_items: int = CHUNK, upto_seq: int | None = None
) -> Iterator[list[Content]]:
    """Contents of some items in the order asked for, with their media, in blocks that fit into memory.

    Parameters
    ----------
    max_items : int
        A block has this many items, or fewer if they have more than `BLOCK_SIZE` bytes in all.
    upto_seq : int, optional
        As they were at that event; as imported if left out.
    """
    wanted = [int(i) for i in ordinals]
    with store.read() as rows:
        versions = {} if upto_seq is None else current_versions(rows, wanted, upto_seq)
    for start in range(0, len(wanted), max_items):
        block, size = list[Content](), 0
        for part in _short_enough(store, wanted[start : start + max_items]):
            with store.read() as rows:
                found = bodies(rows, part, versions)
            names = [str(body["media"]) if "media" in body else None for body in found]
            for body, media in zip(found, store.media.read_each(names), strict=True):
                content = Content(body, media)
                if block and size + content.size > BLOCK_SIZE:
                    yield block
                    block, size = [], 0
                block.append(content)
                size += content.size
        yield block


def sample(store: ProjectStore, ordinals: Ordinals, max_size: int) -> list[Content]:
    """Contents of the first of some items drawn at random, of about ``max_size`` bytes; sorted by ordinal."""
    drawn, size = list[Content](), 0
    for block in blocks(store, ordinals):
        for content in block:
            drawn.append(content)
            size += content.size
            if size >= max_size:
                break
        if size >= max_size:
            break
    return [drawn[k] for k in np.argsort(np.asarray(ordinals)[: len(drawn)])]


def _short_enough(store: ProjectStore, ordinals: list[int]) -> Iterator[list[int]]:
    """Cut items into parts whose bodies are short enough to be read at once; all versions of a body count."""
    table, length_of, length = t.content, dict[int, int](), func.length(cast(t.content.c.body, String))
    with store.read() as rows:
        chunks = _chunks(ordinals)
        sizes = [rows.scalar(rows.select(func.sum(length), of=table).where(_are(chunk))) for chunk in chunks]
        if sum(size or 0 for size in sizes) <= BLOCK_SIZE:
            yield ordinals
            return
        for chunk in chunks:
            for ordinal, size in rows.all(rows.select(table.c.ordinal, length).where(_are(chunk))):
                length_of[ordinal] = length_of.get(ordinal, 0) + size
    part, size = list[int](), 0
    for ordinal in ordinals:
        if part and size + length_of.get(ordinal, 0) > BLOCK_SIZE:
            yield part
            part, size = [], 0
        part.append(ordinal)
        size += length_of.get(ordinal, 0)
    yield part


def bodies(rows: Rows, ordinals: Sequence[int], versions: Mapping[int, int]) -> list[JsonObject]:
    """Bodies of some items, in the order asked for, each in its version, 0 where none is named.

    Raises
    ------
    IntegrityError
        If a content is missing.
    """
    found = bodies_there(rows, ordinals, versions)
    _refuse_missing(ordinals, found)
    return [found[ordinal] for ordinal in ordinals]


def bodies_there(rows: Rows, ordinals: Sequence[int], versions: Mapping[int, int]) -> dict[int, JsonObject]:
    """The same by ordinal, without those that are missing."""
    table = t.content
    found: dict[int, JsonObject] = {}
    for chunk in _chunks(ordinals):
        for row in rows.all(rows.select(table.c.ordinal, table.c.version, table.c.body).where(_are(chunk))):
            if row.version == versions.get(row.ordinal, 0):
                found[row.ordinal] = row.body
    return found


def current_bodies(rows: Rows, ordinals: Sequence[int]) -> dict[int, JsonObject]:
    """Bodies of some items as they are now, by ordinal; what replaced another has a greater version.

    Raises
    ------
    IntegrityError
        If a content is missing.
    """
    table = t.content
    newest: dict[int, JsonObject] = {}
    for chunk in _chunks(ordinals):
        query = rows.select(table.c.ordinal, table.c.body).where(_are(chunk)).order_by(table.c.version)
        newest |= {row.ordinal: row.body for row in rows.all(query)}
    _refuse_missing(ordinals, newest)
    return {ordinal: newest[ordinal] for ordinal in ordinals}


def _chunks(ordinals: Sequence[int]) -> list[Sequence[int]]:
    """Items by as many as a query names one by one; all at once where each follows the one before."""
    if len(ordinals) and list(ordinals) == list(range(ordinals[0], ordinals[0] + len(ordinals))):
        return [range(ordinals[0], ordinals[0] + len(ordinals))]
    return [list(ordinals[start : start + CHUNK]) for start in range(0, len(ordinals), CHUNK)]


def _are(chunk: Sequence[int]) -> ColumnElement[bool]:
    """Whether a content is of one of these items."""
    ordinal = t.content.c.ordinal
    return ordinal.between(chunk[0], chunk[-1]) if isinstance(chunk, range) else ordinal.in_(chunk)


def erased(rows: Rows) -> dict[int, int]:
    """Ordinals of erased items, and the number of the event that erased each."""
    return {int(row.ordinal): int(row.seq) for row in rows.all(rows.select(t.erasure.c.ordinal, t.erasure.c.seq))}


def _refuse_missing(ordinals: Sequence[int], present: Mapping[int, JsonObject]) -> None:
    if missing := [ordinal for ordinal in ordinals if ordinal not in present]:
        raise IntegrityError(
            f"contents: the content of item i{missing[0]} is missing.", "Restore the project from a backup."
        )


def current_versions(rows: Rows, ordinals: Sequence[int], upto_seq: int | None = None) -> dict[int, int]:
    """Versions of the contents of items whose content was replaced, as of an event or now."""
    table = t.replacement
    query = rows.select(table.c.ordinal, func.max(table.c.version)).group_by(table.c.ordinal)
    if upto_seq is not None:
        query = query.where(table.c.seq <= upto_seq)
    if len(ordinals) <= CHUNK:
        query = query.where(table.c.ordinal.in_(list(ordinals)))
    wanted = set(ordinals)
    return {int(ordinal): int(version) for ordinal, version in rows.all(query) if ordinal in wanted}
