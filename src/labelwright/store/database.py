"""Engines and transactions, on SQLite and PostgreSQL alike.

SQLite: WAL, ``BEGIN IMMEDIATE`` for every writing transaction (no busy upgrade), foreign keys on, a
busy timeout, and one lock per file in this process, so that threads queue up fairly instead of
spinning. A durable transaction runs on a connection with ``synchronous=FULL``: COMMIT returns after
the fsync. Everything else is NORMAL.

An error of a statement does not quote its parameters, which may be the text of an item.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.pool import QueuePool

BUSY_SECONDS = 30
TURN_SECONDS = 0.002
RECYCLE_SECONDS = 300
REST_SECONDS = 1.0  # after which a connection to PostgreSQL is asked whether it is still there
MOST_CONNECTIONS = 40  # of a process, as many as the server has threads; kept, since a new one takes milliseconds
SAMPLED_ROWS = 400  # of each index


class Database:
    """One database: durable and ordinary writing transactions, and reads.

    Parameters
    ----------
    url : str
        ``sqlite:///FILE`` or ``postgresql+psycopg://…``.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._writer = threading.Lock()
        if self.is_sqlite:
            _private_file(Path(url.removeprefix("sqlite:///")))
            self._durable = _sqlite_engine(url, "FULL")
            self._normal = _sqlite_engine(url, "NORMAL")
        else:
            self._durable = self._normal = _postgresql_engine(url)
        # SQLite's reads are of one moment by themselves, and its connections commit each statement
        options = self._normal.execution_options
        self._view = self._normal if self.is_sqlite else options(isolation_level="REPEATABLE READ")
        self._statements = self._normal if self.is_sqlite else options(isolation_level="AUTOCOMMIT")

    @property
    def engine(self) -> Engine:
        """The ordinary engine, for migrations."""
        return self._normal

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """A writing transaction: committed at the end, rolled back on any error.

        With ``durable`` the commit is on disk before this returns.
        """
        engine = self._durable if durable else self._normal
        if not self.is_sqlite:
            with engine.begin() as connection:
                yield connection
            return
        with self._writer, engine.connect() as connection:
            _begin(connection)
            try:
                yield connection
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A reading transaction: one consistent view."""
        with self._view.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                if self.is_sqlite:
                    connection.exec_driver_sql("ROLLBACK")
                else:
                    connection.rollback()

    @contextmanager
    def statements(self) -> Iterator[Connection]:
        """Readings that are each of a moment of their own: without the statements that begin and end a transaction."""
        with self._statements.connect() as connection:
            yield connection

    def backup(self, target: Path) -> None:
        """Copy a SQLite database as it is now, while others go on writing."""
        if not self.is_sqlite:
            return
        source = sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=BUSY_SECONDS)
        copy = sqlite3.connect(target)
        with copy:
            source.backup(copy)
        copy.close()
        source.close()

    def compact(self) -> bool:
        """Write a SQLite database anew, so that no page keeps what was deleted; False where others are in the way.

        PostgreSQL does so by itself, by its autovacuum, in its own time.
        """
        if not self.is_sqlite:
            return True
        with self._writer, self._normal.connect() as connection:
            try:
                connection.exec_driver_sql("VACUUM")
                busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            except OperationalError:
                return False
        return not busy

    def analyze(self, tables: Iterable[str]) -> None:
        """Sample the indexes of tables, so that SQLite knows which of them narrow a search.

        Without it SQLite takes an index that begins with the project for as good as any, although a file holds one
        project, and reads all annotations of a person to find those of an item. A few milliseconds a table, each in a
        transaction of its own. Connections know it within `RECYCLE_SECONDS`. PostgreSQL does so by itself.
        """
        if not self.is_sqlite:
            return
        for name in tables:
            with self._writer, self._normal.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA analysis_limit={SAMPLED_ROWS}")
                connection.exec_driver_sql(f'ANALYZE "{name}"')

    def close(self) -> None:
        """Drop all connections."""
        self._durable.dispose()
        self._normal.dispose()


def driver_url(url: str) -> str:
    """A PostgreSQL address as people write it, with the driver that is used."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)


def private_folder(path: Path) -> None:
    """Make a folder that nobody but its owner may enter, or close one that others may."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    _close(path, 0o700)


def _private_file(path: Path) -> None:
    """The same for a database; SQLite gives the files beside it the same permissions."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    _close(path, 0o600)


def _close(path: Path, mode: int) -> None:
    status = path.stat()
    if status.st_mode & 0o077 and status.st_uid == os.geteuid():
        path.chmod(mode)


def _begin(connection: Connection) -> None:
    """Begin to write, as soon as another process lets us.

    SQLite's own waiting sleeps for up to 100 ms at a time, and so misses the short turns that others give.
    """
    connection.exec_driver_sql("PRAGMA busy_timeout=0")  # by this way, so that it counts as in a transaction
    driver: Any = connection.connection.driver_connection
    try:
        until = time.monotonic() + BUSY_SECONDS
        while time.monotonic() < until:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
                time.sleep(TURN_SECONDS)
        connection.execute(text("BEGIN IMMEDIATE"))  # for the error that callers expect
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _postgresql_engine(url: str) -> Engine:
    engine = create_engine(url, pool_size=MOST_CONNECTIONS, max_overflow=0, pool_use_lifo=True, hide_parameters=True)

    @event.listens_for(engine, "connect")
    @event.listens_for(engine, "checkin")
    def _used(_connection: object, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _is_there(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info["used"] < REST_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:  # the server was started anew
            raise InvalidatePoolError from error

    return engine


def _sqlite_engine(url: str, synchronous: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=5,
        max_overflow=40,
        pool_recycle=RECYCLE_SECONDS,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None},
        skip_autocommit_rollback=True,
        hide_parameters=True,
    ).execution_options(isolation_level="AUTOCOMMIT")

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA wal_autocheckpoint=4000")
        cursor.close()

    return engine
