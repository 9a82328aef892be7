"""Media of items, such as images: files that are named by the hash of their content, written once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from labelwright.store.files import Files
from labelwright.store.files.ahead import Keep, keeping, read_each


class Media:
    """The media of one project, each at ``AB/HASH.SUFFIX``, where AB begins the hash.

    Parameters
    ----------
    files : Files
        Where they are.
    """

    def __init__(self, files: Files) -> None:
        self._files = files

    def make_folder(self) -> None:
        """Make the folder of a new project."""
        self._files.make()

    def has(self, name: str) -> bool:
        """Whether a file is there."""
        return self._files.has(name)

    def keep(self, name: str, content: bytes) -> None:
        """Write a file, unless it is there."""
        self._files.keep(name, content)

    def keeping(self) -> AbstractContextManager[Keep]:
        """Write many files; see `labelwright.store.files.ahead.keeping`."""
        return keeping(self._files)

    def read(self, name: str) -> bytes:
        """The content of a file; `IntegrityError` if it is missing."""
        return self._files.read_bytes(name, copied=False)

    def read_each(self, names: Iterable[str | None], *, or_none: bool = False) -> Iterator[bytes | None]:
        """The contents of many files; see `labelwright.store.files.ahead.read_each`."""
        return read_each(self._files, names, or_none=or_none)

    def path(self, name: str) -> Path:
        """A file of this machine with the content, to be sent to a browser; `IntegrityError` if it is missing."""
        return self._files.local_path(name)

    def of_content(self, content_hash: str) -> list[str]:
        """The names of the files of a content and of what was made of it, sorted."""
        folder = content_hash[:2]
        return [name for name in self._files.names(folder) if name.startswith(f"{folder}/{content_hash}.")]

    def names(self) -> list[str]:
        """The names of all files, sorted."""
        return self._files.find()

    def delete(self, names: Iterable[str]) -> None:
        """Delete files; what is gone already is fine."""
        self._files.delete(names)

    def forget(self) -> None:
        """Drop what this machine has copied of a store."""
        self._files.forget()
