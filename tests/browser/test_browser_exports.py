"""Files of another tool on Create, and exports in its format from Progress, with what had to be left out."""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_browser_create import drop

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def tasks() -> str:
    """Forty tasks of Label Studio, each with the annotations of two people."""
    return json.dumps([
        {"id": k, "data": {"text": f"this is the text number {k} of all the texts"}, "annotations": [
            {"result": [{"from_name": "t", "to_name": "x", "type": "choices", "value": {"choices": [one]}}]}
            for one in ("bad", ("good", "bad")[k % 2])
        ]}
        for k in range(40)
    ])  # fmt: skip


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    """A server without a project."""
    return serving(lambda served, folder: None)


def photo(page: Any, name: str) -> None:
    """A picture for whoever wants to look, in the folder that the environment names."""
    if folder := os.environ.get("LABELWRIGHT_PHOTOS"):
        page.screenshot(path=f"{folder}/{name}.png")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_tasks_of_label_studio_come_in_and_go_out(served: Any, tmp_path: Path, size: str) -> None:
    person = served.person("admin", **(PHONE if size == "phone" else {}))
    page = drop(person, tmp_path / f"tasks-{size}.json", tasks())
    expect(
        page.get_by_text("Further annotations of the same tasks left out, as the last one counts: 40.")
    ).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    photo(page, f"create-{size}")
    page.get_by_test_id("start").click()
    page.wait_for_url(re.compile(f"/p/tasks-{size}"))
    person.open(f"/p/tasks-{size}/progress")
    page.get_by_role("button", name="Export", exact=True).click()
    page.get_by_role("menuitem", name="Other formats").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("With metadata (Croissant)").click()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.namelist() == [
            f"tasks-{size}.label-studio.json", f"tasks-{size}.label-studio.json.croissant.json",
        ]  # fmt: skip
        assert len(json.loads(archive.read(archive.namelist()[0]))) == 40
    expect(dialog.get_by_role("status")).to_contain_text("It holds everything that the export has.")
    dialog.get_by_role("combobox", name="Format").click()
    page.get_by_role("option", name="Argilla").click()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == f"tasks-{size}.zip"
    expect(dialog.get_by_role("status")).to_contain_text("times and reasons of single answers")
    expect(dialog.get_by_role("button", name="Download")).to_be_enabled()
    photo(page, f"export-{size}")
