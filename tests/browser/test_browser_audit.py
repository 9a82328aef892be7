"""An auditor, with that role alone, finds who answered an item and keeps the receipt."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts import keep_project


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(lambda served, _: keep_project.make(served.home))


def test_an_auditor_reads_who_did_what_and_keeps_the_receipt(served: Any) -> None:
    auditor = served.person("auditor")
    page = auditor.open("/p/topics/progress")
    page.get_by_role("link", name="Audit").click()
    page.get_by_test_id("events").wait_for()
    with page.expect_download() as download:
        page.get_by_test_id("receipt").click()
    receipt = json.loads(Path(download.value.path()).read_text())
    assert receipt["seq"] > 10 and receipt["signature"]
    auditor.says("audit-title", f"{receipt['seq']} events")
    page.get_by_test_id("kind").click()
    page.get_by_role("option", name="annotation (").click()
    page.wait_for_url("**kind=annotation**")
    first = page.get_by_test_id("events").get_by_role("listitem").first
    first.get_by_text("One person's answer").wait_for()
    first.get_by_text("Details").click()
    first.get_by_text('"kind": "annotation"').wait_for()
    page.get_by_label("To", exact=True).fill("2020-01-01")
    page.get_by_text("No such event").wait_for()
    page.get_by_role("button", name="Show all").click()
    page.get_by_test_id("events").wait_for()
    assert auditor.complaints == []
