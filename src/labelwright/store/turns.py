"""Who may write when: a project's writers take turns, so that what one of them checks stays true until it commits.

SQLite lets one write at a time anyway. PostgreSQL has two locks for each project: the row of the chain's head, for
whatever is recorded or prepared, and a lock for lending items. Answers take the first and lending takes the second, so
that people who ask for an item do not wait for others' answers; everything else takes both.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import BigInteger, ColumnElement, Connection, func, literal, select

from labelwright.store import tables
from labelwright.store.chain import Head


def wait_for_turn(connection: Connection, project_id: str, *, durable: bool, leases_too: bool = True) -> Head | None:
    """Wait until nobody else records anything in a project, and with ``leases_too`` no lease changes.

    Returns the head of the chain, which nobody else moves until the transaction ends; None where it was not read.
    """
    if _has_one_writer(connection):
        return None
    head = tables.chain_head
    query = select(head.c.seq, head.c.hash).where(head.c.project_id == project_id).with_for_update()
    if leases_too:
        query = query.add_columns(_lock_of_lending(project_id))
    if not durable:
        query = query.add_columns(_flushed_later())
    found = connection.execute(query).one_or_none()
    return None if found is None else Head(found.seq, found.hash)


def wait_to_lend(connection: Connection, project_id: str) -> None:
    """Wait until nobody else is lent an item of a project, until this transaction ends, which is not flushed."""
    if not _has_one_writer(connection):
        connection.execute(select(_lock_of_lending(project_id), _flushed_later()))


def flush_later(connection: Connection) -> None:
    """Let the commit of this transaction not wait for the disk; SQLite's connections are opened for that."""
    if not _has_one_writer(connection):
        connection.execute(select(_flushed_later()))


def _has_one_writer(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _lock_of_lending(project_id: str) -> ColumnElement[None]:
    number = int.from_bytes(hashlib.sha256(project_id.encode()).digest()[:8], "big", signed=True)
    return func.pg_advisory_xact_lock(literal(number, BigInteger))


def _flushed_later() -> ColumnElement[str]:
    return func.set_config("synchronous_commit", "off", True)  # until the transaction ends
