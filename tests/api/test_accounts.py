"""Accounts: what a link, a new password, and closing an account put an end to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select, update

from labelwright.services.people import sessions, users
from labelwright.services.people.roles import SYSTEM
from labelwright.store import site_tables as st

EMAIL = "ann@example.com"
PASSWORD = "a long password"


def secret_of(link: str) -> str:
    return link.partition("#")[2]


def claim(api: Any, link: str, password: str | None = PASSWORD) -> Any:
    reply = api.client.post("/api/v1/session/link", json={"token": secret_of(link), "password": password})
    api.client.cookies.clear()
    return reply


def cookie_of(reply: Any) -> dict[str, str]:
    assert reply.status_code == 200, reply.text
    return {"Cookie": reply.headers["set-cookie"].partition(";")[0]}


def is_signed_in(api: Any, headers: dict[str, str]) -> bool:
    return bool(api.client.get("/api/v1/session", headers=headers).status_code == 200)


def id_of(api: Any) -> str:
    return users.by_email(api.site, EMAIL).person_id


@pytest.fixture
def invited(any_api: Any) -> str:
    return str(any_api.post("/users", {"email": EMAIL, "role": "annotator"}).json()["link"])


def test_a_new_link_voids_the_earlier_ones(any_api: Any, invited: str) -> None:
    second = any_api.post(f"/users/{id_of(any_api)}/link").json()["link"]
    refused = claim(any_api, invited)
    assert refused.status_code == 410 and refused.json()["code"] == "gone"
    assert claim(any_api, second).status_code == 200


def test_a_claimed_link_voids_the_others(any_api: Any, invited: str) -> None:
    other = sessions.make_link(any_api.site, id_of(any_api))
    with any_api.site.store.write() as connection:  # two live links, as an earlier version left them
        connection.execute(update(st.link).values(used_at=None))
    assert claim(any_api, invited).status_code == 200
    assert claim(any_api, f"#{other}", "an intruder's own").status_code == 410
    signed_in = any_api.client.post("/api/v1/session", json={"email": EMAIL, "password": PASSWORD})
    assert signed_in.status_code == 200


def test_a_new_password_ends_the_other_sessions(any_api: Any, invited: str) -> None:
    before = cookie_of(claim(any_api, invited))
    link = any_api.post(f"/users/{id_of(any_api)}/link").json()["link"]
    assert is_signed_in(any_api, before)
    after = cookie_of(claim(any_api, link, "another long password"))
    assert is_signed_in(any_api, after) and not is_signed_in(any_api, before)


def test_a_link_that_keeps_the_password_keeps_the_sessions(any_api: Any, invited: str) -> None:
    before = cookie_of(claim(any_api, invited))
    link = any_api.post(f"/users/{id_of(any_api)}/link").json()["link"]
    assert is_signed_in(any_api, cookie_of(claim(any_api, link, None))) and is_signed_in(any_api, before)


def close_and_reopen(api: Any) -> None:
    for active in (False, True):
        changed = api.client.patch(f"/api/v1/users/{id_of(api)}", json={"active": active}, headers=api.headers)
        assert changed.status_code == 200 and changed.json()["active"] is active


def test_a_reopened_account_has_no_session_token_or_link_of_before(any_api: Any, invited: str) -> None:
    cookie = cookie_of(claim(any_api, invited))
    token = users.make_token(any_api.site, users.by_email(any_api.site, EMAIL), name="script")
    bearer = {"Authorization": f"Bearer {token.secret}"}
    link = any_api.post(f"/users/{id_of(any_api)}/link").json()["link"]
    assert is_signed_in(any_api, bearer)
    close_and_reopen(any_api)
    assert not is_signed_in(any_api, bearer) and not is_signed_in(any_api, cookie)
    assert claim(any_api, link).status_code == 410
    with any_api.site.store.read() as connection:
        bodies = [json.loads(body) for body in connection.scalars(select(st.event.c.body))]
    assert [body["data"]["made"] for body in bodies if body["data"].get("token") == token.id] == [True, False]


def test_tokens_of_an_account_that_an_earlier_version_closed_stay_dead(any_api: Any, invited: str) -> None:
    token = users.make_token(any_api.site, users.by_email(any_api.site, EMAIL))
    with any_api.site.store.write() as connection:
        connection.execute(update(st.person).where(st.person.c.email == EMAIL).values(active=False))
    users.change(any_api.site, SYSTEM, id_of(any_api), active=True)
    assert not is_signed_in(any_api, {"Authorization": f"Bearer {token.secret}"})


def test_the_link_of_a_closed_account_is_gone(any_api: Any, invited: str) -> None:
    with any_api.site.store.write() as connection:  # closed by an earlier version, which left its links
        connection.execute(update(st.person).where(st.person.c.email == EMAIL).values(active=False))
    assert claim(any_api, invited).status_code == 410
    refused = any_api.post(f"/users/{id_of(any_api)}/link")
    assert refused.status_code == 409 and "closed" in refused.json()["message"]
