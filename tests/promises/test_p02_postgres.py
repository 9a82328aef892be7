"""Promise 2 with rows on PostgreSQL: verify names the same edits there, made by SQL past our code."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.databases import make_database
from labelwright.services.record.verify import verify
from labelwright.services.site.moving import move
from labelwright.services.site.settings import load
from tests.conftest import Prepared, make_site
from tests.promises.test_p02_record import TAMPERING

_names = itertools.count()
COLUMNS = "SELECT ordinal_position, column_name FROM information_schema.columns WHERE table_name = '{}' ORDER BY 1"


class Sql:
    """A connection to PostgreSQL that takes the statements which the tests of SQLite run; JSON comes as its text."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Any = ()) -> Sql:
        if (asked := re.fullmatch(r"PRAGMA table_info\((\w+)\)", statement)) is not None:
            statement = COLUMNS.format(asked[1])
        self._cursor = self._connection.execute(statement.replace("?", "%s"), values)
        return self

    def fetchone(self) -> Any:
        return next(iter(self), None)

    def fetchall(self) -> list[Any]:
        return list(self)

    def __iter__(self) -> Any:
        for row in self._cursor.fetchall():
            yield tuple(json.dumps(value) if isinstance(value, dict | list) else value for value in row)


@pytest.fixture(scope="module")
def moved_once(lived_once: Prepared, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a project after some life, whose rows are in the database ``p02``."""
    home = tmp_path_factory.mktemp("moved") / "home"
    shutil.copytree(lived_once.home, home)
    move(load({"home": home}, environ={}), make_database(postgres, "p02"))
    return home


@pytest.mark.parametrize(("how", "said"), TAMPERING, ids=[how.__name__ for how, _ in TAMPERING])
def test_verify_names_what_was_tampered_with(
    moved_once: Path, postgres: str, tmp_path: Path, how: Callable[[Any, Path], None], said: str
) -> None:
    import psycopg

    name, home = f"p02_{next(_names)}", tmp_path / "home"
    with psycopg.connect(postgres.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE p02")
    shutil.copytree(moved_once, home)
    site = make_site(home, postgres.format(name=name))
    try:
        assert verify(site, "topics").problems == []
        with psycopg.connect(postgres.format(name=name)) as connection:
            how(Sql(connection), home)
        problems = verify(site, "topics").problems
    finally:
        site.close()
    assert any(said in problem for problem in problems), problems
