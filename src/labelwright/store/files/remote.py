"""Files in a store that fsspec reads, such as S3, with copies on this machine.

A file has its name only when it is whole: object stores give it when an upload ends; elsewhere it is written under a
temporary name and moved. A copy on this machine is used where the store says that it is the same file, and where the
store is away.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from labelwright.errors import ConflictError, IntegrityError, UnavailableError
from labelwright.store.files.base import Files
from labelwright.store.files.cache import Cache
from labelwright.store.files.driver import Driver
from labelwright.store.files.versions import Versions, size_of, version_of

FEW: Final = 16
WHOLE: Final = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss", "memory")  # uploads are all or nothing


class RemoteFiles(Files):
    """Files under one folder of a store.

    Parameters
    ----------
    driver : Driver
    folder : str
        Below the address of the driver, such as ``projects/pr_1/arrays``.
    cache : Cache
    what : str
        See `Files`.
    """

    def __init__(self, driver: Driver, folder: str, cache: Cache, what: str = "arrays") -> None:
        super().__init__(what, f"{driver.url}/{folder}")
        self._driver, self._folder, self._cache = driver, folder, cache
        self._is_whole = driver.protocol in WHOLE
        self._versions = Versions()

    def make(self) -> None:
        """Nothing is made: folders come with their first file. What would fail later fails at once."""
        bucket = self._driver.root().partition("/")[0]
        try:
            self._driver.call("info" if self._driver.has_buckets else "exists", bucket)
        except FileNotFoundError:
            raise self._no_place() from None

    def has(self, path: str) -> bool:
        """Whether a file is there; where the store is away, whether there is a copy."""
        try:
            return self._version(path) is not None
        except UnavailableError:
            if self._cache.find(self._folder, path) is None:
                raise
            return True

    def present(self, paths: Iterable[str]) -> list[str]:
        """Those of some files that are there; of many by a list of their folder, since questions take time."""
        wanted = list(paths)
        if len(wanted) <= FEW:
            return super().present(wanted)
        there = {name for folder in {path.partition("/")[0] for path in wanted} for name in self.find(folder)}
        return [path for path in wanted if path in there]

    def check_there(self, path: str) -> None:
        """Refuse to go on where the store does not answer, or a file is missing there."""
        if self._version(path) is None:
            raise self._missing(path)

    def names(self, folder: str) -> list[str]:
        """The paths of the files directly in a folder."""
        return self._listed("ls", folder)

    def find(self, folder: str = "") -> list[str]:
        """The paths of all files in a folder and in those within it."""
        return self._listed("find", folder)

    def _listed(self, method: str, folder: str) -> list[str]:
        try:
            found = self._driver.call(method, self._at(folder), detail=True)
        except FileNotFoundError:
            return []
        infos = found.values() if isinstance(found, dict) else found
        base = len(self._at("")) + 1
        paths = [str(info["name"])[base:] for info in infos if info["type"] == "file"]
        return sorted(path for path in paths if path and not path.rpartition("/")[2].startswith("."))

    def read_bytes(self, path: str, *, copied: bool = True) -> bytes:
        """The content of a file, from a copy where there is one."""
        if copied:
            return self.local_path(path).read_bytes()
        if (copy := self._cache.find(self._folder, path)) is not None and self._is_current(path, copy):
            return copy.read_bytes()
        try:
            return bytes(self._driver.call("cat_file", self._at(path), n_bytes=self._size_in_store(path)))
        except FileNotFoundError:
            raise self._missing(path) from None

    def local_path(self, path: str) -> Path:
        """A copy of the file."""
        if (copy := self._copy_if_known(path)) is not None:
            return copy
        try:
            version = self._version(path)
        except UnavailableError:
            copy = self._cache.find(self._folder, path)
            if copy is None:
                raise
            return copy
        if version is None:
            self._forget(path)
            raise self._missing(path)
        copy = self._cache.find(self._folder, path, version)
        if copy is None:
            copy = self._cache.add(self._folder, path, version, lambda target: self.copy_to(path, target))
        return copy

    def copy_to(self, path: str, target: Path) -> None:
        """Copy a file to one of this machine, past the copies of what is in use."""
        size = self._size_in_store(path)
        try:
            self._driver.call("get_file", self._at(path), str(target), n_bytes=size)
        except FileNotFoundError:
            raise self._missing(path) from None
        if target.stat().st_size != size:
            raise UnavailableError(f"{self.what}: {path} was cut off on its way from {self.where}.", "Try again.")

    def write_once(self, path: str, content: bytes | memoryview) -> None:
        """Write a file unless it is there; where it is, its content is compared.

        Raises
        ------
        ConflictError
            If it is there with other content.
        UnavailableError
            If the store is away or full, or does not hold what was sent.
        """
        content = bytes(content)
        if not self._create(path, content):
            there = self.digest(path)
            if there is not None and there != hashlib.sha256(content).hexdigest():
                raise ConflictError(self._other_content(path), "Another worker has taken this cycle over.")
        self._check_and_copy(path, content)

    def keep(self, path: str, content: bytes) -> None:
        """Write a file that is named by its content, unless it is there."""
        if self._versions.recent(path) is not None:
            return
        if self._create(path, content) and self._size_in_store(path) != len(content):
            raise self._cut_off(path)

    def write_over(self, path: str, content: bytes | memoryview) -> None:
        """Put another content in the place of one that is there."""
        if self._version(path) is None:
            raise self._missing(path)
        content = bytes(content)
        self._forget(path)
        self._put(path, content)
        self._check_and_copy(path, content)

    def _create(self, path: str, content: bytes) -> bool:
        """Write a file if none is there; whether it was written."""
        at = self._at(path)
        if self._is_whole:
            try:
                self._driver.call("pipe_file", at, content, n_bytes=len(content), mode="create")
                return True
            except FileExistsError:
                return False
            except FileNotFoundError:
                raise self._no_place() from None
            except NotImplementedError:  # the store cannot write on this condition
                pass
        if self._version(path) is not None:
            return False
        self._put(path, content)
        return True

    def add_file(self, path: str, source: Path) -> None:
        """Send a file of this machine, in parts where it is large."""
        size = source.stat().st_size
        self._send(path, lambda at: self._driver.call("put_file", str(source), at, n_bytes=size))
        if self._size_in_store(path) != size:
            raise self._cut_off(path)

    def _put(self, path: str, content: bytes) -> None:
        self._send(path, lambda at: self._driver.call("pipe_file", at, content, n_bytes=len(content)))

    def _send(self, path: str, send: Callable[[str], object]) -> None:
        at = self._at(path)
        if self._is_whole:
            try:
                send(at)
            except FileNotFoundError:
                raise self._no_place() from None
            return
        folder, _, name = at.rpartition("/")
        temporary = f"{folder}/.{name}.{threading.get_ident()}.{os.getpid()}.tmp"
        self._driver.call("makedirs", folder, exist_ok=True)
        send(temporary)
        self._driver.call("mv", temporary, at)

    def _check_and_copy(self, path: str, content: bytes) -> None:
        """See that the store holds what was sent, and keep a copy, since it is read soon."""
        version = self._version(path)
        if version is None or size_of(version) != len(content):
            raise self._cut_off(path)
        if self._cache.find(self._folder, path, version) is None:
            with suppress(OSError):  # a full disk here does not matter to what is stored there
                self._cache.add(self._folder, path, version, lambda target: target.write_bytes(content))

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files, and the copies of them."""
        for path in paths:
            with suppress(FileNotFoundError):
                self._driver.call("rm_file", self._at(path))
            self._forget(path)

    def delete_all(self) -> None:
        """Delete everything below the folder, and the copies."""
        with suppress(FileNotFoundError):
            if self.find():
                self._driver.call("rm", self._at(""), recursive=True)
        self.forget()

    def size(self, path: str) -> int:
        """The bytes of a file; known without asking the store where there is a copy of what it holds."""
        version = self._versions.last(path)
        return self._size_in_store(path) if version is None else size_of(version)

    def digest(self, path: str) -> str | None:
        """The SHA-256 of what the store holds, read anew."""
        version = self._version(path)
        if version is None:
            return None
        try:
            content = self._driver.call("cat_file", self._at(path), n_bytes=size_of(version))
        except FileNotFoundError:
            return None
        return hashlib.sha256(content).hexdigest()

    def forget(self) -> None:
        """Drop the copies of all files."""
        self._versions.clear()
        self._cache.drop_place(self._folder)

    def is_copied(self) -> bool:
        """Whether reading makes copies on this machine: yes."""
        return True

    def _at(self, path: str) -> str:
        return f"{self._driver.root()}/{self._folder}/{path}".rstrip("/")

    def _no_place(self) -> IntegrityError:
        return IntegrityError(f"{self.what}: the bucket of {self.where} is missing.", "Make it, or correct files_url.")

    def _cut_off(self, path: str) -> UnavailableError:
        return UnavailableError(f"{self.what}: {path} did not come whole to {self.where}.", "Is the store full?")

    def _copy_if_known(self, path: str) -> Path | None:
        """The copy of a file that the store had a moment ago."""
        version = self._versions.recent(path)
        return None if version is None else self._cache.find(self._folder, path, version)

    def _is_current(self, path: str, copy: Path) -> bool:
        """Whether a copy is of what the store has, or the store is away."""
        try:
            return self._version(path) == copy.name
        except UnavailableError:
            return True

    def _version(self, path: str) -> str | None:
        """Which content of a file the store has; None if it is not there."""
        try:
            info: dict[str, Any] = self._driver.call("info", self._at(path))
        except FileNotFoundError:
            info = {"type": "nothing"}
        version = version_of(info) if info["type"] == "file" else None
        self._versions.note(path, version)
        return version

    def _size_in_store(self, path: str) -> int:
        version = self._version(path)
        if version is None:
            raise self._missing(path)
        return size_of(version)

    def _forget(self, path: str) -> None:
        self._versions.note(path, None)
        self._cache.drop(self._folder, path)
