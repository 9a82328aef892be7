"""How people fare, by keyboard: the team, one person, one's own work, and a line where somebody hurries."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_browser_accessible import AXE, TAGS
from tests.browser.test_browser_label import write_texts
from tests.said import DAY, at, said

N = 60
SLUG = "team"


def fill(served: Any, folder: Path) -> None:
    """Three people who look and one who does not; a decision against one, one sent back, and something set aside."""
    from labelwright.engine.project import load
    from labelwright.services.people import users
    from labelwright.services.people.roles import SYSTEM
    from labelwright.store.clock import new_id
    from labelwright.store.record.reviews import ReviewDecided, ReviewOpened

    served.create(SLUG, write_texts(folder / "texts.jsonl", 120), "classification", labels=("one", "two"))
    store = served.site.project(SLUG)
    with store.read() as rows:
        question = load(store, rows).primary.id
    served.ids = {}
    for name in ("Ada", "Bea", "Cyd", "Hasty"):
        users.add(served.site, SYSTEM, email=f"{name.lower()}@example.com", name=name, role="annotator")
        served.ids[name] = users.by_email(served.site, f"{name.lower()}@example.com").person_id
    with at(time.time() - 2 * DAY), store.write() as transaction:
        for name, person in served.ids.items():
            for ordinal in range(N):
                right = f"l_{1 + ordinal % 2}"
                label = "l_1" if name == "Hasty" or (name == "Bea" and ordinal == 7) else right
                seconds = 0.1 if name == "Hasty" else {"Ada": 3.0, "Bea": 5.0, "Cyd": 8.0}[name] + ordinal % 3
                given = said(transaction, person, ordinal, label, question=question, seconds=seconds)
                if name == "Bea" and ordinal in (7, 8):
                    review, wants = new_id("rv"), ordinal == 7
                    transaction.record(
                        ReviewOpened(review, question, "conflict", {"n_people": 2}, (given,), None, None, None),
                        actor="system", ordinal=ordinal,
                    )  # fmt: skip
                    reason = transaction.seal("see rule 3" if wants else "read it to its end")
                    answer = {"label": "l_2"} if wants else None
                    body = ReviewDecided(review, question, "label" if wants else "send-back", answer, reason)
                    transaction.record(body, actor=served.ids["Ada"], ordinal=ordinal)
        aside = transaction.seal("half of it is missing")
        said(transaction, served.ids["Bea"], N + 1, None, what="flag", reason=aside)


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


def signed_in(served: Any, name: str, **options: Any) -> Any:
    """A window of one of the people of the project."""
    from labelwright.services.people import sessions, users
    from labelwright.services.people.roles import SYSTEM

    link = users.new_link(served.site, SYSTEM, served.ids[name]).link.partition("#")[2]
    opened = sessions.claim_link(served.site, link, name=None, password=None, agent="test")
    return served.window(users.by_email(served.site, f"{name.lower()}@example.com"), opened.secret, **options)


def tab_to(page: Any, wanted: Any) -> None:
    """Press Tab until something has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("it is not reached by Tab")


def is_clean(page: Any) -> None:
    """Axe finds nothing serious."""
    page.add_script_tag(path=str(AXE))
    result = page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS)
    assert [
        (one["id"], one["nodes"][0]["html"][:140])
        for one in result["violations"]
        if one["impact"] in ("serious", "critical")
    ] == []


def test_the_lead_finds_who_is_to_be_looked_at_and_sets_what_they_get(served: Any) -> None:
    page = served.person("lead").open(f"/p/{SLUG}/team")
    points = page.get_by_test_id("scatter").get_by_role("link")
    expect(points).to_have_count(4)
    hasty = points.and_(page.get_by_label("Hasty"))
    expect(hasty).to_have_accessible_name(pattern("Hasty: 0.1 s .*agreement .*to be looked at"))
    expect(page.get_by_test_id("team-attention")).to_contain_text("Others say something else")
    expect(page.get_by_test_id("team-attention").get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_test_id("team-audit")).to_contain_text("Hasty gave one in 100%")
    table = page.get_by_test_id("team-table")
    assert table.get_by_role("rowheader").all_inner_texts()[:3] == ["Ada", "Bea", "Cyd"]  # by name, never by rank
    tab_to(page, hasty)
    expect(page.get_by_test_id("scatter")).to_contain_text("Hasty: 0.1 s")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hasty")
    rate = page.get_by_label("Cost of an hour")
    tab_to(page, rate)
    page.keyboard.type("36")
    tab_to(page, page.get_by_label("Paused"))
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("profile")).to_contain_text("Saved.")
    page.get_by_role("link", name="Team").first.click()
    expect(table.get_by_role("row").filter(has_text="Hasty")).to_contain_text("paused")
    expect(table.get_by_role("columnheader", name="Cost so far")).to_be_visible()


