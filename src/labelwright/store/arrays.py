"""Arrays in files: written once, under a temporary name, flushed, renamed, their digest kept.

Paths are relative to the project's ``arrays`` folder and are the array's name in the record. A file
is complete if it exists; writing the same path again with the same content changes nothing, so a
step that is repeated after a kill is harmless.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, insert, select

from labelwright.errors import IntegrityError
from labelwright.store import tables

SHARD_ROWS = 65_536


class Arrays:
    """The array files of one project."""

    def __init__(self, folder: Path, project_id: str) -> None:
        self.folder = folder
        self._project_id = project_id

    def write(self, path: str, array: npt.NDArray[Any]) -> dict[str, str]:
        """Write one ``.npy`` file durably; return ``{path: digest}`` for the event."""
        return self.write_bytes(path, _npy(array))

    def write_bytes(self, path: str, content: bytes | memoryview) -> dict[str, str]:
        """Write any file durably; return ``{path: digest}``."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
        _sync_folder(target.parent)
        return {path: hashlib.sha256(content).hexdigest()}

    def read(self, path: str, *, mapped: bool = True) -> npt.NDArray[Any]:
        """Open an array, memory-mapped unless told otherwise."""
        target = self.folder / path
        if not target.exists():
            raise IntegrityError(f"arrays: {path} is missing from {self.folder}.", "Restore the project from a backup.")
        loaded: npt.NDArray[Any] = np.load(target, mmap_mode="r" if mapped else None, allow_pickle=False)
        return loaded

    def read_bytes(self, path: str) -> bytes:
        """Read any file."""
        target = self.folder / path
        if not target.exists():
            raise IntegrityError(f"arrays: {path} is missing from {self.folder}.", "Restore the project from a backup.")
        return target.read_bytes()

    def digest(self, path: str) -> str | None:
        """The digest of the file as it is now, or None if it is not there."""
        target = self.folder / path
        if not target.exists():
            return None
        with target.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def remember(self, connection: Connection, kind: str, digests: Mapping[str, str]) -> None:
        """List files in the database, once each; the event that names them carries the digests too."""
        known = {
            row.path
            for row in connection.execute(
                select(tables.array_file.c.path).where(
                    tables.array_file.c.project_id == self._project_id, tables.array_file.c.path.in_(list(digests))
                )
            )
        }
        rows = [
            {
                "project_id": self._project_id,
                "path": path,
                "digest": digest,
                "kind": kind,
                "n_bytes": (self.folder / path).stat().st_size,
            }
            for path, digest in digests.items()
            if path not in known
        ]
        if rows:
            connection.execute(insert(tables.array_file), rows)


def digest_of(array: npt.NDArray[Any]) -> str:
    """The digest that the array's file has, without writing it."""
    return hashlib.sha256(_npy(array)).hexdigest()


def _npy(array: npt.NDArray[Any]) -> memoryview:
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getbuffer()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
