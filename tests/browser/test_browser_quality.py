"""Checks and reviews in the browser: rules are set, people disagree, a reviewer decides by keys, guidelines change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from labelwright.store import tables as t
from tests.browser.conftest import SETTLED
from tests.browser.test_browser_label import write_texts


def fill(served: Any, folder: Path) -> None:
    source = write_texts(folder / "letters.jsonl")
    served.create("letters", source, "classification", labels=("one", "two"), guidelines="Count the letters.")


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


def reviews(served: Any) -> list[Any]:
    """The reviews as stored, in order."""
    with served.site.project("letters").read() as rows:
        return list(rows.all(rows.select(t.review).order_by(t.review.c.seq)))


def set_overlap(lead: Any, people: int) -> None:
    """Set on the settings page how many people answer an item."""
    page = lead.open("/p/letters/settings")
    section = page.get_by_test_id("settings-quality")
    section.get_by_label("People for each item").fill(str(people))
    section.get_by_role("button", name="Save").click()
    section.get_by_text("Saved").wait_for()


def disagree(served: Any) -> None:
    """Two people answer the first items, one always with one, the other with two, until they differ on three."""
    ann, bob = served.person("annotator"), served.person("annotator")
    for person, key in ((ann, "1"), (bob, "2")):
        person.label("letters")
        for _ in range(20):
            if person is bob and len(reviews(served)) >= 3:
                break
            person.answer(key)
        person.saved()


def test_a_lead_sets_overlap_and_a_reviewer_decides_by_keys(served: Any) -> None:
    set_overlap(served.person("lead"), 2)
    disagree(served)
    opened = reviews(served)
    assert [row.cause for row in opened] == ["conflict"] * len(opened) and len(opened) >= 2

    eve = served.person("reviewer")
    page = eve.open("/p/letters/review")
    review = page.get_by_test_id("review")
    review.get_by_text("2 people disagree.").wait_for()
    assert review.get_by_label("What people said").get_by_text("one", exact=True).count() >= 1
    page.get_by_text("Count the letters.").wait_for()
    eve.press("2")
    review.get_by_label("Reason, shown to the annotators").fill("it has two parts")
    page.keyboard.press("Tab")
    page.locator("body").click(position={"x": 5, "y": 400})
    eve.press("Enter")
    page.get_by_text(f"Open {len(opened) - 1}").wait_for()
    expect(review.get_by_label("Reason, shown to the annotators")).to_have_value("")  # the next one is shown
    eve.press("k")
    page.get_by_text("Decided 2").wait_for()
    first, second, *_ = reviews(served)
    assert (first.outcome, first.answer) == ("label", {"label": "l_2"})
    assert second.outcome == "keep"


def test_a_double_click_decides_once(served: Any) -> None:
    eve = served.person("reviewer")
    page = eve.open("/p/letters/review")
    left = [row for row in reviews(served) if row.state == "open"]
    if not left:
        pytest.fail("the test before left no review")
    page.get_by_test_id("review").get_by_role("button", name="Keep the label").dblclick()
    page.get_by_text(f"Decided {len(reviews(served)) - len(left) + 1}").wait_for()
    decided = [row for row in reviews(served) if row.state == "decided"]
    assert len({row.last_seq for row in decided}) == len(decided)
    eve.complaints = [one for one in eve.complaints if "409" not in one]  # the second click comes too late


def test_changed_guidelines_come_before_the_next_item(served: Any) -> None:
    ann = served.person("annotator")
    page = ann.label("letters")
    ann.answer("1")
    ann.saved()
    lead = served.person("lead")
    settings = lead.open("/p/letters/settings")
    settings.get_by_test_id("guidelines-text").fill("Count the letters.\nA ligature is one.")
    settings.get_by_test_id("guidelines-save").click()
    settings.locator("[data-testid=guidelines-save]:disabled:not([data-loading])").wait_for()
    page.reload()
    news = page.get_by_test_id("news")
    news.get_by_text("A ligature is one.").wait_for()
    ann.press("Enter")
    page.locator(SETTLED).wait_for()
    with served.site.project("letters").read() as rows:
        assert rows.scalar(rows.select(t.guideline_seen.c.version)) == 2
    item = ann.answer("2")
    ann.saved()
    assert item and ann.stored("letters")[-1].guideline_version == 2


def test_a_proposed_example_is_pinned_and_shown_beside_the_item(served: Any) -> None:
    lead = served.person("lead")
    page = lead.open("/p/letters/settings")
    examples = page.get_by_test_id("examples")
    examples.get_by_text("one or two?").wait_for()
    examples.get_by_placeholder("The rule behind it").first.fill("parts count")
    examples.get_by_role("button", name="Pin").first.click()
    examples.get_by_role("button", name="Take away").wait_for()
    ann = served.person("annotator")
    ann.label("letters")
    ann.says("guidelines", "parts count")


def test_an_empty_queue_of_reviews_says_what_will_be_here(served: Any) -> None:
    eve = served.person("auditor")
    page = eve.open("/p/letters/review")
    page.get_by_text("To approve 0").click()
    page.get_by_text("No change waits for approval").wait_for()
    assert page.get_by_role("button", name="Look for labels in doubt").count() == 0
