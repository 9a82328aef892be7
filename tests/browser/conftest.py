"""A real Chromium against a real ``labelwright serve``: one home and one server a module."""

from __future__ import annotations

import importlib.util
import itertools
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
WAIT_MS = 15_000
READY_SECONDS = 60
ANSWERS = ("answer", "correct")
BOUNCE = """async ([[first, ...others], item]) => {
  const codes = { " ": "Space" };
  const code = (key) => codes[key] ?? (/[0-9]/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`);
  const strike = (named) => ["keydown", "keyup"].forEach((kind) => {
    const key = named === "Space" ? " " : named;
    document.activeElement.dispatchEvent(
      new KeyboardEvent(kind, { key, code: code(key), bubbles: true, cancelable: true }),
    );
  });
  const shown = () => document.querySelector("[data-testid=item]")?.dataset.itemId ?? item;
  strike(first);
  while (shown() === item) await new Promise((drawn) => requestAnimationFrame(drawn));
  others.forEach(strike);
}"""
SETTLED = "[data-testid=item][data-settled]"  # for 150 ms a new item takes no answer
_numbers = itertools.count(1)


def chromium() -> str:
    """The program that tests/bring_browser.py finds; without one the tests fail and say why."""
    spec = importlib.util.spec_from_file_location("bring_browser", ROOT / "tests" / "bring_browser.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.installed()
    if found is None:
        pytest.fail(
            "No Chromium was found. 'make test' brings one; or install it, or name one in LABELWRIGHT_CHROMIUM.",
            pytrace=False,
        )
    return str(found)


@contextmanager
def browser_of(program: str) -> Iterator[Any]:
    """A Chromium; its event loop, in which no worker could be started, ends with it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


class Server:
    """``labelwright serve --port 0`` in a process of its own."""

    def __init__(self, home: Path) -> None:
        if not (ROOT / "src" / "labelwright" / "ui" / "index.html").exists():
            pytest.fail(
                "The web app was not built. 'make test' builds it; or run 'npm run build' in web/.", pytrace=False
            )
        environment = {k: v for k, v in os.environ.items() if not k.startswith("LABELWRIGHT_")}
        path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "labelwright", "--home", str(home), "serve", "--port", "0"],
            env={**environment, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "LABELWRIGHT_MAPS": "off"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        until = time.monotonic() + READY_SECONDS
        while not any(line.startswith(("Sign in:", "Open:")) for line in self.lines):
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                pytest.fail("the server did not start:\n" + "".join(self.lines), pytrace=False)
            time.sleep(0.05)
        self.base = re.search(r"http://127\.0\.0\.1:\d+", "".join(self.lines))[0]  # type: ignore[index]
        while not self._answers() and time.monotonic() < until:
            time.sleep(0.05)

    @property
    def link(self) -> str:
        """The one-time link that was printed for the admin."""
        return next(line.split()[-1] for line in self.lines if line.startswith("Sign in:"))

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.base}/api/v1/ready", timeout=5).close()
            return True
        except OSError:
            return False

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def stop(self) -> None:
        """End it and its worker."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join(5)
        if self.process.stdout is not None:
            self.process.stdout.close()


@dataclass
class Person:
    """Somebody signed in, in a browser window of their own."""

    served: Served
    actor: Any
    context: Any
    page: Any
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        """Go to a page."""
        self.page.goto(self.served.base + path)
        return self.page

    def label(self, slug: str) -> Any:
        """Go to the label page and wait for its first item."""
        self.open(f"/p/{slug}/label")
        self.page.locator(SETTLED).wait_for()
        return self.page

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def bounce(self, *keys: str) -> None:
        """Strike a key, and the others as soon as the next item is drawn, however busy we are."""
        self.page.evaluate(BOUNCE, [keys, self.shown])

    @property
    def shown(self) -> str:
        """The item on the screen."""
        return str(self.page.get_by_test_id("item").get_attribute("data-item-id"))

    def moves_on(self, before: str) -> str:
        """Wait until another item is shown and takes answers; return it."""
        self.page.locator(f"{SETTLED}:not([data-item-id='{before}'])").wait_for()
        return self.shown

    def answer(self, key: str = "1") -> str:
        """Answer the shown item by one key; return which it was."""
        self.page.locator(SETTLED).wait_for()  # an item that has just come takes no key yet
        item = self.shown
        self.press(key)
        self.moves_on(item)
        return item

    def says(self, test_id: str, words: str | re.Pattern[str]) -> None:
        """Wait until a part of the page holds some words."""
        from playwright.sync_api import expect

        expect(self.page.get_by_test_id(test_id)).to_contain_text(words, timeout=WAIT_MS)

    def saved(self) -> None:
        """Wait until the screen says that everything is stored."""
        self.says("saved-state", re.compile(r"^\s*saved\s*$"))

    def stored(self, slug: str) -> list[Any]:
        """This person's annotations as the server has them, in order."""
        return self.served.annotations(slug, self.actor.person_id)

    def standing(self, slug: str) -> dict[str, Any]:
        """Answers of this person that stand, by the name that the page has for the item."""
        return {r.lease_id: r.answer for r in self.stored(slug) if r.standing and r.kind in ANSWERS}


@dataclass
class Served:
    """A home, its server, a browser, and the services on the same home."""

    home: Path
    site: Any
    server: Any = None
    browser: Any = None
    people: list[Person] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Address of the server."""
        return self.server.base

    def person(self, role: str = "annotator", **options: Any) -> Person:
        """A new account, signed in by the cookie of a session opened beside the server."""
        from labelwright.services.people import sessions, users
        from labelwright.services.people.roles import SYSTEM

        n = next(_numbers)
        made = users.add(self.site, SYSTEM, email=f"{role}{n}@example.com", name=f"{role.title()} {n}", role=role)
        actor = users.by_email(self.site, made.user.email)
        secret = made.link.partition("#")[2]
        opened = sessions.claim_link(self.site, secret, name=None, password=None, agent="test")
        return self.window(actor, opened.secret, **options)

    def window(self, actor: Any = None, secret: str | None = None, **options: Any) -> Person:
        """A browser window; what goes wrong in it is remembered."""
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(WAIT_MS)
        if secret is not None:
            context.add_cookies([{"name": "labelwright", "value": secret, "url": self.base}])
        person = Person(self, actor, context, context.new_page())
        person.page.on("pageerror", lambda error: person.complaints.append(f"error: {error}"))
        person.page.on(
            "console",
            lambda message: person.complaints.append(message.text) if message.type in ("error", "warning") else None,
        )
        self.people.append(person)
        return person

    def annotations(self, slug: str, person_id: str | None = None) -> list[Any]:
        """Annotations as stored, in order."""
        from labelwright.store import tables as t

        with self.site.project(slug).read() as rows:
            query = rows.select(t.annotation).order_by(t.annotation.c.seq)
            if person_id is not None:
                query = query.where(t.annotation.c.person_id == person_id)
            return list(rows.all(query))

    def reason(self, slug: str, annotation: Any) -> str | None:
        """The sealed words of an annotation."""
        store = self.site.project(slug)
        with store.read() as rows:
            return store.unseal(rows, annotation.reason_id)

    def create(self, slug: str, source: Path, task: str, **asked: Any) -> None:
        """Make a project in this process."""
        from labelwright.services.people import users
        from labelwright.services.projects import create

        admin, _ = users.ensure_admin(self.site)
        question = create.QuestionDraft(task=task, **asked)
        create.create(self.site, admin, create.ProjectDraft(slug, source, questions=(question,)))

    def wait_ranked(self) -> None:
        """Until every project has a ranking to hand out from."""
        until = time.monotonic() + READY_SECONDS
        for slug in self.site.store.slugs():
            store = self.site.project(slug)
            while True:
                with store.read() as rows:
                    if store.row(rows).ranking_id is not None:
                        break
                assert time.monotonic() < until, f"no ranking of {slug}:\n" + "".join(self.server.lines)
                time.sleep(0.1)


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Fill a home by a function, then start a server and a browser on it; all of it ends with the module."""
    from labelwright.services.site import Site
    from labelwright.services.site.settings import load

    program = chromium()
    with ExitStack() as stack:

        def start(fill: Callable[[Served, Path], None]) -> Served:
            folder = tmp_path_factory.mktemp("served")
            site = Site(load({"home": folder / "home"}, environ={}))
            stack.callback(site.close)
            served = Served(folder / "home", site)
            fill(served, folder)
            served.server = Server(served.home)
            stack.callback(served.server.stop)
            served.wait_ranked()
            served.browser = stack.enter_context(browser_of(program))
            return served

        yield start


@pytest.fixture(autouse=True)
def windows_close(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test ends with its windows closed, and with no error on a page that it did not expect."""
    yield
    served = request.node.funcargs.get("served")
    if served is None:
        return
    people, served.people = served.people, []
    complaints = [one for person in people for one in person.complaints]
    for person in people:
        person.context.close()
    assert complaints == []
