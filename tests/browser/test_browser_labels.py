"""Labels merged and split on the settings page, on real data: figures first, then for good, or by two people."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_browser_accessible import AXE, TAGS

SLUG = "wines"
HERE = f"/p/{SLUG}/settings"
GROWERS = ("barolo", "grignolino", "barbera")
N_ITEMS = 45


def write_wines(folder: Path) -> tuple[Path, dict[str, int]]:
    """178 Italian wines of three cultivars (UCI Wine, as it ships with scikit-learn); the class by key."""
    import csv

    from sklearn.datasets import load_wine

    bunch, truth = load_wine(), {}
    with (folder / "wines.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", *bunch.feature_names])
        for k, (row, y) in enumerate(zip(bunch.data, bunch.target, strict=True)):
            out.writerow([f"wine-{k:03d}", *(f"{value:.6g}" for value in row)])
            truth[f"wine-{k:03d}"] = int(y)
    return folder / "wines.csv", truth


def fill(served: Any, folder: Path) -> None:
    """Two people answer the same items; of the last two cultivars each takes every third for the other."""
    from labelwright.exchange import Columns
    from labelwright.services.labeling import annotations, queue
    from labelwright.services.people import users
    from labelwright.services.people.roles import SYSTEM
    from labelwright.services.projects import create
    from labelwright.services.quality import rules
    from tests.conftest import train_until_idle

    site = served.site
    admin, _ = users.ensure_admin(site)
    source, truth = write_wines(folder)
    question = create.QuestionDraft(task="classification", text="Which grape?", labels=GROWERS)
    create.create(site, admin, create.ProjectDraft(SLUG, source, questions=(question,), columns=Columns(id="id")))
    rules.change(site, admin, SLUG, replace(rules.show(site, admin, SLUG).checking, overlap=2))
    train_until_idle(site)
    for person in range(2):
        made = users.add(site, SYSTEM, email=f"taster{person}@example.com", name=f"Taster {person}", role="annotator")
        actor = users.by_email(site, made.user.email)
        for lease in queue.take(site, actor, SLUG, n=N_ITEMS).leases:
            k, y = int(lease.item.key[-3:]), truth[lease.item.key]
            said = 3 - y if y and k % 3 == person else y
            given = annotations.Given.of(
                answer_id=str(uuid.uuid4()), lease_id=lease.id, item_id=lease.item.id, kind="answer",
                answer={"label": f"l_{said + 1}"}, seconds=4.0,
            )  # fmt: skip
            annotations.give(site, actor, SLUG, [given])
    train_until_idle(site)


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


@pytest.mark.parametrize(("size", "scheme"), [((390, 844), "light"), ((1280, 800), "dark"), ((844, 390), "light")])
def test_the_dialogs_fit_and_axe_finds_nothing_serious(served: Any, size: tuple[int, int], scheme: str) -> None:
    viewport = {"width": size[0], "height": size[1]}
    lead = served.person("lead", viewport=viewport, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    page = lead.open(HERE)
    for what in ("merge", "split"):
        page.get_by_test_id(f"{what}-l_3").click()
        if what == "merge":
            page.get_by_test_id("merge-into").click()
            page.get_by_role("option", name="grignolino").click()
        else:
            page.get_by_test_id("split-parts").fill("young barbera\nold barbera")
            page.get_by_test_id("split-preview").click()
        page.get_by_test_id("label-figures").wait_for()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        page.add_script_tag(path=str(AXE))
        result = page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS)
        found = [one for one in result["violations"] if one["impact"] in ("serious", "critical")]
        assert [(what, one["id"], one["nodes"][0]["html"][:140]) for one in found] == []
        page.keyboard.press("Escape")
        page.get_by_test_id("label-dialog").wait_for(state="detached")


def test_a_lead_sees_what_a_merger_would_do_and_merges(served: Any) -> None:
    lead = served.person("lead")
    page = lead.open(HERE)
    page.get_by_test_id("merge-l_3").click()
    page.get_by_test_id("merge-into").click()
    page.get_by_role("option", name="grignolino").click()
    figures = page.get_by_test_id("label-figures")
    expect(figures).to_contain_text("Items that people dispute")
    disputed = figures.get_by_role("row", name="Items that people dispute").get_by_role("cell")
    assert int(disputed.nth(0).inner_text()) > 5 and disputed.nth(1).inner_text() == "0"
    expect(figures).to_contain_text("accuracy of the same model")
    apply = page.get_by_test_id("label-apply")
    expect(apply).to_be_disabled()
    page.get_by_test_id("label-reason").fill("Tasters cannot tell the two apart.")
    apply.click()
    page.get_by_test_id("label-dialog").wait_for(state="detached")
    changes = page.get_by_test_id("label-changes")
    expect(changes).to_contain_text("barbera → grignolino")
    expect(changes).to_contain_text("Tasters cannot tell the two apart.")
    expect(page.get_by_label("Name of label 2")).to_have_value("grignolino")
    expect(page.get_by_label("Name of label 3")).to_have_count(0)


def test_under_strict_rules_a_split_waits_for_a_second_lead(served: Any) -> None:
    from labelwright.services.people import users
    from labelwright.services.quality import rules

    admin, _ = users.ensure_admin(served.site)
    now = rules.show(served.site, admin, SLUG).checking
    rules.change(served.site, admin, SLUG, replace(now, rules=replace(now.rules, strict=True)))
    first, second = served.person("lead"), served.person("lead")
    page = first.open(HERE)
    page.get_by_test_id("split-l_1").click()
    page.get_by_test_id("split-parts").fill("barolo 1970\nbarolo 1973")
    page.get_by_test_id("split-preview").click()
    expect(page.get_by_test_id("label-figures")).to_contain_text("of the reserve, ")
    page.get_by_test_id("label-reason").fill("The years differ.")
    page.get_by_role("button", name="Propose").click()
    changes = page.get_by_test_id("label-changes")
    expect(changes).to_contain_text("waits for a second person")
    expect(changes.get_by_test_id("change-approve")).to_have_count(0)
    page = second.open(HERE)
    page.get_by_test_id("change-reason").fill("Agreed at the tasting.")
    page.get_by_test_id("change-approve").click()
    expect(page.get_by_label("Name of label 1")).to_have_value("barolo 1970")
    expect(page.get_by_label("Name of label 2")).to_have_value("barolo 1973")
