"""The page Evaluation: from a confusion to its items, to review, and a table as a file."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_browser_accessible import AXE, TAGS
from tests.conftest import LABEL, make_api, split_of, text_draft, train_until_idle, write_texts


def fill(served: Any, folder: Path) -> None:
    """A project of 200 labeled texts, people erring on a third of the reserve; and one without a model."""
    from labelwright.services.people import users
    from labelwright.services.projects import create

    truth = write_texts(folder / "topics.jsonl", 200)
    admin, _ = users.ensure_admin(served.site)
    create.create(served.site, admin, text_draft("topics", folder / "topics.jsonl"))
    create.create(served.site, admin, text_draft("fresh", folder / "topics.jsonl"))
    train_until_idle(served.site)
    api, rng = make_api(served.site), random.Random(0)
    for _ in range(5):
        for lease in api.queue("topics", n=40):
            label = LABEL[truth[lease["item"]["key"]]]
            if split_of(served.site.project("topics"), lease) != "pool" and rng.random() < 0.33:
                label = rng.choice([one for one in LABEL.values() if one != label])
            assert api.answer("topics", lease, {"label": label}).status_code == 201
        train_until_idle(served.site)


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


def test_a_confusion_leads_to_its_items_and_to_review_by_keyboard(served: Any) -> None:
    person = served.person("lead")
    page = person.open("/p/topics/evaluation")
    cell = page.get_by_test_id("evaluation-errors").locator("td button:not([data-right])").first
    n = int(re.match(r"\d+", cell.get_attribute("aria-label"))[0])  # type: ignore[index]
    cell.focus()
    person.press("Enter")
    items = page.get_by_test_id("cell-items")
    expect(items.get_by_role("listitem")).to_have_count(n)
    items.get_by_role("button", name=re.compile("to review")).click()
    expect(items.get_by_role("status")).to_have_text(re.compile(rf"{n} items? and {n} agreeing ones wait in Review"))
    items.get_by_role("link").first.click()
    page.wait_for_url("**/p/topics/items/i*")
    person.open("/p/topics/review")
    expect(page.get_by_text("Labels that measure", exact=True)).to_have_count(2 * n)


def test_a_table_and_a_chart_are_files(served: Any) -> None:
    page = served.person("lead").open("/p/topics/evaluation")
    with page.expect_download() as table:
        page.get_by_role("button", name="Download: topics classes").click()
    with Path(table.value.path()).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert table.value.suggested_filename == "topics-classes.csv"
    assert {row["class"] for row in rows} == set(LABEL) and all(
        float(row["recall_low"]) >= 0 for row in rows if row["recall_low"]
    )
    for entry, begins in (("Picture (SVG, for papers)", b"<svg"), ("Picture (PNG)", b"\x89PNG")):
        page.get_by_role("button", name="Download: topics Calibration").click()
        with page.expect_download() as picture:
            page.get_by_role("menuitem", name=entry).click()
        assert Path(picture.value.path()).read_bytes().startswith(begins)


def test_slices_open_and_a_metric_is_asked_for(served: Any) -> None:
    page = served.person("lead").open("/p/topics/evaluation")
    slices = page.get_by_test_id("evaluation-slices")
    slices.get_by_label("Items with the words").fill("team")
    slices.get_by_role("button", name="Slice", exact=True).click()
    slices.get_by_role("button", name="Words: with the words").click()
    expect(page.get_by_test_id("slice-items").get_by_role("link", name="Show all in Items")).to_be_visible()
    metrics = page.get_by_test_id("evaluation-metrics")
    metrics.get_by_label("Another metric").click()
    page.get_by_role("option", name="Recall at a precision").click()
    metrics.get_by_role("button", name="Measure").click()
    expect(metrics.get_by_role("rowheader").filter(has_text="Recall at a precision")).to_have_count(1)


def test_before_there_is_a_model_the_page_says_so(served: Any) -> None:
    page = served.person("lead").open("/p/fresh/evaluation")
    expect(page.get_by_role("heading", name="No model yet")).to_be_visible()


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 800, "light"), (390, 844, "dark"), (844, 390, "light")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    served: Any, width: int, height: int, scheme: str
) -> None:
    person = served.person(
        "lead", viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True,
        reduced_motion="reduce",
    )  # fmt: skip
    page = person.open("/p/topics/evaluation")
    page.get_by_test_id("evaluation-worst").wait_for()
    page.get_by_test_id("evaluation-errors").locator("td button:not([data-right])").first.click()
    page.get_by_test_id("cell-items").wait_for()
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS)
    serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in serious] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
