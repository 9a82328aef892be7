"""People: an admin runs the site from the page, a lead runs the people of a project, and each sees what is theirs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SETTLED
from tests.browser.test_browser_label import write_texts

PASSWORD = "correct horse battery"


def fill(served: Any, folder: Path) -> None:
    """Two projects."""
    for slug in ("letters", "secret"):
        served.create(slug, write_texts(folder / f"{slug}.jsonl"), "classification", labels=("one", "two"))


@pytest.fixture(scope="module")
def served(serving: Callable[..., Any]) -> Any:
    return serving(fill)


def choose(page: Any, field: Any, option: str) -> None:
    """Take an option of a select."""
    field.click()
    page.get_by_role("option", name=option).locator("visible=true").click()


def claim(served: Any, link: str, name: str) -> Any:
    """A window of somebody who opens a link and sets a password."""
    person = served.window()
    person.page.goto(link)
    person.page.get_by_test_id("name").fill(name)
    person.page.get_by_test_id("password").fill(PASSWORD)
    person.page.locator("button[type=submit]").click()
    person.page.get_by_role("heading", name="Projects").wait_for()
    return person


def refused_as_expected(person: Any) -> None:
    """The browser reports the refused requests of a page, which this test made on purpose."""
    person.complaints = [one for one in person.complaints if not re.search(r"status of (401|403|404|409)", one)]


def test_an_admin_invites_somebody_to_one_project(served: Any) -> None:
    admin = served.person("admin")
    page = admin.open("/people")
    page.get_by_test_id("invite").click()
    page.get_by_test_id("invite-email").fill("ann@example.com")
    page.get_by_test_id("invite-name").fill("Ann")
    choose(page, page.get_by_test_id("invite-role"), "Member: sees")
    choose(page, page.get_by_test_id("choose-project"), "letters")
    page.get_by_test_id("add-project").click()
    page.get_by_test_id("invite-submit").click()
    link = page.get_by_test_id("once").inner_text()
    assert link.startswith(f"{served.base}/link#")  # complete, as the browser reached the server
    page.get_by_text("It works once, until").wait_for()

    ann = claim(served, link, "Ann")
    ann.page.get_by_test_id("project-letters").wait_for()
    assert ann.page.get_by_test_id("project-secret").count() == 0
    ann.page.get_by_role("link", name="Label", exact=True).click()
    ann.page.locator(SETTLED).wait_for()
    assert ann.page.get_by_role("navigation").get_by_role("link").all_inner_texts() == ["Label", "Mine", "Calibrate"]
    ann.answer("1")
    ann.saved()
    ann.open("/p/secret/label")
    ann.page.get_by_text("There is nothing here").wait_for()
    refused_as_expected(ann)

    page.keyboard.press("Escape")
    page.get_by_test_id("filter").fill("ann@")
    row = page.get_by_test_id("account-ann@example.com")
    row.get_by_text("letters: annotator").wait_for()
    row.get_by_test_id("actions").click()
    page.get_by_role("menuitem", name="Projects").click()
    choose(page, page.get_by_role("combobox", name="Role: letters"), "Reviewer")
    row.get_by_text("letters: reviewer").wait_for()
    page.keyboard.press("Escape")
    ann.open("/p/letters/label")
    ann.page.get_by_role("navigation").get_by_role("link", name="Progress").wait_for()
    ann.page.get_by_test_id("item").wait_for()

    choose(page, row.get_by_test_id("role"), "Auditor")
    row.get_by_text("every project").wait_for()
    row.get_by_test_id("actions").click()
    page.get_by_role("menuitem", name="Close account").click()
    page.get_by_test_id("confirm").click()
    row.get_by_text("closed", exact=True).wait_for()
    ann.press("1")  # with the page still open
    ann.page.get_by_text("You are not signed in any more").wait_for()
    ann.page.get_by_test_id("email").fill("ann@example.com")
    ann.page.get_by_test_id("password").fill(PASSWORD)
    ann.press("Enter")
    ann.page.get_by_text("E-mail or password is wrong").wait_for()
    refused_as_expected(ann)


def test_a_lead_runs_the_people_of_a_project(served: Any) -> None:
    from labelwright.services.people import members
    from labelwright.services.people.roles import SYSTEM

    lead = served.person("member")
    members.give(served.site, SYSTEM, "letters", lead.actor.person_id, "lead")
    page = lead.open("/")
    page.get_by_test_id("project-letters").get_by_role("link", name="Progress").click()
    page.get_by_role("navigation").get_by_role("link", name="People").click()
    page.get_by_test_id("invite-email").fill("bob@example.com")
    page.get_by_test_id("invite-submit").click()
    link = page.get_by_test_id("once").inner_text()
    bob = claim(served, link, "Bob")
    bob.label("letters")

    page.get_by_test_id("invite-email").fill("bob@example.com")
    page.get_by_test_id("invite-submit").click()
    page.get_by_text("Bob has an account already").wait_for()
    assert page.get_by_test_id("once").count() == 0

    row = page.get_by_test_id("member-bob@example.com")
    choose(page, row.get_by_test_id("role"), "Auditor")
    bob.open("/p/letters/progress")
    bob.page.get_by_test_id("sentence").wait_for()
    assert "Label" not in bob.page.get_by_role("navigation").get_by_role("link").all_inner_texts()
    row.get_by_test_id("remove").click()
    page.get_by_test_id("confirm").click()
    row.wait_for(state="detached")
    bob.open("/p/letters/progress")
    bob.page.get_by_text("There is nothing here").wait_for()
    bob.open("/")
    bob.page.get_by_text("as soon as an admin or a lead has given you one").wait_for()
    refused_as_expected(bob)

    lead.open("/people")
    page.get_by_text("does not have 'user.manage'").wait_for()
    refused_as_expected(lead)


def test_the_last_admin_stays(served: Any) -> None:
    """In the page's words; the other admins of this home are closed before."""
    from labelwright.services.people import directory, users
    from labelwright.services.people.roles import SYSTEM

    admin = served.person("admin")
    others = [one for one in directory.listing(served.site).items if one.role == "admin" and one.active]
    for one in others:
        if one.id != admin.actor.person_id:
            users.change(served.site, SYSTEM, one.id, active=False)
    page = admin.open("/people")
    row = page.get_by_test_id(f"account-{next(one.email for one in others if one.id == admin.actor.person_id)}")
    row.get_by_test_id("actions").click()
    page.get_by_role("menuitem", name="Close account").click()
    page.get_by_test_id("confirm").click()
    page.get_by_text("This is the last active admin").wait_for()
    refused_as_expected(admin)
