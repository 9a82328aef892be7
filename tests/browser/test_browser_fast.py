"""What is pressed by accident, what was written, and the count of the day."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SETTLED
from tests.browser.test_browser_label import TOPICS, write_images, write_texts


def fill(served: Any, folder: Path) -> None:
    """Images and texts."""
    served.create("images", write_images(folder / "images"), "classification", labels=tuple("0123456789"))
    served.create("texts", write_texts(folder / "texts.jsonl"), "classification", labels=TOPICS)
    served.create("topics", folder / "texts.jsonl", "multilabel", labels=TOPICS)


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    """All projects on one server."""
    return serving(fill)


def test_a_bouncing_key_answers_one_item(served: Any) -> None:
    """The second press of a pair reaches the next item within 150 ms and is ignored, which the page says."""
    person = served.person()
    page = person.label("images")
    first = person.shown
    person.bounce("5", "5")
    page.get_by_text("Too fast").wait_for()
    second = person.moves_on(first)
    person.saved()
    assert person.standing("images") == {first: {"label": "l_6"}}
    page.get_by_test_id("label-choice-l_4").dblclick()
    person.moves_on(second)
    person.saved()
    assert person.standing("images") == {first: {"label": "l_6"}, second: {"label": "l_4"}}
    third = person.shown
    person.bounce("Space", "Space", "f")
    person.moves_on(third)
    person.saved()
    assert [row.kind for row in person.stored("images")] == ["answer", "answer", "skip"]
    assert page.get_by_test_id("reason-flag").count() == 0


def test_undo_is_never_too_fast(served: Any) -> None:
    """Twice in a row, and the items that come back take an answer at once."""
    person = served.person()
    page = person.label("images")
    one, two = person.answer("1"), person.answer("2")
    person.saved()
    person.press("Backspace", "Backspace")
    page.locator(f"[data-testid=item][data-item-id='{one}']").wait_for()
    person.press("3")
    assert person.moves_on(one) == two
    person.saved()
    assert person.standing("images") == {one: {"label": "l_4"}}


def test_toggles_are_not_held_back(served: Any) -> None:
    """A draft harms nobody: only what moves on has to wait."""
    person = served.person()
    page = person.label("topics")
    first = person.shown
    person.press("1", "Enter", "2", "Enter")
    page.locator(f"[data-testid=item]:not([data-item-id='{first}'])").wait_for()
    page.locator("[data-testid=label-choice-l_2][aria-checked=true]").wait_for()
    person.saved()
    assert person.standing("topics") == {first: {"labels": ["l_1"]}}


def test_own_words_are_shown_wherever_the_item_is(served: Any) -> None:
    """In the strip, when the item comes back, after a reload, and in its history; nobody else sees them before."""
    person = served.person("lead")
    page = person.label("texts")
    first = person.shown
    person.press("f")
    page.get_by_test_id("reason-flag").wait_for()
    page.keyboard.type("cut off")
    person.press("Enter")
    second = person.moves_on(first)
    person.press("n")
    page.keyboard.type("two readings")
    person.press("Enter")
    person.says("own-words", "Your note: two readings")
    person.answer("2")
    assert page.get_by_test_id("own-words").count() == 0
    person.saved()
    for _ in ("now", "after a reload"):
        strip = page.get_by_test_id("recent")
        strip.nth(1).get_by_text("cut off").wait_for()
        strip.nth(0).get_by_text("two readings").wait_for()
        page.reload()
        page.locator(SETTLED).wait_for()
    shown = person.shown
    person.press("Shift+Digit1")
    assert person.moves_on(shown) == second
    person.says("own-words", "Your note: two readings")
    person.press("3")
    person.moves_on(second)
    shown = person.shown
    person.press("Shift+Digit2")
    assert person.moves_on(shown) == first
    person.says("own-words", "You flagged it: cut off")
    person.saved()
    rows = person.stored("texts")
    assert [(row.kind, served.reason("texts", row)) for row in rows] == [
        ("flag", "cut off"), ("answer", "two readings"), ("correct", "two readings"), ("undo", None),
    ]  # fmt: skip
    person.open(f"/p/texts/items/i{rows[1].ordinal}")
    page.get_by_text("two readings").first.wait_for()

    colleague = served.person()
    colleague.label("texts")
    assert not re.search("cut off|two readings", colleague.page.locator("body").inner_text())


def test_today_never_runs_backwards(served: Any) -> None:
    """Unsent answers, undo, another page and a reload: the count stays or grows."""
    person = served.person()
    page = person.label("texts")
    count = page.get_by_test_id("own-count")
    page.route("**/annotations", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    for _ in range(3):
        person.answer("1")
    person.says("own-count", "3 today")
    page.reload()
    page.locator(SETTLED).wait_for()
    assert count.inner_text() == "3 today"
    page.unroute("**/annotations")
    page.reload()
    page.locator(SETTLED).wait_for()
    person.saved()
    page.get_by_test_id("recent").nth(2).wait_for()  # what an earlier visit left is stored, so it can be undone
    person.press("Backspace")
    page.locator("[data-testid=item][data-mode=again]").wait_for()
    assert count.inner_text() == "3 today"
    person.answer("2")
    assert count.inner_text() == "3 today"  # the same item counts once
    person.answer("2")
    person.says("own-count", "4 today")
    person.saved()
    page.get_by_role("link", name="Label").click()
    assert count.inner_text() == "4 today"
    person.complaints.clear()
