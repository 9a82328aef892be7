"""Contents of items as they are, or were at an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import func

from labelwright.errors import IntegrityError
from labelwright.items.base import Content, ItemKind
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

CHUNK = 500


def contents(
    store: ProjectStore, kind: ItemKind, ordinals: range | npt.NDArray[np.int64], *, upto_seq: int | None = None
) -> list[Content]:
    """Contents of some items, in the order asked for; with their media where they have some.

    Parameters
    ----------
    upto_seq : int, optional
        As they were at that event; as imported if left out.
    """
    wanted = [int(i) for i in ordinals]
    with store.read() as rows:
        versions = {} if upto_seq is None else current_versions(rows, wanted, upto_seq)
        found = bodies(rows, wanted, versions)
    return [Content(b, (store.media / str(b["media"])).read_bytes() if "media" in b else None) for b in found]


def bodies(rows: Rows, ordinals: Sequence[int], versions: Mapping[int, int]) -> list[JsonObject]:
    """Bodies of some items, in the order asked for, each in its version, 0 where none is named.

    Raises
    ------
    IntegrityError
        If a content is missing.
    """
    table = t.content
    found: dict[int, JsonObject] = {}
    for start in range(0, len(ordinals), CHUNK):
        part = list(ordinals[start : start + CHUNK])
        for row in rows.all(
            rows.select(table.c.ordinal, table.c.version, table.c.body).where(table.c.ordinal.in_(part))
        ):
            if row.version == versions.get(row.ordinal, 0):
                found[row.ordinal] = row.body
    _refuse_missing(ordinals, found)
    return [found[ordinal] for ordinal in ordinals]


def current_bodies(rows: Rows, ordinals: Sequence[int]) -> dict[int, JsonObject]:
    """Bodies of some items as they are now, by ordinal; what replaced another has a greater version.

    Raises
    ------
    IntegrityError
        If a content is missing.
    """
    table = t.content
    newest: dict[int, JsonObject] = {}
    for start in range(0, len(ordinals), CHUNK):
        part = list(ordinals[start : start + CHUNK])
        query = rows.select(table.c.ordinal, table.c.body).where(table.c.ordinal.in_(part)).order_by(table.c.version)
        newest |= {row.ordinal: row.body for row in rows.all(query)}
    _refuse_missing(ordinals, newest)
    return {ordinal: newest[ordinal] for ordinal in ordinals}


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
