"""Files on their way in: kept in the home until imported, dropped after a day."""

from __future__ import annotations

import re
import shutil
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import delete, insert, select

from labelwright.budgets import MAX_FILES, MAX_NAME
from labelwright.errors import InputError, NotFoundError, TooLargeError
from labelwright.services.people.roles import Actor
from labelwright.services.site import Site
from labelwright.store import site_tables as t
from labelwright.store.clock import new_id

KEEP_SECONDS = 24 * 3600
MAX_DEPTH = 8


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
        drop_old(self._site)
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
        """
        self._close()
        if self._first is None:
            raise InputError(
                f"upload: between 1 and {MAX_FILES:,} files must be sent, got 0.", "Send them in the field 'files'."
            )
        n_files = len(self._names)
        path = self._folder if n_files > 1 else self._first
        name = self._first.relative_to(self._folder).parts[0] if n_files > 1 else self._first.name
        with self._site.store.write() as connection:
            connection.execute(
                insert(t.upload).values(
                    id=self._id, person_id=self._actor.person_id, name=name, path=str(path), bytes=self._total,
                    files=n_files, created_at=time.time(),
                )
            )  # fmt: skip
        self._is_finished = True
        return Upload(self._id, name, self._total, n_files)

    def _close(self) -> None:
        if self._out is not None:
            self._out.close()
            self._out = None


def find(site: Site, actor: Actor, upload_id: str) -> Path:
    """Where an upload of the caller's lies; ``NotFoundError`` if it is gone."""
    if (path := _path(site, actor, upload_id)) is None:
        raise NotFoundError(f"There is no upload '{upload_id}' of yours.", "Uploads are kept for a day; send it again.")
    return path


def show(site: Site, actor: Actor, upload_id: str) -> Upload | None:
    """An upload of the caller's; None if it is gone or somebody else's."""
    if _path(site, actor, upload_id) is None:
        return None
    columns = (t.upload.c.id, t.upload.c.name, t.upload.c.bytes, t.upload.c.files)
    with site.store.read() as connection:
        row = connection.execute(select(*columns).where(t.upload.c.id == upload_id)).one_or_none()
    return None if row is None else Upload(row.id, row.name, row.bytes, row.files)


def _path(site: Site, actor: Actor, upload_id: str) -> Path | None:
    with site.store.read() as connection:
        path = connection.scalar(
            select(t.upload.c.path).where(t.upload.c.id == upload_id, t.upload.c.person_id == actor.person_id)
        )
    return Path(path) if path is not None and Path(path).exists() else None


def drop_old(site: Site) -> None:
    """Delete uploads older than a day."""
    with site.store.write() as connection:
        old = t.upload.c.created_at < time.time() - KEEP_SECONDS
        for upload_id in connection.scalars(select(t.upload.c.id).where(old)).all():
            shutil.rmtree(site.settings.home / "uploads" / upload_id, ignore_errors=True)
        connection.execute(delete(t.upload).where(old))


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
