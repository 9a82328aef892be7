"""What a place of files can do. Arrays and media are written through it and know nothing of where it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path

from labelwright.errors import IntegrityError


class Files(ABC):
    """Files under one folder, each named by its path in it, such as ``cycles/000001/slots.npz``.

    A file is whole if it is there. `labelwright.testing` has no check of its own for this; `tests/store/test_files.py`
    runs the same tests over every subclass.

    Parameters
    ----------
    what : str
        What the files are, for messages: "arrays" or "media".
    where : str
        Where they are, for messages; never with credentials.
    """

    def __init__(self, what: str, where: str) -> None:
        self.what, self.where = what, where

    @abstractmethod
    def make(self) -> None:
        """Make the folder of a new project, where folders have to be made."""

    @abstractmethod
    def has(self, path: str) -> bool:
        """Whether a file is there, and so whole."""

    def present(self, paths: Iterable[str]) -> list[str]:
        """Those of some files that are there, in the order given."""
        return [path for path in paths if self.has(path)]

    @abstractmethod
    def names(self, folder: str) -> list[str]:
        """The paths of the files directly in a folder, sorted; none where there is no such folder."""

    @abstractmethod
    def find(self, folder: str = "") -> list[str]:
        """The paths of all files in a folder and in the folders within it, sorted."""

    @abstractmethod
    def read_bytes(self, path: str, *, copied: bool = True) -> bytes:
        """The content of a file.

        Parameters
        ----------
        copied : bool
            Whether a copy is made on this machine, where the place makes any; not for what is read once.

        Raises
        ------
        IntegrityError
            If it is missing.
        """

    @abstractmethod
    def local_path(self, path: str) -> Path:
        """A file of this machine with the content, to be mapped into memory or sent.

        Raises
        ------
        IntegrityError
            If it is missing.
        """

    @abstractmethod
    def write_once(self, path: str, content: bytes | memoryview) -> None:
        """Write a file durably; the same content again changes nothing.

        Raises
        ------
        ConflictError
            If it is there with other content.
        """

    @abstractmethod
    def keep(self, path: str, content: bytes) -> None:
        """Write a file whose name is made of the hash of its content, unless it is there."""

    @abstractmethod
    def write_over(self, path: str, content: bytes | memoryview) -> None:
        """Put another content in the place of one that is there, durably and at once."""

    @abstractmethod
    def add_file(self, path: str, source: Path) -> None:
        """Write a file with the content of one of this machine, however large; the path is new, and nobody else's."""

    @abstractmethod
    def copy_to(self, path: str, target: Path) -> None:
        """Copy a file to one of this machine, which is not made where there is none.

        Raises
        ------
        IntegrityError
            If it is missing.
        """

    @abstractmethod
    def delete(self, paths: Iterable[str]) -> None:
        """Delete files; what is gone already is fine."""

    @abstractmethod
    def delete_all(self) -> None:
        """Delete everything, as where a project is removed for good."""

    @abstractmethod
    def size(self, path: str) -> int:
        """The bytes of a file that is there."""

    @abstractmethod
    def digest(self, path: str) -> str | None:
        """The SHA-256 of what the place holds now, never of a copy; None if it is not there."""

    @abstractmethod
    def forget(self) -> None:
        """Drop what this machine has copied of the place; nothing where it copies nothing."""

    def check_there(self, path: str) -> None:
        """Refuse to go on where a file is missing; a copy does not count.

        Raises
        ------
        IntegrityError
            If it is missing.
        UnavailableError
            If a store does not answer.
        """
        if not self.has(path):
            raise self._missing(path)

    def is_copied(self) -> bool:
        """Whether reading makes copies on this machine, so that many files are best read ahead."""
        return False

    def _missing(self, path: str) -> IntegrityError:
        return IntegrityError(
            f"{self.what}: {path} is missing from {self.where}.",
            "Is its disk mounted, or its store there? Else restore the project from a backup.",
        )

    def _other_content(self, path: str) -> str:
        return f"{self.what}: {path} is there with other content."
