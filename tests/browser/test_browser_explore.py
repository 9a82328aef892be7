"""Explore: points are drawn, a lasso selects, colours change, likeness and words find, and the address brings it back."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_browser_accessible import AXE, TAGS
from tests.browser.test_browser_label import write_images, write_texts

SHOWN = re.compile(r"^[1-9]\d* items? selected$")


def fill(served: Any, folder: Path) -> None:
    """Texts and images with some answers and their maps, and texts that wait for their first training."""
    from labelwright.engine import mapping
    from tests.conftest import train_until_idle

    served.create("texts", write_texts(folder / "texts.jsonl", 120), "classification", labels=("one", "two"))
    served.create("digits", write_images(folder / "digits", 100), "classification", labels=("odd", "even"))
    train_until_idle(served.site)
    annotate(served)
    train_until_idle(served.site)
    for slug in ("texts", "digits"):
        assert mapping.make(served.site.project(slug))


def annotate(served: Any) -> None:
    """Answer some of both as somebody else."""
    from labelwright.services.labeling import annotations, queue
    from labelwright.services.people import users
    from labelwright.services.people.roles import SYSTEM

    users.add(served.site, SYSTEM, email="ada@example.com", name="Ada", role="annotator")
    ada = users.by_email(served.site, "ada@example.com")
    for slug, k in itertools.product(("texts", "digits"), range(60)):
        for lease in queue.take(served.site, ada, slug, n=1).leases:
            given = annotations.Given.of(
                answer_id=str(uuid.uuid4()), lease_id=lease.id, item_id=lease.item.id, kind="answer", reason=None,
                answer={"label": f"l_{1 + k % 2}"}, seconds=1.0,
            )  # fmt: skip
            annotations.give(served.site, ada, slug, [given])


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    """A server with the two projects."""
    return serving(fill)


@pytest.fixture(autouse=True)
def software_rendering(served: Any) -> Iterator[None]:
    """A screenshot of what is drawn without a graphics card makes the browser complain of its own driver."""
    yield
    for person in served.people:
        person.complaints[:] = [one for one in person.complaints if "GL Driver Message" not in one]


def explore(person: Any, slug: str, search: str = "") -> Any:
    """Open the page and wait for its points."""
    page = person.open(f"/p/{slug}/explore{search}")
    page.locator("canvas[data-drawn]").wait_for()
    return page


def inks(page: Any) -> int:
    """How many pixels of the map are drawn on; it is drawn once more, since a browser may have cleared it."""
    page.get_by_test_id("map").focus()
    page.keyboard.press("0")
    page.wait_for_timeout(100)
    shot = page.get_by_test_id("map").screenshot()
    pixels = np.asarray(Image.open(BytesIO(shot)).convert("RGB")).reshape(-1, 3).astype(int)
    return int((pixels.max(axis=1) - pixels.min(axis=1) > 40).sum())


def draw_around(page: Any, left: float, right: float) -> int:
    """Draw a line around a part of the map's width; how many items it encloses."""
    box = page.get_by_test_id("map").bounding_box()
    page.get_by_test_id("lasso").click()
    corners = [(left, 0.05), (right, 0.05), (right, 0.95), (left, 0.95), (left, 0.05)]
    for k, (x, y) in enumerate(corners):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
        if k == 0:
            page.mouse.down()
    page.mouse.up()
    bar = page.get_by_test_id("selection")
    expect(bar.locator("b")).to_have_text(SHOWN)
    return int(str(bar.locator("b").text_content()).split()[0])


def test_points_are_drawn_and_a_lasso_selects_those_inside(served: Any) -> None:
    page = explore(served.person("admin"), "digits", "?by=cluster")
    expect(page.get_by_test_id("map")).to_have_attribute("data-drawn", "100")
    assert inks(page) > 300
    with page.expect_download() as download:
        page.get_by_role("button", name="Download: digits map").click()
        page.get_by_role("menuitem", name="Picture (PNG)").click()
    picture = np.asarray(Image.open(download.value.path()).convert("RGB")).reshape(-1, 3).astype(int)
    assert (picture.max(axis=1) - picture.min(axis=1) > 40).sum() > 300
    n = draw_around(page, 0.1, 0.5)
    bar = page.get_by_test_id("selection")
    assert 5 < n < 95
    expect(page.get_by_test_id("card")).to_have_count(n)
    assert page.get_by_test_id("card").first.bounding_box()["height"] > 90
    bar.get_by_role("button", name="Clear").click()
    expect(bar).to_have_count(0)


