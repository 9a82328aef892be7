"""Waking workers: a named pipe for each, in the home.

A worker that waits reads its pipe and uses no processor. Whoever commits something writes the project's
slug into the pipes that are there. A lost wake-up costs a few seconds: workers also check for work
at intervals, which is all that workers of another machine can do.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
from pathlib import Path

MAX_BYTES = 65_536


def _folder(home: Path) -> Path:
    """Pipes of this machine: one that another machine made has no reader here, and must not be taken for dead."""
    return home / "run" / socket.gethostname()


def wake(home: Path, slug: str) -> None:
    """Tell the workers that wait on this machine that a project has changed; others look by themselves."""
    for pipe in _folder(home).glob("*.wake"):
        try:
            descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno == errno.ENXIO:  # nobody reads: its worker has died
                pipe.unlink(missing_ok=True)
            continue
        with contextlib.suppress(OSError):  # a full pipe wakes its reader anyway
            os.write(descriptor, slug.encode() + b"\n")
        os.close(descriptor)


class Bell:
    """The reading end: one for each worker.

    Parameters
    ----------
    home : Path
    name : str
        Unique among workers.
    """

    def __init__(self, home: Path, name: str) -> None:
        folder = _folder(home)
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{name}.wake"
        os.mkfifo(self._path, 0o600)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_NONBLOCK)

    def wait(self, seconds: float) -> set[str]:
        """The projects that changed; empty after ``seconds`` without news. An empty name only ends the wait."""
        ready, _, _ = select.select([self._descriptor], [], [], seconds)
        if not ready:
            return set()
        return set(os.read(self._descriptor, MAX_BYTES).decode().split("\n"))

    def ring(self) -> None:
        """End a wait from another thread."""
        with contextlib.suppress(OSError):
            os.write(self._descriptor, b"\n")

    def close(self) -> None:
        """Take the pipe away."""
        os.close(self._descriptor)
        self._path.unlink(missing_ok=True)
