"""Which place the files of a project are in: its folder in the home, or the store that the site is set to.

A project stays where it was made: its folder says so, in a file with the address of the store. Where several machines
share a database, the folder of one of them knows nothing, and the setting decides.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from labelwright.errors import LabelwrightError
from labelwright.store.clock import new_id
from labelwright.store.files.base import Files
from labelwright.store.files.cache import Cache
from labelwright.store.files.driver import Driver
from labelwright.store.files.local import LocalFiles
from labelwright.store.files.remote import RemoteFiles
from labelwright.store.files.url import check_files_url, local_folder

ADDRESS: Final = "files-url.txt"  # in the folder of a project
CACHE: Final = "cache"  # in the home
CACHE_BYTES: Final = 10 * 1024**3
PROJECTS: Final = "/projects/"  # below the address of a store
UPLOADS: Final = "uploads"


@dataclass(frozen=True)
class Tried:
    """How a trial of a store went: the seconds of writing, reading and deleting a small file, or what is wrong."""

    where: str
    write: float = 0.0
    read: float = 0.0
    delete: float = 0.0
    problem: str | None = None


class FilesPlace:
    """The places of the projects of a home.

    Parameters
    ----------
    home : Path
    url : str, optional
        Where the files of new projects go; none means the project's folder in the home.
    max_bytes : int
        What copies of files of stores may have together on this machine.
    """

    def __init__(self, home: Path, url: str | None = None, max_bytes: int = CACHE_BYTES) -> None:
        self.url = None if url is None else check_files_url(url)
        self.max_bytes = max_bytes
        self._cache = Cache(home / CACHE, max_bytes)
        self._drivers: dict[str, Driver] = {}
        self._lock = threading.Lock()

    def files(self, folder: Path, project_id: str, what: str) -> Files:
        """The arrays or the media of a project.

        Parameters
        ----------
        folder : Path
            Of the project, in the home.
        what : str
            "arrays" or "media".
        """
        url = self.address(folder)
        return LocalFiles(folder / what, what) if url is None else self._at(url, f"projects/{project_id}/{what}", what)

    def upload(self, upload_id: str, url: str) -> Files:
        """Where a file on its way in is kept in a store, for all machines of the site."""
        return self._at(url, f"{UPLOADS}/{upload_id}", "uploads")

    def address(self, folder: Path) -> str | None:
        """The address of the store of a project, None where its files are in its folder."""
        try:
            return check_files_url((folder / ADDRESS).read_text("utf-8").strip(), caller=str(folder / ADDRESS))
        except FileNotFoundError:
            return None if (folder / "arrays").exists() else self.url

    def note(self, folder: Path) -> None:
        """Say in the folder of a new project where its files are."""
        if self.url is not None:
            (folder / ADDRESS).write_text(f"{self.url}\n", "utf-8")

    def knows(self, folder: Path) -> bool:
        """Whether a project was made in a folder."""
        return (folder / "arrays").exists() or (folder / ADDRESS).exists()

    def n_copied(self) -> int:
        """The bytes of copies on this machine."""
        return self._cache.n_bytes()

    def try_out(self, url: str) -> Tried:
        """Write a small file to a store, read it back, and delete it."""
        path, content = f"trial-{new_id('file')}", b"labelwright"
        files = self._at(url, "trials", "files")
        try:
            files.make()
            marks = [time.monotonic()]
            files.write_once(path, content)
            marks.append(time.monotonic())
            is_same = files.digest(path) == hashlib.sha256(content).hexdigest()
            marks.append(time.monotonic())
            files.delete([path])
            marks.append(time.monotonic())
        except LabelwrightError as error:
            return Tried(url, problem=error.message)
        except OSError as error:
            return Tried(url, problem=type(error).__name__)
        write, read, delete = (after - before for before, after in pairwise(marks))
        return Tried(url, write, read, delete, None if is_same else "it gives another content than was written")

    def _at(self, url: str, folder: str, what: str) -> Files:
        local = local_folder(url)
        if local is not None:
            return LocalFiles(Path(local) / folder, what, is_shared=True)
        with self._lock:
            driver = self._drivers.setdefault(url, Driver(url))
        _known[url] = driver, self._cache
        return RemoteFiles(driver, folder, self._cache, what)


_known: dict[str, tuple[Driver, Cache]] = {}  # stores that this process has open


def files_at(place: str, what: str) -> Files:
    """The files at a place, as `Files.where` names it, in whatever process and on whatever machine.

    Copies of files of a store lie in the home where this process has one open, else in a temporary folder of the user.
    """
    if "://" not in place:
        return LocalFiles(Path(place), what)
    url, _, folder = place.partition(PROJECTS)
    if url not in _known:
        own = Path(tempfile.gettempdir()) / f"labelwright-{os.geteuid()}" / CACHE
        _known[url] = Driver(check_files_url(url)), Cache(own, CACHE_BYTES)
    driver, cache = _known[url]
    return RemoteFiles(driver, PROJECTS.removeprefix("/") + folder, cache, what)
