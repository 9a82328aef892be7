"""Create, from a dropped file: what the page asks about, and a failed import that stays until it is dismissed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.api.test_create import CHURN, sorted_by_class

TWICE = "id,text\n" + "\n".join([*(f"{k},these are some words {k}" for k in range(600)), "599,another text"])


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    """A server without a project."""
    return serving(lambda served, folder: None)


def drop(person: Any, path: Path, content: str | bytes) -> Any:
    """Choose a file on the Create page and wait for its preview."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    page = person.open("/new")
    page.get_by_test_id("file-input").set_input_files(str(path))
    page.get_by_test_id("start").wait_for()
    return page


def name_labels(page: Any) -> None:
    """Type two labels."""
    page.get_by_test_id("labels").locator("visible=true").first.click()
    page.keyboard.type("good,bad,")


def test_a_failed_import_stays_until_it_is_dismissed(served: Any, tmp_path: Path) -> None:
    person = served.person("admin")
    page = drop(person, tmp_path / "twice.csv", TWICE)
    name_labels(page)
    page.get_by_test_id("start").click()
    for _ in range(2):  # while it is watched, and again at its own address
        failed = page.get_by_test_id("failed-twice")
        expect(failed).to_contain_text("The import of twice.csv failed")
        expect(failed).to_contain_text("Row 601, column “id”")
        expect(failed).to_contain_text("ids must be distinct, got '599' in row 600 already")
        person.open("/p/twice/progress")
    person.open("/")
    card = page.get_by_test_id("project-twice")
    expect(card).to_contain_text("row 601")
    card.get_by_role("link", name="twice").click()
    page.get_by_test_id("failed-twice").get_by_role("button", name="Dismiss").click()
    page.wait_for_url(served.base + "/")
    page.get_by_role("link", name="New project").wait_for()
    expect(page.get_by_test_id("project-twice")).to_have_count(0)


def leave_out(page: Any, column: str) -> None:
    """Say that a column is not used, once the preview is there, so that nothing moves below the menu."""
    page.wait_for_load_state("networkidle")
    page.get_by_test_id(f"column-{column}").click()
    page.get_by_role("menuitem", name=re.compile("Not used")).dispatch_event("click")
    expect(page.get_by_test_id(f"column-{column}")).to_contain_text("Not used")


def test_a_failed_import_can_be_tried_again_with_what_was_chosen(served: Any, tmp_path: Path) -> None:
    person = served.person("admin")
    page = drop(person, tmp_path / "again.csv", TWICE)
    name_labels(page)
    page.get_by_test_id("start").click()
    page.get_by_test_id("failed-again").get_by_role("button", name="Try again").click()
    page.get_by_text("good", exact=True).first.wait_for()
    leave_out(page, "id")
    page.get_by_test_id("start").click()
    page.wait_for_url("**/p/again/label")


def test_a_column_that_looks_like_the_answer_is_asked_about(served: Any, tmp_path: Path) -> None:
    person = served.person("admin")
    page = drop(person, tmp_path / "churn.csv", CHURN)
    asked = page.get_by_test_id("answer-column")
    expect(asked).to_contain_text("“churn” looks like the answer")
    expect(page.get_by_test_id("start")).to_be_disabled()
    asked.get_by_role("button", name="It holds the labels").click()
    expect(page.get_by_test_id("column-churn")).to_contain_text("Label")
    expect(asked).to_have_count(0)
    expect(page.get_by_test_id("start")).to_be_enabled()
    page.get_by_test_id("start").click()
    page.wait_for_url("**/p/churn/label")


def test_a_sorted_file_in_latin_1_shows_all_its_labels(served: Any, tmp_path: Path) -> None:
    person = served.person("admin")
    content = sorted_by_class(77, 20).decode().replace("this text", "le café").encode("latin-1")
    page = drop(person, tmp_path / "banking.csv", content)
    page.get_by_text("read as Windows-1252").wait_for()
    page.get_by_text("le café is number 0 of class 0").first.wait_for()
    page.get_by_text("class-0076", exact=True).first.wait_for()


def fail(served: Any, tmp_path: Path, name: str, title: str = "") -> Any:
    """An import that fails, as an admin; the page then shows the list of projects."""
    person = served.person("admin")
    page = drop(person, tmp_path / f"{name}.csv", TWICE)
    name_labels(page)
    page.get_by_label("Title").fill(title or name)
    page.get_by_test_id("start").click()
    page.get_by_test_id(f"failed-{name}").wait_for()
    person.open("/")
    return person


def try_again(page: Any, name: str, title: str = "") -> None:
    """Open a failed import from the list and try it again."""
    page.get_by_test_id(f"project-{name}").get_by_role("link", name=title or name).click()
    page.get_by_test_id(f"failed-{name}").get_by_role("link", name="Try again").click()


def test_a_failed_import_is_tried_again_later_with_its_file_and_its_choices(served: Any, tmp_path: Path) -> None:
    person = fail(served, tmp_path, "later", "Later")
    page = person.page
    try_again(page, "later", "Later")
    page.get_by_text("good", exact=True).first.wait_for()
    expect(page.get_by_label("Title")).to_have_value("Later")
    expect(page.locator("main")).to_contain_text("later.csv")
    leave_out(page, "id")
    page.get_by_test_id("start").click()
    page.wait_for_url("**/p/later/label")
    person.open("/")
    expect(page.get_by_test_id("project-later")).to_have_attribute("data-state", "ready")


def test_a_failed_import_whose_file_is_gone_keeps_the_choices_and_asks_for_the_file(
    served: Any, tmp_path: Path
) -> None:
    person = fail(served, tmp_path, "gone")
    shutil.rmtree(served.home / "uploads")
    page = person.page
    try_again(page, "gone")
    expect(page.get_by_test_id("kept")).to_contain_text("gone.csv is not here any more")
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(TWICE.rpartition("\n")[0])
    page.get_by_test_id("file-input").set_input_files(str(corrected))
    page.get_by_text("good", exact=True).first.wait_for()
    page.get_by_test_id("start").click()
    page.wait_for_url("**/p/gone/label")
