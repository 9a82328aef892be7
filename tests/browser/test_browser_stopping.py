"""From a goal to a certified target, and a search from a file to a signed report: the lead in the browser, on real data."""

from __future__ import annotations

import csv
import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.browser.conftest import SETTLED
from tests.browser.test_browser_create import drop
from tests.conftest import make_api

WORKER_SECONDS = 90


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    """A server without a project."""
    return serving(lambda served, folder: None)


def tumours(path: Path) -> dict[str, str]:
    """The Wisconsin diagnostic breast cancer data as a CSV file without its diagnoses; these by id."""
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *(name.replace(" ", "_") for name in data.feature_names)])
        writer.writerows([f"t{k}", *row] for k, row in enumerate(data.data.tolist()))
    return {f"t{k}": str(data.target_names[code]) for k, code in enumerate(data.target.tolist())}


def begin(
    person: Any, path: Path, labels: str, *, goal: str, metric: str | None = None, positive: str | None = None
) -> Any:
    """Drop the file, name the labels, set the goal, start."""
    page = drop(person, path, path.read_bytes())
    page.get_by_test_id("labels").locator("visible=true").first.click()
    page.keyboard.type(labels)
    if metric is not None:
        page.get_by_test_id("goal-metric").locator("visible=true").first.click()
        page.get_by_role("option", name=metric, exact=True).click()
    page.get_by_test_id("goal-value").fill(goal)
    if positive is not None:
        page.get_by_test_id("positive").locator("visible=true").first.click()
        page.get_by_role("option", name=positive, exact=True).click()
    page.get_by_test_id("start").click()
    page.wait_for_url("**/label")
    page.locator(SETTLED).wait_for(timeout=WORKER_SECONDS * 1000)  # there is an order to hand out from
    return page


def hand_back(served: Any, slug: str, person: Any) -> None:
    """Leave the page Label, and give back what it holds: what is lent out has not been reviewed."""
    person.open(f"/p/{slug}/progress")
    with served.site.project(slug).stage() as rows:
        rows.update(t.lease, t.lease.c.person_id == person.actor.person_id, state="returned")


def answered(served: Any, slug: str, truth: dict[str, str], n: int) -> Iterator[int]:
    """Answer items over HTTP, as the data say, and wait for the worker after each; how many it were."""
    api, store = make_api(served.site), served.site.project(slug)
    ids = {label["name"]: label["id"] for label in api.get(f"/projects/{slug}").json()["questions"][0]["labels"]}
    while leases := api.queue(slug, n=n):
        for lease in leases:
            assert api.answer(slug, lease, {"label": ids[truth[lease["item"]["key"]]]}).status_code == 201
        until = time.monotonic() + WORKER_SECONDS
        while True:
            with store.read() as rows:
                row = store.row(rows)
            if row.trained_seq >= row.wanted_seq:
                break
            assert time.monotonic() < until
            time.sleep(0.2)
        yield len(leases)


def test_a_goal_is_certified_on_sealed_labels(served: Any, tmp_path: Path) -> None:
    truth = tumours(tmp_path / "tumours.csv")
    lead = served.person("lead")
    page = begin(lead, tmp_path / "tumours.csv", "malignant,benign,", goal="0.75")
    hand_back(served, "tumours", lead)
    rounds = answered(served, "tumours", truth, 50)
    for _ in range(3):
        next(rounds)
    lead.open("/p/tumours/progress")
    stopping = page.get_by_test_id("stopping")
    expect(stopping.get_by_test_id("advice")).not_to_be_empty()
    stopping.get_by_text("What the rules say").click()
    expect(stopping.get_by_text("Plateau", exact=True)).to_be_visible()
    certificate = page.get_by_test_id("certificate")
    expect(certificate).to_contain_text("Certify accuracy of 0.75 on sealed labels")
    page.get_by_test_id("ask-sealed").click()
    expect(certificate).to_contain_text("They come first in everybody's queue.")
    expect(page.get_by_test_id("open-sealed")).to_have_count(0)
    for _ in rounds:
        page.reload()
        expect(certificate).to_be_visible()
        if page.get_by_test_id("open-sealed").count():
            break
    page.get_by_test_id("open-sealed").click()
    expect(certificate.get_by_role("alertdialog")).to_contain_text("It cannot be taken back.")
    page.get_by_test_id("open-sealed-sure").click()
    expect(certificate).to_contain_text("Passed")
    expect(certificate).to_contain_text("2 of 3 openings left.")
    page.reload()
    expect(page.get_by_test_id("advice")).to_contain_text("The goal is certified")
    assert verify(served.site, "tumours", replay=True).problems == []


def test_a_search_goes_from_a_file_to_a_signed_report(served: Any, tmp_path: Path) -> None:
    truth = tumours(tmp_path / "search.csv")
    lead = served.person("lead")
    page = begin(lead, tmp_path / "search.csv", "malignant,benign,", goal="0.6", metric="Recall", positive="malignant")
    hand_back(served, "search", lead)
    page.get_by_role("link", name="Search", exact=True).click()
    expect(page.get_by_test_id("search-title")).to_contain_text("0 of 569 reviewed")
    certificate = page.get_by_test_id("search-certificate")
    for _ in answered(served, "search", truth, 50):
        page.reload()
        expect(certificate).to_be_visible()
        if certificate.get_by_text("Certified", exact=True).is_visible():
            break
    expect(certificate).to_contain_text("certify a recall of 60 %")
    report = page.get_by_test_id("search-report")
    expect(report).to_contain_text("Certified.")
    page.get_by_test_id("statement").fill("I led this search.")
    page.get_by_test_id("sign").click()
    expect(report).to_contain_text("I led this search. (this report)")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    digest = hashlib.sha256(Path(download.value.path()).read_bytes()).hexdigest()
    expect(report).to_contain_text(digest)  # what is downloaded is what was signed
    assert verify(served.site, "search", replay=True).problems == []
