"""What choosing is worth, on Progress: the sentence, the curve over hours and cost, and its files."""

from __future__ import annotations

import csv
import io
import os
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks import data
from tests.conftest import make_api, text_draft, train_until_idle


def fill(served: Any, folder: Path) -> None:
    """One project of 350 answers, and one that nobody has touched."""
    from labelwright.engine.goals import Goal
    from labelwright.policy import Policy
    from labelwright.services.people import users
    from labelwright.services.projects import create

    admin, _ = users.ensure_admin(served.site)
    policy = Policy(gold_share=0, reserve_share=0.25, random_share=0.34)
    truth = data.write(folder / "topics.jsonl", 700)
    goal = Goal("accuracy", 0.9, label_cost=0.2)
    labels = data.LABELS
    create.create(
        served.site, admin, text_draft("topics", folder / "topics.jsonl", policy=policy, goal=goal, labels=labels)
    )
    create.create(served.site, admin, text_draft("fresh", folder / "topics.jsonl", labels=labels))
    train_until_idle(served.site)
    api, rng = make_api(served.site), random.Random(0)
    for n in (25, 25, 50, 50, 50, 50, 50, 50):
        for lease in api.queue("topics", n=n):
            label = f"l_{labels.index(truth[lease['item']['key']]) + 1}"
            answered = api.answer("topics", lease, {"label": label}, seconds=rng.uniform(2, 9))
            assert answered.status_code == 201, answered.text
        train_until_idle(served.site)


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


def saved(page: Any, name: str, kind: str) -> bytes:
    page.get_by_role("button", name=f"Download: {name}").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=kind).click()
    return Path(download.value.path()).read_bytes()


def test_the_arm_is_compared_and_the_chart_can_be_taken_along(served: Any) -> None:
    person = served.person("lead")
    page = person.open("/p/topics/progress")
    person.says("control", re.compile(r"\d+ random labels are worth"))
    person.says("control", "about these two label sets only.")
    page.get_by_text("Control arm: random labels only").wait_for()
    for axis in ("Hours", "Cost"):
        page.get_by_text(axis, exact=True).click()
        page.get_by_text("The control arm is drawn over labels only.").wait_for()
    name = "topics learning curve"
    rows = list(csv.DictReader(io.StringIO(saved(page, name, "Data").decode())))
    assert {row["models"] for row in rows} == {"served", "control arm"}
    served_rows = [row for row in rows if row["models"] == "served"]
    assert float(served_rows[-1]["cost"]) > 30 and float(served_rows[-1]["hours"]) > 0.1
    assert b"cost of all answers" in saved(page, name, "SVG")
    assert saved(page, name, "PNG").startswith(b"\x89PNG")
    assert person.complaints == []


def test_before_there_is_an_arm_the_page_says_what_is_missing(served: Any) -> None:
    person = served.person("lead")
    person.open("/p/fresh/progress")
    person.says("control", "0 of 30 random labels")


@pytest.mark.skipif("LABELWRIGHT_SHOTS" not in os.environ, reason="pictures are taken when somebody wants to look")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (844, 390)], ids=str)
def test_pictures(served: Any, size: tuple[int, int], scheme: str) -> None:
    person = served.person("lead", viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    page = person.open("/p/topics/progress")
    person.says("control", "random labels are worth")
    page.wait_for_timeout(500)
    page.screenshot(path=f"{os.environ['LABELWRIGHT_SHOTS']}/{size[0]}-{scheme}.png", full_page=True)
    if scheme == "light" and size[0] == 1280:
        Path(f"{os.environ['LABELWRIGHT_SHOTS']}/p.png").write_bytes(saved(page, "topics-learning-curve", "PNG"))
