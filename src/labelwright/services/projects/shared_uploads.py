"""Uploads in the store of files, for all servers of a site: one object each, whole or not there.

Its files are packed, since each object costs a request. A server that needs an upload
copies it into its home, where it looks as if that server had got it.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from sqlalchemy import delete, select

from labelwright.errors import IntegrityError, LabelwrightError
from labelwright.services.site import Site
from labelwright.store import site_tables as t

CONTENT: Final = "content.zip"


def address(site: Site) -> str | None:
    """The store that uploads are sent to; None where they stay in the home."""
    return site.store.files.url


def is_shared(path: str) -> bool:
    """Whether the place of an upload, as its row names it, is a store."""
    return "://" in path


def places(site: Site) -> list[str]:
    """Where in stores there are uploads now, sorted; none where there are none."""
    with site.store.read() as connection:
        paths = connection.scalars(select(t.upload.c.path).distinct()).all()
    return sorted(f"{path}/uploads" for path in paths if is_shared(path))


def send(site: Site, url: str, upload_id: str, folder: Path) -> None:
    """Send the files of a folder to the store.

    Raises
    ------
    UnavailableError
        If it is away or full.
    """
    files = site.store.files.upload(upload_id, url)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".sent-") as temporary:
        packed = Path(temporary) / CONTENT
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(folder).as_posix())
        files.make()
        files.add_file(CONTENT, packed)


def fetch(site: Site, url: str, upload_id: str, folder: Path, *, created_at: float) -> None:
    """Copy an upload to a folder of this machine, which is whole when it has its name; nothing if it is gone.

    Parameters
    ----------
    created_at : float
        When it came, in seconds since 1970: the copy is dropped as early as the upload.

    Raises
    ------
    UnavailableError
        If the store is away.
    """
    files = site.store.files.upload(upload_id, url)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fetched-") as temporary:
        packed, target = Path(temporary) / CONTENT, Path(temporary) / "files"
        try:
            files.copy_to(CONTENT, packed)
        except IntegrityError:  # somebody emptied the store
            return
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(target)
        os.utime(target, (created_at, created_at))
        try:
            target.rename(folder)
        except OSError:  # another thread was faster
            if not folder.exists():
                raise


def drop(site: Site, url: str, upload_id: str) -> None:
    """Delete an upload in the store, and then its row; while the store is away both stay, to be deleted later."""
    try:
        site.store.files.upload(upload_id, url).delete_all()
    except LabelwrightError:
        return
    with site.store.write() as connection:
        connection.execute(delete(t.upload).where(t.upload.c.id == upload_id))
