"""Plan before spending, on real data: a file is replayed, the proposal opens Create filled in, similar work is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sklearn.datasets import load_breast_cancer

from tests.browser.test_browser_accessible import AXE, TAGS
from tests.browser.test_browser_label import write_rows

WORK_MS = 120_000


def write_labeled(path: Path) -> Path:
    """Tumours with their diagnosis."""
    data = load_breast_cancer(as_frame=True)
    table = data.data.iloc[:300, :6].assign(diagnosis=[("malignant", "benign")[k] for k in data.target[:300]])
    table.to_csv(path, index=False)
    return path


def fill(served: Any, folder: Path) -> None:
    rows = write_rows(folder / "rows.csv", "load_breast_cancer")
    served.create("tumours", rows, "classification", labels=("malignant", "benign"))
    served.labeled = write_labeled(folder / "labeled.csv")


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


def test_a_file_is_replayed_and_its_proposal_is_started(served: Any) -> None:
    person = served.person("lead", bypass_csp=True, reduced_motion="reduce")
    page = person.open("/")
    page.get_by_role("link", name="Plan before spending").click()
    expect(page.get_by_text("No plan yet")).to_be_visible()
    page.get_by_text("A file", exact=True).click()
    page.locator("input[type=file]").first.set_input_files(str(served.labeled))
    expect(page.get_by_role("combobox", name="Column of the true labels")).to_have_value("diagnosis")
    page.get_by_role("combobox", name="Models").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="linear", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_label("Labels at most").fill("60")
    page.get_by_label("Repetitions").fill("2")
    page.get_by_label("Seconds an answer").fill("8")
    page.get_by_label("Wrong answers, %").fill("a few")
    expect(page.get_by_test_id("start-plan")).to_be_disabled()
    page.get_by_label("Wrong answers, %").fill("0, 10")
    expect(page.get_by_text("12 replays")).to_be_visible()
    page.get_by_test_id("start-plan").click()

    plan = page.get_by_test_id("plan")
    expect(plan.get_by_text(re.compile("of 12 replays"))).to_be_visible()
    expect(page.get_by_test_id("proposal")).to_be_visible(timeout=WORK_MS)
    expect(page.get_by_role("button", name="Delete")).to_be_visible(timeout=WORK_MS)
    expect(page.get_by_test_id("proposal")).to_contain_text("reaches accuracy")
    assert page.locator("tbody tr").count() == 3
    page.get_by_text("10 % wrong answers").click()
    assert page.locator("tbody tr").count() == 3
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS)["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("labeled.csv plan")).first.click()
    assert Path(download.value.path()).read_text("utf-8-sig").count("\n") >= 6

    made = [one for one in _plans(served) if one["about"]["name"] == "labeled.csv"]
    assert len(made) == 1
    page.get_by_test_id("start-project").click()
    expect(page.get_by_test_id("start")).to_be_enabled()
    expect(page.get_by_test_id("similar")).to_contain_text("tumours")
    page.get_by_test_id("start").click()
    expect(page).to_have_url(re.compile(r"/p/labeled"), timeout=WORK_MS)
    served.wait_ranked()
    from labelwright.services.projects import access

    with served.site.project("labeled").read() as rows:
        project = access.ready(served.site.project("labeled"), rows)
    assert project.primary.model == "linear" and project.policy.batch_size == 3
    assert project.goal is not None and project.goal.metric == "accuracy"


def _plans(served: Any) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in (served.home / "plans").glob("pl_*/asked.json")]


def test_labels_that_are_too_few_are_said(served: Any) -> None:
    person = served.person("lead")
    page = person.open("/plan")
    page.get_by_role("combobox", name="Project whose labels are replayed").click()
    page.get_by_role("option", name="tumours").click()
    page.get_by_test_id("start-plan").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 40 labeled items")
    assert any("422" in complaint for complaint in person.complaints)
    person.complaints.clear()
