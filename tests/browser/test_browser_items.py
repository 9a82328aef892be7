"""Items: notes and reasons in the table, whole on focus and on the item's page; columns that people choose."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_browser_label import write_texts

LONG = "The first half is about sport and the second half about food, so that both labels would fit."


def fill(served: Any, folder: Path) -> None:
    """A project of two labels."""
    served.create("notes", write_texts(folder / "texts.jsonl"), "classification", labels=("one", "two"))


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    """A server with a project in which somebody wrote a note to an answer and a reason to a flag."""
    made = serving(fill)
    annotate(made)
    return made


def annotate(served: Any) -> None:
    """Answer, flag and skip as somebody else."""
    from labelwright.services.labeling import annotations, queue
    from labelwright.services.people import users
    from labelwright.services.people.roles import SYSTEM

    users.add(served.site, SYSTEM, email="ada@example.com", name="Ada", role="annotator")
    ada = users.by_email(served.site, "ada@example.com")
    kinds = (("answer", LONG), ("flag", "two pages in one"), ("skip", None))
    for (kind, reason), lease in zip(kinds, queue.take(served.site, ada, "notes", n=3).leases, strict=True):
        given = annotations.Given.of(
            answer_id=str(uuid.uuid4()), lease_id=lease.id, item_id=lease.item.id, kind=kind, reason=reason,
            answer={"label": "l_1"} if kind == "answer" else None, seconds=1.0,
        )  # fmt: skip
        annotations.give(served.site, ada, "notes", [given])


def test_notes_are_listed_in_short_and_read_whole_on_focus_and_on_the_items_page(served: Any) -> None:
    page = served.person("admin").open("/p/notes/items?show=noted")
    expect(page.get_by_test_id("item-count")).to_have_text("2 items")
    row = page.get_by_test_id("item-row").filter(has_text="The first half")
    note = row.get_by_test_id("notes")
    expect(note).to_have_text(f"Note: {LONG}")
    note.focus()
    tooltip = page.get_by_role("tooltip")
    expect(tooltip).to_contain_text("Note · Ada")
    expect(tooltip).to_contain_text(LONG)
    expect(row).to_contain_text("1")
    row.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text(LONG)
    expect(page.locator("main")).to_contain_text("answer · Ada · asked as")


def test_an_empty_filter_says_what_would_be_here(served: Any) -> None:
    page = served.person("admin").open("/p/notes/items?show=excluded")
    page.get_by_role("heading", name="No item is excluded").wait_for()
    page.get_by_role("button", name="Show all items").click()
    page.get_by_test_id("item-row").first.wait_for()
    expect(page.get_by_test_id("show")).to_have_value("All")


def test_columns_are_chosen_by_keyboard_and_remembered(served: Any) -> None:
    person = served.person("admin")
    page = person.open("/p/notes/items")
    heads = page.get_by_role("columnheader")
    expect(heads.filter(has_text="Asked as")).to_have_count(1)
    page.get_by_test_id("columns").focus()
    person.press("Enter")
    item = page.get_by_role("menuitemcheckbox", name="Asked as")
    expect(item).to_have_attribute("aria-checked", "true")
    item.focus()
    person.press("Enter")
    expect(item).to_have_attribute("aria-checked", "false")
    person.open("/p/notes/items")
    page.get_by_test_id("item-row").first.wait_for()
    expect(heads.filter(has_text="Asked as")).to_have_count(0)
    expect(heads.filter(has_text="Notes")).to_have_count(1)
    page.get_by_test_id("columns").click()
    page.get_by_role("menuitem", name="Default columns").click()
    expect(heads.filter(has_text="Asked as")).to_have_count(1)


def test_a_table_that_is_too_wide_for_a_phone_is_scrolled_in_its_own_frame(served: Any) -> None:
    page = served.person("admin", viewport={"width": 390, "height": 844}).open("/p/notes/items")
    page.get_by_test_id("item-row").first.wait_for()
    wide = "document.documentElement.scrollWidth > innerWidth"
    frame = page.get_by_role("region", name="Items")
    scrolls = "frame => frame.scrollWidth > frame.clientWidth"
    assert not page.evaluate(wide) and not frame.evaluate(scrolls)
    page.get_by_test_id("columns").click()
    for name in ("Prediction", "Asked as", "Part", "Answers"):
        page.get_by_role("menuitemcheckbox", name=name).click()
    page.keyboard.press("Escape")
    assert not page.evaluate(wide) and frame.evaluate(scrolls)
    frame.focus()
    page.keyboard.press("ArrowRight")
    frame.evaluate(
        "frame => new Promise(done => frame.scrollLeft > 0 ? done() : frame.addEventListener('scroll', done))"
    )
