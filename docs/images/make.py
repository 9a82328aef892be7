"""Take the two screenshots of the README from the digits and text demos: ``python docs/images/make.py``."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "browser")]

import conftest  # noqa: E402

from labelwright.services.site import Site, demo  # noqa: E402
from labelwright.services.site.demos import SOURCES  # noqa: E402
from labelwright.services.site.settings import load  # noqa: E402

MAX_BYTES = 150 * 1024
LONG = 200  # characters of a text that is worth a picture


def take(page: Any, name: str) -> None:
    """Write a screenshot, with a palette where it would be too large without."""
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image.save(HERE / name, optimize=True)
    if (HERE / name).stat().st_size >= MAX_BYTES:
        image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(HERE / name, optimize=True)
    print(f"{name}: {(HERE / name).stat().st_size // 1024} KB")


def main() -> None:
    """Play both demos and look at them."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        site = Site(load({"home": home}, environ={}))
        demo.prepare(site, "digits")
        demo.prepare(site, "text")
        _, truth = SOURCES["text"].write(Path(folder))
        served = conftest.Served(home, site)
        served.server = conftest.Server(home)
        try:
            with conftest.browser_of(conftest.chromium()) as served.browser:
                look(served, truth)
        finally:
            served.server.stop()
            site.close()


def look(served: Any, truth: dict[str, str]) -> None:
    """Label a few texts rightly, then the page; and the progress of the digits."""
    person = served.person("lead")
    page = person.open("/p/digits/progress")
    page.get_by_test_id("curve").locator("canvas").wait_for()
    page.locator("[data-testid=running][data-state=idle]").wait_for()
    take(page, "progress.png")
    page = person.label("text")
    for k in range(20):
        if k >= 5 and len(page.get_by_test_id("item").inner_text()) > LONG:
            break
        key = page.get_by_test_id("item").get_attribute("aria-label").removeprefix("Item ")
        person.answer(str(SOURCES["text"].labels.index(truth[key]) + 1))
    person.saved()
    person.press("w")
    page.get_by_test_id("why-panel").get_by_text("of the ranking").wait_for()
    take(page, "label.png")
    person.context.close()


if __name__ == "__main__":
    main()
