"""Files in a folder of this machine, or of a shared file system that is mounted."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path

from labelwright.errors import ConflictError, IntegrityError
from labelwright.store.files.base import Files


class LocalFiles(Files):
    """Files are written under a temporary name, flushed, and linked into place, so that none is ever half there.

    Parameters
    ----------
    folder : Path
    what : str
        See `Files`.
    is_shared : bool
        Whether the folder is of a file system that may not be mounted: nothing is then written where it is missing.

    Examples
    --------
    >>> import tempfile
    >>> files = LocalFiles(Path(tempfile.mkdtemp()), "arrays")
    >>> files.write_once("cycles/1/a.npy", b"abc")
    >>> files.read_bytes("cycles/1/a.npy"), files.find()
    (b'abc', ['cycles/1/a.npy'])
    """

    def __init__(self, folder: Path, what: str = "arrays", *, is_shared: bool = False) -> None:
        super().__init__(what, str(folder))
        self.folder, self._is_shared = folder, is_shared

    def make(self) -> None:
        """Make the folder of a new project."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def has(self, path: str) -> bool:
        """Whether a file is there."""
        return (self.folder / path).exists()

    def names(self, folder: str) -> list[str]:
        """The paths of the files directly in a folder; temporary files are left out."""
        return self._paths((self.folder / folder).glob("*"))

    def find(self, folder: str = "") -> list[str]:
        """The paths of all files in a folder and in those within it; temporary files are left out."""
        return self._paths((self.folder / folder).rglob("*"))

    def _paths(self, found: Iterable[Path]) -> list[str]:
        return sorted(
            file.relative_to(self.folder).as_posix()
            for file in found
            if file.is_file() and not file.name.startswith(".")
        )

    def read_bytes(self, path: str, *, copied: bool = True) -> bytes:
        """The content of a file."""
        return self.local_path(path).read_bytes()

    def local_path(self, path: str) -> Path:
        """The file itself."""
        target = self.folder / path
        if not target.exists():
            raise self._missing(path)
        return target

    def write_once(self, path: str, content: bytes | memoryview) -> None:
        """Write a file durably.

        Raises
        ------
        ConflictError
            If it is there with other content.
        IntegrityError
            If the folder of all files is not there, as where a disk is not mounted.
        """
        self._check_folder()
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = _flushed(target, content)
        try:
            os.link(temporary, target)
        except FileExistsError:
            if self.digest(path) != hashlib.sha256(content).hexdigest():
                raise ConflictError(self._other_content(path), "Another worker has taken this cycle over.") from None
        finally:
            temporary.unlink()
        _sync_folder(target.parent)

    def keep(self, path: str, content: bytes) -> None:
        """Write a file that is named by its content, unless it is there."""
        target = self.folder / path
        if not target.exists():
            if self._is_shared:
                self._check_folder()
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = _temporary(target)
            temporary.write_bytes(content)
            os.replace(temporary, target)

    def write_over(self, path: str, content: bytes | memoryview) -> None:
        """Put another content in the place of one that is there."""
        target = self.local_path(path)
        os.replace(_flushed(target, content), target)
        _sync_folder(target.parent)

    def add_file(self, path: str, source: Path) -> None:
        """Copy a file to here, durably."""
        self._check_folder()
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = _temporary(target)
        try:
            shutil.copyfile(source, temporary)
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)

    def copy_to(self, path: str, target: Path) -> None:
        """Copy a file of here."""
        shutil.copyfile(self.local_path(path), target)

    def _check_folder(self) -> None:
        if not self.folder.is_dir():
            raise IntegrityError(f"{self.what}: the folder {self.folder} is missing.", "Is its disk mounted?")

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files, and folders that this leaves empty."""
        for path in paths:
            target = self.folder / path
            target.unlink(missing_ok=True)
            for parent in target.parents:
                if parent == self.folder or not parent.exists() or any(parent.iterdir()):
                    break
                parent.rmdir()

    def delete_all(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def size(self, path: str) -> int:
        """The bytes of a file."""
        return self.local_path(path).stat().st_size

    def digest(self, path: str) -> str | None:
        """The SHA-256 of a file, None if it is not there."""
        try:
            with (self.folder / path).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None

    def forget(self) -> None:
        """Nothing: there are no copies."""


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name}.{threading.get_ident()}.{os.getpid()}.tmp")


def _flushed(target: Path, content: bytes | memoryview) -> Path:
    """A temporary file beside the target, with its content on the disk."""
    temporary = _temporary(target)
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
