"""A site of its own, and a Label Studio where one is installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bridges.label_studio import LabelStudio
from tests.conftest import Prepared, make_site

EXECUTABLE = "LABELWRIGHT_TEST_LABEL_STUDIO"


@pytest.fixture(scope="session")
def started_label_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabelStudio]:
    """A real Label Studio; the variable names its executable."""
    executable = os.environ.get(EXECUTABLE)
    if not executable:
        pytest.skip(f"set {EXECUTABLE} to the executable of an installed Label Studio")
    started = LabelStudio(executable, tmp_path_factory.mktemp("label-studio"))
    try:
        yield started.start()
    finally:
        started.kill()


@pytest.fixture
def label_studio(started_label_studio: LabelStudio) -> LabelStudio:
    """The same without projects: every home here is a copy of one, whose project would be found again."""
    lead = started_label_studio.lead()
    for project in lead.ask("GET", "/api/projects?page_size=100")["results"]:
        lead.ask("DELETE", f"/api/projects/{project['id']}/")
    return started_label_studio


@pytest.fixture
def home(trained_once: Prepared, tmp_path: Path) -> Path:
    """A copy of the home with the project "topics"."""
    shutil.copytree(trained_once.home, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def trained_site(home: Path) -> Iterator[Any]:
    """Its site."""
    made = make_site(home)
    yield made
    made.close()
