"""Fixtures of the tests of the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from labelwright.services.people import users
from labelwright.services.projects import create


@pytest.fixture
def images(api: Any, tmp_path: Path, train: Any) -> Any:
    """An annotator's client of a project of ten images."""
    (tmp_path / "images").mkdir()
    for k in range(10):
        Image.new("RGB", (16, 16), (25 * k, 10, 200 - 20 * k)).save(tmp_path / "images" / f"{k}.png")
    question = create.QuestionDraft(labels=("dark", "light"))
    create.create(
        api.site, users.first_admin(api.site), create.ProjectDraft("pets", tmp_path / "images", questions=(question,))
    )
    train(api.site)
    return api.as_role("annotator")
