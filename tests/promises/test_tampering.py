"""Promise 2, as a table: a share of the laboratory's cases, another part of each table."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from labs.changes import FILES
from labs.tampering import NOT_COVERED, Case, Laboratory, cases, judged

SHARE = 20
CASES = [case for case in cases() if case.what not in NOT_COVERED]
TRIED = [*CASES[::SHARE], *(case for case in CASES if case.what in FILES)]


@pytest.fixture(scope="module")
def laboratory(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    """With rows where the environment says."""
    folder: Path = tmp_path_factory.mktemp("laboratory")
    server = request.getfixturevalue("postgres") if os.environ.get("LABELWRIGHT_TEST_POSTGRES") else None
    yield Laboratory(folder, server)


@pytest.mark.parametrize("case", list(dict.fromkeys(TRIED)), ids=lambda case: case.name)
def test_verify_names_what_was_changed(laboratory: Laboratory, case: Case) -> None:
    assert judged(laboratory.run(case)) is None
