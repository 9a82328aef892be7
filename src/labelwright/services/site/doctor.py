"""Look at an installation: settings with their sources, disk, database, workers; a bundle for bug reports."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import time
import zipfile
from dataclasses import dataclass, field, fields
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from labelwright import __version__
from labelwright.engine.executors import executor_of
from labelwright.engine.heartbeat import live_workers
from labelwright.errors import LabelwrightError
from labelwright.services.record import receipts
from labelwright.services.site import Site, scheduled
from labelwright.services.site.settings import Settings

PACKAGES = (
    "numpy", "scipy", "scikit-learn", "pandas", "sqlalchemy", "alembic", "fastapi", "skops", "pyarrow", "fsspec",
)  # fmt: skip
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
    """Check everything that can be checked without a change."""
    report = Report([f"labelwright {__version__}, Python {platform.python_version()}, {platform.platform()}"])
    for name in [f.name for f in fields(Settings) if f.name != "source"]:
        value = getattr(site.settings, name)
        shown = _shown(name, value)
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
    if site.settings.receipts_dir is not None:
        attempt = receipts.last(site)
        report.check(
            attempt is None or not attempt.error,
            "receipts: none written yet" if attempt is None else f"receipts were written on {attempt.at[:10]}",
            "" if attempt is None else f"receipts could not be written on {attempt.at[:10]}: {attempt.error}",
        )
    workers = live_workers(site.store)
    report.lines.append(f"      {len(workers)} worker(s) running")
    _executor(site, report)
    _backups(site, report)
    _files(site, report)
    for slug in site.store.slugs():
        try:
            store = site.project(slug)
            with store.read() as rows:
                store.row(rows)
            report.check(True, f"project {slug} opens", "")
        except LabelwrightError as error:
            report.check(False, "", f"project {slug}: {error.message}")
        except DatabaseError as error:
            report.check(False, "", f"project {slug}: its database cannot be read ({type(error).__name__})")
    return report


def _executor(site: Site, report: Report) -> None:
    """Whether work by shards could be done now."""
    try:
        report.check(True, f"executor {executor_of(site.settings.executor).check()}", "")
    except LabelwrightError as error:
        report.check(False, "", str(error))


def _backups(site: Site, report: Report) -> None:
    """When the last backup was made, and whether the schedule is kept."""
    settings, last = site.settings, scheduled.last_tried(site.settings.home)
    if settings.backup_dir is None:
        report.lines.append("      no schedule of backups (backup_dir)")
        return
    n_kept = len(scheduled.kept(settings.backup_dir))
    if last is None:
        report.check(False, "", f"no backup into {settings.backup_dir} yet; the server makes them while it runs")
        return
    when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(last.at))
    size = f"{last.n_bytes / 2**20:.1f} MiB in {last.seconds:.0f} s, {n_kept} kept"
    report.check(last.problem is None, f"last backup {when}, {size}", f"backup of {when}: {last.problem}")


def _files(site: Site, report: Report) -> None:
    """Whether each store of arrays and media that is in use can be written, read and deleted in, and how fast."""
    place, projects = site.store.files, site.settings.home / "projects"
    urls = {place.url} | {place.address(projects / slug) for slug in site.store.slugs()}
    for url in sorted(url for url in urls if url is not None):
        tried = place.try_out(url)
        took = f"written in {tried.write:.2f} s, read in {tried.read:.2f} s, deleted in {tried.delete:.2f} s"
        report.check(tried.problem is None, f"store {url}: a small file was {took}", f"store {url}: {tried.problem}")
    if place.n_copied():
        held = f"{place.n_copied() / 2**20:.1f} of {place.max_bytes / 2**20:,.0f} MiB"
        report.lines.append(f"      copies of files of stores: {held}")


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
                out.writestr(f"logs/{log.name}", _without_messages(file.read()))
    return path


def _without_messages(log: bytes) -> str:
    """A log without what errors said: earlier versions wrote that, and a database quotes what it stores."""
    kept = []
    for text in log.decode("utf-8", "replace").splitlines():
        try:
            line = json.loads(text)
        except ValueError:  # the rest of a line that was cut, or no line of ours
            continue
        if isinstance(line, dict):
            line.pop("where", None)
            kept.append(json.dumps(line) + "\n")
    return "".join(kept)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def _shown(name: str, value: object) -> object:
    """A setting as anybody may read it."""
    if value and name == "database_url":
        return _without_password(str(value))
    return "***" if value and name == "oidc_client_secret" else value


def _without_password(url: str) -> str:
    """The address of a database, with the password hidden wherever it stands."""
    try:
        shown = make_url(url)
    except ArgumentError:
        return "(not an address)"
    hidden = {name: "***" for name in shown.query if "password" in name.lower()}
    return shown.update_query_dict(hidden).render_as_string(hide_password=True)


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
