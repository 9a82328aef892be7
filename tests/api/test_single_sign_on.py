"""People sign in by an identity provider: a real one, which issues codes and signs what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from labelwright.errors import InputError
from labelwright.server.app import create_app
from labelwright.services.people import provider as speaking
from labelwright.services.people import users
from labelwright.services.people.single_sign_on import roles_by_group
from labelwright.services.site import Site
from labelwright.services.site.settings import load

pytest.importorskip("oidc_provider_mock")
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")  # of the provider
BASE = "http://localhost/labelwright"
START, CALLBACK = "/labelwright/api/v1/session/provider/start", "/labelwright/api/v1/session/provider/callback"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a running provider."""
    from oidc_provider_mock import User, run_server_in_thread

    people = [
        User(sub="ann-1", claims={"email": "ann@example.com", "email_verified": True, "name": "Ann", "groups": ["labelers"]}),
        User(sub="bob-1", claims={"email": "bob@example.com", "email_verified": True, "groups": ["staff", "leads"]}),
        User(sub="eve-1", claims={"email": "admin@localhost", "email_verified": False, "groups": ["labelers"]}),
    ]  # fmt: skip
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def served(tmp_path: Path, issuer: str) -> Iterator[Any]:
    def make(**settings: object) -> TestClient:
        values = {"home": tmp_path / "home", "base_url": BASE, "oidc_issuer": issuer, "oidc_client_id": "labelwright",
                  "oidc_client_secret": "s3cret-of-the-client", **settings}  # fmt: skip
        site = Site(load(values, environ={}))
        users.ensure_admin(site)
        sites.append(site)
        return TestClient(create_app(site), base_url="http://localhost", follow_redirects=False)

    sites: list[Site] = []
    speaking._fetch.cache_clear()
    yield make
    for site in sites:
        site.close()


def go(client: TestClient, subject: str, *, then: str = "/") -> Any:
    """Begin here, sign in at the provider as somebody, and come back."""
    import httpx2

    begun = client.get(START, params={"then": then})
    assert begun.status_code == 303, begun.text
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["redirect_uri"] == ["http://localhost" + CALLBACK]
    back = httpx2.post(begun.headers["location"], data={"sub": subject})
    assert back.status_code in (302, 303), back.text
    return client.get(back.headers["location"])


def test_somebody_who_was_invited_signs_in_and_stays_who_they_are(served: Any) -> None:
    client = served()
    site = client.app.state.site
    users.add(site, users.first_admin(site), email="ann@example.com", role="reviewer")
    done = go(client, "ann-1", then="/p/pets/label")
    assert done.status_code == 303 and done.headers["location"] == "/labelwright/p/pets/label"
    who = client.get("/labelwright/api/v1/session").json()
    assert (who["user"]["email"], who["user"]["role"]) == ("ann@example.com", "reviewer")
    assert client.get(START, params={"then": "//elsewhere.example.com"}).status_code == 303


def test_groups_give_accounts_and_roles(served: Any) -> None:
    client = served(oidc_roles="leads=lead, labelers=annotator")
    assert go(client, "bob-1").headers["location"] == "/labelwright/"
    assert client.get("/labelwright/api/v1/session").json()["user"]["role"] == "lead"
    assert go(client, "ann-1").status_code == 303
    assert client.get("/labelwright/api/v1/session").json()["user"] == {
        **client.get("/labelwright/api/v1/session").json()["user"], "email": "ann@example.com", "name": "Ann", "role": "annotator",
    }  # fmt: skip


def test_who_has_no_account_and_no_group_stays_out(served: Any) -> None:
    client = served()
    assert go(client, "ann-1").headers["location"] == "/labelwright/login?problem=forbidden"
    assert client.get("/labelwright/api/v1/session").status_code == 401


def test_an_address_that_is_not_verified_opens_nobodys_account(served: Any) -> None:
    client = served(oidc_roles="labelers=annotator")
    site = client.app.state.site
    users.add(site, users.first_admin(site), email="admin@localhost.example", role="admin")
    assert go(client, "eve-1").headers["location"] == "/labelwright/login?problem=forbidden"


def test_a_sign_in_is_finished_once_and_by_the_browser_that_began_it(served: Any) -> None:
    import httpx2

    client = served(oidc_roles="labelers=annotator")
    begun = client.get(START)
    back = httpx2.post(begun.headers["location"], data={"sub": "ann-1"}).headers["location"]
    other = TestClient(client.app, base_url="http://localhost", follow_redirects=False)
    assert other.get(back).headers["location"].endswith("problem=unauthenticated")
    assert client.get(back).headers["location"] == "/labelwright/"
    assert client.get(back).headers["location"].endswith("problem=unauthenticated")


def test_what_the_provider_says_must_be_meant_for_this_sign_in(served: Any) -> None:
    """The nonce of another sign-in is in the answer: a code that was stolen is worth nothing."""
    import httpx2
    from sqlalchemy import update

    from labelwright.store import site_tables

    client = served(oidc_roles="labelers=annotator")
    begun = client.get(START)
    with client.app.state.site.store.database.write() as connection:
        connection.execute(update(site_tables.authorization).values(nonce="another"))
    back = httpx2.post(begun.headers["location"], data={"sub": "ann-1"}).headers["location"]
    assert client.get(back).headers["location"].endswith("problem=unauthenticated")


def test_another_server_finishes_what_one_began(served: Any) -> None:
    client = served(oidc_roles="labelers=annotator")
    second = TestClient(
        create_app(Site(client.app.state.site.settings)), base_url="http://localhost", follow_redirects=False
    )
    import httpx2

    begun = client.get(START)
    back = httpx2.post(begun.headers["location"], data={"sub": "ann-1"}).headers["location"]
    second.cookies = client.cookies
    assert second.get(back).headers["location"] == "/labelwright/"
    assert second.get("/labelwright/api/v1/session").json()["user"]["email"] == "ann@example.com"
    second.app.state.site.close()  # type: ignore[attr-defined]


def test_a_provider_that_is_away_leaves_passwords(served: Any, caplog: pytest.LogCaptureFixture) -> None:
    client = served(oidc_issuer="http://127.0.0.1:9")
    assert client.get("/labelwright/api/v1/session/provider").json() == {"provider": "Single sign-on"}
    assert client.get(START).headers["location"] == "/labelwright/login?problem=unauthenticated"
    assert "does not answer" in caplog.text or caplog.records
    assert "s3cret" not in caplog.text
    plain = served(oidc_issuer=None)
    assert plain.get("/labelwright/api/v1/session/provider").json() == {"provider": None}


def test_the_secret_is_not_shown(served: Any) -> None:
    from labelwright.services.site import doctor

    lines = "\n".join(doctor.examine(served().app.state.site).lines)
    assert "oidc_client_secret = ***" in lines and "s3cret" not in lines


def test_settings_that_do_not_fit_are_named(served: Any) -> None:
    with pytest.raises(InputError, match="GROUP=ROLE"):
        roles_by_group("labelers=king")
    assert served(oidc_issuer="http://id.example.com").get(START).headers["location"].endswith("problem=invalid-input")
    assert served(base_url=None).get(START.removeprefix("/labelwright")).headers["location"] == (
        "/login?problem=invalid-input"
    )
