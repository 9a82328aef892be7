"""Erased items: the content is nowhere in the home, the chain is whole, and what is left of it is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from labelwright.engine import erasing as files
from labelwright.engine.searching import index_page
from labelwright.errors import ConflictError, InputError
from labelwright.services.people import users
from labelwright.services.projects import acts, create
from labelwright.services.record import erasing, exports
from labelwright.services.record.verify import verify
from labelwright.store import search
from labelwright.store import tables as t
from tests.conftest import LABEL, train_until_idle


def admin(site: Any) -> Any:
    return users.ensure_admin(site)[0]


def answered_key(store: Any) -> tuple[int, str]:
    """An item of the pool that a person has answered."""
    with store.read() as rows:
        query = rows.select(t.item.c.ordinal, t.item.c.key).where(
            t.annotation.c.ordinal == t.item.c.ordinal, t.annotation.c.standing, t.item.c.split == "pool",
            t.annotation.c.kind == "answer",
        )  # fmt: skip
        row = rows.first(query)
    assert row is not None
    return int(row.ordinal), str(row.key)


def text_of(store: Any, ordinal: int) -> str:
    with store.read() as rows:
        return str(rows.scalar(rows.select(t.content.c.body).where(t.content.c.ordinal == ordinal))["text"])


def holds(folder: Path, needle: bytes) -> list[str]:
    """The files of a folder that hold some bytes."""
    return [path.name for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]


def test_nothing_of_an_erased_text_is_left_and_the_record_is_whole(lived: Any, tmp_path: Path) -> None:
    ordinal, key = answered_key(lived.store)
    text = text_of(lived.store, ordinal)
    while index_page(lived.store):
        pass
    with lived.store.read() as rows:
        assert ordinal in search.matches(rows, " ".join(text.split()[-2:]))
    needle = text[-30:].encode()  # random words at its end, that no other item has in this order
    assert "project.sqlite" in "".join(holds(lived.home, needle))
    done = erasing.erase_items(lived.site, admin(lived.site), "topics", [key], reason="consent withdrawn")
    assert done.erased == 1 and done.label_versions and done.models and done.same_content == ()
    assert holds(lived.home, needle) == []
    report = verify(lived.site, "topics", full=True)
    assert report.problems == []
    assert f"1 item erased, seq {done.seq}" in report.lines
    with lived.store.read() as rows:
        assert ordinal not in search.matches(rows, " ".join(text.split()[-2:]))


def test_features_of_an_erased_item_are_zero_and_replay_says_what_it_cannot_do(lived: Any) -> None:
    ordinal, key = answered_key(lived.store)
    done = erasing.erase_items(lived.site, admin(lived.site), "topics", [key], reason="consent withdrawn")
    with lived.store.read() as rows:
        file = rows.first(rows.select(t.feature_file))
    assert not lived.store.arrays.read(file.path)[ordinal - file.first].any()
    assert lived.store.arrays.read(file.path).any()
    train_until_idle(lived.site)
    report = verify(lived.site, "topics", replay=True)
    assert report.problems == []
    said = [line for line in report.lines if "not replayable since event" in line]
    assert len(said) == 1 and str(done.seq) in said[0]
    assert any(line.startswith("replay: 2 of") for line in report.lines)  # the cold cycle and the newest one


def test_a_killed_erasure_is_found_and_the_next_worker_finishes_it(lived: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends after the event and before the files."""
    _, key = answered_key(lived.store)

    class Killed(BaseException):
        pass

    def kill(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(files, "finish", kill)
        with pytest.raises(Killed):
            erasing.erase_items(lived.site, admin(lived.site), "topics", [key], reason="consent withdrawn")
    problems = verify(lived.site, "topics").problems
    assert problems and all("erased items in it" in problem for problem in problems)
    train_until_idle(lived.site)
    assert verify(lived.site, "topics").problems == []


def test_a_content_that_is_missing_without_an_erasure_is_found(lived: Any) -> None:
    with lived.store.stage() as rows:
        rows.update(t.content, t.content.c.ordinal == 3, body={"text": "", "erased": True})
    assert verify(lived.site, "topics").problems == ["item i3: its content was altered."]


def test_a_content_that_is_back_after_an_erasure_is_found(lived: Any) -> None:
    erasing.erase_items(lived.site, admin(lived.site), "topics", ["i3"], reason="consent withdrawn")
    with lived.store.stage() as rows:
        rows.update(t.content, t.content.c.ordinal == 3, body={"text": "again"})
    (problem,) = verify(lived.site, "topics").problems
    assert problem.startswith("item i3: it was erased by event")


def test_what_people_wrote_about_an_erased_item_goes_with_it(lived: Any) -> None:
    with lived.store.read() as rows:
        skipped = rows.first(rows.select(t.annotation).where(t.annotation.c.reason_id.isnot(None)))
    assert lived.store.read is not None and skipped is not None
    done = erasing.erase_items(lived.site, admin(lived.site), "topics", [f"i{skipped.ordinal}"], reason="withdrawn")
    assert done.texts >= 1
    with lived.store.read() as rows:
        assert lived.store.unseal(rows, skipped.reason_id) is None
    assert lived.api.get(f"/projects/topics/items/i{skipped.ordinal}").status_code == 200
    assert verify(lived.site, "topics").problems == []


def test_exports_differ_by_tombstones_alone(lived: Any, tmp_path: Path) -> None:
    def rows_of(name: str) -> dict[str, dict[str, Any]]:
        exports.export(lived.site, admin(lived.site), "topics", tmp_path / name, at="lv-2")
        return {line["id"]: line for line in map(json.loads, (tmp_path / name).read_text().splitlines())}

    ordinal, key = answered_key(lived.store)
    before = rows_of("before.jsonl")
    erasing.erase_items(lived.site, admin(lived.site), "topics", [key], reason="consent withdrawn")
    after = rows_of("after.jsonl")
    assert {name for name in before if before[name] != after[name]} == {f"i{ordinal}"}
    tomb = after[f"i{ordinal}"]
    assert tomb["state"] == "erased" and tomb["key"] == key and tomb["label"] is None and tomb["text"] is None
    done = exports.export(lived.site, admin(lived.site), "topics", tmp_path / "now.csv")
    assert any("Erased items: 1." in finding for finding in done.findings)


def test_an_erased_item_stays_out(lived: Any) -> None:
    erasing.erase_items(lived.site, admin(lived.site), "topics", ["i3"], reason="consent withdrawn")
    with pytest.raises(ConflictError, match="was erased"):
        acts.include(lived.site, admin(lived.site), "topics", ["i3"])
    with pytest.raises(ConflictError, match="was erased"):
        acts.replace_content(lived.site, admin(lived.site), "topics", "i3", {"text": "another"})
    again = erasing.erase_items(lived.site, admin(lived.site), "topics", ["i3"], reason="again")
    assert (again.erased, again.seq) == (0, None)
    with pytest.raises(InputError, match="a reason"):
        erasing.erase_items(lived.site, admin(lived.site), "topics", ["i4"], reason=" ")


def test_answers_after_an_erasure_train_as_before(lived: Any) -> None:
    """Labeling goes on, and a replaced content of an erased item is never encoded."""
    acts.replace_content(lived.site, admin(lived.site), "topics", "i5", {"text": "a new text of the fifth item"})
    erasing.erase_items(lived.site, admin(lived.site), "topics", ["i5"], reason="consent withdrawn")
    for lease in lived.api.queue("topics", n=6):
        right = {"label": LABEL[lived.truth[lease["item"]["key"]]]}
        assert lived.api.answer("topics", lease, right).status_code == 201
    train_until_idle(lived.site)
    assert verify(lived.site, "topics", replay=True).problems == []


def test_images_and_what_was_made_of_them_go_unless_another_item_is_the_same(site: Any, tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    rng = np.random.default_rng(1)
    for k in range(12):
        Image.fromarray(rng.integers(0, 255, (20, 20, 3), dtype=np.uint8)).save(folder / f"{k}.png")
    (folder / "twin.png").write_bytes((folder / "3.png").read_bytes())
    question = create.QuestionDraft(labels=("dark", "light"))
    create.create(site, admin(site), create.ProjectDraft("pets", folder, questions=(question,)))
    train_until_idle(site)
    store = site.project("pets")
    with store.read() as rows:
        body = {
            row.key: row.body["media"]
            for row in rows.all(
                rows.select(t.item.c.key, t.content.c.body).where(t.content.c.ordinal == t.item.c.ordinal)
            )
        }
        keys = {Path(key).stem: key for key in body}
    done = erasing.erase_items(site, admin(site), "pets", [keys["1"], keys["3"]], reason="consent withdrawn")
    assert not store.media.has(body[keys["1"]])
    assert store.media.has(body[keys["3"]]) and len(done.same_content) == 1
    assert verify(site, "pets").problems == []
    train_until_idle(site)
    done = erasing.erase_items(site, admin(site), "pets", [keys["twin"]], reason="consent withdrawn")
    assert not store.media.has(body[keys["3"]]) and done.same_content == ()
    store.media.keep(body[keys["1"]], b"back")
    assert any("of an erased item is still there" in problem for problem in verify(site, "pets").problems)


def test_an_item_is_erased_on_every_database(any_site: Any, make_project: Any) -> None:
    """Also before any model is there, and with the full-text index filled."""
    make_project(any_site, n=40)
    train_until_idle(any_site)
    store = any_site.project("topics")
    while index_page(store):
        pass
    words = text_of(store, 7).split()[-2:]
    with store.read() as rows:
        assert 7 in search.matches(rows, " ".join(words))
    erasing.erase_items(any_site, admin(any_site), "topics", ["t007"], reason="consent withdrawn")
    with store.read() as rows:
        assert 7 not in search.matches(rows, " ".join(words))
    assert text_of(store, 7) == ""
    assert verify(any_site, "topics").problems == []


def test_rows_of_a_table_are_erased_and_training_goes_on(site: Any, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    lines = ["id,size,weight"] + [f"r{k},{rng.normal():.3f},{rng.normal():.3f}" for k in range(60)]
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n")
    question = create.QuestionDraft(labels=("x", "y"))
    create.create(site, admin(site), create.ProjectDraft("rows", tmp_path / "rows.csv", questions=(question,)))
    erasing.erase_items(site, admin(site), "rows", ["r3"], reason="before anything was encoded")
    train_until_idle(site)
    erasing.erase_items(site, admin(site), "rows", ["r4"], reason="after it was")
    store = site.project("rows")
    with store.read() as rows:
        file = rows.first(rows.select(t.feature_file))
    assert not store.arrays.read(file.path)[3:5].any()
    assert verify(site, "rows", replay=True).problems == []
