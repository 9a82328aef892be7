"""A person whose name is erased: gone from the home, from every page, and from every way in; the record is whole."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from labelwright.cli.main import group
from labelwright.services.people import users
from labelwright.services.record.verify import verify

EMAIL, NAME = "zenobia.quartz@example.com", "Zenobia Quartz"


@pytest.fixture
def zenobia(lived: Any) -> Any:
    """A client of somebody who has answered an item."""
    users.add(lived.site, users.ensure_admin(lived.site)[0], email=EMAIL, name=NAME, role="annotator")
    secret = users.make_token(lived.site, users.by_email(lived.site, EMAIL), name="Zenobia's laptop").secret
    client = type(lived.api)(lived.site, lived.api.client, {"Authorization": f"Bearer {secret}"})
    (lease,) = client.queue("topics")
    assert client.answer("topics", lease, lived.right(lease)).status_code == 201
    return client


def id_of(ready: Any) -> str:
    return str(users.by_email(ready.site, EMAIL).person_id)


def test_nothing_of_the_name_is_left_and_the_answers_are(lived: Any, zenobia: Any) -> None:
    person, before = id_of(lived), lived.api.counts("topics")["answers"]
    done = lived.api.post(f"/users/{person}/erase")
    assert done.status_code == 200, done.text
    assert done.json()["name"] == f"Erased person {person[-4:]}" and not done.json()["active"]
    lived.site.store.database.close()
    left = [path.name for path in lived.home.rglob("*") if path.is_file() and b"enobia" in path.read_bytes()]
    assert left == []
    assert zenobia.get("/projects").status_code == 401
    assert lived.api.counts("topics")["answers"] == before
    assert EMAIL not in lived.api.get("/projects/topics/audit").text
    (listed,) = [one for one in lived.api.get("/users").json()["items"] if one["id"] == person]
    assert listed["state"] == "erased"
    assert verify(lived.site, "topics").problems == []


def test_an_erased_account_stays_closed(lived: Any, zenobia: Any) -> None:
    person = id_of(lived)
    assert lived.api.post(f"/users/{person}/erase").status_code == 200
    assert lived.api.post(f"/users/{person}/erase").status_code == 409
    assert lived.api.post(f"/users/{person}/link").status_code == 409
    again = lived.api.client.patch(f"/api/v1/users/{person}", json={"active": True}, headers=lived.api.headers)
    assert again.status_code == 409
    taken = lived.api.post("/users", {"email": f"{person}@erased.invalid", "name": "", "role": "annotator"})
    assert taken.status_code == 422


def test_only_an_admin_erases_and_an_admin_is_left(lived: Any, zenobia: Any) -> None:
    person = id_of(lived)
    assert lived.api.as_role("lead").post(f"/users/{person}/erase").status_code == 403
    own = users.ensure_admin(lived.site)[0].person_id
    assert lived.api.post(f"/users/{own}/erase").status_code == 409


def test_the_command_asks_first(lived: Any, zenobia: Any) -> None:
    command = ["--home", str(lived.home), "users", "erase", EMAIL]
    assert CliRunner().invoke(group, command, input="n\n").exit_code != 0
    assert id_of(lived)
    done = CliRunner().invoke(group, [*command, "--yes"])
    assert done.exit_code == 0 and "name and address are erased" in done.output
