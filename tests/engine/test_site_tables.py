"""The site's tables are held against its chain: a role, a token or a project that was changed behind it is found."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from labelwright.engine.verifying import Report, verify_site
from labelwright.services.people import members, users
from labelwright.services.people.roles import MEMBER
from labelwright.store import site_tables as t
from labelwright.store.clock import now


def problems(site: Any) -> list[str]:
    report = Report()
    verify_site(site.store, report)
    report.close()
    return list(report.problems)


@pytest.fixture
def peopled(site: Any, make_project: Any) -> Any:
    """A site on which every act about people, tokens and projects was done."""
    make_project(site)
    make_project(site, "spare")
    admin = users.first_admin(site)
    ann = users.add(site, admin, email="ann@example.com", role=MEMBER).user.id
    bob = users.add(site, admin, email="bob@example.com", role="annotator").user.id
    members.add(site, admin, "topics", email="ann@example.com", role="reviewer")
    members.give(site, admin, "topics", ann, "lead")
    members.add(site, admin, "topics", email="bob@example.com", role="reviewer")
    members.take(site, admin, "topics", bob)
    users.make_token(site, admin, name="kept")
    users.revoke_token(site, admin, users.make_token(site, admin, name="gone").id)
    users.change(site, admin, bob, active=False)
    site.store.hide("spare", actor=admin.person_id)
    site.ann, site.bob = ann, bob
    return site


def test_what_people_did_is_what_the_tables_say(peopled: Any) -> None:
    assert problems(peopled) == []
    users.change(peopled, users.first_admin(peopled), peopled.bob, active=True, role="lead")
    peopled.store.remove("spare", actor="system")
    assert problems(peopled) == []


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda s: update(t.person).where(t.person.c.id == s.ann).values(role="admin"), "person: row"),
        (lambda s: update(t.person).where(t.person.c.id == s.bob).values(active=True), "person: row"),
        (lambda s: delete(t.person).where(t.person.c.id == s.bob), "is missing"),
        (
            lambda s: insert(t.person).values(id="p_x", email="x@x", name="", role="admin", created_at=now()),
            "in no event",
        ),
        (lambda s: update(t.membership).values(role="annotator"), "membership: row"),
        (lambda s: delete(t.membership), "membership: row"),
        (lambda s: update(t.token).values(revoked_at=None), "token: row"),
        (lambda s: delete(t.token), "token: row"),
        (lambda s: update(t.catalogue).values(deleted_at=None), "is in no event"),
        (lambda s: delete(t.catalogue).where(t.catalogue.c.slug == "spare"), "is missing"),
    ],
)
def test_a_row_that_was_changed_behind_the_chain_is_found(peopled: Any, act: Any, said: str) -> None:
    with peopled.store.write() as connection:
        connection.execute(act(peopled))
    found = problems(peopled)
    assert found and all(said in problem and problem.startswith("site table") for problem in found)
