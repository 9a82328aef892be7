"""Promise 2 with rows on PostgreSQL, every day: verify names the same edits there, made by SQL past our code.

The other promises run on PostgreSQL where LABELWRIGHT_TEST_POSTGRES is set, as ``make test-all`` does.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.databases import make_database
from labelwright.services.record.verify import verify
from labelwright.services.site.moving import move
from labelwright.services.site.settings import load
from labs.raw import Raw, raw_rows
from tests.conftest import Prepared, make_site
from tests.promises.test_p02_record import TAMPERING

_names = itertools.count()
pytestmark = pytest.mark.skipif(
    bool(os.environ.get("LABELWRIGHT_TEST_POSTGRES")), reason="test_p02_record.py itself runs on PostgreSQL then"
)


@pytest.fixture(scope="module")
def moved_once(lived_once: Prepared, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a project after some life, whose rows are in the database ``p02``."""
    home = tmp_path_factory.mktemp("moved") / "home"
    shutil.copytree(lived_once.home, home)
    move(load({"home": home}, environ={}), make_database(postgres, "p02"))
    return home


@pytest.mark.parametrize(("how", "said"), TAMPERING, ids=[how.__name__ for how, _ in TAMPERING])
def test_verify_names_what_was_tampered_with(
    moved_once: Path, postgres: str, tmp_path: Path, how: Callable[[Raw, Path], None], said: str
) -> None:
    home = tmp_path / "home"
    url = make_database(postgres, f"p02_{next(_names)}", like="p02")
    shutil.copytree(moved_once, home)
    with closing(make_site(home, url)) as site:
        assert verify(site, "topics").problems == []
        with raw_rows(home, url) as db:
            how(db, home)
        problems = verify(site, "topics").problems
    assert any(said in problem for problem in problems), problems
