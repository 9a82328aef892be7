"""One person, one project, two tabs: the second says so, and the person chooses where to go on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SETTLED
from tests.browser.test_browser_label import TOPICS, write_texts


def fill(served: Any, folder: Path) -> None:
    """Two projects of the same texts."""
    texts = write_texts(folder / "texts.jsonl")
    served.create("texts", texts, "classification", labels=TOPICS)
    served.create("other", texts, "classification", labels=TOPICS)


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    """Both projects on one server."""
    return serving(fill)


def second_tab(person: Any, slug: str) -> Any:
    """The label page in another tab of the same browser."""
    page = person.context.new_page()
    page.goto(f"{person.served.base}/p/{slug}/label")
    return page


def test_the_second_tab_says_so_and_may_take_over(served: Any) -> None:
    """Nothing is lost and nothing is answered twice on the way to the other tab and back."""
    person = served.person()
    first = person.label("texts")
    one = person.answer("1")
    second = second_tab(person, "texts")
    second.get_by_test_id("other-tab").get_by_text("another tab").wait_for()
    assert second.get_by_test_id("item").count() == 0
    two = person.answer("2")  # the first tab is not disturbed

    second.get_by_role("button", name="Label here instead").click()
    second.locator(SETTLED).wait_for()
    first.get_by_test_id("other-tab").get_by_text("moved to another tab").wait_for()
    first.keyboard.press("3")  # reaches nothing
    person.page = second
    three = person.answer("3")

    first.get_by_role("button", name="Label here instead").click()
    first.locator(SETTLED).wait_for()
    second.get_by_test_id("other-tab").wait_for()
    person.page = first
    four = person.answer("1")
    person.saved()
    labels = {item: answer["label"] for item, answer in person.standing("texts").items()}
    assert labels == {one: "l_1", two: "l_2", three: "l_3", four: "l_1"}
    assert len(person.stored("texts")) == 4
    assert first.get_by_test_id("own-count").inner_text().startswith("4 ")


def test_a_waiting_tab_goes_on_when_the_other_is_closed(served: Any) -> None:
    """Closed, or gone to another page of the app."""
    person = served.person()
    first = person.label("texts")
    second = second_tab(person, "texts")
    second.get_by_test_id("other-tab").wait_for()
    first.close()
    second.locator(SETTLED).wait_for()
    third = second_tab(person, "texts")
    third.get_by_test_id("other-tab").wait_for()
    second.goto(f"{served.base}/account")
    third.locator(SETTLED).wait_for()


def test_other_projects_and_other_people_are_not_concerned(served: Any) -> None:
    """Two projects in two tabs, and two people, label side by side."""
    person = served.person()
    person.label("texts")
    second = second_tab(person, "other")
    second.locator(SETTLED).wait_for()
    served.person().label("texts")
    assert person.page.get_by_test_id("other-tab").count() == 0
