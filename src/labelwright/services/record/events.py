"""The record as a list."""

from __future__ import annotations

import json
from dataclasses import dataclass

from labelwright.plain import JsonObject
from labelwright.services.site import Site


@dataclass(frozen=True)
class EventView:
    """One event, as stored."""

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
    views = [EventView(e.seq, e.hash, e.prev_hash, json.loads(e.body)) for e in found[:limit]]
    return EventPage(views, str(found[limit - 1].seq) if len(found) > limit else None)
