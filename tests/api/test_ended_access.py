"""Access ends when its reason ends: images, streams, and requests that another origin sends."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, text

from labelwright.server.app import create_app
from labelwright.services.people import members, sessions, users
from labelwright.services.people.roles import SYSTEM
from labelwright.services.site import Site
from labelwright.services.site.settings import load
from labelwright.store import site_tables as st
from labelwright.store import tables as t


def sees(api: Any, address: str) -> bool:
    reply = api.client.get(address, headers=api.headers)
    assert reply.status_code in (200, 403, 410), reply.text
    return bool(reply.status_code == 200)


def test_an_image_that_was_given_back_is_not_shown(images: Any) -> None:
    lease = images.queue("pets")[0]
    ordinal = item_of(images, lease)
    addresses = (lease["item"]["content"]["media"], f"/api/v1/projects/pets/items/i{ordinal}/media")
    assert all(sees(images, address) for address in addresses)
    path = f"/api/v1/projects/pets/leases/{lease['id']}"
    assert images.client.delete(path, headers=images.headers).status_code == 204
    assert not any(sees(images, address) for address in addresses)


def test_an_image_is_shown_again_to_who_answered(images: Any) -> None:
    lease = images.queue("pets")[0]
    stored = images.answer("pets", lease, {"label": "l_1"}).json()
    again = images.get(f"/projects/pets/annotations/{stored['id']}/item").json()["content"]["media"]
    preview = images.get("/projects/pets/annotations").json()["items"][0]["preview"]
    assert sees(images, again) and sees(images, preview)


def test_an_image_whose_lease_ran_out_is_not_shown(images: Any) -> None:
    lease = images.queue("pets")[0]
    with images.site.project("pets").stage() as rows:
        rows.update(t.lease, t.lease.c.id == lease["id"], expires_at=0.0)
    assert not sees(images, lease["item"]["content"]["media"])


def item_of(api: Any, lease: dict[str, Any]) -> int:
    with api.site.project("pets").read() as rows:
        return int(rows.scalar(rows.select(t.lease.c.ordinal).where(t.lease.c.id == lease["id"])))


def stream_until(api: Any, act: Any) -> list[bytes]:
    """Read the stream, act after its first message, and return what it sent until the server ended it."""
    sent: list[bytes] = []

    async def listen() -> None:
        asked, never = asyncio.Event(), asyncio.Event()

        async def receive() -> dict[str, Any]:
            if asked.is_set():
                await never.wait()
            asked.set()
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.body" and message.get("body"):
                sent.append(message["body"])
                if len(sent) == 1:
                    await asyncio.to_thread(act)

        headers = [(b"host", b"localhost"), *((k.lower().encode(), v.encode()) for k, v in api.headers.items())]
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": "/api/v1/projects/topics/stream", "query_string": b"", "headers": headers,
            "root_path": "", "client": ("127.0.0.1", 1), "server": ("localhost", 80),
        }  # fmt: skip
        await asyncio.wait_for(create_app(api.site)(scope, receive, send), 20)

    asyncio.run(listen())
    return sent


@pytest.mark.parametrize("end", ["close", "token", "role", "project"])
def test_a_stream_ends_with_the_right_to_read_it(trained: Any, end: str) -> None:
    reader = trained.api.as_role("member" if end == "project" else "annotator")
    who = reader.get("/session").json()["user"]["id"]
    if end == "project":
        members.give(trained.site, SYSTEM, "topics", who, "annotator")
    token = reader.get("/tokens").json()["items"][0]["id"]

    def act() -> None:
        if end == "close":
            users.change(trained.site, SYSTEM, who, active=False)
        elif end == "token":
            users.revoke_token(trained.site, users.Actor(who, "annotator"), token)
        elif end == "project":
            members.take(trained.site, SYSTEM, "topics", who)
        else:
            with trained.site.store.write() as connection:
                row = {"project_id": trained.store.project_id, "person_id": who, "role": "nothing"}
                connection.execute(insert(st.membership), [row])

    assert len(stream_until(reader, act)) == 1


def test_a_stream_that_fails_is_broken_off_without_saying_why(trained: Any) -> None:
    def act() -> None:
        with trained.site.store.write() as connection:
            connection.execute(text("DROP TABLE membership"))

    with pytest.raises(ConnectionAbortedError, match="the answer broke off") as broken:
        stream_until(trained.api, act)
    assert "membership" not in str(broken.value) and broken.value.__suppress_context__


@pytest.fixture
def cookie(trained: Any) -> dict[str, str]:
    """The cookie of a signed-in admin."""
    link = sessions.make_link(trained.site, users.first_admin(trained.site).person_id)
    opened = trained.api.client.post("/api/v1/session/link", json={"token": link})
    trained.api.client.cookies.clear()
    return {"Cookie": opened.headers["set-cookie"].partition(";")[0]}


def n_events(trained: Any) -> int:
    with trained.store.read() as rows:
        return int(trained.store.head_seq(rows))


FROM_ELSEWHERE = {
    "another port": {"Sec-Fetch-Site": "same-site"},
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "an older browser": {"Origin": "http://localhost:3000"},
    "a sandbox": {"Origin": "null"},
    "no address": {"Origin": "http://["},
}
FROM_HERE = {
    "the page": {"Sec-Fetch-Site": "same-origin"},
    "the address bar": {"Sec-Fetch-Site": "none"},
    "a program": {},
    "a page of an older browser": {"Origin": "http://localhost"},
}


@pytest.mark.parametrize("headers", FROM_ELSEWHERE.values(), ids=FROM_ELSEWHERE)
def test_another_origin_cannot_use_the_cookie(trained: Any, cookie: dict[str, str], headers: dict[str, str]) -> None:
    before = n_events(trained)
    refused = trained.api.client.get("/api/v1/projects/topics/export", headers={**cookie, **headers})
    assert refused.status_code == 403 and "origin" in refused.json()["message"]
    assert n_events(trained) == before


def test_the_address_that_people_use_is_an_own_origin(tmp_path: Path) -> None:
    """Behind a proxy that does not pass the host on."""
    site = Site(load({"home": tmp_path / "home", "base_url": "http://label.example.org"}, environ={}))
    client = TestClient(create_app(site), base_url="http://localhost")
    client.post("/api/v1/session/link", json={"token": sessions.make_link(site, users.first_admin(site).person_id)})
    for origin, status in (("http://label.example.org", 200), ("http://elsewhere.example.org", 403), ("null", 403)):
        assert client.get("/api/v1/session", headers={"Origin": origin}).status_code == status
    site.close()


@pytest.mark.parametrize("headers", FROM_HERE.values(), ids=FROM_HERE)
def test_the_page_and_programs_can(trained: Any, cookie: dict[str, str], headers: dict[str, str]) -> None:
    before = n_events(trained)
    assert trained.api.client.get("/api/v1/projects/topics/export", headers={**cookie, **headers}).status_code == 200
    assert n_events(trained) == before + 1


def test_a_token_is_sent_on_purpose_from_wherever(trained: Any) -> None:
    headers = {**trained.api.headers, "Sec-Fetch-Site": "cross-site"}
    assert trained.api.client.get("/api/v1/projects/topics/export", headers=headers).status_code == 200
