"""One import a project at a time: a lock that goes with the process that holds it."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from labelwright.errors import ConflictError
from labelwright.store.project import ProjectStore

LOCK = "import.lock"
CHECK_SECONDS = 0.3


@contextmanager
def import_lock(store: ProjectStore) -> Iterator[None]:
    """One import a project at a time; the lock goes with the process that holds it.

    Raises
    ------
    ConflictError
        If another import is running.
    """
    with (store.folder / LOCK).open("a") as file:
        if not _locked(file):
            raise ConflictError(f"add: another import into '{store.slug}' is running.", "Wait until it has ended.")
        yield


def _locked(file: TextIO) -> bool:
    """Take the lock of imports. Another import keeps it; a check for running imports releases it at once."""
    until = time.monotonic() + CHECK_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError:
            if time.monotonic() > until:
                return False
            time.sleep(0.01)


def is_importing(store: ProjectStore) -> bool:
    """Whether a living process imports into this project now. The check takes no lock from an import.

    Any number of processes can hold the shared lock, but none while an import holds its own; an import that starts
    during a check waits for it.
    """
    path = store.folder / LOCK
    if not path.exists():
        return False
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
