"""Maps are made in a process of their own, which gives way to people and to training.

A thread of the worker would not do: libraries of linear algebra have one number of threads for a whole process, and
training counts on its own.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from labelwright.engine import mapping
from labelwright.store.project import ProjectStore
from labelwright.store.site import SiteStore

NICE: Final = 10
AGAIN_SECONDS: Final = 300.0  # after a process that ended without a whole map


class Mapper:
    """Starts the process for one project at a time.

    Parameters
    ----------
    site : SiteStore
    """

    def __init__(self, site: SiteStore) -> None:
        self._site = site
        self._process: BaseProcess | None = None
        self._slug = ""
        self._not_before: dict[str, float] = {}

    def look(self, store: ProjectStore) -> float:
        """Start what is wanted of a project's map, unless one is being made; in how many seconds to look again."""
        if self._process is not None and self._process.is_alive():
            return math.inf
        self._ended()
        if (left := self._not_before.get(store.slug, 0.0) - time.monotonic()) > 0:
            return left
        if not mapping.wanted(store):
            return math.inf
        site = self._site
        self._slug = store.slug
        self._process = multiprocessing.get_context("spawn").Process(
            target=_make, args=(site.home, site.database_url, site.key_file, store.slug, os.getpid()), daemon=True
        )
        self._process.start()
        return math.inf

    def stop(self) -> None:
        """End the process; the next worker goes on."""
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
            self._process.join()

    def _ended(self) -> None:
        if self._process is not None and self._process.exitcode != 0:
            self._not_before[self._slug] = time.monotonic() + AGAIN_SECONDS
        self._process = None


def _make(home: Path, database_url: str | None, key_file: Path | None, slug: str, worker: int) -> None:
    """What the process does: it ends when the map is there, or its worker is gone."""
    os.nice(NICE)
    site = SiteStore(home, database_url, key_file)
    mapping.make(site.open(slug), lambda: os.getppid() == worker)
