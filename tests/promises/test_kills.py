"""kill -9 at named points of a cycle and of the server; the shared part is ``benchmarks/kills.py``."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import kills


@pytest.mark.slow
def test_work_goes_on_after_kills_at_named_points(tmp_path: Path) -> None:
    found = kills.kill_at_named_points(tmp_path / "home")
    assert found.n_acknowledged >= 10
    assert found.missing == [] and found.doubled == []
    assert found.refused == [] and found.problems == []
