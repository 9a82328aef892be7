"""Copies of homes: one that cannot be written to, such as an auditor's, is opened all the same; what a backup holds."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labelwright.store.files import ADDRESS


@contextmanager
def writable(home: Path) -> Iterator[Path]:
    """The home itself if it can be written to; else a temporary one of copied databases and linked files.

    SQLite needs to write beside a database that it reads, and older databases are upgraded in place.
    """
    if not home.is_dir() or os.access(home, os.W_OK):
        yield home
        return
    with tempfile.TemporaryDirectory(prefix="labelwright-") as temporary:
        copy = Path(temporary)
        _link(home, copy, ("keys",))
        _copy_databases(home, copy)
        for project in sorted((home / "projects").glob("*/")):
            target = copy / "projects" / project.name
            target.mkdir(parents=True)
            _link(project, target, ("arrays", "media"))
            if (project / ADDRESS).exists():
                shutil.copyfile(project / ADDRESS, target / ADDRESS)
            _copy_databases(project, target)
        yield copy


def read_heads(path: Path, table: str) -> set[str]:
    """The hashes of all events in a copied database."""
    connection = sqlite3.connect(path)
    try:
        return {row[0] for row in connection.execute(f"SELECT hash FROM {table}")}
    finally:
        connection.close()


def _link(source: Path, target: Path, names: tuple[str, ...]) -> None:
    for name in names:
        if (source / name).exists():
            (target / name).symlink_to((source / name).resolve(), target_is_directory=True)


def _copy_databases(source: Path, target: Path) -> None:
    for path in source.glob("*.sqlite*"):
        shutil.copyfile(path, target / path.name)
