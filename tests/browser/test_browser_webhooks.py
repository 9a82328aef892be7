"""Settings: which addresses are told of a project's events, with a secret that is shown once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect


def fill(served: Any, folder: Path) -> None:
    source = folder / "texts.jsonl"
    lines = [json.dumps({"id": f"t{k}", "text": f"the boat number {k} left late"}) for k in range(30)]
    source.write_text("\n".join(lines) + "\n")
    served.create("boats", source, "classification", labels=("a", "b"))
    (served.home / "config.toml").write_text('webhook_hosts = "hooks.example.org"\n')


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


@pytest.mark.parametrize("width", [1280, 390])
def test_an_address_is_added_changed_and_removed(served: Any, width: int) -> None:
    lead = served.person("admin", viewport={"width": width, "height": 844})
    page = lead.open("/p/boats/settings")
    section = page.get_by_test_id("settings-webhooks")
    expect(section).to_contain_text("Allowed by the owner of this site: hooks.example.org.")
    address = f"https://hooks.example.org/labels/{width}"
    section.get_by_label("Address").fill(address)
    section.get_by_role("button", name="Add").click()
    secret = section.get_by_test_id("webhook-secret")
    expect(secret).to_be_visible()
    assert len(secret.inner_text()) >= 32
    expect(section).to_contain_text(address)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.reload()
    expect(section).to_contain_text(address)
    expect(section.get_by_test_id("webhook-secret")).to_have_count(0)
    hook = section.get_by_role("listitem").filter(has_text=address)
    hook.get_by_label("Drift").uncheck()
    hook.get_by_role("button", name="Save").click()
    expect(hook.get_by_role("button", name="Save")).to_be_disabled()
    page.reload()
    expect(hook.get_by_label("Drift")).not_to_be_checked()
    hook.get_by_role("button", name="Remove").click()
    hook.get_by_role("button", name="Remove").click()
    expect(section).not_to_contain_text(address)


def test_a_host_that_the_owner_did_not_allow_is_refused_with_the_cure(served: Any) -> None:
    lead = served.person("admin")
    page = lead.open("/p/boats/settings")
    section = page.get_by_test_id("settings-webhooks")
    section.get_by_label("Address").fill("https://elsewhere.example.org/")
    section.get_by_role("button", name="Add").click()
    expect(section).to_contain_text("is not among those that the owner of this site allows")
    expect(section).to_contain_text("webhook_hosts")
    lead.complaints.clear()  # the browser's own line about the 403
