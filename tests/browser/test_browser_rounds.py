"""The page Rounds: read, edited and compared by keyboard; the reminder; the report."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_browser_accessible import AXE, TAGS
from tests.conftest import LABEL, make_api, text_draft, train_until_idle, write_texts


def fill(served: Any, folder: Path) -> None:
    """Two projects with a learning curve, the first with six ended rounds; one that nobody has answered."""
    from labelwright.services.people import users
    from labelwright.services.projects import create

    truth = write_texts(folder / "topics.jsonl", 200)
    admin, _ = users.ensure_admin(served.site)
    for slug in ("topics", "other", "fresh"):
        create.create(served.site, admin, text_draft(slug, folder / "topics.jsonl", goal="accuracy=0.9"))
    train_until_idle(served.site)
    api, rng = make_api(served.site), random.Random(0)
    for slug, n in (("topics", 6), ("other", 5)):
        for k in range(n):
            for lease in api.queue(slug, n=32):
                label = LABEL[truth[lease["item"]["key"]]]
                label = rng.choice(list(LABEL.values())) if rng.random() < 0.3 else label
                assert api.answer(slug, lease, {"label": label}).status_code == 201
            train_until_idle(served.site)
            if slug == "topics" and k == 2:
                body = {"hypothesis": "Doubt finds the confused texts", "strategy": "entropy"}
                assert api.post("/projects/topics/rounds", body).status_code == 201


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


def test_a_lead_edits_a_round_by_keyboard_and_goes_back_to_the_draft(served: Any) -> None:
    person = served.person("lead")
    page = person.open("/p/topics/rounds")
    first = page.get_by_test_id("round-1")
    edit = first.get_by_role("button", name="Edit round 1")
    edit.focus()
    person.press("Enter")
    expect(first.get_by_label("Hypothesis")).to_be_focused()
    page.keyboard.type("Thirty labels are enough to begin")
    first.get_by_label("Note").fill("They were.")
    first.get_by_role("button", name="Save").focus()
    person.press("Enter")
    expect(first).to_contain_text("Thirty labels are enough to begin")
    expect(first).to_contain_text("They were.")
    expect(first.get_by_text("draft", exact=True)).to_have_count(2)  # change and measure
    edit.click()
    first.get_by_label("Hypothesis").fill("")
    first.get_by_label("Note").fill("")
    first.get_by_role("button", name="Save").click()
    expect(first).not_to_contain_text("Thirty labels")
    expect(page.get_by_role("listitem").filter(has_text="Doubt finds the confused texts")).to_contain_text(
        re.compile("Strategy: entropy instead of auto")
    )


def test_rounds_models_and_projects_are_compared(served: Any) -> None:
    page = served.person("lead").open("/p/topics/rounds")
    compare = page.get_by_test_id("compare")
    expect(compare.get_by_test_id("compared")).to_contain_text(re.compile("reserve label|same model"))
    compare.get_by_text("Models", exact=True).click()
    expect(compare.get_by_test_id("compared")).to_contain_text("From the first to the second, accuracy changes by")
    compare.get_by_text("Projects", exact=True).click()
    compare.get_by_role("combobox", name="Another project").click()
    page.get_by_role("option", name="other").click()
    expect(compare.get_by_role("img", name="Accuracy of two projects, with 95 % intervals")).to_be_visible()
    compare.get_by_role("combobox", name="Another project").click()
    page.get_by_role("option", name="fresh").click()
    expect(compare).to_contain_text("A curve needs 30 labels of the reserve in both projects.")


def test_the_reminder_is_answered(served: Any) -> None:
    person = served.person("lead")
    page = person.open("/p/topics/progress")
    page.get_by_test_id("reminder-line").get_by_role("link").click()
    page.wait_for_url("**/p/topics/rounds")
    review = page.get_by_test_id("design-review")
    expect(review).to_contain_text("Dial between doubt and diversity")
    review.get_by_label("What you decide").fill("Stay with entropy.")
    review.get_by_role("button", name="Reviewed").click()
    expect(review).to_contain_text("0 rounds ended since the last review")
    person.open("/p/topics/progress")
    expect(page.get_by_test_id("to-rounds")).to_be_visible()
    expect(page.get_by_test_id("reminder-line")).to_have_count(0)


def test_a_stakeholder_reads_and_opens_the_report(served: Any) -> None:
    person = served.person("stakeholder")
    page = person.open("/p/topics/rounds")
    expect(page.get_by_test_id("round-1")).to_be_visible()
    expect(page.get_by_role("button", name="Edit round 1")).to_have_count(0)
    expect(page.get_by_test_id("new-round")).to_have_count(0)
    with page.context.expect_page() as opened:
        page.get_by_test_id("report").click()
    report = opened.value
    report.wait_for_load_state()
    expect(report.get_by_role("heading", name="What worked and what did not")).to_be_visible()
    band = report.locator("svg path").nth(0).bounding_box()
    assert band is not None and band["width"] > 200 and band["height"] > 20
    report.set_viewport_size({"width": 390, "height": 844})
    assert report.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("size", "scheme"), [((1280, 800), "dark"), ((390, 844), "light"), ((844, 390), "light")])
def test_it_fits_and_axe_finds_nothing(served: Any, size: tuple[int, int], scheme: str) -> None:
    viewport = {"width": size[0], "height": size[1]}
    person = served.person("lead", viewport=viewport, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    found = []
    for path in ("/p/topics/rounds", "/p/fresh/rounds", "/api/v1/projects/topics/report"):
        page = person.open(path)
        page.locator("main").wait_for()
        page.wait_for_timeout(600)
        if path == "/p/topics/rounds":
            page.get_by_role("button", name="Edit round 2").click()
        page.add_script_tag(path=str(AXE))
        result = page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS)
        found += [(path, one["id"], one["nodes"][0]["html"][:200]) for one in result["violations"]]
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert found == []
