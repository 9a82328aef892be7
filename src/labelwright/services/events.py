"""The record as a list."""

from __future__ import annotations

import json
from typing import Any

from labelwright.services.site import Site
from labelwright.store import events


def listing(site: Site, slug: str, *, after: int = 0, limit: int = 100) -> dict[str, Any]:
    """Events after a sequence number, oldest first."""
    store = site.project(slug)
    with store.read() as connection:
        found = list(events.read(connection, store.chain, after=after, limit=limit + 1))
    return {
        "items": [
            {"seq": e.seq, "hash": e.hash, "prev_hash": e.prev_hash, "body": json.loads(e.body)} for e in found[:limit]
        ],
        "next_cursor": str(found[limit - 1].seq) if len(found) > limit else None,
    }
