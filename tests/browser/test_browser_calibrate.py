"""Calibrate: a session is opened, answered by keys, revealed, discussed and decided; a training opens work."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_browser_accessible import AXE, TAGS
from tests.browser.test_browser_label import write_texts

SLUG = "team"
N_ITEMS = 3
HERE = f"/p/{SLUG}/calibrate"


def fill(served: Any, folder: Path) -> None:
    """A project of two labels."""
    served.create(SLUG, write_texts(folder / "texts.jsonl"), "classification", labels=("one", "two"))


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


def opened(served: Any, lead: Any, title: str, **more: Any) -> str:
    """A session on pool items that no session had."""
    from labelwright.services.calibration import opening, proposals

    if "items" not in more:
        groups = proposals.proposals(served.site, lead.actor, SLUG, None)
        more["items"] = [one.item for group in groups if group.kind == "random" for one in group.items][:N_ITEMS]
    return opening.open_session(served.site, lead.actor, SLUG, opening.NewSession(title, **more))


def answer_by_keys(person: Any, keys: str) -> None:
    """One key an item, each after the item has settled."""
    for place, key in enumerate(keys, 1):
        person.page.locator(f"[data-testid=item][data-item-id='{place}'][data-settled]").wait_for()
        person.press(key)


def test_a_lead_opens_a_session_by_keyboard_from_what_is_proposed(served: Any) -> None:
    lead = served.person("lead")
    page = lead.open(HERE)
    page.get_by_role("heading", name="No session yet").wait_for()
    page.get_by_test_id("open-session").focus()
    lead.press("Enter")
    title = page.get_by_role("textbox", name="Title")
    expect(title).to_be_focused()
    page.keyboard.type("Which is which?")
    page.get_by_role("button", name=re.compile("^Pick all")).first.focus()
    lead.press("Enter")
    expect(page.get_by_text("5 items picked")).to_be_visible()
    title.focus()
    lead.press("Enter")
    page.wait_for_url(re.compile(HERE + "/cs_"))
    expect(page.get_by_test_id("item")).to_have_attribute("data-item-id", "1")
    lead.open(HERE)
    expect(page.get_by_test_id("session")).to_contain_text("waits for you")


def test_answers_stay_blind_until_they_are_revealed_and_are_decided_by_keys(served: Any) -> None:
    lead, ann, bob = served.person("lead"), served.person(), served.person()
    people = (ann.actor.person_id, bob.actor.person_id)
    session = opened(served, lead, "Two of us", people=people)
    page = ann.open(f"{HERE}/{session}")
    page.locator("[data-testid=item][data-settled]").wait_for()
    ann.press("n")
    page.keyboard.type("the first word decides")
    ann.press("Enter")
    answer_by_keys(ann, "111")
    page.get_by_role("heading", name="You have answered everything").wait_for()

    held = bob.open(f"{HERE}/{session}")
    held.locator("[data-testid=item][data-settled]").wait_for()
    assert "the first word decides" not in held.content()
    answer_by_keys(bob, "122")
    held.get_by_role("heading", name="You have answered everything").wait_for()

    desk = lead.open(f"{HERE}/{session}")
    expect(desk.get_by_test_id("participant")).to_have_count(2)
    expect(desk.get_by_test_id("lead")).to_contain_text("2 of 2 people answered everything")
    assert "the first word decides" not in desk.content()
    desk.get_by_role("button", name="Reveal the answers").focus()
    lead.press("Enter")
    desk.get_by_test_id("confirm").focus()
    lead.press("Enter")
    expect(desk.get_by_test_id("agreement")).to_contain_text("0.33")
    expect(desk.get_by_test_id("detail")).to_have_attribute("data-place", "2")  # the first on which they differ
    lead.press("p")
    expect(desk.get_by_test_id("detail")).to_contain_text("the first word decides")
    lead.press("j")
    expect(desk.get_by_test_id("detail")).to_have_attribute("data-place", "2")
    lead.press("2", "Enter")
    expect(desk.get_by_test_id("detail")).to_have_attribute("data-place", "3")
    row = desk.get_by_test_id("answers-row").nth(1)
    expect(row.locator("td").last).to_have_text("two")

    page.get_by_role("textbox", name="Write about this item").wait_for()  # it was told by itself
    page.get_by_role("textbox", name="Write about this item").fill("I went by the beginning.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_test_id("detail")).to_contain_text("I went by the beginning.")


def test_again_shows_before_and_after(served: Any) -> None:
    from labelwright.services.calibration import acting

    lead, ann, bob = served.person("lead"), served.person(), served.person()
    session = opened(served, lead, "Once", people=(ann.actor.person_id, bob.actor.person_id))
    for place in range(1, N_ITEMS + 1):
        for who, label in ((ann, "l_1"), (bob, "l_2")):
            acting.answer(served.site, who.actor, SLUG, session, str(place), {"label": label})
    acting.reveal(served.site, lead.actor, SLUG, session)
    page = lead.open(f"{HERE}/{session}")
    page.get_by_role("button", name="Again with fresh items").click()
    expect(page.get_by_role("dialog")).to_contain_text("regression to the mean")
    page.get_by_test_id("confirm").click()
    page.get_by_role("link", name="To the session").click()
    page.get_by_role("heading", name="Once, again").wait_for()
    second = page.url.rpartition("/")[2]
    for place in range(1, N_ITEMS + 1):
        for who in (ann, bob):
            acting.answer(served.site, who.actor, SLUG, second, str(place), {"label": f"l_{1 + place % 2}"})
    acting.reveal(served.site, lead.actor, SLUG, second)
    compared = lead.open(f"{HERE}/{second}").get_by_test_id("comparison")
    expect(compared).to_contain_text("+1.00")
    expect(compared).to_contain_text("same items would only regress to the mean")


def test_a_training_tells_what_is_right_and_opens_work(served: Any) -> None:
    from labelwright.services.quality import gold

    lead, new = served.person("lead"), served.person()
    for item in ("i1", "i2"):
        gold.mark(served.site, lead.actor, SLUG, item, {"label": "l_1"}, question=None, rule="one comes first")
    session = opened(served, lead, "Start", purpose="training", items=("i1", "i2"), pass_mark=0.5)
    desk = lead.open(f"{HERE}/{session}")
    desk.get_by_text("Who has answered").click()
    desk.get_by_role("button", name="New annotators must pass this first").click()
    desk.get_by_role("button", name="Ask nobody to pass it").wait_for()

    page = new.open(f"/p/{SLUG}/label")
    page.get_by_role("heading", name="A training comes first").wait_for()
    page.get_by_role("link", name="To the training").click()
    page.get_by_test_id("session").filter(has_text="before real work").get_by_role("link", name="Answer").click()
    answer_by_keys(new, "2")
    expect(page.get_by_test_id("told")).to_contain_text("The right answer is “one”; you said “two”.")
    expect(page.get_by_test_id("told")).to_contain_text("one comes first")
    new.press("Enter")
    page.locator("[data-testid=item][data-item-id='2'][data-settled]").wait_for()
    new.press("1")
    expect(page.get_by_test_id("told")).to_contain_text("Right: one.")
    new.press("Enter")
    expect(page.get_by_test_id("result")).to_contain_text("1 of 2 answers were right; 1 were needed.")
    page.get_by_role("link", name="Start labeling").click()
    page.locator("[data-testid=item][data-settled]").wait_for()


@pytest.mark.parametrize(("size", "scheme"), [((390, 844), "light"), ((1280, 800), "dark"), ((844, 390), "light")])
def test_the_pages_fit_and_axe_finds_nothing_serious(served: Any, size: tuple[int, int], scheme: str) -> None:
    from labelwright.services.calibration import acting

    viewport = {"width": size[0], "height": size[1]}
    lead = served.person("lead", viewport=viewport, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    shown, waiting = opened(served, lead, "Small"), opened(served, lead, "Waits")
    for place in range(1, N_ITEMS + 1):
        acting.answer(served.site, lead.actor, SLUG, shown, str(place), {"label": "l_1"}, note="a note")
    acting.reveal(served.site, lead.actor, SLUG, shown)
    for path, mark in ((HERE, "session"), (f"{HERE}/{waiting}", "item"), (f"{HERE}/{shown}", "detail")):
        page = lead.open(path)
        page.get_by_test_id(mark).first.wait_for()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        page.add_script_tag(path=str(AXE))
        result = page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS)
        found = [one for one in result["violations"] if one["impact"] in ("serious", "critical")]
        assert [(path, one["id"], one["nodes"][0]["html"][:140]) for one in found] == []
