"""Promise 2, as a table: a share of the laboratory's cases, another part of each table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labs.changes import FILES
from labs.tampering import NOT_COVERED, Case, Laboratory, cases, judged

SHARE = 20
CASES = [case for case in cases() if case.what not in NOT_COVERED]
TRIED = [*CASES[::SHARE], *(case for case in CASES if case.what in FILES)]


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    folder: Path = tmp_path_factory.mktemp("laboratory")
    yield Laboratory(folder)


@pytest.mark.parametrize("case", list(dict.fromkeys(TRIED)), ids=lambda case: case.name)
def test_verify_names_what_was_changed(laboratory: Laboratory, case: Case) -> None:
    assert judged(laboratory.run(case)) is None
