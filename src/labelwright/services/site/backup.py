"""A backup of the whole home while people go on working: databases, files, and the signed heads that fit them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labelwright.errors import InputError
from labelwright.services.site.site import Site
from labelwright.store import tables
from labelwright.store.chain import GENESIS
from labelwright.store.clock import now
from labelwright.store.copies import read_heads
from labelwright.store.database import private_folder
from labelwright.store.project import ProjectStore
from labelwright.store.snapshot import snapshot


@dataclass(frozen=True)
class BackedUp:
    """What a backup holds.

    Attributes
    ----------
    upto : mapping of str to int
        By project, the last event in it: its horizon. It holds what was erased by later events.
    at : str
        When it was made, UTC.
    """

    folder: Path
    projects: int
    events: int
    upto: Mapping[str, int]
    at: str


def backup(site: Site, folder: Path) -> BackedUp:
    """Copy the home to a new folder, which can be opened and verified as it is.

    The rows are those of one moment: of each database in files for itself, by SQLite's own backup; on PostgreSQL of
    the site and all projects, written into files. What a row names was written before, so files are copied after that
    moment. Signed heads of events that came later are left out.

    Raises
    ------
    InputError
        If the folder is there already.
    IntegrityError
        If the rows are on PostgreSQL, and a chain is not whole.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"backup: FOLDER must be new or empty, {folder} is not.", "Choose another name.")
    private_folder(folder)
    at = now()
    slugs = _copy_files(site, folder) if site.store.database.is_sqlite else _copy_snapshot(site, folder)
    kept = {site.store.chain.project_id: read_heads(folder / "site.sqlite", site.store.chain.event.name)}
    upto = dict[str, int]()
    for slug, project_id in slugs.items():
        kept[project_id] = read_heads(folder / "projects" / slug / "project.sqlite", tables.event.name)
        upto[slug] = len(kept[project_id])
    site.store.keys.copy(folder / "keys", {chain: heads | {GENESIS} for chain, heads in kept.items()})
    return BackedUp(folder, len(slugs), sum(len(heads) for heads in kept.values()), upto, at)


def _copy_files(site: Site, folder: Path) -> dict[str, str]:
    """Copy the databases of a home and its files; the projects' ids by name."""
    store, copied = site.store, dict[str, str]()
    store.database.backup(folder / "site.sqlite")
    for slug in [*store.slugs(), *(one.slug for one in store.deleted())]:
        project, target = store.open(slug, or_deleted=True), folder / "projects" / slug
        target.mkdir(parents=True)
        project.database.backup(target / "project.sqlite")
        _copy_arrays(project, target)
        copied[slug] = project.project_id
    return copied


def _copy_snapshot(site: Site, folder: Path) -> dict[str, str]:
    """Write the rows of PostgreSQL as of one moment, and copy the files; the projects' ids by name.

    Files come first, since the worker may delete what was superseded while the rows are read.
    """
    with snapshot(site.store) as rows:
        for slug in rows.projects:
            target = folder / "projects" / slug
            target.mkdir(parents=True)
            _copy_arrays(site.store.open(slug, or_deleted=True), target)
        rows.write(folder)
        return rows.projects


def _copy_arrays(project: ProjectStore, target: Path) -> None:
    """Copy arrays and media of a project."""
    if project.files_url is not None:
        _fetch(project, target)
        return
    for name in ("arrays", "media"):
        if (project.folder / name).exists():
            shutil.copytree(project.folder / name, target / name, ignore=shutil.ignore_patterns(".*.tmp"))


def _fetch(project: ProjectStore, target: Path) -> None:
    """Read arrays and media from a store into the copy, which is whole without the store then.

    What the worker deletes meanwhile, since a new ranking has taken its place, is left out, as where files are copied.
    """
    for folder, names, read in (
        ("arrays", project.arrays.find(), project.arrays.read_each),
        ("media", project.media.names(), project.media.read_each),
    ):
        (target / folder).mkdir()
        for name, content in zip(names, read(names, or_none=True), strict=True):
            if content is not None:
                path = target / folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
