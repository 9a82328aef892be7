"""The evidence is downloaded from the audit page; a name is erased on the people page, by keyboard, after a question."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labelwright.services.people import users
from labelwright.services.record.verify import verify
from scripts import keep_project


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(lambda served, _: keep_project.make(served.home))


def test_an_auditor_downloads_the_evidence(served: Any, tmp_path: Path) -> None:
    auditor = served.person("auditor", accept_downloads=True)
    page = auditor.open("/p/topics/audit")
    with page.expect_download() as download:
        page.get_by_test_id("evidence").click()
    download.value.save_as(tmp_path / "evidence.zip")
    assert download.value.suggested_filename == "topics.evidence.zip"
    with zipfile.ZipFile(tmp_path / "evidence.zip") as file:
        assert {"events.jsonl", "verify.py", "manifest.json"} <= set(file.namelist())


def test_an_admin_erases_a_name(served: Any) -> None:
    admin = served.person("admin")
    users.add(served.site, admin.actor, email="zenobia@example.com", name="Zenobia", role="annotator")
    page = admin.open("/people")
    row = page.get_by_test_id("account-zenobia@example.com")
    row.get_by_test_id("actions").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("erase").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("confirm").focus()
    page.keyboard.press("Enter")
    row.wait_for(state="detached")
    assert "Zenobia" not in page.content()
    erased = page.locator("[data-state=erased]")
    erased.wait_for()
    assert erased.count() == 1 and erased.get_by_test_id("actions").count() == 0


def test_a_lead_erases_an_item(served: Any) -> None:
    lead = served.person("lead")
    page = lead.open("/p/topics/items/i0")
    key = page.locator("h1 .lw-clip").inner_text()
    page.get_by_test_id("erase").click()
    assert page.get_by_test_id("erase-now").is_disabled()
    page.get_by_test_id("erase-reason").fill("The patient asked for it.")
    page.get_by_test_id("erase-key").fill(key)
    page.get_by_test_id("erase-now").click()
    page.get_by_test_id("erased").wait_for()
    page.get_by_test_id("erased").get_by_role("button").click()
    page.get_by_text("The content of this item was erased.").wait_for()
    assert page.get_by_test_id("include").count() == 0 and page.get_by_test_id("erase").count() == 0
    page.get_by_text("Content erased").wait_for()  # in its life
    assert verify(served.site, "topics").problems == [] and lead.complaints == []
