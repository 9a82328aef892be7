"""How many items and answers there are: right with labels of the data, while rows are staged, and counted beforehand."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest

from labelwright.engine.layout import POOL
from labelwright.errors import LabelwrightError
from labelwright.services.people import users
from labelwright.services.projects import create
from labelwright.services.steering import counting
from labelwright.store import tables as t
from tests.conftest import Ready, make_site, text_draft, write_texts


@pytest.fixture
def half_labeled(any_api: Any, tmp_path: Path) -> Any:
    """A project of 100 texts, two of them alike; the first 40 came with labels of which training may learn."""
    rng = random.Random(0)
    texts = [" ".join(f"word{rng.randrange(500)}" for _ in range(12)) for _ in range(99)]
    rows = [{"id": f"k{k}", "text": text} for k, text in enumerate([texts[0], *texts])]
    lines = [json.dumps(row | ({"label": "ab"[k % 2]} if k < 40 else {})) for k, row in enumerate(rows)]
    (tmp_path / "notes.jsonl").write_text("\n".join(lines))
    question = create.QuestionDraft(labels=("a", "b"), column="label")
    draft = create.ProjectDraft("notes", tmp_path / "notes.jsonl", questions=(question,))
    create.create(any_api.site, users.first_admin(any_api.site), draft)
    return any_api


def test_labels_of_the_data_and_answers_are_counted_once(half_labeled: Any) -> None:
    api, store = half_labeled, half_labeled.site.project("notes")
    before = api.counts("notes")
    with store.read() as rows:
        given = rows.all(rows.select(t.given.c.ordinal))
        splits = dict(map(tuple, rows.all(rows.select(t.item.c.ordinal, t.item.c.split))))
    in_pool = sum(splits[ordinal] == POOL for (ordinal,) in given)
    assert len(given) == 40 and before["labeled"] == in_pool and before["duplicates"] == 2
    assert before["items"] == 100 and before["left"] == 100 - in_pool - before["reserve_labeled"]
    for lease in api.queue("notes", n=5):
        assert api.answer("notes", lease, {"label": "l_1"}).status_code == 201
    after = api.counts("notes")
    assert after["answers"] == 5 and after["left"] == before["left"] - 5
    assert after["labeled"] + after["reserve_labeled"] == before["labeled"] + before["reserve_labeled"] + 5


def test_rows_that_are_staged_are_not_counted(trained: Ready) -> None:
    before = trained.api.counts("topics")
    with trained.store.stage() as rows:
        row = rows.first(rows.select(t.item).where(t.item.c.ordinal == 0))
        staged = {**row._mapping, "ordinal": 90, "key": "staged", "dup_group": 0}
        rows.insert(t.item, {name: value for name, value in staged.items() if name != "project_id"})
    assert trained.api.counts("topics") == before


def is_counted(site: Any, store: Any, *, within: float = 20.0) -> bool:
    """Whether the items of a project of 90 are counted in some seconds, though nobody asks."""
    key, until = ("given", store.project_id, 90), time.monotonic() + within
    while key not in site.cache and time.monotonic() < until:
        time.sleep(0.05)
    return key in site.cache


def test_very_many_items_are_counted_before_anybody_asks(trained: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MANY", 50)
    assert not is_counted(trained.site, trained.store, within=0)
    counting.begin(trained.site)
    assert is_counted(trained.site, trained.store)


@pytest.mark.parametrize(
    "spoiled", ["", "{", "[]", "null", '{"pool": 1}', '{"n_items": 90}', '{"n_items": 8, "pool": 1}']
)
def test_counts_that_are_kept_are_those_of_the_items(
    trained: Ready, monkeypatch: pytest.MonkeyPatch, spoiled: str
) -> None:
    right = trained.api.counts("topics")
    monkeypatch.setattr(counting, "MANY", 50)
    kept = trained.store.folder / counting.KEPT
    assert trained.api.counts("topics") == right and kept.exists()
    with monkeypatch.context() as nobody_counts:
        nobody_counts.setattr(counting, "_count_items", lambda *_: pytest.fail("counted again"))
        assert trained.api.counts("topics") == right
    kept.write_text(spoiled)
    assert trained.api.counts("topics") == right
    assert json.loads(kept.read_text())["n_items"] == 90


def test_a_damaged_project_keeps_no_other_from_being_counted(
    trained: Ready, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(counting, "MANY", 50)
    source = tmp_path / "notes.jsonl"
    write_texts(source)
    create.create(trained.site, users.first_admin(trained.site), text_draft("notes", source))
    damaged, other = trained.site.store.slugs()
    trained.site.close()
    for file in (trained.home / "projects" / damaged).glob("project.sqlite*"):
        file.write_bytes(b"no database at all" * 100)
    site = make_site(trained.home)
    with pytest.raises(LabelwrightError):
        site.project(damaged)
    counting.begin(site)
    assert is_counted(site, site.project(other))
    site.close()
