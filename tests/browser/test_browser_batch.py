"""A lead looks at the next batch, leaves an item out, approves the rest; makes a slice; asks for items first."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks import data
from tests.conftest import make_api, text_draft, train_until_idle


def fill(served: Any, folder: Path) -> None:
    """A project of forty answers."""
    from labelwright.policy import Policy
    from labelwright.services.people import users
    from labelwright.services.projects import create

    admin, _ = users.ensure_admin(served.site)
    policy = Policy(gold_share=0, reserve_share=0.1, random_share=0.0, guard=False)
    truth = data.write(folder / "topics.jsonl", 300)
    draft = text_draft("topics", folder / "topics.jsonl", policy=policy, labels=data.LABELS)
    create.create(served.site, admin, draft)
    train_until_idle(served.site)
    api = make_api(served.site)
    for lease in api.queue("topics", n=40):
        label = f"l_{data.LABELS.index(truth[lease['item']['key']]) + 1}"
        assert api.answer("topics", lease, {"label": label}, seconds=3.0).status_code == 201
    train_until_idle(served.site)


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


def test_a_batch_is_looked_at_approved_and_asked_in_its_order(served: Any) -> None:
    lead = served.person("lead")
    page = lead.open("/p/topics/progress")
    page.get_by_test_id("to-batch").click()
    lead.says("batch-title", re.compile(r"The next 25 items that \S+ chose"))
    page.get_by_role("combobox", name="Items").click()
    page.get_by_role("option", name="10", exact=True).click()
    lead.says("batch-title", "The next 10 items")
    rows = page.get_by_test_id("batch-item")
    keys = [link.get_attribute("href").rpartition("/")[2] for link in rows.get_by_role("link").all()]
    rows.nth(1).get_by_test_id("drop").click()
    page.get_by_role("button", name="Approve 9 items").click()
    lead.says("approved", "9 items approved")
    page.get_by_role("switch", name="Chosen items wait for approval").click()
    page.get_by_role("switch", checked=True).wait_for(state="attached")
    annotator = served.person()
    annotator.label("topics")
    asked = set()
    with served.site.project("topics").read() as rows_:
        from labelwright.store import tables as t

        asked = {
            f"i{ordinal}" for ordinal in rows_.scalars(rows_.select(t.lease.c.ordinal).where(t.lease.c.state == "live"))
        }
    assert asked and asked <= {keys[0], *keys[2:]}
    assert lead.complaints == annotator.complaints == []


def test_a_filter_becomes_a_slice_and_its_items_are_asked_first(served: Any) -> None:
    lead = served.person("lead")
    page = lead.open("/p/topics/items?search=ka")
    page.get_by_test_id("save-slice").click()
    page.get_by_test_id("slice-name").fill("with ka")
    page.get_by_role("dialog").get_by_role("button", name="Save as a slice").click()
    page.get_by_role("dialog").wait_for(state="detached")
    found = page.get_by_test_id("item-count").inner_text()
    page = lead.open("/p/topics/items")
    page.get_by_test_id("slice").click()
    page.get_by_role("option", name="with ka").click()
    lead.says("item-count", found)
    for box in page.get_by_role("checkbox", name=re.compile("^Select (?!all)")).all()[:2]:
        box.click()
    page.get_by_test_id("pin").click()
    page.get_by_text(re.compile(r"will be asked first")).wait_for()
    assert lead.complaints == []
