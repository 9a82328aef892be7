"""A text project that starts from the labels of another one: what the Create page asks, what Progress tells."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SETTLED

WORDS = {
    "sport": ["match", "goal", "team", "striker", "league", "coach", "referee", "season"],
    "food": ["butter", "onion", "stock", "pepper", "oven", "flour", "salad", "sauce"],
}
FRAMES = {"old": "the report says that {} and {} mattered for {}", "new": "hey, {}!! no {} without {} lol"}


def texts(frame: str, n: int, seed: int) -> list[tuple[str, str]]:
    """Texts of two topics, in the words of one place."""
    rng = random.Random(seed)
    drawn = [rng.choice(list(WORDS)) for _ in range(n)]
    return [(FRAMES[frame].format(*rng.sample(WORDS[topic], 3)) + f" {k}", topic) for k, topic in enumerate(drawn)]


def fill(served: Any, folder: Path) -> None:
    """A project whose texts came with labels, and one of pictures would not fit."""
    lines = [
        json.dumps({"id": f"o{k}", "text": text, "label": label})
        for k, (text, label) in enumerate(texts("old", 120, 0))
    ]
    source = folder / "reports.jsonl"
    source.write_text("\n".join(lines) + "\n")
    served.create("reports", source, "classification", column="label")


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


def topic(text: str) -> str:
    """The key of the right answer."""
    said = set(text.replace("!!", " ").replace(",", " ").split())
    return "1" if said & set(WORDS["food"]) else "2"


def test_a_project_starts_from_another_and_progress_says_what_that_brought(served: Any, tmp_path: Path) -> None:
    target = tmp_path / "chats.jsonl"
    lines = [json.dumps({"id": f"n{k}", "text": text}) for k, (text, _) in enumerate(texts("new", 150, 1))]
    target.write_text("\n".join(lines) + "\n")
    lead = served.person("lead")
    page = lead.open("/new")
    page.get_by_test_id("file-input").set_input_files(str(target))
    page.get_by_test_id("start").wait_for()
    expect(page.get_by_test_id("start")).to_be_disabled()  # no labels are named, and none come with the file
    page.get_by_test_id("start-from").get_by_role("combobox", name="Project").click()
    page.get_by_role("option", name="reports").click()
    expect(page.get_by_test_id("start")).to_be_enabled()
    page.get_by_test_id("start").click()
    page.wait_for_url("**/p/chats/label")

    lead.open("/p/chats/progress")
    panel = page.get_by_test_id("source")
    expect(panel).to_contain_text(
        "Nothing is labeled here yet: the model has learned from the source alone", timeout=60_000
    )
    expect(panel).to_contain_text(
        "90 labeled items of the project reports"
    )  # those that came with labels, but for the reserve

    person = served.person()
    person.label("chats")
    for _ in range(14):
        person.page.locator(SETTLED).wait_for()
        person.answer(topic(person.page.get_by_test_id("item").inner_text()))
    person.saved()
    expect(panel).not_to_contain_text("Nothing is labeled here yet", timeout=60_000)
    panel.get_by_text("What was compared").click()
    expect(panel).to_contain_text("Without them")
    expect(panel.get_by_text("used")).to_have_count(1)
    lead.open("/p/chats/settings")
    rules = page.get_by_test_id("settings-quality")
    rules.get_by_label("Show the nearest item of another domain with its label").check()
    rules.get_by_role("button", name="Save").click()
    person.open("/p/chats/label")
    for _ in range(12):
        person.page.locator(SETTLED).wait_for()
        right = topic(person.page.get_by_test_id("item").inner_text())
        expect(person.page.get_by_test_id("pair")).to_have_count(
            0
        )  # nothing of it before the answer, unless of the last
        person.answer(right)
        person.saved()
        if person.page.get_by_test_id("pair").count():
            break
    expect(person.page.get_by_test_id("pair")).to_contain_text("From the source, the nearest")
    if folder := os.environ.get("LOOK"):
        person.page.screenshot(path=f"{folder}/look-pair.png")
        person.page.set_viewport_size({"width": 390, "height": 844})
        person.page.emulate_media(color_scheme="dark")
        person.page.wait_for_timeout(500)
        person.page.screenshot(path=f"{folder}/look-pair-phone.png")
    lead.open("/p/chats/items?show=source")
    page.get_by_role("link", name=re.compile("source:o")).first.click()
    expect(page.locator("main")).to_contain_text("from the source:")
    assert lead.complaints == [] and person.complaints == []


def test_the_lead_adds_labels_of_another_project_where_rows_are_added(served: Any, tmp_path: Path) -> None:
    rows = tmp_path / "mails.jsonl"
    lines = [json.dumps({"id": f"m{k}", "text": text}) for k, (text, _) in enumerate(texts("new", 40, 2))]
    rows.write_text("\n".join(lines) + "\n")
    served.create("mails", rows, "classification", labels=("food", "sport"))
    lead = served.person("lead")
    page = lead.open("/p/mails/progress")
    page.get_by_test_id("add-items").click()
    fields = page.get_by_test_id("start-from")
    expect(page.get_by_test_id("add-source")).to_have_count(0)  # nothing is chosen
    fields.get_by_role("combobox", name="Project").click()
    expect(page.get_by_role("option", name="mails")).to_have_count(0)
    page.get_by_role("option", name="reports").click()
    page.get_by_test_id("add-source").click()
    said = page.get_by_test_id("added-source")
    expect(said).to_contain_text("90 labeled items added. 0 labeled items were in the project already.")
    page.get_by_test_id("add-source").click()
    expect(said).to_contain_text("Nothing new: 90 labeled items stay as they are.")
    expect(page.get_by_role("dialog")).to_contain_text("labels of another domain")
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=f"{folder}/look-add-source.png")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("source")).to_contain_text("90 labeled items of the project reports")
    assert lead.complaints == []
