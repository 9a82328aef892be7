"""Bring a database to the current schema: back up first, refuse what is newer than this version."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Literal

from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from labelwright.errors import IntegrityError
from labelwright.store.clock import now
from labelwright.store.database import Database

Branch = Literal["site", "project"]
HEADS: dict[Branch, str] = {"site": "0001", "project": "0001"}  # a test compares them with the scripts


def upgrade(database: Database, branch: Branch, *, backup_to: Path) -> None:
    """Upgrade one branch of the schema to its head; costs one query where nothing is to do.

    Raises
    ------
    IntegrityError
        If the database is unreadable, or was written by a newer version.
    """
    if _current(database, branch) == HEADS[branch]:
        return
    backup_to.parent.mkdir(parents=True, exist_ok=True)
    with (backup_to.parent / "migrate.lock").open("a") as lock:  # server and worker may open a new database at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        _upgrade(database, branch, backup_to)


def _upgrade(database: Database, branch: Branch, backup_to: Path) -> None:
    current = _current(database, branch)
    if current == HEADS[branch]:
        return
    if current is not None and current not in _known(branch):
        raise IntegrityError(
            f"migrate: the {branch} database has schema {current}, which this version does not know.",
            "It was written by a newer Labelwright; upgrade this installation.",
        )
    if current is not None:
        backup_to.mkdir(parents=True, exist_ok=True)
        database.backup(backup_to / f"{branch}-{current}-{now().replace(':', '')}.sqlite")
    from alembic import command  # late: costs 0.3 s and is seldom needed

    config = _config(branch)
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _current(database: Database, branch: Branch) -> str | None:
    table = f"alembic_version_{branch}"
    try:
        with database.engine.connect() as connection:
            if not inspect(connection).has_table(table):
                return None
            found = connection.execute(text(f"SELECT version_num FROM {table}")).scalar()
            return None if found is None else str(found)
    except DatabaseError as error:
        raise IntegrityError(
            f"migrate: the {branch} database cannot be read ({error.orig}).",
            "Restore it from a backup; its arrays and media are untouched.",
        ) from error


def _known(branch: Branch) -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config(branch)).walk_revisions()}


def _config(branch: Branch):  # type: ignore[no-untyped-def]
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations" / branch).replace("%", "%%"))
    config.attributes["branch"] = branch
    return config
