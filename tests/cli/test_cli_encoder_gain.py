"""What a measured gain of refined features is told as: by `labelwright encoders` and over HTTP, for the page."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from labelwright.cli.main import group
from tests.engine.test_refined import SPEC, enter, refining

__all__ = ["refining"]


def told(site: Any) -> tuple[str, str]:
    """The line below the refined encoder in the command, and the field of the same encoder over HTTP."""
    listed = site.api.get("/projects/topics/encoders").json()["encoders"]
    arguments = ["--home", str(site.settings.home), "encoders", "topics"]
    lines = CliRunner().invoke(group, arguments, catch_exceptions=False).output.splitlines()
    (at,) = (k for k, line in enumerate(lines) if line[2:].startswith(f"{SPEC}:") or f" {SPEC} with" in line)
    return lines[at + 1], next(one["gain"] for one in listed if one["spec"] == SPEC)


@pytest.mark.parametrize(("low", "start"), [(0.1, "Gain measured on "), (-0.01, "No gain measured on ")])
def test_the_gain_of_refined_features_is_told(refining: Any, low: float, start: str) -> None:
    assert "once there are 50 training labels" in told(refining)[1]
    enter(refining.topics, low)
    line, field = told(refining)
    assert line == f"    {field}" and field.startswith(start)
    assert f"{low + 0.1:+.3f} ({low:+.3f} to {low + 0.2:+.3f}) by accuracy" in field
