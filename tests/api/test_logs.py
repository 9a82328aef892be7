"""Logs and the doctor's bundle hold types and places of errors, never what an item, an answer or a name says."""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DatabaseError

from labelwright.server.logs import JsonFormatter, set_up
from labelwright.services.site import doctor
from labelwright.store import site_tables as st

MARKER = "a secret diagnosis"


@pytest.fixture
def log_file(any_api: Any) -> Iterator[Path]:
    """The server's log, as `serve` sets it up."""
    root = logging.getLogger("labelwright")
    before = (root.handlers[:], root.level, root.propagate)
    path = Path(any_api.site.settings.home) / "logs" / "server.log"
    path.parent.mkdir()
    set_up("DEBUG", str(path))
    yield path
    for handler in root.handlers:
        handler.close()
    root.handlers[:], root.level, root.propagate = before


def bundled(site: Any) -> str:
    """Everything in the doctor's bundle."""
    with zipfile.ZipFile(doctor.bundle(site, doctor.examine(site))) as bundle:
        return "\n".join(bundle.read(name).decode() for name in bundle.namelist())


def test_a_statement_that_fails_tells_no_log_what_it_stores(any_api: Any, log_file: Path) -> None:
    with any_api.site.store.write() as connection:
        connection.execute(text("ALTER TABLE token RENAME COLUMN name TO renamed"))
    assert any_api.post("/tokens", {"name": MARKER}).status_code == 500
    logged = log_file.read_text()
    line = next(line for line in map(json.loads, logged.splitlines()) if line["message"] == "unexpected error")
    assert line["error"] in ("OperationalError", "ProgrammingError") and line["frames"][-1].startswith("make_token")
    assert MARKER not in logged and MARKER not in bundled(any_api.site)


def test_what_a_database_says_is_not_logged_either(any_site: Any) -> None:
    row = {"secret_hash": MARKER, "person_id": "p", "expires_at": 0.0, "used_at": None}
    with pytest.raises(DatabaseError) as failed, any_site.store.write() as connection:
        connection.execute(insert(st.link), [row])
        connection.execute(insert(st.link), [row])
    if any_site.store.database.is_sqlite:  # PostgreSQL's own message quotes the key
        assert MARKER not in str(failed.value)
    error = (type(failed.value), failed.value, failed.tb)
    record = logging.LogRecord("labelwright", logging.ERROR, __file__, 1, "it failed", (), error)
    assert MARKER not in JsonFormatter().format(record)


def test_a_log_of_an_earlier_version_is_bundled_without_what_errors_said(site: Any) -> None:
    log = Path(site.settings.home) / "logs" / "worker.log"
    log.parent.mkdir()
    old = {
        "level": "ERROR",
        "message": "cycle failed",
        "error": "OperationalError",
        "where": [f"[parameters: ('{MARKER}',)]"],
    }
    log.write_text(f"{MARKER}: half a line\n" + json.dumps(old) + "\n" + f"Traceback: {MARKER}\n")
    told = bundled(site)
    assert "cycle failed" in told and "OperationalError" in told and MARKER not in told
