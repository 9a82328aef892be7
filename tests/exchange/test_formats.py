"""Formats: each is held to the shared checks; what one writes, it reads; a broken file is one error with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labelwright.exchange import formats, open_source
from labelwright.testing import FORMAT_CHECKS

FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"


@pytest.mark.parametrize("check", FORMAT_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", formats())
def test_every_format_passes_the_shared_checks(name: str, check: Any, tmp_path: Path) -> None:
    check(formats()[name], tmp_path)


def read(path: Path) -> list[dict[str, object]]:
    return [record.cells for record in open_source(path)]
