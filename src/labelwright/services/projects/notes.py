"""First imports: how far those of this process are, and why others failed.

A note is kept in the home from the beginning of an import until it has succeeded or is dismissed, so that what was
chosen for the project outlives the process.
"""

from __future__ import annotations

import json
import logging
import os
import re
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from labelwright.errors import LabelwrightError
from labelwright.exchange import SourceError
from labelwright.plain import JsonObject
from labelwright.services.site import Site

log = logging.getLogger("labelwright.imports")
OPTIONS: Final = re.compile(r" \(--[^)]*\)")


@dataclass
class ImportNote:
    """How far an import is, or why it failed and where in the file.

    Parameters
    ----------
    request : mapping, optional
        The body of the request that asked for the project, to try it again.
    """

    phase: str
    done: int = 0
    total: int | None = None
    error: str | None = None
    reason: str | None = None
    hint: str | None = None
    file: str | None = None
    row: int | None = None
    column: str | None = None
    title: str = ""
    task: str = "classification"
    kind: str | None = None
    at: float = field(default_factory=time.time)
    request: JsonObject | None = None

    def progress(self, phase: str, done: int, total: int | None) -> None:
        """Called by the import."""
        self.phase, self.done, self.total = phase, done, total

    def fail(self, error: Exception) -> None:
        """Note why the import failed, for a page: hints name options of the command line in brackets, which go."""
        if isinstance(error, LabelwrightError):
            self.error, self.hint = error.message, OPTIONS.sub("", error.hint)
        else:
            self.error, self.hint = "The import failed on our side.", "Look into the server's log."
        if isinstance(error, SourceError):
            self.reason, self.row, self.column = error.reason, error.row, error.column


IMPORTS: dict[str, ImportNote] = {}
"""Imports of this process, by the project's name; a failed one only if its note could not be written."""


def begin(site: Site, slug: str, note: ImportNote) -> None:
    """Note an import that this process begins; the home keeps the note in case the process does not end it."""
    IMPORTS[slug] = note
    _write(site, slug, note)


def keep(site: Site, slug: str, note: ImportNote) -> None:
    """Write the note of a failed import into the home; it leaves the memory of this process once it is there."""
    if _write(site, slug, note):
        IMPORTS.pop(slug, None)


def kept(site: Site, slug: str) -> ImportNote | None:
    """The note of an import that failed, or that began and may have been interrupted."""
    path = _folder(site) / f"{slug}.json"
    return _read(path) if path.exists() else IMPORTS.get(slug)


def _write(site: Site, slug: str, note: ImportNote) -> bool:
    folder = _folder(site)
    temporary = folder / f".{slug}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        temporary.write_text(json.dumps(asdict(note)), "utf-8")
        os.replace(temporary, folder / f"{slug}.json")
    except OSError:
        log.exception("the note of an import cannot be written", extra={"project": slug})
        return False
    return True


def failed(site: Site) -> dict[str, ImportNote]:
    """The failed imports by name, sorted."""
    notes = {path.stem: _read(path) for path in sorted(_folder(site).glob("*.json"))} | IMPORTS
    return {slug: note for slug, note in notes.items() if note.error}


def drop(site: Site, slug: str) -> bool:
    """Forget an import; whether there was a note of it."""
    if kept(site, slug) is None:
        return False
    (_folder(site) / f"{slug}.json").unlink(missing_ok=True)
    IMPORTS.pop(slug, None)
    return True


def _folder(site: Site) -> Path:
    return site.settings.home / "imports"


def _read(path: Path) -> ImportNote:
    try:
        return ImportNote(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        log.exception("the note of a failed import cannot be read", extra={"project": path.stem})
        return ImportNote(
            "reading", error="The import failed; its note cannot be read.", hint="Create it again.", at=0.0
        )
