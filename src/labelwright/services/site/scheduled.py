"""Backups by a schedule: made beside a running server, checked, and only then counted; the oldest go then.

A backup is written to a folder whose name begins with a dot and gets its own name when it is whole, so one that was
stopped half way is never taken for a backup. One that is made of a damaged home is kept under a name that says so, and
then nothing older is removed.
"""

from __future__ import annotations

import fcntl
import json
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from labelwright.errors import InputError, LabelwrightError
from labelwright.services.record.verify import verify
from labelwright.services.site.backup import backup
from labelwright.services.site.settings import Settings
from labelwright.services.site.site import Site
from labelwright.store.database import private_folder

log = logging.getLogger("labelwright.backups")
NAME: Final = "labelwright-%Y%m%dT%H%M%SZ"
DAMAGED: Final = "-damaged"
PARTIAL: Final = ".partial-"
HOUR: Final = 3600.0


@dataclass(frozen=True)
class Tried:
    """How the last scheduled backup went.

    Attributes
    ----------
    at : float
        When it began, in seconds since 1970.
    seconds : float
    folder : str, optional
        None where there is none.
    n_bytes : int
    problem : str, optional
        Why there is none, or what is wrong with what was copied.
    """

    at: float
    seconds: float
    folder: str | None
    n_bytes: int
    problem: str | None


def last_tried(home: Path) -> Tried | None:
    """How the last one went; None if none was tried."""
    try:
        return Tried(**json.loads((home / "backup.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def kept(folder: Path) -> list[Path]:
    """Whole backups in the folder of the schedule, the newest first."""
    if not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if _made_at(path) is not None), reverse=True)


def is_due(settings: Settings, now: float) -> bool:
    """Whether a schedule is set, and the last attempt is old enough; one that failed is tried again after an hour."""
    if settings.backup_dir is None:
        return False
    last = last_tried(settings.home)
    newest = max((_made_at(path) or 0.0 for path in kept(settings.backup_dir)), default=0.0)
    if last is not None and last.problem is not None and now - last.at < HOUR:
        return False
    return now - newest >= settings.backup_every * HOUR


def run(site: Site, now: float) -> Tried | None:
    """Make the backup that is due, check it, and remove what the schedule does not keep; None if another is at it.

    Raises
    ------
    InputError
        If no folder is set for backups.
    """
    folder = site.settings.backup_dir
    if folder is None:
        raise InputError(
            "backup: FOLDER must be given, or 'backup_dir' set.",
            "Set LABELWRIGHT_BACKUP_DIR, or name it in config.toml.",
        )
    began = time.monotonic()
    try:
        private_folder(folder)
        with _alone(folder) as alone:
            if not alone:
                return None
            tried = _make(site, folder, now)
    except (OSError, LabelwrightError) as error:  # a full disk, a folder that is away: people go on working
        tried = Tried(now, 0.0, None, 0, f"{type(error).__name__}: {error}")
        log.error("the scheduled backup failed", extra={"error": type(error).__name__})
    tried = replace(tried, seconds=round(time.monotonic() - began, 1))
    _note(site.settings.home, tried)
    return tried


def _make(site: Site, folder: Path, now: float) -> Tried:
    for left in folder.glob(f"{PARTIAL}*"):  # of a process that was stopped
        shutil.rmtree(left, ignore_errors=True)
    name = datetime.fromtimestamp(now, UTC).strftime(NAME)
    partial = folder / f"{PARTIAL}{name}"
    try:
        backup(site, partial)
        problem = _problem(site, partial)
        target = folder / (name if problem is None else name + DAMAGED)
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    if problem is None:
        for old in [path for path in kept(folder) if not path.name.endswith(DAMAGED)][site.settings.backup_keep :]:
            shutil.rmtree(old, ignore_errors=True)
    n_bytes = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return Tried(now, 0.0, str(target), n_bytes, problem)


def _problem(site: Site, copy: Path) -> str | None:
    """What is wrong with a copy, by the check that `labelwright verify` makes; None if nothing is."""
    copied = Site(replace(site.settings, home=copy, key_file=None, database_url=None))
    try:
        for slug in copied.store.slugs():
            try:
                report = verify(copied, slug)
            except (LabelwrightError, OSError) as error:
                return f"{slug}: {error}"
            if report.problems:
                return f"{slug}: {report.problems[0]}"
    finally:
        copied.close()
    return None


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether no other process makes a backup into the folder; none can while this is held."""
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def _made_at(path: Path) -> float | None:
    try:
        return datetime.strptime(path.name.removesuffix(DAMAGED), NAME).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _note(home: Path, tried: Tried) -> None:
    try:
        (home / "backup.json").write_text(json.dumps(asdict(tried)))
    except OSError:  # the disk is full; the log has it
        log.error("how the backup went could not be noted")