def test_what_a_line_encloses_opens_in_items_with_a_chip_that_lasts(served: Any) -> None:
    person = served.person("admin")
    page = explore(person, "digits", "?by=cluster")
    n = draw_around(page, 0.1, 0.5)
    expect(page.get_by_test_id("card")).to_have_count(n)
    ids = page.get_by_test_id("card").get_by_role("link").evaluate_all("links => links.map(one => one.href)")
    page.get_by_test_id("in-items").click()
    chip, count = page.get_by_test_id("area"), page.get_by_test_id("item-count")
    for _ in range(2):
        expect(chip).to_contain_text(f"{n} items selected on the map")
        expect(count).to_have_text(f"{n} items")
        page.reload()
    page.locator("tbody tr a").first.wait_for()
    rows = page.locator("tbody tr a").evaluate_all("links => links.map(one => one.href)")
    assert rows and {one.split("/")[-1] for one in rows} <= {one.split("/")[-1] for one in ids}
    page.get_by_test_id("show").click()
    page.get_by_role("option", name="Labeled", exact=True).click()
    expect(count).not_to_have_text(f"{n} items")
    expect(chip).to_contain_text(f"{n} items selected on the map")
    page.locator("tbody tr a").first.click()
    page.wait_for_url("**/items/i*")
    page.go_back()
    expect(chip).to_contain_text(f"{n} items selected on the map")
    chip.get_by_role("button").click()
    expect(chip).to_have_count(0)
    assert "area=" not in page.url


def test_with_values_hidden_a_line_says_too_little_for_items(served: Any) -> None:
    page = explore(served.person("admin"), "digits", "?by=cluster")
    page.get_by_test_id("legend").get_by_role("checkbox").first.click()
    draw_around(page, 0.1, 0.9)
    expect(page.get_by_test_id("in-items")).to_have_count(0)


def test_a_legend_selects_and_hides_by_keyboard_and_colours_change(served: Any) -> None:
    person = served.person("admin")
    page = explore(person, "texts")
    legend = page.get_by_test_id("legend")
    entry = legend.get_by_role("button", name=re.compile(r"^Select one, \d+ items$"))
    n = int(re.findall(r"\d+", str(entry.get_attribute("aria-label")))[0])
    entry.focus()
    person.press("Enter")
    expect(page.get_by_test_id("selection").locator("b")).to_have_text(f"{n} items selected")
    expect(page.get_by_test_id("mix")).to_contain_text(f"one: {n}")
    before = inks(page)
    page.get_by_test_id("selection").get_by_role("button", name="Clear").click()
    shown = legend.get_by_role("checkbox", name="Show one")
    shown.focus()
    person.press("Space")
    expect(shown).not_to_be_checked()
    assert inks(page) < before
    page.get_by_test_id("colour").click()
    page.get_by_role("option", name="Cluster").click()
    expect(legend).to_contain_text("1 ·")
    assert "by=cluster" in page.url


def test_words_and_likeness_find_and_the_address_brings_them_back(served: Any) -> None:
    person = served.person("admin")
    page = explore(person, "texts")
    page.get_by_test_id("find").fill("t007")
    page.keyboard.press("Enter")
    bar = page.get_by_test_id("selection").locator("b")
    expect(bar).to_have_text("1 item selected")
    expect(page.get_by_test_id("card")).to_contain_text("number 7:")
    assert "search=t007" in page.url
    page.get_by_role("button", name="Find items similar to t007").click()
    expect(bar).to_have_text("51 items selected")
    expect(page.get_by_test_id("card").nth(1)).to_contain_text("distance")
    assert "like=i7" in page.url
    page.reload()
    expect(bar).to_have_text("51 items selected")
    expect(page.get_by_test_id("card").first).to_contain_text("number 7:")
    page = explore(person, "texts", "?select=i3,i5&by=predicted&projection=pca")
    expect(bar).to_have_text("2 items selected")
    expect(page.get_by_test_id("explore")).to_contain_text("Two principal components")


def test_a_cell_of_the_confusion_matrix_opens_its_items_on_the_map(served: Any) -> None:
    page = served.person("admin").open("/p/digits/evaluation")
    cells = page.get_by_test_id("evaluation-errors").locator("table button")
    cells.first.click()
    page.get_by_role("link", name="Show these on the map").click()
    page.locator("canvas[data-drawn]").wait_for()
    expect(page.get_by_test_id("selection").locator("b")).to_have_text(SHOWN)


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (844, 390)])
def test_it_fits_every_screen_and_is_accessible(served: Any, size: tuple[int, int]) -> None:
    person = served.person("admin", viewport={"width": size[0], "height": size[1]}, bypass_csp=True)
    page = explore(person, "texts", "?by=cluster&search=number")
    page.get_by_test_id("card").first.wait_for()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS)["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_annotators_have_no_map(served: Any) -> None:
    person = served.person("annotator")
    page = person.label("texts")
    expect(page.get_by_role("link", name="Explore")).to_have_count(0)
