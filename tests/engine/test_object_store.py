"""A project whose arrays and media are in a store that speaks S3: its whole life, and the store away."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from labelwright.errors import UnavailableError
from labelwright.services.people import users
from labelwright.services.projects import create
from labelwright.services.record import erasing, exports
from labelwright.services.record.verify import verify
from labelwright.services.site import Site, doctor
from labelwright.services.site.backup import backup
from labelwright.services.site.settings import load
from labelwright.store import tables as t
from labelwright.store.files import driver as drivers
from tests.conftest import LABEL, Api, make_api, text_draft, train_until_idle, write_texts
from tests.object_store import KEY_ID, SECRET, ObjectStore, running


@pytest.fixture
def object_store() -> Iterator[ObjectStore]:
    with running() as store:
        yield store


@pytest.fixture
def site(object_store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site whose new projects have their files in the store."""
    monkeypatch.setattr(drivers, "DOWN_SECONDS", 0.2)
    made = Site(load({"home": tmp_path / "home", "files_url": object_store.url}, environ={}))
    yield made
    made.close()


def admin(site: Site) -> Any:
    return users.ensure_admin(site)[0]


def pictures(site: Site, folder: Path) -> None:
    """Thirty images, dark and light."""
    folder.mkdir()
    rng = np.random.default_rng(1)
    for k in range(30):
        level = 40 if k % 2 else 200
        Image.fromarray(rng.integers(level, level + 40, (12, 12, 3), dtype=np.uint8)).save(folder / f"{k:02d}.png")
    question = create.QuestionDraft(labels=("dark", "light"))
    create.create(site, admin(site), create.ProjectDraft("pets", folder, questions=(question,)))


def answer_some(api: Api, slug: str, n: int, truth: dict[str, str] | None = None) -> None:
    for lease in api.queue(slug, n=n):
        key = lease["item"]["key"]
        label = f"l_{1 + (int(Path(key).stem) % 2 == 0)}" if truth is None else LABEL[truth[key]]
        stored = api.answer(slug, lease, {"label": label})
        assert stored.status_code == 201, stored.text


def test_a_project_of_images_lives_in_the_store(site: Site, object_store: ObjectStore, tmp_path: Path) -> None:
    """Made, answered, trained, verified, erased in, exported, backed up, restored, deleted."""
    pictures(site, tmp_path / "in")
    api, store = make_api(site), site.project("pets")
    assert len(store.media.names()) == 30 and not (store.folder / "arrays").exists()
    train_until_idle(site)
    for _ in range(2):
        answer_some(api, "pets", 8)
        train_until_idle(site)
    with store.read() as rows:
        assert store.row(rows).cycle >= 2
    shown = api.get("/projects/pets/items/i1/media")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")

    with store.read() as rows:
        name = rows.scalar(rows.select(t.content.c.body).where(t.content.c.ordinal == 5))["media"]
    done = erasing.erase_items(site, admin(site), "pets", ["i5"], reason="consent withdrawn")
    assert done.erased == 1 and not [key for key in object_store.paths() if name in key]
    assert not [path for path in (site.settings.home / "cache").rglob("*") if name.split(".")[0] in str(path)]
    answer_some(api, "pets", 4)
    train_until_idle(site)
    assert verify(site, "pets", replay=True).problems == []

    exports.export(site, admin(site), "pets", tmp_path / "labels.csv")
    assert "dark" in (tmp_path / "labels.csv").read_text()
    made = backup(site, tmp_path / "backup")
    object_store.stop()
    store.forget_copies()
    (lease,) = api.queue("pets", n=1)
    away = api.get(f"/projects/pets/leases/{lease['id']}/media")
    assert (away.status_code, away.json()["code"]) == (503, "unavailable") and SECRET not in away.text
    assert api.answer("pets", lease, {"label": "l_1"}).status_code == 201
    copy = Site(replace(site.settings, home=made.folder, key_file=None))
    try:  # a backup is whole without the store
        assert verify(copy, "pets").problems == []
        answer_some(make_api(copy), "pets", 2)
        train_until_idle(copy)
        assert copy.project("pets").files_url is None
    finally:
        copy.close()
    object_store.start()

    site.store.hide("pets", actor="system")
    site.store.remove("pets", actor="system")
    assert object_store.paths() == []
    spoken = [path for path in tmp_path.rglob("*") if path.is_file() and is_in(path, SECRET, KEY_ID)]
    assert spoken == []


def is_in(path: Path, *words: str) -> bool:
    content = path.read_bytes()
    return any(word.encode() in content for word in words)


def test_labeling_goes_on_while_the_store_is_away(site: Site, object_store: ObjectStore, tmp_path: Path) -> None:
    truth = write_texts(tmp_path / "topics.jsonl")
    create.create(site, admin(site), text_draft("topics", tmp_path / "topics.jsonl"))
    train_until_idle(site)
    api, store = make_api(site), site.project("topics")
    answer_some(api, "topics", 6, truth)
    object_store.stop()
    store.forget_copies()  # as on a machine that has none
    answer_some(api, "topics", 12, truth)
    with pytest.raises(AssertionError, match="UnavailableError: files: the store s3://labels/site"):
        train_until_idle(site)
    root = "/projects/topics"
    pages = {path: api.get(root + path) for path in ("", "/progress", "/items", "/items/i3", "/events")}
    assert {path: page.status_code for path, page in pages.items() if page.status_code != 200} == {}
    assert [one["state"] for one in api.get("/projects").json()["items"]] == ["ready"]
    assert "is away: training, the curve and images wait for it" in pages["/progress"].json()["warnings"][0]
    running_now = json.dumps(pages[""].json()) + json.dumps(pages["/progress"].json())
    assert "the store s3://labels/site" in running_now and SECRET not in running_now
    assert "Training waits for it; the next try is at " in running_now
    report = doctor.examine(site)
    assert not report.well and any("s3://labels/site" in line and "CHECK" in line for line in report.lines)
    answer_some(api, "topics", 3, truth)
    exports.export(site, admin(site), "topics", tmp_path / "labels.csv")
    assert sum(name in (tmp_path / "labels.csv").read_text() for name in ("sport", "food", "law")) == 3
    with pytest.raises(UnavailableError):
        erasing.erase_items(site, admin(site), "topics", ["i3"], reason="consent withdrawn")
    site.store.hide("topics", actor="system")
    with pytest.raises(UnavailableError):
        site.store.remove("topics", actor="system")
    site.store.unhide("topics", actor="system")
    with pytest.raises(UnavailableError):
        create.create(site, admin(site), text_draft("second", tmp_path / "topics.jsonl"))
    object_store.start()
    time.sleep(0.3)  # longer than calls fail at once
    train_until_idle(site)
    with store.read() as rows:
        assert store.row(rows).trained_seq >= store.row(rows).wanted_seq and store.row(rows).cycle == 3
    report = verify(site, "topics", replay=True)
    assert report.problems == [] and not any("erased" in line for line in report.lines)
    create.create(site, admin(site), text_draft("second", tmp_path / "topics.jsonl"))
    assert verify(site, "second").problems == []
    assert any(line.startswith("ok    store s3://labels/site") for line in doctor.examine(site).lines)
    spoken = [path for path in tmp_path.rglob("*") if path.is_file() and is_in(path, SECRET, KEY_ID)]
    assert spoken == []
