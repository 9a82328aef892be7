"""A backup of the whole home while people go on working: databases, files, and the signed heads that fit them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labelwright.errors import InputError
from labelwright.services.site.site import Site
from labelwright.store.chain import GENESIS
from labelwright.store.clock import now
from labelwright.store.copies import read_heads
from labelwright.store.database import private_folder
from labelwright.store.project import ProjectStore


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

    Databases are copied first, by SQLite's own backup, then files: what a database names was written before. Signed
    heads of events that came after the copy of their database are left out.

    Raises
    ------
    InputError
        If the folder is there already, or the rows are on PostgreSQL.
    """
    if site.settings.database_url:
        raise InputError(
            "backup: the rows must be in the home, they are on PostgreSQL.",
            "Stop the server, back up the database with pg_dump, then copy the home.",
        )
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"backup: FOLDER must be new or empty, {folder} is not.", "Choose another name.")
    private_folder(folder)
    store, kept, at, upto = site.store, {}, now(), dict[str, int]()
    store.database.backup(folder / "site.sqlite")
    kept[store.chain.project_id] = read_heads(folder / "site.sqlite", store.chain.event.name)
    for slug in [*store.slugs(), *(one.slug for one in store.deleted())]:
        project, target = store.open(slug, or_deleted=True), folder / "projects" / slug
        target.mkdir(parents=True)
        project.database.backup(target / "project.sqlite")
        kept[project.project_id] = read_heads(target / "project.sqlite", project.chain.event.name)
        upto[slug] = len(kept[project.project_id])
        if project.files_url is not None:
            _fetch(project, target)
            continue
        for name in ("arrays", "media"):
            if (project.folder / name).exists():
                shutil.copytree(project.folder / name, target / name, ignore=shutil.ignore_patterns(".*.tmp"))
    store.keys.copy(folder / "keys", {chain: heads | {GENESIS} for chain, heads in kept.items()})
    return BackedUp(folder, len(kept) - 1, sum(len(heads) for heads in kept.values()), upto, at)


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
