"""Points of the map whose items hold some words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelwright.engine import parts
from labelwright.services.projects import access
from labelwright.services.site import Site


@dataclass(frozen=True)
class Found:
    """Items by ordinal; ``complete`` says whether all were searched."""

    ordinals: list[int]
    complete: bool


def found(site: Site, slug: str, words: str) -> Found:
    """The items whose key and content hold all the words."""
    store = site.project(slug)
    with store.read() as rows:
        matches, complete = parts.searched(store, rows, access.ready(store, rows), words)
    return Found(np.flatnonzero(matches).tolist(), complete)
