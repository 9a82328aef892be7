"""A file or folder as a multipart form, read in blocks while it is sent."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from labelwright.client.transport import BLOCK, Transport
from labelwright.errors import InputError
from labelwright.plain import JsonObject


@dataclass(frozen=True)
class _Part:
    """A file with the lines that go before it."""

    path: Path
    head: bytes
    size: int


def upload(transport: Transport, source: Path) -> str:
    """Send a file, or all files of a folder with their paths in it; return the id of the upload.

    Raises
    ------
    InputError
        If it does not exist, is empty or cannot be read, or changes while it is sent.
    """
    boundary = uuid.uuid4().hex
    parts = [_part(path, name, boundary) for path, name in _files(source)]
    end = f"--{boundary}--\r\n".encode()
    length = sum(len(part.head) + part.size + 2 for part in parts) + len(end)
    said: JsonObject = transport.upload(
        "/uploads", partial(_body, parts, end), length, f"multipart/form-data; boundary={boundary}"
    )
    return str(said["id"])


def _files(source: Path) -> list[tuple[Path, str]]:
    if source.is_file():
        return [(source, source.name)]
    if not source.is_dir():
        raise InputError(f"upload: '{source}' must be a file or folder, got neither.", "Is the path right?")
    found = [
        (Path(folder, name), (Path(source.name) / Path(folder, name).relative_to(source)).as_posix())
        for folder, _, names in os.walk(source)
        for name in names
    ]
    if not found:
        raise InputError(f"upload: the folder '{source}' must hold files, got none.")
    return sorted(found)


def _part(path: Path, name: str, boundary: str) -> _Part:
    quoted = name.replace("\\", "\\\\").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{quoted}"\r\n\r\n'
    return _Part(path, head.encode(), path.stat().st_size)


def _body(parts: list[_Part], end: bytes) -> Iterator[bytes]:
    for part in parts:
        yield part.head
        left = part.size
        try:
            with part.path.open("rb") as file:
                while left and (block := file.read(min(BLOCK, left))):
                    left -= len(block)
                    yield block
        except OSError as error:  # of this machine, not of the connection
            raise InputError(f"upload: '{part.path}' cannot be read ({error.strerror}).") from None
        if left:
            raise InputError(f"upload: '{part.path}' became shorter while it was sent.", "Send it again.")
        yield b"\r\n"
    yield end
