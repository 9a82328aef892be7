"""Promises 1 and 2 under faults: a share of the laboratory's experiments, each in processes of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    return done.stdout


@pytest.mark.skipif(shutil.which("cc") is None, reason="the faults are injected by a library that is compiled here")
@pytest.mark.parametrize("act", ["answers", "import", "upgrade"])
def test_nothing_acknowledged_is_lost_when_a_call_fails(act: str) -> None:
    said = run("labs.faults", "--points", "1", "--acts", act)
    assert said.endswith("4 faults, 0 problems\n")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("cc") is None, reason="the faults are injected by a library that is compiled here")
def test_an_erasure_that_was_interrupted_is_finished_and_leaves_nothing() -> None:
    assert run("labs.faults", "--points", "3", "--acts", "erasure").endswith("12 faults, 0 problems\n")


def test_nothing_is_altered_or_lost_by_interruptions() -> None:
    assert run("labs.interrupted", "--share", "6").endswith("6 interruptions, 0 problems\n")
