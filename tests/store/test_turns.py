"""Writers of several processes take turns at one SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from labelwright.store import database
from labelwright.store.database import Database


@pytest.fixture
def opened(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with made.write() as connection:
        connection.execute(text("CREATE TABLE told (n INTEGER)"))
    return made


def holder(opened: Database) -> sqlite3.Connection:
    """Another process's connection, within a transaction that writes."""
    other = sqlite3.connect(opened.url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_a_writer_waits_until_the_other_one_has_ended(opened: Database) -> None:
    other = holder(opened)
    other.execute("INSERT INTO told VALUES (1)")
    threading.Timer(0.2, other.execute, ("COMMIT",)).start()
    with opened.write() as connection:
        assert connection.execute(text("SELECT n FROM told")).scalars().all() == [1]
        connection.execute(text("INSERT INTO told VALUES (2)"))
    with opened.read() as connection:
        assert connection.execute(text("SELECT n FROM told")).scalars().all() == [1, 2]
    other.close()
    opened.close()


def test_who_waits_too_long_is_told(opened: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    other = holder(opened)
    with pytest.raises(OperationalError, match="locked"), opened.write() as connection:
        connection.execute(text("INSERT INTO told VALUES (1)"))
    other.execute("ROLLBACK")
    monkeypatch.undo()
    with opened.write() as connection:  # nothing of it is left behind
        assert connection.execute(text("SELECT count(*) FROM told")).scalar() == 0
    other.close()
    opened.close()
