"""Label page in small and short windows: the item stays large, answers are reachable, nothing lies on anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_browser_label import TOPICS, write_images, write_rows, write_texts
from tests.browser.test_browser_questions import run, write_reports

SIZES = {
    "landscape": {"viewport": {"width": 844, "height": 390}, "has_touch": True},
    "small-landscape": {"viewport": {"width": 740, "height": 360}, "has_touch": True},
    "zoomed": {"viewport": {"width": 640, "height": 360}, "device_scale_factor": 2},  # 1280x720 at 200 %
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    "small-phone": {"viewport": {"width": 360, "height": 640}, "has_touch": True},
}  # fmt: skip
SHORT = ("landscape", "small-landscape", "zoomed")
SLUGS = ("images", "bank", "rows", "multi", "number", "reports")
# Rectangles of the parts, and which answers cannot be brought into sight.
MEASURE = """() => {
  const box = (css) => { const r = document.querySelector(css).getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const parts = { item: box('[data-testid=item]'), editor: box('[data-editor]'), toolbar: box('[role=toolbar]') };
  const hidden = [...document.querySelectorAll('[data-choice], [data-typed]')].filter((one) => {
    one.scrollIntoView({ block: 'nearest' });
    const r = one.getBoundingClientRect();
    const at = document.elementFromPoint((r.left + r.right) / 2, (r.top + r.bottom) / 2);
    return !at || !(one.contains(at) || at.contains(one));
  }).map((one) => one.textContent);
  const wide = [...document.querySelectorAll('[role=toolbar] button, [data-choice]')].filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5).length;
  return { parts, hidden, wide, width: document.documentElement.scrollWidth };
}"""


def fill(served: Any, folder: Path) -> None:
    """2, 10, 77 and 103 labels, numbers, three questions."""
    texts = write_texts(folder / "texts.jsonl")
    served.create("images", write_images(folder / "images"), "classification", labels=tuple("0123456789"))
    served.create(
        "bank", texts, "classification", labels=tuple(f"a rather long name of the intent {i}" for i in range(77))
    )
    served.create("multi", texts, "multilabel", labels=tuple(f"gene {i}" for i in range(103)))
    served.create("rows", write_rows(folder / "rows.csv", "load_breast_cancer"), "classification", labels=TOPICS[:2])
    served.create("number", write_rows(folder / "numbers.csv", "load_diabetes"), "regression")
    run(served, "create", "reports", "--config", str(write_reports(folder)))


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    """All projects on one server."""
    return serving(fill)


@pytest.mark.parametrize("size", list(SIZES))
def test_the_item_is_large_and_answers_are_reachable(served: Any, size: str) -> None:
    person = served.person(**SIZES[size])
    wrong = []
    for slug in SLUGS:
        page = person.label(slug)
        found = page.evaluate(MEASURE)
        window = page.viewport_size
        left, top, right, bottom = found["parts"]["item"]
        share = (bottom - top) / window["height"]
        if share < (0.55 if size in SHORT else 0.33):
            wrong.append(f"{slug}: the item has {share:.0%} of the height")
        if right - left < 0.4 * window["width"]:
            wrong.append(f"{slug}: the item has {(right - left) / window['width']:.0%} of the width")
        if found["hidden"]:
            wrong.append(f"{slug}: out of reach: {found['hidden'][:3]}")
        if found["wide"] or found["width"] > window["width"]:
            wrong.append(f"{slug}: wider than the window")
        names = list(found["parts"])
        for i, one in enumerate(names):
            for other in names[i + 1 :]:
                if overlap(found["parts"][one], found["parts"][other]):
                    wrong.append(f"{slug}: {one} lies on {other}: {json.dumps(found['parts'])}")
    assert wrong == [], "\n".join(wrong)


def overlap(a: list[float], b: list[float]) -> bool:
    """Whether two rectangles share more than an edge."""
    return min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1


@pytest.mark.parametrize("size", ["phone", "zoomed"])
def test_a_recent_answer_is_one_tap_away(served: Any, size: str) -> None:
    """The last answers are in sight, legible, and open what they name."""
    person = served.person(**SIZES[size])
    page = person.label("images")
    first = person.answer("1")
    second = person.answer("2")
    strip = page.get_by_test_id("recent")
    assert strip.count() == 2
    assert strip.first.locator("b").evaluate("b => parseFloat(getComputedStyle(b).fontSize)") >= 14
    assert strip.first.bounding_box()["height"] >= 44
    assert strip.first.get_attribute("title").startswith("2: ")
    strip.nth(1).click()
    assert person.moves_on(person.shown if person.shown not in (first, second) else "") == first
