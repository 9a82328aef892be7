"""Versions of the labels: named, listed, read as they were, whatever happens afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labelwright.engine import labels as labeling
from labelwright.engine import thinning
from labelwright.engine.coded import Codebook, as_of
from labelwright.engine.cycle import Cycle
from labelwright.engine.layout import layout
from labelwright.engine.past import project_as_of
from labelwright.errors import ConflictError, InputError
from labelwright.services.people import users
from labelwright.services.projects import access, schema
from labelwright.services.projects.schema import LabelChange
from labelwright.services.quality import rules
from labelwright.services.record import exports, versions
from tests.conftest import LABEL, write_texts


def change_everything(lived: Any, tmp_path: Path, train: Any) -> None:
    """More answers, corrections, other names of labels, further items, another resolver, excluded items, a model."""
    from dataclasses import replace

    from labelwright.services.projects import acts, create

    site, admin = lived.site, users.first_admin(lived.site)
    mine = lived.api.get("/projects/topics/annotations", limit=100).json()["items"]
    answered = [one for one in mine if one["kind"] == "answer" and one["standing"]]
    for one in answered[:4]:
        lease = {"id": None, "item": {"id": one["item_id"]}}
        said = lived.api.answer("topics", lease, {"label": "l_2"}, kind="correct", replaces=one["id"], lease_id=None)
        assert said.status_code == 201, said.text
    undone = {"id": None, "item": {"id": answered[5]["item_id"]}}
    said = lived.api.answer("topics", undone, None, kind="undo", replaces=answered[5]["id"], lease_id=None)
    assert said.status_code == 201, said.text
    for lease in lived.api.queue("topics", n=9):
        lived.api.answer("topics", lease, {"label": LABEL[lived.truth[lease["item"]["key"]]]})
    changes = [LabelChange("l_1", "games"), LabelChange("l_2", "meals"), LabelChange("l_3", "courts")]
    schema.change_question(site, admin, "topics", "q_1", text="What is it about, then?", labels=changes)
    write_texts(tmp_path / "more.jsonl", 120)
    create.add(site, admin, "topics", source=tmp_path / "more.jsonl")
    labeled = lived.api.get("/projects/topics/items", show="labeled").json()["items"]
    acts.exclude(site, admin, "topics", [labeled[0]["id"]], reason="a duplicate")
    now = rules.show(site, admin, "topics").checking
    rules.change(site, admin, "topics", replace(now, resolvers={"q_1": "one-coin"}))
    train(site)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_an_export_of_a_version_has_the_same_bytes_whenever_it_is_made(
    lived: Any, tmp_path: Path, train: Any, ending: str
) -> None:
    site, admin = lived.site, users.first_admin(lived.site)
    versions.snapshot(site, admin, "topics", "first", note="before everything changes")
    versions.snapshot(site, admin, "topics", "of-a-training", at="lv-2")
    with lived.store.read() as rows:
        head = lived.store.head_seq(rows)
    moments = ("first", "of-a-training", "lv-1", "lv-2", str(head), str(head // 2), "first", "0")
    before = {}
    for at in moments:
        exports.export(site, admin, "topics", tmp_path / f"before.{ending}", at=at)
        before[at] = (tmp_path / f"before.{ending}").read_bytes()
    change_everything(lived, tmp_path, train)
    for at in moments:
        exports.export(site, admin, "topics", tmp_path / f"after.{ending}", at=at)
        assert (tmp_path / f"after.{ending}").read_bytes() == before[at], at
    exports.export(site, admin, "topics", tmp_path / f"now.{ending}")
    assert (tmp_path / f"now.{ending}").read_bytes() != before["first"]


def test_an_export_has_the_same_bytes_after_files_of_its_model_are_thinned(
    lived: Any, tmp_path: Path, train: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thinning, "KEEP_CYCLES", 1)
    site, admin, before = lived.site, users.first_admin(lived.site), dict[int, bytes]()

    def written(cycle: int) -> bytes:
        exports.export(site, admin, "topics", tmp_path / "some.csv", at=f"lv-{cycle}")
        return (tmp_path / "some.csv").read_bytes()

    for _ in range(4):
        with lived.store.read() as rows:
            newest = lived.store.row(rows).cycle
        before[newest] = written(newest)
        for lease in lived.api.queue("topics", n=6):
            lived.api.answer("topics", lease, {"label": LABEL[lived.truth[lease["item"]["key"]]]})
        train(site)
    cycles = [Cycle(lived.store, number) for number in before]
    assert any(one.predictions(one.inputs.primary) is None for one in cycles)
    assert {one.id: written(one.id) for one in cycles} == before


def test_labels_as_numbers_are_those_of_the_one_definition(lived: Any, tmp_path: Path, train: Any) -> None:
    change_everything(lived, tmp_path, train)
    store = lived.store
    with store.read() as rows:
        head = store.head_seq(rows)
        now = access.ready(store, rows)
        for upto in range(0, head + 1, max(1, head // 25)):
            past = project_as_of(store, rows, now, upto)
            where = layout(store, rows, past.row.n_items)
            for question in past.questions:
                book = Codebook(question.task)
                coded = as_of(store, rows, where, question, book, upto)
                slow = labeling.labels(store, rows, where, question, upto_seq=upto)
                fast = dict(zip(coded.item_idx.tolist(), coded.codes.tolist(), strict=True))
                assert {o: book.answers[code] for o, code in fast.items()} == {o: x.answer for o, x in slow.items()}
                assert upto < head or len(fast) > 30


def test_versions_are_listed_newest_first_with_who_made_them(lived: Any) -> None:
    site, admin = lived.site, users.first_admin(lived.site)
    made = versions.snapshot(site, admin, "topics", "paper-1", note="what the paper reports")
    assert (
        made.by == site.names()[admin.person_id][0]
        and made.note == "what the paper reports"
        and made.kind == "snapshot"
    )
    listed = versions.versions(site, "topics").items
    assert listed[0] == made and [one.seq for one in listed] == sorted((one.seq for one in listed), reverse=True)
    trained = next(one for one in listed if one.name == "lv-2")
    assert (trained.kind, trained.by) == ("training", "system") and trained.labels[0].n_labels > 5
    paged, cursor = [], None
    while True:
        page = versions.versions(site, "topics", cursor=cursor, limit=2)
        paged += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert paged == listed
    kept = versions.snapshot(site, admin, "topics", "kept", at="lv-2")
    assert kept.labels == trained.labels and kept.label_version == "lv-2" and kept.upto_seq == trained.upto_seq
    again = versions.snapshot(site, admin, "topics", "again", at="kept")
    assert (again.label_version, again.upto_seq) == ("lv-2", kept.upto_seq)


@pytest.mark.parametrize("name", ["", "Paper", "a b", "lv-3", "17", "2027-01-01", "x" * 81, "ä"])
def test_a_name_that_reads_as_something_else_is_refused(lived: Any, name: str) -> None:
    with pytest.raises(InputError, match="snapshot: name must"):
        versions.snapshot(lived.site, users.first_admin(lived.site), "topics", name)


def test_a_name_is_given_once(lived: Any) -> None:
    admin = users.first_admin(lived.site)
    versions.snapshot(lived.site, admin, "topics", "v1")
    with pytest.raises(ConflictError, match="has a snapshot 'v1' already"):
        versions.snapshot(lived.site, admin, "topics", "v1")
    with pytest.raises(InputError, match="moment: must be a snapshot"):
        versions.snapshot(lived.site, admin, "topics", "v2", at="nothing-such")
