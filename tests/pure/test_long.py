"""The list of long tests names tests that there are, so that one that was renamed does not come back unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LISTED = (ROOT / "tests" / "long.txt").read_text("utf-8").split()


@pytest.mark.parametrize("place", sorted({one.partition("::")[0] for one in LISTED}))
def test_a_long_test_is_there(place: str) -> None:
    text = (ROOT / place).read_text("utf-8")
    for one in LISTED:
        if one.startswith(f"{place}::"):  # else the whole file is long
            assert f"def {one.partition('::')[2]}(" in text, f"{one} is not there any more; take it out of the list"
