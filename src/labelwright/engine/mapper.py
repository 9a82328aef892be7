"""Maps are made in a process of their own, which gives way to people and to training.

A thread of the worker would not do: libraries of linear algebra have one number of threads for a whole process, and
training counts on its own. The process is told what to do by a line of JSON, so that nothing is unpickled and no
password of a database stands in the list of processes.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from contextlib import suppress
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
        self._process: subprocess.Popen[bytes] | None = None
        self._slug = ""
        self._not_before: dict[str, float] = {}

    def look(self, store: ProjectStore) -> float:
        """Start what is wanted of a project's map, unless one is being made; in how many seconds to look again."""
        if self._process is not None and self._process.poll() is None:
            return math.inf
        self._ended()
        if (left := self._not_before.get(store.slug, 0.0) - time.monotonic()) > 0:
            return left
        if not mapping.wanted(store):
            return math.inf
        site = self._site
        self._slug = store.slug
        self._process = subprocess.Popen(
            [sys.executable, "-m", "labelwright.engine.mapper"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        key_file = None if site.key_file is None else str(site.key_file)
        told = {"home": str(site.home), "database_url": site.database_url, "key_file": key_file, "slug": store.slug}
        assert self._process.stdin is not None
        with suppress(BrokenPipeError), self._process.stdin as line:  # a process that ended at once is started later
            line.write(json.dumps({**told, "worker": os.getpid()}).encode())
        return math.inf

    def stop(self) -> None:
        """End the process; the next worker goes on."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()

    def _ended(self) -> None:
        if self._process is not None and self._process.returncode != 0:
            self._not_before[self._slug] = time.monotonic() + AGAIN_SECONDS
        self._process = None


def main() -> None:
    """What the process does: it ends when the map is there, or its worker is gone."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    told = json.loads(sys.stdin.buffer.read())
    key_file = None if told["key_file"] is None else Path(told["key_file"])
    site = SiteStore(Path(told["home"]), told["database_url"], key_file)
    mapping.make(site.open(told["slug"]), lambda: os.getppid() == told["worker"])


if __name__ == "__main__":
    main()
