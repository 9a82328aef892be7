"""What can wait is done in a process of its own, which gives way to people and to training: other features, maps.

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

from labelwright.engine import candidates, mapping
from labelwright.engine.executors import Local, executor_of
from labelwright.plain import JsonObject
from labelwright.store.project import ProjectStore
from labelwright.store.site import SiteStore

NICE: Final = 10
AGAIN_SECONDS: Final = 300.0  # after a process that ended without being done


class Beside:
    """Starts the process for one project at a time.

    Parameters
    ----------
    site : SiteStore
    maps : bool
        Whether maps are made too.
    executor : str
        Where items are encoded.
    """

    def __init__(self, site: SiteStore, *, maps: bool = True, executor: str = Local.name) -> None:
        self._site, self._maps, self._executor = site, maps, executor
        self._process: subprocess.Popen[bytes] | None = None
        self._slug = ""
        self._not_before: dict[str, float] = {}

    def look(self, store: ProjectStore) -> float:
        """Start what is wanted of a project, unless something is being made; in how many seconds to look again."""
        if self._process is not None and self._process.poll() is None:
            return math.inf
        self._ended()
        if (left := self._not_before.get(store.slug, 0.0) - time.monotonic()) > 0:
            return left
        if not (candidates.wanted(store) or (self._maps and mapping.wanted(store))):
            return math.inf
        site = self._site
        self._slug = store.slug
        self._process = subprocess.Popen(
            [sys.executable, "-m", "labelwright.engine.beside"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        key_file = None if site.key_file is None else str(site.key_file)
        told: JsonObject = {
            "home": str(site.home), "database_url": site.database_url, "key_file": key_file, "slug": store.slug,
            "maps": self._maps, "executor": self._executor, "worker": os.getpid(),
            "files_url": site.files.url, "files_cache": site.files.max_bytes,
        }  # fmt: skip
        assert self._process.stdin is not None
        with suppress(BrokenPipeError), self._process.stdin as line:  # a process that ended at once is started later
            line.write(json.dumps(told).encode())
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
    """What the process does: it ends when all is there, or its worker is gone."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    told = json.loads(sys.stdin.buffer.read())
    key_file = None if told["key_file"] is None else Path(told["key_file"])
    site = SiteStore(Path(told["home"]), told["database_url"], key_file, told["files_url"], told["files_cache"])
    store = site.open(told["slug"])

    def may_go_on() -> bool:
        return os.getppid() == int(told["worker"])

    if not told["maps"] or mapping.make(store, may_go_on):
        candidates.make(store, may_go_on, executor_of(told["executor"]))


if __name__ == "__main__":
    main()
