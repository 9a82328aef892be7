"""Receipts that leave the machine by themselves: each day and with each export, to a folder that the owner chooses.

One file holds the signed heads of all projects and of the site. A file is never written over, so a folder that
somebody else controls, such as a mount of another machine, keeps what this machine can no longer take back.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from labelwright.errors import InputError, LabelwrightError
from labelwright.services.site import Site
from labelwright.store.clock import now
from labelwright.store.receipts import Receipt, receipt_of

log = logging.getLogger("labelwright.receipts")
LOOK_SECONDS: Final = 600.0


@dataclass(frozen=True)
class Last:
    """How the last attempt to write receipts went.

    Attributes
    ----------
    at : str
        ISO, in UTC.
    error : str
        Empty where it succeeded.
    """

    at: str
    error: str


def heads(site: Site) -> list[Receipt]:
    """The signed heads of the site and of all projects that can be read."""
    chain = site.store.chain
    with site.store.read() as connection:
        row = connection.execute(select(chain.head.c.seq, chain.head.c.hash)).one()
    found = [site.store.keys.sign(chain.project_id, row.seq, row.hash)]
    for slug in site.store.slugs():
        try:
            store = site.project(slug)
            with store.read() as rows:
                found.append(store.receipt(rows))
        except (LabelwrightError, DatabaseError) as error:  # a damaged project keeps no other from a receipt
            log.error("no receipt of a project", extra={"project": slug, "error": type(error).__name__})
    return found


def send(site: Site, *, daily: bool = False) -> Path | None:
    """Write a file of receipts, where a folder is set; a failure is logged, ``doctor`` shows it, and work goes on.

    Parameters
    ----------
    daily : bool
        Write nothing if there is a file of today already.
    """
    folder = site.settings.receipts_dir
    if folder is None:
        return None
    at = now()
    name = f"labelwright-{at[:10]}"
    if daily and (folder / f"{name}.json").exists():
        return None
    try:
        content = json.dumps({"at": at, "heads": heads(site)}, indent=1).encode()
        path = _write_new(folder, name, content)
    except (LabelwrightError, DatabaseError, OSError) as error:
        log.error("receipts cannot be written", extra={"error": type(error).__name__})
        _note(site, Last(at, f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}"))
        return None
    _note(site, Last(at, ""))
    return path


def last(site: Site) -> Last | None:
    """How the last attempt went; None where there was none."""
    try:
        read = json.loads(_note_path(site).read_text("utf-8"))
        return Last(str(read["at"]), str(read["error"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None


class Daily:
    """A thread that sends receipts once a day, while a server or a worker runs."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="receipts", daemon=True)

    def start(self) -> None:
        """Begin, where a folder is set."""
        if self._site.settings.receipts_dir is not None:
            self._thread.start()

    def stop(self) -> None:
        """Stop and wait."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        while True:
            send(self._site, daily=True)
            if self._stop.wait(LOOK_SECONDS):
                return


def read(path: Path, project_id: str) -> Receipt:
    """The receipt of a project, or of the site, from a file with one or with all of a day.

    Raises
    ------
    InputError
        If the file holds no receipt, or none of this project.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        if "heads" not in content:
            return receipt_of(content)
        found = [receipt_of(one) for one in content["heads"] if isinstance(one, Mapping)]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(f"verify: --receipt must be a file with a receipt of an export ({error}).") from error
    for receipt in found:
        if receipt["project"] == project_id:
            return receipt
    raise InputError(f"verify: --receipt must name the project, {path.name} does not.", "It may be younger than that.")


def of_site(site: Site, path: Path) -> Receipt | None:
    """The receipt of the site's own chain, where the file holds those of a day."""
    content = json.loads(path.read_text("utf-8"))
    return read(path, site.store.chain.project_id) if "heads" in content else None


def _write_new(folder: Path, name: str, content: bytes) -> Path:
    """Write a file under a name that is free, durably."""
    number = 1
    while True:
        path = folder / (f"{name}.json" if number == 1 else f"{name}-{number}.json")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            break
        except FileExistsError:
            number += 1
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)  # half a file is no receipt
        raise
    return path


def _note(site: Site, attempt: Last) -> None:
    try:
        _note_path(site).parent.mkdir(parents=True, exist_ok=True)
        _note_path(site).write_text(json.dumps({"at": attempt.at, "error": attempt.error}), "utf-8")
    except OSError:  # the home is full too; the log has it
        pass


def _note_path(site: Site) -> Path:
    return site.settings.home / "receipts.json"
