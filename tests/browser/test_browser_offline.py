"""Without a network: fifty items with their pictures, leases that run out meanwhile, and giving back what is not needed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_browser_label import TOPICS, write_images, write_texts

MANY = 50
PAINTED = "img => img.complete && img.naturalWidth === 8"


def fill(served: Any, folder: Path) -> None:
    """Images, and few texts."""
    served.create("images", write_images(folder / "images"), "classification", labels=tuple("0123456789"))
    served.create("texts", write_texts(folder / "texts.jsonl"), "classification", labels=TOPICS)


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    """Both projects on one server."""
    return serving(fill)


def live_leases(served: Any, slug: str, person: Any) -> int:
    """How many items are lent to a person now."""
    from labelwright.store import tables as t

    with served.site.project(slug).read() as rows:
        query = rows.select(t.lease).where(t.lease.c.person_id == person.actor.person_id, t.lease.c.state == "live")
        return sum(row.expires_at > time.time() for row in rows.all(query))


def test_fifty_items_go_on_without_a_network(served: Any) -> None:
    """Their pictures are shown, the answers wait in the browser, and each is stored once when the network is back."""
    person = served.person()
    page = person.label("images")
    person.press("o")
    person.says("offline-switch", f"{MANY} ready")
    person.context.set_offline(True)
    items = []
    for n in range(MANY):
        picture = page.get_by_test_id("item").locator("img")
        assert picture.evaluate(PAINTED), f"no picture of item {n}"
        item = person.shown
        person.press(str(n % 10))
        items.append(item)
        if n < MANY - 1:
            person.moves_on(item)
    page.get_by_test_id("item").wait_for(state="detached")
    person.says("saved-state", f"offline · {MANY} unsaved")
    assert person.stored("images") == []
    assert len(set(items)) == MANY
    person.press("Backspace")  # an answer that was not tried yet, or an undo that waits with it
    page.locator(f"[data-testid=item][data-item-id='{items[-1]}'] img").wait_for()
    person.press("7")
    page.get_by_test_id("item").wait_for(state="detached")
    person.context.set_offline(False)
    page.get_by_test_id("saved-state").get_by_text("saved", exact=True).wait_for(timeout=60_000)
    assert sorted(person.standing("images")) == sorted(items)
    given = [row for row in person.stored("images") if row.kind == "answer" and row.standing]
    assert len(given) == MANY and not any(row.late for row in given)
    person.complaints.clear()  # the browser itself reports requests that failed


def test_what_ran_out_is_still_there_without_a_network(served: Any) -> None:
    """Nobody can be asked for other items, so those at hand go on; the answers are kept."""
    from labelwright.store import tables as t

    person = served.person()
    page = person.page
    until = (datetime.now(UTC) + timedelta(seconds=3)).isoformat().replace("+00:00", "Z")

    def shorten(route: Any) -> None:
        reply = route.fetch()
        body = reply.json()
        for lease in body["leases"]:
            lease["expires_at"] = until
        route.fulfill(response=reply, json=body)

    page.route("**/queue", shorten)
    person.label("texts")
    page.unroute("**/queue")
    person.context.set_offline(True)
    with served.site.project("texts").stage() as rows:
        rows.update(t.lease, t.lease.c.state == "live", expires_at=time.time())
    page.wait_for_timeout(3000)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as when a laptop is opened again
    page.wait_for_timeout(200)
    items = [person.answer("1") for _ in range(3)]
    person.context.set_offline(False)
    person.saved()
    assert list(person.standing("texts")) == items
    assert len(person.stored("texts")) == 3
    person.complaints.clear()


def test_what_is_not_needed_goes_back(served: Any) -> None:
    """Switching off leaves the few that are always ahead; the choice stays with the browser."""
    person = served.person()
    page = person.label("texts")
    page.get_by_test_id("offline-switch").click()
    person.says("offline-switch", f"{MANY} ready")
    assert live_leases(served, "texts", person) == MANY
    page.reload()
    person.says("offline-switch", f"{MANY} ready")
    page.get_by_test_id("offline-switch").click()
    for _ in range(50):
        if live_leases(served, "texts", person) == 5:
            break
        page.wait_for_timeout(100)
    assert live_leases(served, "texts", person) == 5
