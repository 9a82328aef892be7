"""Files on their way in: kept in the home until imported, dropped after a day."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from sqlalchemy import delete, insert, select

from labelwright.errors import InputError, NotFoundError, TooLargeError
from labelwright.services.people.roles import Actor
from labelwright.services.site import Site
from labelwright.store import site_tables as t
from labelwright.store.clock import new_id

KEEP_SECONDS = 24 * 3600
CHUNK_BYTES = 1 << 20
MAX_FILES = 200_000


@dataclass(frozen=True)
class Upload:
    """A file, or a folder of them, that waits to be imported."""

    id: str
    name: str
    bytes: int
    files: int


class Incoming(Protocol):
    """A file of a multipart request."""

    filename: str | None

    async def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        ...


async def receive(site: Site, actor: Actor, files: Sequence[Incoming]) -> Upload:
    """Store one file, or several as a folder.

    Raises
    ------
    TooLargeError, InputError
        If a limit is passed, or nothing came.
    """
    drop_old(site)
    if not files or len(files) > MAX_FILES:
        raise InputError(f"upload: between 1 and {MAX_FILES:,} files must be sent, got {len(files)}.")
    upload_id = new_id("u")
    folder = site.settings.home / "uploads" / upload_id
    folder.mkdir(parents=True)
    total = 0
    try:
        for file in files:
            target = folder.joinpath(*_safe_parts(file.filename or "file"))
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as out:
                while chunk := await file.read(CHUNK_BYTES):
                    total += len(chunk)
                    if total > site.settings.max_upload:
                        raise TooLargeError(
                            f"upload: at most {site.settings.max_upload:,} bytes are taken.",
                            "Use 'labelwright create' on the server's machine, or raise LABELWRIGHT_MAX_UPLOAD.",
                        )
                    out.write(chunk)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    path = folder if len(files) > 1 else next(p for p in folder.rglob("*") if p.is_file())
    parts = _safe_parts(files[0].filename or "file")
    name = parts[0] if len(files) > 1 else parts[-1]
    with site.store.write() as connection:
        connection.execute(
            insert(t.upload).values(
                id=upload_id, person_id=actor.person_id, name=name, path=str(path), bytes=total, files=len(files),
                created_at=time.time(),
            )
        )  # fmt: skip
    return Upload(upload_id, name, total, len(files))


def find(site: Site, actor: Actor, upload_id: str) -> Path:
    """Where an upload of the caller's lies; ``NotFoundError`` if it is gone."""
    with site.store.read() as connection:
        path = connection.scalar(
            select(t.upload.c.path).where(t.upload.c.id == upload_id, t.upload.c.person_id == actor.person_id)
        )
    if path is None or not Path(path).exists():
        raise NotFoundError(f"There is no upload '{upload_id}' of yours.", "Uploads are kept for a day; send it again.")
    return Path(path)


def drop_old(site: Site) -> None:
    """Delete uploads older than a day."""
    with site.store.write() as connection:
        old = t.upload.c.created_at < time.time() - KEEP_SECONDS
        for upload_id in connection.scalars(select(t.upload.c.id).where(old)).all():
            shutil.rmtree(site.settings.home / "uploads" / upload_id, ignore_errors=True)
        connection.execute(delete(t.upload).where(old))


def _safe_parts(name: str) -> list[str]:
    parts = [re.sub(r"[\x00-\x1f<>:\"|?*\\]", "_", p) for p in PurePosixPath(name.replace("\\", "/")).parts]
    return [p for p in parts if p not in ("/", "..", ".", "")][-8:] or ["file"]
