"""A lead names the labels, sees what changed since by whom and why, and lets an older model serve and the newest again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts import keep_project
from tests.browser.test_browser_accessible import AXE, LOOKS, SIZES, TAGS


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(lambda served, _: keep_project.make(served.home))


def test_a_lead_names_the_labels_and_sees_what_changed(served: Any) -> None:
    lead = served.person("lead")
    page = lead.open("/p/topics/progress")
    page.get_by_role("link", name="Versions").click()
    page.get_by_test_id("versions").wait_for()
    page.get_by_role("button", name="Name the labels of now").click()
    page.get_by_label("Name", exact=True).fill("Paper 1")
    page.get_by_role("button", name="Name it").click()
    page.get_by_text("name must be 1 to 80 of the characters").wait_for()
    page.get_by_label("Name", exact=True).fill("paper-1")
    page.get_by_label("What it is for").fill("as reported")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Name it").click()
    row = page.get_by_test_id("versions").get_by_role("row").nth(1)
    row.get_by_text("paper-1").wait_for()
    row.get_by_text("as reported").wait_for()
    with page.expect_download() as download:
        row.get_by_role("button", name="Export paper-1").click()
        page.get_by_role("menuitem", name="CSV").click()
    assert Path(download.value.path()).read_text().startswith("id,")
    page.get_by_role("button", name="Compare with now: lv-1").click()
    changes = page.get_by_test_id("changes")
    changes.get_by_text("added").first.wait_for()
    n_all = changes.get_by_role("row").count()
    page.get_by_text("changed 0").click()
    page.get_by_text("No label differs.").wait_for()
    page.get_by_text("all ", exact=False).first.click()
    changes.wait_for()
    assert changes.get_by_role("row").count() == n_all > 5
    lead.says("question-diff", "0 labels, then")
    lead.complaints = [one for one in lead.complaints if "422" not in one]  # the refused name
    assert lead.complaints == []


def test_an_older_model_serves_and_then_the_newest_again(served: Any) -> None:
    lead = served.person("lead")
    page = lead.open("/p/topics/versions")
    models = page.get_by_test_id("models")
    models.wait_for()
    oldest = models.get_by_role("row").last
    oldest.get_by_role("button", name="Card of").click()
    page.get_by_test_id("card").get_by_role("heading", name="What the figures do not tell").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as Markdown").click()
    assert Path(download.value.path()).read_text().startswith("# Model m-")
    page.keyboard.press("Escape")
    page.get_by_test_id("card").wait_for(state="detached")
    oldest.get_by_role("button", name="serve").click()
    page.get_by_text("until somebody chooses otherwise").wait_for()
    page.get_by_label("Why").fill("steadier")
    page.get_by_test_id("confirm").click()
    oldest.get_by_text("chosen").wait_for()
    page.get_by_role("button", name="Let the newest serve again").click()
    page.get_by_test_id("confirm").click()
    oldest.get_by_text("older").wait_for()
    models.get_by_role("row").nth(1).get_by_text("serves").wait_for()
    assert lead.complaints == []


def test_an_auditor_reads_and_changes_nothing(served: Any) -> None:
    auditor = served.person("auditor")
    page = auditor.open("/p/topics/versions")
    page.get_by_test_id("models").wait_for()
    assert page.get_by_role("button", name="Name the labels").count() == 0
    assert page.get_by_role("button", name="serve").count() == 0
    assert page.get_by_role("button", name="Card of").count() > 0


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=["-".join(look) for look in LOOKS])
def test_axe_finds_nothing_on_a_difference_and_a_card(served: Any, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    person = served.person(
        "lead", viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True,
        reduced_motion="reduce",
    )  # fmt: skip
    page = person.open("/p/topics/versions")
    page.get_by_role("button", name="Compare with now: lv-1").click()
    page.get_by_test_id("changes").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for opened in (False, True):
        if opened:
            page.get_by_role("button", name="Card of").first.click()
            page.get_by_test_id("card").wait_for()
        page.wait_for_timeout(300)
        page.add_script_tag(path=str(AXE))
        result = page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS)
        found = [
            (one["id"], node["target"])
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]
        assert found == []
