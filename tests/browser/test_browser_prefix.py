"""Below a path of a host, as behind a reverse proxy: pages, images, deep links, and a sign-in by a provider."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.browser.conftest import READY_SECONDS, ROOT, SETTLED, WAIT_MS, browser_of, chromium
from tests.conftest import make_site

pytest.importorskip("oidc_provider_mock")
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")  # of the provider
PREFIX, PASSWORD = "/tools/labelwright", "correct horse battery"


@dataclass
class Below:
    """A served site: its address with the path."""

    base: str


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Below]:
    from oidc_provider_mock import User, run_server_in_thread

    from labelwright.services.people import sessions, users
    from labelwright.services.projects import create
    from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft

    folder = tmp_path_factory.mktemp("below")
    pictures, rng = folder / "pictures", np.random.default_rng(0)
    pictures.mkdir()
    for k in range(12):
        Image.fromarray(rng.integers(0, 255, (24, 24), dtype=np.uint8)).save(pictures / f"{k:02}.png")
    home, port = folder / "home", free_port()
    site = make_site(home)
    admin, _ = users.ensure_admin(site)
    create.create(site, admin, ProjectDraft("pictures", pictures, questions=(QuestionDraft(labels=("a", "b")),)))
    users.add(site, admin, email="ann@example.com", role="annotator")
    sessions.claim_link(site, sessions.make_link(site, admin.person_id), name=None, password=PASSWORD, agent="")
    site.close()
    ann = User(sub="ann-1", claims={"email": "ann@example.com", "email_verified": True})
    with run_server_in_thread(user_claims=[ann]) as provider:
        base = f"http://127.0.0.1:{port}{PREFIX}"
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("LABELWRIGHT_")},
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
            "LABELWRIGHT_BASE_URL": base, "LABELWRIGHT_MAPS": "off", "LABELWRIGHT_OIDC_NAME": "Sign in with Example",
            "LABELWRIGHT_OIDC_ISSUER": f"http://localhost:{provider.server_port}",
            "LABELWRIGHT_OIDC_CLIENT_ID": "labelwright", "LABELWRIGHT_OIDC_CLIENT_SECRET": "s3cret",
        }  # fmt: skip
        served = subprocess.Popen(
            [sys.executable, "-m", "labelwright", "--home", str(home), "serve", "--port", str(port)], env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(f"{base}/api/v1/ready", served)
            yield Below(base)
        finally:
            served.terminate()
            served.wait(15)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until an address answers."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not start")


@pytest.fixture
def page(below: Below) -> Iterator[Any]:
    with browser_of(chromium()) as browser:
        context = browser.new_context()
        context.set_default_timeout(2 * WAIT_MS)  # Argon2 and the provider come on top
        yield context.new_page()


def test_pages_images_and_deep_links_below_a_path(below: Below, page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{below.base}/")
    page.get_by_test_id("email").fill("admin@localhost")
    page.get_by_test_id("password").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.get_by_role("heading", name="Projects").wait_for()
    assert page.url == f"{below.base}/"
    page.goto(f"{below.base}/p/pictures/label")
    page.locator(SETTLED).wait_for()
    shown = page.locator("[data-testid=item] img").first
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 24
    page.keyboard.press("1")
    page.wait_for_function("document.title !== ''")
    page.get_by_role("link", name="Progress").click()
    page.get_by_test_id("running").wait_for()
    assert page.url == f"{below.base}/p/pictures/progress"
    page.reload()
    page.get_by_test_id("running").wait_for()
    page.get_by_role("link", name="Items", exact=True).click()
    page.locator("main img, table img").first.wait_for()
    own = below.base.removesuffix(PREFIX)
    strange = [url for url in asked if url.startswith(own) and not url.startswith(below.base)]
    assert strange == []


def test_somebody_comes_back_from_the_provider_to_where_they_wanted_to_go(below: Below, page: Any) -> None:
    page.goto(f"{below.base}/p/pictures/label")
    page.get_by_test_id("provider").click()
    page.wait_for_url(re.compile(r"http://localhost:\d+/oauth2/authorize.*"))
    page.locator("button[name=sub][value=ann-1]").click()
    page.wait_for_url(f"{below.base}/p/pictures/label")
    page.locator(SETTLED).wait_for()
    assert page.url == f"{below.base}/p/pictures/label"
    page.goto(f"{below.base}/login?problem=forbidden")
    page.get_by_role("alert").wait_for()
