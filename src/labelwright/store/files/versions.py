"""Which content of a file a store has, as far as can be told without reading it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from typing import Any, Final

SAME_SECONDS: Final = 5.0  # for so long a version that the store has told is believed without asking again
N_KNOWN: Final = 4096
STATES: Final = ("ETag", "etag", "md5Hash", "content_md5", "mtime", "LastModified", "last_modified", "created")


def version_of(info: Mapping[str, Any]) -> str:
    """A name for the content of a file: a hash of what the store says of its state, and its size.

    >>> size_of(version_of({"ETag": "x", "size": 12}))
    12
    """
    state = next((str(info[name]) for name in STATES if info.get(name)), "")
    return f"{hashlib.sha256(state.encode()).hexdigest()[:32]}-{int(info['size'])}"


def size_of(version: str) -> int:
    """The bytes of a file, from its version."""
    return int(version.rpartition("-")[2])


class Versions:
    """The versions that a store has told this process, the newest ones."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[float, str]] = {}

    def note(self, path: str, version: str | None) -> None:
        """What the store says now; None if the file is not there."""
        if version is None:
            self._told.pop(path, None)
            return
        if len(self._told) >= N_KNOWN:
            self._told.clear()
        self._told[path] = (time.monotonic(), version)

    def recent(self, path: str) -> str | None:
        """The version that the store had a moment ago."""
        told = self._told.get(path)
        return told[1] if told is not None and time.monotonic() - told[0] < SAME_SECONDS else None

    def last(self, path: str) -> str | None:
        """The version that the store had when it was last asked."""
        told = self._told.get(path)
        return None if told is None else told[1]

    def clear(self) -> None:
        """Know nothing any more."""
        self._told.clear()
