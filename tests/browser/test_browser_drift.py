"""The page Drift: an alarm by keyboard to a random sample, and settled; its line on Progress; pictures as files."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.test_browser_accessible import AXE, TAGS
from tests.conftest import make_api, text_draft, train_until_idle, write_texts

N, CHANGED = 480, 300


def write_digits(path: Path) -> dict[str, str]:
    """Handwritten digits as rows of a table, by day; most of them are moved by two pixels from the 301st on."""
    from sklearn.datasets import load_digits

    images, classes = load_digits(return_X_y=True)
    rng, truth = np.random.default_rng(0), {}
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "day", *(f"p{k}" for k in range(64))])
        for k, at in enumerate(rng.choice(len(images), N, replace=False).tolist()):
            image = images[at].reshape(8, 8)
            if k >= CHANGED and rng.random() < 0.8:
                image = np.roll(image, 2, axis=1)
            truth[f"d{k:03d}"] = f"digit {classes[at] % 3}"
            day = f"2026-{1 + k // 56:02d}-{1 + k // 2 % 28:02d}"
            writer.writerow([f"d{k:03d}", day, *image.ravel().astype(int).tolist()])
    return truth


def fill(served: Any, folder: Path) -> None:
    """Digits that change, with answers; and texts without times."""
    from labelwright.exchange import Columns
    from labelwright.services.people import users
    from labelwright.services.projects import create
    from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft

    truth = write_digits(folder / "digits.csv")
    admin, _ = users.ensure_admin(served.site)
    question = QuestionDraft(labels=tuple(f"digit {k}" for k in range(3)))
    columns = Columns(id="id", time="day", features=tuple(f"p{k}" for k in range(64)))
    create.create(
        served.site, admin, ProjectDraft("digits", folder / "digits.csv", questions=(question,), columns=columns)
    )
    write_texts(folder / "topics.jsonl", 120)
    create.create(served.site, admin, text_draft("topics", folder / "topics.jsonl"))
    train_until_idle(served.site)
    api = make_api(served.site)
    for _ in range(6):
        for lease in api.queue("digits", n=40):
            label = f"l_{int(truth[lease['item']['key']][-1]) + 1}"
            assert api.answer("digits", lease, {"label": label}).status_code == 201
        train_until_idle(served.site)


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


def test_an_alarm_leads_from_progress_to_a_random_sample_by_keyboard(served: Any) -> None:
    person = served.person("lead")
    page = person.open("/p/digits/progress")
    page.get_by_test_id("open-alarms").get_by_role("link").focus()
    person.press("Enter")
    page.wait_for_url("**/p/digits/drift")
    alarm = page.get_by_test_id("drift-alarm").filter(has_text="Inputs have changed since 2026-")
    draw = alarm.get_by_role("button", name=re.compile(r"Label \d+ random items first"))
    draw.focus()
    person.press("Enter")
    expect(alarm.get_by_test_id("drift-sample")).to_have_text(re.compile(r"Sample: 0 of \d+ items answered"))
    alarm.get_by_placeholder("Note").fill("The scanner was moved.")
    alarm.get_by_role("button", name="Real change").focus()
    person.press("Enter")
    page.get_by_text(re.compile(r"Settled alarms \(\d\)")).click()
    expect(page.get_by_text("The scanner was moved.")).to_be_visible()


def test_labels_and_evaluation_are_aligned_and_every_picture_is_a_file(served: Any) -> None:
    page = served.person("lead").open("/p/digits/drift")
    names = ("drift-labeled", "drift-evaluated")
    boxes = [page.get_by_test_id(name).locator("figure svg").bounding_box() for name in names]
    assert boxes[0]["y"] == pytest.approx(boxes[1]["y"], abs=60) and boxes[0]["x"] < boxes[1]["x"]
    assert boxes[0]["width"] == pytest.approx(boxes[1]["width"], abs=2)
    for name in ("labels by window", "drift of inputs", "drift of columns", "drift of errors"):
        for entry, begins in (("Data (CSV)", b"window,|series,"), ("Picture (SVG, for papers)", b"<svg")):
            page.get_by_role("button", name=f"Download: digits {name}").click()
            with page.expect_download() as file:
                menu = page.get_by_role("menu", name=f"Download: digits {name}")  # another one may still be fading
                menu.get_by_role("menuitem", name=entry).click()
            content = Path(file.value.path()).read_bytes()
            assert content.startswith(tuple(begins.split(b"|"))), content[:80]
            assert max(content.count(b"\n"), content.count(b"<")) >= 4


def test_without_an_order_the_page_says_what_is_needed(served: Any) -> None:
    page = served.person("lead").open("/p/topics/drift")
    expect(page.get_by_text("The items have no order in time")).to_be_visible()
    expect(page.get_by_text(re.compile("Import a column of times"))).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (844, 390)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_axe_finds_nothing_serious(served: Any, width: int, height: int, scheme: str) -> None:
    size = {"width": width, "height": height}
    person = served.person("admin", viewport=size, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    page = person.open("/p/digits/drift")
    page.get_by_test_id("drift-errors").locator("figure svg").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.add_script_tag(path=str(AXE))
    result = page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS)
    serious = [one for one in result["violations"] if one["impact"] in ("serious", "critical")]
    assert serious == [], [(one["id"], one["nodes"][0]["html"][:140]) for one in serious]
