"""Look at an installation: settings with their sources, disk, database, workers; a bundle for bug reports."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import time
import zipfile
from dataclasses import dataclass, field, fields
from pathlib import Path

from labelwright import __version__
from labelwright.engine.worker import live_workers
from labelwright.errors import LabelwrightError
from labelwright.services.settings import Settings
from labelwright.services.site import Site

PACKAGES = ("numpy", "scipy", "scikit-learn", "pandas", "sqlalchemy", "alembic", "dbos", "fastapi", "skops", "pyarrow")
MIN_FREE_BYTES = 1 << 30
NETWORK_FILESYSTEMS = ("nfs", "cifs", "smb", "fuse.sshfs", "9p")
LOG_TAIL_BYTES = 2 << 20


@dataclass
class Report:
    """Lines to show; ``well`` is False if something needs attention."""

    lines: list[str] = field(default_factory=list)
    well: bool = True

    def check(self, fine: bool, good: str, bad: str) -> None:
        """Add one check."""
        self.lines.append(f"ok    {good}" if fine else f"CHECK {bad}")
        self.well = self.well and fine


def examine(site: Site) -> Report:
    """Look at everything that can be looked at without changing anything."""
    report = Report([f"labelwright {__version__}, Python {platform.python_version()}, {platform.platform()}"])
    for name in [f.name for f in fields(Settings) if f.name != "source"]:
        value = getattr(site.settings, name)
        shown = _without_password(str(value)) if name == "database_url" and value else value
        report.lines.append(f"      {name} = {shown}  ({site.settings.source.get(name, 'default')})")
    free = shutil.disk_usage(site.settings.home).free
    report.check(free > MIN_FREE_BYTES, f"{free / 2**30:.1f} GiB are free", f"only {free / 2**30:.2f} GiB are free")
    kind = _filesystem(site.settings.home)
    report.check(
        site.settings.database_url is not None or kind not in NETWORK_FILESYSTEMS,
        f"HOME is on a local disk ({kind})",
        f"HOME is on a network file system ({kind}); SQLite needs a local disk, or set LABELWRIGHT_DATABASE_URL",
    )
    report.check(os.access(site.settings.home, os.W_OK), "HOME can be written", "HOME cannot be written")
    workers = live_workers(site.store)
    report.lines.append(f"      {len(workers)} worker(s) running")
    for slug in site.store.slugs():
        try:
            store = site.project(slug)
            with store.read() as connection:
                store.row(connection)
            report.check(True, f"project {slug} opens", "")
        except LabelwrightError as error:
            report.check(False, "", f"project {slug}: {error.message}")
    return report


def bundle(site: Site, report: Report) -> Path:
    """A zip of versions, settings and the ends of the logs; items, answers and names are not in it."""
    folder = site.settings.home / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"labelwright-report-{time.strftime('%Y%m%d-%H%M%S')}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("report.txt", "\n".join(report.lines) + "\n")
        versions = [f"{name} {_version(name)}" for name in PACKAGES]
        out.writestr("versions.txt", "\n".join(versions) + "\n")
        for log in sorted((site.settings.home / "logs").glob("*.log")):
            with log.open("rb") as file:
                file.seek(max(0, log.stat().st_size - LOG_TAIL_BYTES))
                out.writestr(f"logs/{log.name}", file.read())
    return path


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return f"{head.rpartition(':')[0]}:***@{tail}" if at and ":" in head.partition("://")[2] else url


def _filesystem(path: Path) -> str:
    best, kind = "", "unknown"
    try:
        mounts = Path("/proc/mounts").read_text().splitlines()
    except OSError:
        return kind
    for line in mounts:
        _, where, name, *_ = line.split()
        if (str(path) + "/").startswith(where.rstrip("/") + "/") and len(where) >= len(best):
            best, kind = where, name
    return kind