def test_agreement_by_measure(served: Any) -> None:
    page = served.person("auditor").open(f"/p/{SLUG}/team")
    block = page.get_by_test_id("team-agreement")
    expect(block.get_by_role("status")).to_contain_text("chance taken off")
    block.get_by_role("combobox").click()
    page.get_by_role("option", name="Cohen's kappa").click()
    expect(block.get_by_role("status")).to_contain_text("4 persons answered")
    expect(block).to_contain_text("one and two")
    page.goto(f"{served.base}/p/{SLUG}/team/{served.ids['Ada']}")
    expect(page.get_by_test_id("profile")).to_contain_text("Only leads change this.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit(served: Any, scheme: str) -> None:
    options = {"viewport": {"width": 390, "height": 844}, "color_scheme": scheme, "bypass_csp": True, "reduced_motion": "reduce"}  # fmt: skip
    lead, bea = served.person("lead", **options), signed_in(served, "Bea", **options)
    for person, path in ((lead, "team"), (lead, f"team/{served.ids['Bea']}"), (bea, "mine")):
        page = person.open(f"/p/{SLUG}/{path}")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)
        is_clean(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_a_person_sees_their_own_work_and_nobody_elses(served: Any) -> None:
    bea = signed_in(served, "Bea")
    page = bea.open(f"/p/{SLUG}/mine")
    own = page.get_by_test_id("own-work")
    expect(own).to_contain_text("Agreement with others")
    expect(own).not_to_contain_text("Known answers")
    expect(page.get_by_role("navigation").get_by_role("link", name="Team")).to_have_count(0)
    outcomes = page.get_by_test_id("outcomes").get_by_role("listitem")
    expect(outcomes).to_have_count(2)
    expect(outcomes.first).to_contain_text("read it to its end")  # sent back comes first
    appeal = outcomes.nth(1).get_by_role("button", name="Appeal")
    tab_to(page, appeal)
    page.keyboard.press("Enter")
    page.keyboard.type("Rule 3 is about something else.")
    tab_to(page, page.get_by_role("button", name="Send the appeal"))
    page.keyboard.press("Enter")
    expect(appeal).to_have_count(0)
    assert [row.cause for row in reviews(served) if row.about is not None] == ["appeal"]


def test_what_was_sent_back_is_answered_again_and_what_was_set_aside_taken_back(served: Any) -> None:
    bea = signed_in(served, "Bea")
    page = bea.open(f"/p/{SLUG}/mine")
    tab_to(page, page.get_by_role("link", name="Answer again"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/p/{SLUG}/label")
    expect(page.get_by_role("button", name="one").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("correct", ignore_case=True)
    page.keyboard.press("2")
    bea.saved()
    assert [(row.kind, row.ordinal) for row in bea.stored(SLUG)][-1] == ("correct", 8)
    page = bea.open(f"/p/{SLUG}/mine")
    expect(page.get_by_test_id("outcomes")).to_contain_text("You have answered it again.")
    aside = page.get_by_test_id("set-aside")
    expect(aside).to_contain_text("half of it is missing")
    tab_to(page, aside.get_by_role("button", name="Take it back"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/p/{SLUG}/label")
    page.locator("[data-testid=item][data-settled]").wait_for()
    assert [(row.kind, row.ordinal) for row in bea.stored(SLUG)][-1] == ("undo", N + 1)
    page = bea.open(f"/p/{SLUG}/mine")
    expect(page.get_by_test_id("set-aside")).to_contain_text("You have set nothing aside.")


def test_who_hurries_is_told_so(served: Any) -> None:
    cyd = signed_in(served, "Cyd")
    cyd.page.clock.install()
    page = cyd.label(SLUG)
    for _ in range(22):
        page.clock.run_for(5000)
        cyd.answer("1")
    expect(page.get_by_test_id("fast")).to_have_count(0)
    for _ in range(3):
        page.clock.run_for(600)
        cyd.answer("1")
    expect(page.get_by_test_id("fast")).to_contain_text("You answer much faster than you usually do")


def reviews(served: Any) -> list[Any]:
    from labelwright.store import tables as t

    with served.site.project(SLUG).read() as rows:
        return list(rows.all(rows.select(t.review).order_by(t.review.c.seq)))


def pattern(text: str) -> Any:
    import re

    return re.compile(text)
