"""Copies of files of a store on this machine: bounded by bytes, those used longest ago are dropped first.

A copy lies at ``FOLDER/PLACE/PATH/VERSION``, where the version is made of what the store says of the file, so that a
file that was written over has another. It gets its name when it is whole. A copy that is dropped while it is mapped
into memory stays readable until it is closed, as POSIX says.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from labelwright.store.database import private_folder

SLACK: Final = 20  # a twentieth of the bound is copied between two looks at what there is
TEMPORARY: Final = ".tmp"


class Cache:
    """The copies of all projects of a home; several processes may use one.

    Parameters
    ----------
    folder : Path
        Made when it is first needed; nobody but its owner may enter it.
    max_bytes : int
        What all copies may have together, but for a twentieth for each process, and for a single file that is larger.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder, self.max_bytes = folder, max_bytes
        self._lock = threading.Lock()
        self._added: int | None = None  # bytes since the last look; None before the first

    def find(self, place: str, path: str, version: str | None = None) -> Path | None:
        """The copy of a version of a file, of any version if none is named; None where there is none."""
        folder = self.folder / place / path
        if version is None:
            copies = [file for file in _files(folder) if not file.name.endswith(TEMPORARY)]
            return max(copies, key=_used_at, default=None)
        copy = folder / version
        if not copy.exists():
            return None
        with suppress(OSError):
            os.utime(copy)
        return copy

    def add(self, place: str, path: str, version: str, fill: Callable[[Path], object]) -> Path:
        """Make a copy; ``fill`` writes it to the path that it is given."""
        private_folder(self.folder)
        target = self.folder / place / path / version
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f"{version}.{threading.get_ident()}.{os.getpid()}{TEMPORARY}")
        try:
            fill(temporary)
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
        for other in _files(target.parent):
            if other != target and not other.name.endswith(TEMPORARY):
                other.unlink(missing_ok=True)
        self._bound(target)
        return target

    def drop(self, place: str, path: str) -> None:
        """Drop the copies of one file."""
        shutil.rmtree(self.folder / place / path, ignore_errors=True)

    def drop_place(self, place: str) -> None:
        """Drop the copies of a place."""
        shutil.rmtree(self.folder / place, ignore_errors=True)

    def n_bytes(self) -> int:
        """What all copies have together."""
        return sum(size for _, size, _ in self._all())

    def _bound(self, newest: Path) -> None:
        with self._lock:
            if self._added is not None:
                self._added += newest.stat().st_size
                if self._added * SLACK < self.max_bytes:
                    return
            copies = sorted(self._all())
            total = sum(size for _, size, _ in copies)
            for _, size, path in copies:
                if total <= self.max_bytes - self.max_bytes // SLACK:
                    break
                if path != newest:
                    path.unlink(missing_ok=True)
                    with suppress(OSError):  # another copy is there
                        path.parent.rmdir()
                    total -= size
            self._added = 0

    def _all(self) -> list[tuple[float, int, Path]]:
        """When each was last used, its size and its path."""
        found = []
        for file in self.folder.rglob("*"):
            with suppress(OSError):  # another process has dropped it
                if file.is_file():
                    stat = file.stat()
                    found.append((stat.st_mtime, stat.st_size, file))
        return found


def _files(folder: Path) -> list[Path]:
    try:
        return [file for file in folder.iterdir() if file.is_file()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _used_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
