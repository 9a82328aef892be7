"""Accessibility: axe finds nothing serious or critical on any page, in either theme, at any size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts import keep_project
from tests.browser.test_browser_label import MANY, write_images, write_rows, write_texts

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
SIZES = {"desktop": (1280, 800), "phone": (390, 844), "landscape": (844, 390), "zoomed": (640, 400)}  # 200 % of 1280
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [("desktop", "light"), ("phone", "dark"), ("landscape", "dark"), ("zoomed", "light")]


def fill(served: Any, folder: Path) -> None:
    """A project that was worked on, one of many labels, one of images, one of rows."""
    keep_project.make(served.home)
    served.create("many", write_texts(folder / "texts.jsonl"), "classification", labels=MANY)
    served.create("images", write_images(folder / "images"), "classification", labels=tuple("0123456789"))
    rows = write_rows(folder / "rows.csv", "load_breast_cancer")
    served.create(
        "rows", rows, "classification", labels=("malignant", "benign"), guidelines="# Tumours\n\nLook **closely**."
    )


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


PAGES = (
    "/", "/new", "/people", "/account", "/p/topics/progress", "/p/reports/progress", "/p/topics/items", "/p/topics/items/i3", "/p/topics/people",
    "/p/topics/review", "/p/topics/evaluation", "/p/reports/evaluation", "/p/topics/plan", "/p/topics/batch", "/p/topics/explore", "/p/topics/rounds", "/p/topics/drift", "/p/topics/audit", "/p/topics/versions",
    "/plan", "/p/topics/settings", "/p/topics/team", "/p/topics/mine",
    "/p/reports/label", "/p/many/label", "/p/images/label", "/p/rows/label", "/p/rows/progress",
)  # fmt: skip


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=["-".join(look) for look in LOOKS])
def test_axe_finds_nothing_serious(served: Any, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    person = served.person(
        "admin",
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        bypass_csp=True,
        reduced_motion="reduce",
    )
    found = []
    for path in PAGES:
        page = person.open(path)
        page.wait_for_load_state("networkidle") if "/p/" not in path else page.locator("main").wait_for()
        page.wait_for_timeout(400)
        page.add_script_tag(path=str(AXE))
        result = page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS)
        found += [
            f"{path}: {one['impact']} {one['id']}: {one['nodes'][0]['html'][:140]} ({len(one['nodes'])})"
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
        ]
    assert found == [], "\n".join(found)
