"""A lead sets a target of a slice on the page Plan, reads what is missing, and takes over the quota."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks import data
from labelwright.store.clock import today
from tests.conftest import make_api, text_draft, train_until_idle


def fill(served: Any, folder: Path) -> None:
    """A project of two domains with a goal and seven rounds, and one without a goal."""
    from labelwright.engine.goals import Goal
    from labelwright.exchange import Columns
    from labelwright.policy import Policy
    from labelwright.services.people import users
    from labelwright.services.projects import create

    admin, _ = users.ensure_admin(served.site)
    truth = data.write(folder / "plain.jsonl", 700)
    source = folder / "topics.jsonl"
    with source.open("w") as file:
        for k, line in enumerate((folder / "plain.jsonl").read_text().splitlines()):
            row = json.loads(line)
            short = k % 3 == 0
            text = " ".join(row["text"].split()[:2]) if short else row["text"]
            file.write(
                json.dumps(
                    {**row, "text": text, "domain": "short" if short else "long", "effort": "low" if short else "high"}
                )
                + "\n"
            )
    policy = Policy(gold_share=0, reserve_share=0.4, random_share=0.1, batch_size=20, guard=False)
    goal = Goal("accuracy", 0.9, deadline=today() + timedelta(days=5), label_cost=0.2)
    columns = Columns(id="id", text="text", domain="domain", cost="effort")
    for slug, aim in (("topics", goal), ("aimless", None)):
        create.create(
            served.site, admin, text_draft(slug, source, policy=policy, goal=aim, labels=data.LABELS, columns=columns)
        )
    train_until_idle(served.site)
    api = make_api(served.site)
    for _ in range(7):
        for lease in api.queue("topics", n=40):
            label = f"l_{data.LABELS.index(truth[lease['item']['key']]) + 1}"
            assert api.answer("topics", lease, {"label": label}, seconds=5.0).status_code == 201
        train_until_idle(served.site)
    url, wanted = f"{api.base}/projects/topics/slices", {"column": "domain", "value": "short"}
    saved = api.client.post(url, json={"name": "Short texts", "filter": wanted}, headers=api.headers)
    assert saved.status_code == 201


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


def test_a_target_is_set_planned_and_given_a_quota(served: Any) -> None:
    lead = served.person("lead")
    page = lead.open("/p/topics/plan")
    page.get_by_test_id("edit-targets").click()
    page.get_by_test_id("add-target").click()
    page.get_by_role("combobox", name="Slice").click()
    page.get_by_role("option", name="Short texts").click()
    page.get_by_role("textbox", name="Value").fill("0.95")
    page.get_by_label("Deadline").fill((today() + timedelta(days=2)).isoformat())
    page.get_by_test_id("save-targets").click()
    first = page.get_by_test_id("target").first
    first.get_by_text("Short texts").wait_for()
    assert "Accuracy ≥ 0.95" in first.inner_text() and page.get_by_test_id("target").count() == 2
    propose = first.get_by_test_id("use-quota")
    propose.wait_for()
    share = propose.inner_text()
    propose.click()
    first.get_by_text("at least").wait_for()
    assert share.replace("Ask for", "at least") in first.inner_text()
    lead.says("kept", "forecast")
    assert lead.complaints == []


def test_the_work_is_shared_among_kinds_of_item_and_roles(served: Any) -> None:
    lead = served.person("lead", viewport={"width": 390, "height": 844})
    page = lead.open("/p/topics/plan")
    block = page.get_by_test_id("work")
    block.wait_for()
    kinds = block.get_by_test_id("kind")
    assert sorted(name.split("\t")[0] for name in kinds.all_inner_texts()) == ["high", "low"]
    assert "5.0 s" in block.get_by_test_id("role").first.inner_text()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert lead.complaints == []


def test_without_a_goal_the_page_says_what_is_missing(served: Any) -> None:
    lead = served.person("lead")
    page = lead.open("/p/aimless/plan")
    page.get_by_text("No goal is set").wait_for()
    page.get_by_role("link", name="Set a goal").click()
    page.wait_for_url("**/settings")
    assert lead.complaints == []
