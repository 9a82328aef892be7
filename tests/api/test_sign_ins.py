"""Guessing passwords is slowed down, by account and by address, and nobody is locked out by it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from labelwright.errors import InputError, TooManyError
from labelwright.server.app import create_app
from labelwright.server.run import configured
from labelwright.services.people import sessions, users
from labelwright.services.people.attempts import Attempts, Pace
from labelwright.services.site import Site
from labelwright.services.site.settings import load

EMAIL, PASSWORD = "ann@example.com", "a long password"
QUICK = Pace(free=2, free_of_address=50, first=0.001, longest=0.01, waiting=2)


@pytest.fixture
def client(site: Any) -> Iterator[TestClient]:
    site.sign_ins = Attempts(site.store, QUICK)
    users.add(site, users.first_admin(site), email=EMAIL, role="annotator")
    link = sessions.make_link(site, users.by_email(site, EMAIL).person_id)
    sessions.claim_link(site, link, name=None, password=PASSWORD, agent="")
    yield TestClient(create_app(site), base_url="http://localhost", raise_server_exceptions=False)


def sign_in(client: TestClient, password: str, **headers: str) -> int:
    body = {"email": EMAIL, "password": password}
    return int(client.post("/api/v1/session", json=body, headers=headers).status_code)


def test_the_right_password_gets_in_after_many_wrong_ones(client: TestClient, site: Any) -> None:
    assert [sign_in(client, f"guess {k}") for k in range(12)] == [401] * 12
    assert site.sign_ins.delay("an address", EMAIL) == QUICK.longest
    assert sign_in(client, PASSWORD) == 200
    assert site.sign_ins.delay("an address", EMAIL) == 0  # the account starts again


def test_each_wrong_password_makes_the_next_wait_longer(any_site: Any) -> None:
    attempts = Attempts(any_site.store, Pace(free=3, free_of_address=1000, first=0.5, longest=8.0))
    delays = []
    for _ in range(10):
        delays.append(attempts.delay("10.0.0.1", EMAIL))
        attempts.count("10.0.0.1", EMAIL)
    assert delays == [0, 0, 0, 0.5, 1, 2, 4, 8, 8, 8]
    assert attempts.delay("10.0.0.2", EMAIL) == 8 and attempts.delay("10.0.0.1", "other@example.com") == 0


def test_an_address_that_tries_many_accounts_waits_too(any_site: Any) -> None:
    attempts = Attempts(any_site.store, Pace(free=3, free_of_address=5, first=0.5, longest=8.0))
    for k in range(6):
        attempts.count("10.0.0.1", f"{k}@example.com")
    assert attempts.delay("10.0.0.1", "new@example.com") == 1
    attempts.forget("5@example.com")  # an own account that signs in does not help
    assert attempts.delay("10.0.0.1", "new@example.com") == 1
    assert attempts.delay("10.0.0.2", "new@example.com") == 0


def test_only_a_few_sign_ins_of_an_address_wait_at_once(site: Any) -> None:
    async def crowd() -> list[bool]:
        attempts, release = Attempts(site.store, QUICK), asyncio.Event()

        async def one(address: str) -> bool:
            try:
                with attempts.turn(address, EMAIL):
                    await release.wait()
                    return True
            except TooManyError:
                return False
            finally:
                release.set()

        return [*await asyncio.gather(*(one("10.0.0.1") for _ in range(4)), one("10.0.0.2"))]

    assert asyncio.run(crowd()) == [True, True, False, False, True]


@pytest.mark.parametrize(("trusted", "counted"), [(None, "127.0.0.1"), ("127.0.0.0/8, ::1", "192.0.2.7")])
def test_a_forwarded_address_counts_only_from_a_trusted_proxy(
    tmp_path: Path, trusted: str | None, counted: str
) -> None:
    site = Site(load({"home": tmp_path / "home", "trusted_proxies": trusted}, environ={}))
    site.sign_ins = Attempts(site.store, Pace(free=1000, free_of_address=1, first=0.001, longest=0.001))
    config = configured(site, create_app(site))
    config.load()
    client = TestClient(config.loaded_app, base_url="http://localhost", client=("127.0.0.1", 4000))  # type: ignore[arg-type]
    assert sign_in(client, "a guess", **{"X-Forwarded-For": "192.0.2.7"}) == 401
    addresses = ("127.0.0.1", "192.0.2.7")
    assert [address for address in addresses if site.sign_ins.delay(address, "nobody@example.com")] == [counted]
    site.close()


def test_a_proxy_is_named_by_its_address(tmp_path: Path) -> None:
    for named in ("*", "proxy.example", "10.0.0.1 10.0.0.2"):
        with pytest.raises(InputError, match="trusted_proxies must be addresses or networks"):
            load({"home": tmp_path, "trusted_proxies": named}, environ={})


def test_the_cookie_is_marked_secure_where_people_use_https(tmp_path: Path) -> None:
    site = Site(load({"home": tmp_path / "home", "base_url": "https://label.example.org"}, environ={}))
    client = TestClient(create_app(site, hosts=("localhost",)), base_url="http://localhost")
    link = sessions.make_link(site, users.first_admin(site).person_id)
    assert "Secure" in client.post("/api/v1/session/link", json={"token": link}).headers["set-cookie"]
    site.close()
