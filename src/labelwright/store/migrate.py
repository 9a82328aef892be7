"""Bring a database to the current schema: back up first, refuse what is newer than this version."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DatabaseError

from labelwright.errors import IntegrityError
from labelwright.store import record, tables
from labelwright.store.chain import GENESIS, Chain, Event, link, read
from labelwright.store.clock import now
from labelwright.store.database import Database
from labelwright.store.record.base import EventBody
from labelwright.store.record.rebuild import rebuild
from labelwright.store.rows import Rows

Branch = Literal["site", "project"]
HEADS: dict[Branch, str] = {"site": "0003", "project": "0010"}  # a test compares them with the scripts


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
    with database.write() as connection:  # all or nothing, on SQLite too
        before = _flags(connection) if branch == "project" and current is not None else {}
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if branch == "project" and current is not None:
            _rebuild(connection, before)


Flags = dict[tuple[str, int], tuple[bool, bool]]


def _flags(connection: Connection) -> Flags:
    """Which annotations count, by project and event, as the tables say before an upgrade."""
    rows = connection.execute(text("SELECT project_id, seq, first, standing FROM annotation"))
    return {(row.project_id, row.seq): (bool(row.first), bool(row.standing)) for row in rows}


def _rebuild(connection: Connection, before: Flags) -> None:
    """Make the projections anew from the events, whose chain is checked on the way."""
    for project_id in connection.scalars(select(tables.chain_head.c.project_id)).all():
        chain = Chain(tables.event, tables.chain_head, tables.sealed, project_id)
        rows = Rows(connection, project_id)
        for projected in record.projected_tables():
            if projected.columns is None:  # of others, such as imports, some columns follow from no event
                rows.delete(projected.table)
        rebuild(rows, _checked(chain, connection))
    if (after := _flags(connection)) != before:
        wrong = sorted(set(before.items()) ^ set(after.items()))[0][0]
        raise IntegrityError(
            f"migrate: the table of annotations differs from the events at event {wrong[1]} of {wrong[0]}.",
            "It was altered behind the record's back. Run 'labelwright verify' of the version that wrote it.",
        )


def _checked(chain: Chain, connection: Connection) -> Iterator[tuple[Event, EventBody]]:
    last = GENESIS
    for event in read(chain=chain, connection=connection):
        if event.prev_hash != last or link(last, event.body) != event.hash:
            raise IntegrityError(
                f"migrate: event {event.seq} of {chain.project_id} does not follow the one before it.",
                "The record was altered; restore it from a backup.",
            )
        last = event.hash
        yield event, record.read(event)


def _current(database: Database, branch: Branch) -> str | None:
    table = f"alembic_version_{branch}"
    try:
        with database.engine.connect() as connection:
            if not inspect(connection).has_table(table):
                return None
            revision = connection.execute(text(f"SELECT version_num FROM {table}")).scalar()
            return None if revision is None else str(revision)
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
