"""The record as a list."""

from __future__ import annotations

import json
from dataclasses import dataclass

from labelwright.plain import JsonObject
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.record.calibration import CalibrationAnswered
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class EventView:
    """One event, as stored; an answer that is still blind is withheld, so that the body does not make the hash."""

    seq: int
    hash: str
    prev_hash: str
    body: JsonObject


@dataclass(frozen=True)
class EventPage:
    """Events, oldest first."""

    items: list[EventView]
    next_cursor: str | None


def listing(site: Site, slug: str, *, after: int = 0, limit: int = 100) -> EventPage:
    """Events after a sequence number, oldest first."""
    store = site.project(slug)
    with store.read() as rows:
        found = list(store.events(rows, after=after, limit=limit + 1))
        blind = unrevealed(rows)
    views = [EventView(e.seq, e.hash, e.prev_hash, told(json.loads(e.body), blind)) for e in found[:limit]]
    return EventPage(views, str(found[limit - 1].seq) if len(found) > limit else None)


def unrevealed(rows: Rows) -> set[str]:
    """Sessions whose answers nobody may see yet."""
    return set(rows.scalars(rows.select(t.calibration.c.id).where(t.calibration.c.revealed_at.is_(None))))


def told(body: JsonObject, blind: set[str]) -> JsonObject:
    """A body without the answer that was given in a session that is not revealed."""
    data = body["data"]
    if body["kind"] != CalibrationAnswered.kind or not isinstance(data, dict) or data["session"] not in blind:
        return body
    return {**body, "data": {**data, "answer": None, "note": None}}
