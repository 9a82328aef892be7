"""A lead goes from a goal to a plan, three rounds, a fork of two arms, an approved batch, a drift alarm and a report."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from labelwright.services.steering import training
from labelwright.store.clock import today
from tests.browser.test_browser_drift import write_digits
from tests.conftest import make_api, train_until_idle

OF_ROUND = 48
HYPOTHESES = ("A first model finds the easy digits", "Doubt finds the confused ones", "Diversity finds the rest")


class Truth(dict[str, str]):
    """The class of each digit by its key."""


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Truth()


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any], truth: Truth) -> Any:
    def fill(served: Any, folder: Path) -> None:
        from labelwright.exchange import Columns
        from labelwright.services.people import users
        from labelwright.services.projects import create
        from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft

        truth.update(write_digits(folder / "digits.csv"))
        question = QuestionDraft(labels=tuple(f"digit {k}" for k in range(3)))
        columns = Columns(id="id", time="day", features=tuple(f"p{k}" for k in range(64)))
        draft = ProjectDraft("digits", folder / "digits.csv", questions=(question,), columns=columns)
        create.create(served.site, users.ensure_admin(served.site)[0], draft)
        train_until_idle(served.site)

    return serving(fill)


def label(served: Any, truth: Truth, n: int) -> None:
    """The team answers."""
    api = make_api(served.site)
    for lease in api.queue("digits", n=n):
        answer = {"label": f"l_{int(truth[lease['item']['key']][-1]) + 1}"}
        assert api.answer("digits", lease, answer, seconds=3.0).status_code == 201
    train_until_idle(served.site)


def wait_until_idle(site: Any, slug: str) -> None:
    """Until the project's last wish to train is served, by whichever worker."""
    with site.project(slug).read() as rows:
        wanted = site.project(slug).row(rows).wanted_seq
    training.wait_for(site, slug, wanted)


def begin(page: Any, hypothesis: str) -> None:
    """A new round with a hypothesis."""
    page.get_by_test_id("new-round").click()
    page.get_by_test_id("hypothesis").fill(hypothesis)
    page.get_by_role("dialog").get_by_label("Planned labels").fill("400")  # it ends when the next one begins
    page.get_by_role("dialog").get_by_role("button", name="Begin").click()
    page.get_by_test_id("hypothesis").wait_for(state="detached")


def two_arms(served: Any, lead: Any, truth: Truth) -> None:
    """A fork is begun in the dialog, gets its labels, and ends by itself with what can be said."""
    page = lead.open("/p/digits/rounds")
    page.get_by_test_id("new-fork").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_test_id("fork-hypothesis").fill("Doubt teaches more than chance")
    dialog.get_by_test_id("per-arm").fill("12")
    lead.says("fork-detectable", re.compile("reserve labels"))
    dialog.get_by_test_id("begin-fork").click()
    expect(page.get_by_test_id("fork-sentence")).to_contain_text("0 and 0 of 12 labels")
    for _ in range(8):  # the server trains beside, so the first answers may be of an earlier ranking
        wait_until_idle(served.site, "digits")
        if make_api(served.site).get("/projects/digits/forks").json()["items"][0]["state"] == "ended":
            break
        label(served, truth, 12)
    expect(page.get_by_test_id("fork-sentence")).to_contain_text("these two sets of labels", timeout=20_000)
    expect(page.get_by_test_id("fork").get_by_text("12 of 12 labels")).to_have_count(2)


def test_from_a_goal_to_a_report(served: Any, truth: Truth) -> None:
    lead = served.person("lead")
    page = lead.open("/p/digits/plan")
    page.get_by_role("link", name="Set a goal").click()
    page.get_by_test_id("goal-value").fill("0.95")
    page.get_by_label("Until").fill((today() + timedelta(days=6)).isoformat())
    section = page.locator("section").filter(has=page.get_by_test_id("goal-value"))
    section.get_by_role("button", name="Save").click()
    expect(section.get_by_role("button", name="Save")).to_be_disabled()

    page = lead.open("/p/digits/rounds")
    for hypothesis in HYPOTHESES:
        begin(page, hypothesis)
        label(served, truth, OF_ROUND)
    lead.open("/p/digits/rounds")
    for number, hypothesis in enumerate(HYPOTHESES, 2):
        expect(page.get_by_test_id(f"round-{number}")).to_contain_text(hypothesis)

    two_arms(served, lead, truth)

    page = lead.open("/p/digits/batch")
    page.get_by_test_id("batch-item").first.get_by_test_id("drop").click()
    page.get_by_test_id("approve").click()
    lead.says("approved", re.compile(r"\d+ items approved"))
    for _ in range(2):
        label(served, truth, OF_ROUND)

    page = lead.open("/p/digits/plan")
    lead.says("plan-title", re.compile("target"))
    expect(page.get_by_test_id("target").first).to_contain_text("Accuracy ≥ 0.95")

    page = lead.open("/p/digits/drift")
    alarm = page.get_by_test_id("drift-alarm").filter(has_text="Inputs have changed since 2026-")
    alarm.get_by_role("button", name=re.compile(r"Label \d+ random items first")).click()
    expect(alarm.get_by_test_id("drift-sample")).to_contain_text("items answered")

    report = page.request.get(f"{served.base}/api/v1/projects/digits/report").text()
    assert all(hypothesis in report for hypothesis in (*HYPOTHESES, "Doubt teaches more than chance"))
    assert "0.95" in report and "Two arms were begun" in report
    page = lead.open("/p/digits/audit?kind=batch.approved")
    page.get_by_test_id("events").get_by_text("batch.approved", exact=True).wait_for()
    assert lead.complaints == []
