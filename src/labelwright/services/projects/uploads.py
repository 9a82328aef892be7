"""Files on their way in: kept until imported, dropped after a day.

They lie in the home of the server that got them. Where the files of projects are in a store, they are sent there too,
so that another server of the site can import them; see `labelwright.services.projects.shared_uploads`.
"""

from __future__ import annotations

import re
import shutil
import time
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from sqlalchemy import delete, insert, select

from labelwright.budgets import MAX_FILES, MAX_NAME
from labelwright.errors import InputError, NotFoundError, TooLargeError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import shared_uploads
from labelwright.services.site import Site
from labelwright.store import site_tables as t
from labelwright.store.clock import new_id

KEEP_SECONDS = 24 * 3600
MAX_DEPTH = 8
NOBODY: Final = ""  # whose an upload is that is still being sent to the store


@dataclass(frozen=True)
class Upload:
    """A file, or a folder of them, that waits to be imported."""

    id: str
    name: str
    bytes: int
    files: int


class Receiver:
    """Writes the files of one upload as they come, one open at a time; nothing stays of an upload that fails.

    Examples
    --------
    .. code-block:: python

        with Receiver(site, actor) as receiver:
            receiver.begin("photos/one.png")
            receiver.write(data)
            upload = receiver.finish()
    """

    def __init__(self, site: Site, actor: Actor) -> None:
        self._site, self._actor, self._id = site, actor, new_id("u")
        self._folder = site.settings.home / "uploads" / self._id
        self._names: dict[str, str] = {}
        self._first: Path | None = None
        self._out: BinaryIO | None = None
        self._total, self._is_finished = 0, False

    def __enter__(self) -> Receiver:
        self._folder.mkdir(parents=True)
        return self

    def __exit__(self, *error: object) -> None:
        self._close()
        if not self._is_finished:
            shutil.rmtree(self._folder, ignore_errors=True)

    def begin(self, name: str) -> None:
        """Open the next file.

        Raises
        ------
        InputError
            If the name leaves the folder, cannot be stored, or is that of another file.
        TooLargeError
            If there are too many files.
        """
        self._close()
        parts = _parts(name)
        if len(self._names) >= MAX_FILES:
            raise TooLargeError(f"upload: at most {MAX_FILES:,} files are taken.", "Send them in several uploads.")
        plain = unicodedata.normalize("NFC", "/".join(parts)).casefold()
        if plain in self._names:
            raise InputError(
                f"upload: names of files must be distinct, also in capitals, got '{name}' and '{self._names[plain]}'.",
                "Rename one of them.",
            )
        target = self._folder.joinpath(*parts)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._out = target.open("xb")
        except OSError as error:  # such as a file where a folder must be
            raise InputError(f"upload: the file '{name}' cannot be stored ({error.strerror}).", "Rename it.") from error
        self._names[plain] = name
        self._first = self._first or target

    def write(self, data: bytes) -> None:
        """Append to the file that is open.

        Raises
        ------
        TooLargeError
            If the upload has too many bytes.
        """
        assert self._out is not None
        self._total += len(data)
        if self._total > self._site.settings.max_upload:
            raise TooLargeError(
                f"upload: at most {self._site.settings.max_upload:,} bytes are taken.",
                "Use 'labelwright create' on the server's machine, or raise LABELWRIGHT_MAX_UPLOAD.",
            )
        self._out.write(data)

    def finish(self) -> Upload:
        """Note the upload, which is a folder where several files came.

        Raises
        ------
        InputError
            If no file came.
        UnavailableError
            If the files of projects are in a store that is away.
        """
        self._close()
        if self._first is None:
            raise InputError(
                f"upload: between 1 and {MAX_FILES:,} files must be sent, got 0.", "Send them in the field 'files'."
            )
        n_files = len(self._names)
        name = self._first.relative_to(self._folder).parts[0] if n_files > 1 else self._first.name
        address = shared_uploads.address(self._site)
        values: dict[str, str | int | float] = {
            "id": self._id, "person_id": self._actor.person_id, "name": name, "path": str(self._folder),
            "bytes": self._total, "files": n_files, "created_at": time.time(),
        }  # fmt: skip
        self._note(values if address is None else {**values, "path": address, "person_id": NOBODY})
        if address is not None:  # noted before it is sent, so that what a killed server sent is dropped too
            try:
                shared_uploads.send(self._site, address, self._id, self._folder)
                self._note(values | {"path": address})
            except BaseException:
                shared_uploads.drop(self._site, address, self._id)
                raise
        self._is_finished = True
        return Upload(self._id, name, self._total, n_files)

    def _note(self, values: dict[str, str | int | float]) -> None:
        with self._site.store.write() as connection:
            connection.execute(delete(t.upload).where(t.upload.c.id == self._id))
            connection.execute(insert(t.upload).values(**values))

    def _close(self) -> None:
        if self._out is not None:
            self._out.close()
            self._out = None


