"""The files of a package, hashed while they are written."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypedDict

from labelwright.plain import Json


class Listed(TypedDict):
    """What the manifest says of a file."""

    sha256: str
    bytes: int


class Hashed:
    """A member of the zip that is being written."""

    def __init__(self, out: zipfile.ZipFile, name: str) -> None:
        self._member = out.open(name, "w", force_zip64=True)
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, text: str) -> None:
        """Append text."""
        content = text.encode()
        self._digest.update(content)
        self._size += len(content)
        self._member.write(content)

    def close(self) -> Listed:
        """End the file."""
        self._member.close()
        return {"sha256": self._digest.hexdigest(), "bytes": self._size}


class Files:
    """The zip, and what its manifest will list.

    Attributes
    ----------
    listed : dict of str to Listed
        By name.
    """

    def __init__(self, out: zipfile.ZipFile) -> None:
        self._out = out
        self.listed: dict[str, Listed] = {}

    @contextmanager
    def open(self, name: str) -> Iterator[Hashed]:
        """Write a file in parts; one at a time."""
        file = Hashed(self._out, name)
        try:
            yield file
        finally:
            self.listed[name] = file.close()

    def write(self, name: str, text: str) -> str:
        """Write a whole file; return its digest."""
        with self.open(name) as file:
            file.write(text)
        return self.listed[name]["sha256"]

    def write_lines(self, name: str, lines: Iterable[Json]) -> int:
        """Write a JSONL file; return how many lines."""
        n = 0
        with self.open(name) as file:
            for line in lines:
                file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
                n += 1
        return n
