"""Arrays in files: written once, under a temporary name, flushed, linked into place, their digest kept.

A path relative to the project's folder of arrays is the file's name in the record. A file is complete if
it exists, and it is never replaced: writing the same content again changes nothing, and other content
under a name that is taken is refused, so that a worker that slept through its own replacement cannot
alter what was recorded. The one exception is `Arrays.write_over`, for rows of erased items.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.errors import ConflictError, IntegrityError
from labelwright.store import tables
from labelwright.store.rows import Rows

SHARD_ROWS = 65_536
Array = npt.NDArray[Any]


class Arrays:
    """The array files of one project.

    Parameters
    ----------
    folder : Path
        No path in it leaves this class, but for its `place`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def place(self) -> str:
        """Where the files are, for `at` in another process, which may be on another machine."""
        return str(self._folder)

    @classmethod
    def at(cls, place: str) -> Arrays:
        """The array files at a place."""
        return cls(Path(place))

    def make_folder(self) -> None:
        """Make the folder of a new project."""
        self._folder.mkdir(exist_ok=True)

    def has(self, path: str) -> bool:
        """Whether a file is there, and so complete."""
        return (self._folder / path).exists()

    def files(self, folder: str) -> list[str]:
        """The complete files directly in a folder, sorted."""
        found = (self._folder / folder).glob("*")
        return sorted(
            f.relative_to(self._folder).as_posix() for f in found if f.is_file() and not f.name.startswith(".")
        )

    def write(self, path: str, array: Array) -> dict[str, str]:
        """Write one ``.npy`` file durably; return ``{path: digest}`` for the event."""
        return self.write_bytes(path, _npy(array))

    def write_bundle(self, path: str, arrays: Mapping[str, Array]) -> dict[str, str]:
        """Write several arrays as one ``.npz`` file, the same bytes each time; return ``{path: digest}``."""
        return self.write_bytes(path, _bundle(arrays))

    def write_bytes(self, path: str, content: bytes | memoryview) -> dict[str, str]:
        """Write any file durably; return ``{path: digest}``.

        Raises
        ------
        ConflictError
            If the file is there with other content.
        IntegrityError
            If the folder of all arrays is not there, as where a disk is not mounted.
        """
        if not self._folder.is_dir():
            raise IntegrityError(f"arrays: the folder {self._folder} is missing.", "Is its disk mounted?")
        target, digest = self._folder / path, hashlib.sha256(content).hexdigest()
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, target)
        except FileExistsError:
            if self.digest(path) != digest:
                raise ConflictError(
                    f"arrays: {path} is there with other content.", "Another worker has taken this cycle over."
                ) from None
        finally:
            temporary.unlink()
        _sync_folder(target.parent)
        return {path: digest}

    def write_over(self, path: str, array: Array) -> None:
        """Put another ``.npy`` file in the place of one, durably: only where content was erased, as an event says."""
        target = self._existing(path)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        with temporary.open("wb") as file:
            file.write(_npy(array))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
        _sync_folder(target.parent)

    def read(self, path: str, *, mapped: bool = True) -> Array:
        """Open an array, memory-mapped by default."""
        loaded: Array = np.load(self._existing(path), mmap_mode="r" if mapped else None, allow_pickle=False)
        return loaded

    def read_bundle(self, path: str) -> dict[str, Array]:
        """Read the arrays of a ``.npz`` file."""
        with np.load(self._existing(path), allow_pickle=False) as loaded:
            return {name: loaded[name] for name in loaded.files}

    def read_bytes(self, path: str) -> bytes:
        """Read any file."""
        return self._existing(path).read_bytes()

    def digest(self, path: str) -> str | None:
        """The digest of the file as it is now, or None if it is not there."""
        target = self._folder / path
        if not target.exists():
            return None
        with target.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def digests(self, paths: Iterable[str]) -> dict[str, str]:
        """The digests of files that are there."""
        return {path: digest for path in sorted(paths) if (digest := self.digest(path)) is not None}

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files, and folders that this leaves empty; what is gone already is fine."""
        for path in paths:
            target = self._folder / path
            target.unlink(missing_ok=True)
            for parent in target.parents:
                if parent == self._folder or not parent.exists() or any(parent.iterdir()):
                    break
                parent.rmdir()

    def n_bytes(self, path: str) -> int:
        """The size of a file."""
        return (self._folder / path).stat().st_size

    def check_there(self, rows: Rows) -> None:
        """Refuse to go on where what was written first is missing, as where a disk is not mounted.

        Raises
        ------
        IntegrityError
        """
        table = tables.array_file
        first = rows.scalar(
            rows.select(table.c.path).where(table.c.kind == "signatures").order_by(table.c.path).limit(1)
        )
        if first is not None:
            self._existing(str(first))

    def _existing(self, path: str) -> Path:
        target = self._folder / path
        if not target.exists():
            raise IntegrityError(
                f"arrays: {path} is missing from {self._folder}.",
                "Is its disk mounted? Else restore the project from a backup.",
            )
        return target

    def remember(self, rows: Rows, kind: str, digests: Mapping[str, str]) -> None:
        """List files in the database, once each; the event that names them carries the digests too."""
        table = tables.array_file
        known = set(rows.scalars(rows.select(table.c.path).where(table.c.path.in_(list(digests)))))
        rows.insert(
            table,
            *(
                {"path": path, "digest": digest, "kind": kind, "n_bytes": self.n_bytes(path)}
                for path, digest in digests.items()
                if path not in known
            ),
        )


def digest_of(array: Array) -> str:
    """The digest that the array's file has, without writing it."""
    return hashlib.sha256(_npy(array)).hexdigest()


def digest_of_bundle(arrays: Mapping[str, Array]) -> str:
    """The digest that the bundle's file has, without writing it."""
    return hashlib.sha256(_bundle(arrays)).hexdigest()


def _npy(array: Array) -> memoryview:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(array, order="C"), allow_pickle=False)
    return buffer.getbuffer()


def _bundle(arrays: Mapping[str, Array]) -> memoryview:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(arrays):
            member = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))  # the same bytes at any time
            member.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(member, bytes(_npy(arrays[name])))
    return buffer.getbuffer()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