def find(site: Site, actor: Actor, upload_id: str) -> Path:
    """Where an upload of the caller's lies on this machine, to which it is copied if another server got it.

    Raises
    ------
    NotFoundError
        If it is gone, or somebody else's.
    UnavailableError
        If it is in a store that is away.
    """
    row = _row(site, actor, upload_id)
    folder = site.settings.home / "uploads" / upload_id
    if row is not None and not folder.exists() and shared_uploads.is_shared(row.path):
        shared_uploads.fetch(site, row.path, upload_id, folder, created_at=row.created_at)
    path = None if row is None else _at(folder, row.files)
    if path is None:
        raise NotFoundError(f"There is no upload '{upload_id}' of yours.", "Uploads are kept for a day; send it again.")
    return path


def show(site: Site, actor: Actor, upload_id: str) -> Upload | None:
    """An upload of the caller's; None if it is gone or somebody else's."""
    row = _row(site, actor, upload_id)
    is_there = row is not None and (
        shared_uploads.is_shared(row.path) or (site.settings.home / "uploads" / upload_id).exists()
    )
    return Upload(row.id, row.name, row.bytes, row.files) if row is not None and is_there else None


def _row(site: Site, actor: Actor, upload_id: str) -> Any:
    """The row of an upload of the caller's; None if there is none, or it is still being sent to the store."""
    with site.store.read() as connection:
        query = select(t.upload).where(t.upload.c.id == upload_id, t.upload.c.person_id == actor.person_id)
        return connection.execute(query).one_or_none()


def _at(folder: Path, n_files: int) -> Path | None:
    """What is imported: the folder, or the one file in it; None if it is gone."""
    if n_files > 1:
        return folder if folder.exists() else None
    return next((path for path in folder.rglob("*") if path.is_file()), None)


def drop_old(site: Site) -> None:
    """Delete uploads older than a day, and copies here of such; those in a store that is away are deleted later."""
    before = time.time() - KEEP_SECONDS
    for folder in (site.settings.home / "uploads").glob("*"):
        with suppress(FileNotFoundError):  # another process drops it
            if folder.stat().st_mtime < before:
                shutil.rmtree(folder, ignore_errors=True)
    with site.store.read() as connection:
        columns = (t.upload.c.id, t.upload.c.path)
        old = connection.execute(select(*columns).where(t.upload.c.created_at < before)).all()
    for row in old:
        shutil.rmtree(site.settings.home / "uploads" / row.id, ignore_errors=True)
        if shared_uploads.is_shared(row.path):
            shared_uploads.drop(site, row.path, row.id)
            continue
        with site.store.write() as connection:
            connection.execute(delete(t.upload).where(t.upload.c.id == row.id))


def _parts(name: str) -> list[str]:
    """The folders and the name of a file.

    Raises
    ------
    InputError
        If the name is empty or too long, leaves the folder, or has characters that no file system can hold.
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    fault = None
    if not parts or name.endswith(("/", "\\")):
        fault = "not be empty"
    elif ".." in parts:
        fault = "lie inside the folder that is sent"
    elif any(len(part.encode("utf-8", "replace")) > MAX_NAME for part in parts):
        fault = f"have at most {MAX_NAME} bytes between slashes"
    elif any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        fault = "hold no control characters"
    if fault is not None:
        raise InputError(f"upload: the name of a file must {fault}, got {name[:80]!a}.", "Rename the file.")
    return [re.sub(r'[<>:"|?*]', "_", part) for part in parts][-MAX_DEPTH:]
