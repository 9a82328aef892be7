"""Arrays in files: written once and whole, their digest kept.

A path relative to the project's place of arrays is the file's name in the record. A file is complete if
it exists, and it is never replaced: writing the same content again changes nothing, and other content
under a name that is taken is refused, so that a worker that slept through its own replacement cannot
alter what was recorded. The one exception is `Arrays.write_over`, for rows of erased items.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.store import tables
from labelwright.store.files import Files, files_at
from labelwright.store.files.ahead import read_each
from labelwright.store.rows import Rows

SHARD_ROWS = 65_536
Array = npt.NDArray[Any]


class Arrays:
    """The array files of one project.

    Parameters
    ----------
    files : Files
        Where they are. No path of that place leaves this class, but for its `place`, and none in it is known elsewhere.
    """

    def __init__(self, files: Files) -> None:
        self._files = files

    @property
    def place(self) -> str:
        """Where the files are, for `at` in another process, which may be on another machine."""
        return self._files.where

    @classmethod
    def at(cls, place: str) -> Arrays:
        """The array files at a place."""
        return cls(files_at(place, "arrays"))

    def make_folder(self) -> None:
        """Make the folder of a new project."""
        self._files.make()

    def has(self, path: str) -> bool:
        """Whether a file is there, and so complete."""
        return self._files.has(path)

    def present(self, paths: Iterable[str]) -> list[str]:
        """Those of some files that are there, in the order given."""
        return self._files.present(paths)

    def files(self, folder: str) -> list[str]:
        """The complete files directly in a folder, sorted."""
        return self._files.names(folder)

    def find(self, folder: str = "") -> list[str]:
        """The complete files in a folder and in the folders within it, sorted."""
        return self._files.find(folder)

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
        UnavailableError
            If they are in a store that is away or full.
        """
        self._files.write_once(path, content)
        return {path: hashlib.sha256(content).hexdigest()}

    def write_over(self, path: str, array: Array) -> None:
        """Put another ``.npy`` file in the place of one, durably: only where content was erased, as an event says."""
        self._files.write_over(path, _npy(array))

    def read(self, path: str, *, mapped: bool = True) -> Array:
        """Open an array, memory-mapped by default."""
        local = self._files.local_path(path)
        loaded: Array = np.load(local, mmap_mode="r" if mapped else None, allow_pickle=False)
        return loaded

    def read_bundle(self, path: str) -> dict[str, Array]:
        """Read the arrays of a ``.npz`` file."""
        with np.load(self._files.local_path(path), allow_pickle=False) as loaded:
            return {name: loaded[name] for name in loaded.files}

    def read_bytes(self, path: str, *, copied: bool = True) -> bytes:
        """Read any file; see `Files.read_bytes`."""
        return self._files.read_bytes(path, copied=copied)

    def read_each(self, paths: Iterable[str], *, or_none: bool = False) -> Iterator[bytes | None]:
        """The contents of many files; see `labelwright.store.files.ahead.read_each`."""
        return read_each(self._files, paths, or_none=or_none)

    def digest(self, path: str) -> str | None:
        """The digest of the file as it is now, or None if it is not there."""
        return self._files.digest(path)

    def digests(self, paths: Iterable[str]) -> dict[str, str]:
        """The digests of files that are there."""
        return {path: digest for path in sorted(paths) if (digest := self.digest(path)) is not None}

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files, and folders that this leaves empty; what is gone already is fine."""
        self._files.delete(paths)

    def forget(self) -> None:
        """Drop what this machine has copied of a store."""
        self._files.forget()

    def n_bytes(self, path: str) -> int:
        """The size of a file."""
        return self._files.size(path)

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
            self._files.check_there(str(first))

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
