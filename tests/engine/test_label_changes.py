"""Labels that are merged or split: how answers are read from then on, who is asked again, and that the past stays."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelwright.engine import answers, coded, history
from labelwright.engine import labels as labeling
from labelwright.engine.cycle import Cycle
from labelwright.engine.gold import known_answer, known_answers
from labelwright.engine.layout import POOL, layout
from labelwright.engine.project import load
from labelwright.errors import ConflictError, InputError
from labelwright.services.people import users
from labelwright.services.projects.migrations import acts
from labelwright.services.projects.migrations.wanted import DIVIDE, MERGE, Wanted
from labelwright.services.quality import gold, rules
from labelwright.services.record import exports
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import split_of, train_until_idle
from tests.said import said

MERGE_LAW = Wanted(MERGE, "l_3", ("l_2",))
SPLIT_LAW = Wanted(DIVIDE, "l_3", ("contracts", "courts"))


def change(ready: Any, wanted: Wanted) -> None:
    acts.migrate(
        ready.site, users.ensure_admin(ready.site)[0], "topics", "q_1", wanted, reason="nobody tells them apart"
    )


def labels_of(ready: Any, upto_seq: int | None = None) -> dict[int, str]:
    with ready.store.read() as rows:
        project = load(ready.store, rows)
        where = layout(ready.store, rows, project.row.n_items)
        found = labeling.labels(ready.store, rows, where, project.primary, upto_seq=upto_seq)
    return {ordinal: str(one.answer["label"]) for ordinal, one in found.items()}


def head(ready: Any) -> int:
    with ready.store.read() as rows:
        return int(ready.store.head_seq(rows))


def test_after_a_merger_answers_are_read_as_the_label_that_stays(lived: Any) -> None:
    before = labels_of(lived)
    assert "l_3" in before.values()
    change(lived, MERGE_LAW)
    after = labels_of(lived)
    assert after == {ordinal: "l_2" if label == "l_3" else label for ordinal, label in before.items()}
    with lived.store.read() as rows:
        raw = {row.answer["label"] for row in rows.all(rows.select(t.annotation)) if row.answer}
    assert "l_3" in raw  # the record keeps what people said


@pytest.mark.parametrize("wanted", [MERGE_LAW, SPLIT_LAW], ids=["merge", "split"])
def test_older_cycles_are_replayed_and_the_tables_follow_from_the_events(lived: Any, wanted: Wanted) -> None:
    change(lived, wanted)
    assert verify(lived.site, "topics", replay=True).problems == []
    train_until_idle(lived.site)
    assert verify(lived.site, "topics", replay=True).problems == []


@pytest.mark.parametrize("wanted", [MERGE_LAW, SPLIT_LAW], ids=["merge", "split"])
def test_exports_of_an_older_version_are_the_same_bytes(lived: Any, tmp_path: Path, wanted: Wanted) -> None:
    admin, _ = users.ensure_admin(lived.site)
    with lived.store.read() as rows:
        versions = list(rows.scalars(rows.select(t.label_version.c.id).order_by(t.label_version.c.cycle)))
    moments = [versions[-1], str(head(lived))]

    def write(name: str) -> list[bytes]:
        found = []
        for k, moment in enumerate(moments):
            exports.export(lived.site, admin, "topics", tmp_path / f"{name}-{k}.csv", at=moment)
            found.append((tmp_path / f"{name}-{k}.csv").read_bytes())
        return found

    before = write("before")
    change(lived, wanted)
    assert write("after") == before
    train_until_idle(lived.site)
    assert write("later") == before and b"law" in before[0]


def test_after_a_merger_the_next_model_knows_one_class_less(lived: Any) -> None:
    change(lived, MERGE_LAW)
    train_until_idle(lived.site)
    with lived.store.read() as rows:
        project = load(lived.store, rows)
    cycle = Cycle(lived.store, project.row.cycle)
    item_idx, y = cycle.label_targets(cycle.inputs.primary)
    assert set(np.unique(y)) == {0, 1} and len(item_idx)
    predictions = cycle.predictions(cycle.inputs.primary)
    assert cycle.inputs.primary.make_task().proba(predictions).shape[1] == 2


def test_what_rules_judge_begins_anew_with_a_merger_and_older_verdicts_replay(lived: Any) -> None:
    """Figures of fewer classes are higher by themselves: a plateau over both would compare two things."""
    with lived.store.read() as rows:
        before = history.history(rows, load(lived.store, rows).primary)
    assert len(before) > 0
    change(lived, MERGE_LAW)
    train_until_idle(lived.site)
    with lived.store.read() as rows:
        project = load(lived.store, rows)
        after = history.history(rows, project.primary)
    assert list(after["cycle"]) == [project.row.cycle]
    shown = lived.api.get("/projects/topics/progress").json()
    assert shown["labels_changed_at"] is not None
    assert verify(lived.site, "topics", replay=True).problems == []


@pytest.mark.parametrize("wanted", [MERGE_LAW, SPLIT_LAW], ids=["merge", "split"])
def test_labels_as_columns_are_the_labels_one_by_one(lived: Any, wanted: Wanted) -> None:
    moment = head(lived)
    then = labels_of(lived)
    change(lived, wanted)
    with lived.store.read() as rows:
        project = load(lived.store, rows)
        where = layout(lived.store, rows, project.row.n_items)
        book = coded.Codebook(project.primary.task)
        now = coded.as_of(lived.store, rows, where, project.primary, book, head(lived))
    found = {int(o): str(book.answers[c]["label"]) for o, c in zip(now.item_idx, now.codes, strict=True)}
    assert found == labels_of(lived)
    with lived.store.read() as rows:
        people = answers.counted(rows, where, "q_1", moment)
    assert {one.ordinal: one.answer["label"] for one in people}.items() >= then.items()


def test_after_a_split_its_items_have_no_label_and_come_again(lived: Any) -> None:
    before = labels_of(lived)
    gone = {ordinal for ordinal, label in before.items() if label == "l_3"}
    change(lived, SPLIT_LAW)
    assert labels_of(lived) == {ordinal: label for ordinal, label in before.items() if ordinal not in gone}
    train_until_idle(lived.site)
    asked = lived.api.queue("topics", n=20)
    with lived.store.read() as rows:
        ordinals = {row.key: row.ordinal for row in rows.all(rows.select(t.item.c.key, t.item.c.ordinal))}
    again = [lease for lease in asked if ordinals[lease["item"]["key"]] in gone]
    for lease in asked:
        answer = {"label": "l_4"} if lease in again else lived.right(lease)
        stored = lived.api.answer("topics", lease, answer if answer != {"label": "l_3"} else {"label": "l_5"})
        assert stored.status_code == 201, stored.text
    assert again, "items of the split label are in the ordinary queue"
    now = labels_of(lived)
    assert all(now[ordinals[lease["item"]["key"]]] == "l_4" for lease in again)
    train_until_idle(lived.site)
    assert verify(lived.site, "topics", replay=True).problems == []


def test_whoever_answered_an_item_of_the_reserve_may_answer_it_again_and_it_measures(trained: Any) -> None:
    for lease in trained.api.queue("topics", n=50):
        trained.api.answer("topics", lease, trained.right(lease))
    with trained.store.read() as rows:
        where = layout(trained.store, rows, 90)
        of_reserve = [
            one.ordinal for one in answers.counted(rows, where, "q_1")
            if one.answer == {"label": "l_3"} and where.split[one.ordinal] != POOL
        ]  # fmt: skip
    change(trained, SPLIT_LAW)
    train_until_idle(trained.site)
    answered: set[int] = set()
    for lease in trained.api.queue("topics", n=50):
        with trained.store.read() as rows:
            ordinal = rows.scalar(rows.select(t.item.c.ordinal).where(t.item.c.key == lease["item"]["key"]))
        if ordinal in of_reserve:
            assert split_of(trained.store, lease) != POOL
            assert trained.api.answer("topics", lease, {"label": "l_5"}).status_code == 201
            answered.add(ordinal)
    assert of_reserve and answered
    with trained.store.read() as rows:
        counting = {one.ordinal: one.answer["label"] for one in answers.counted(rows, where, "q_1")}
    assert all(counting[ordinal] == "l_5" for ordinal in answered)


def test_of_two_people_only_the_one_who_named_the_split_label_is_withdrawn(any_site: Any, make_project: Any) -> None:
    site = any_site
    make_project(site)
    store, admin = site.project("topics"), users.ensure_admin(site)[0]
    rules.change(site, admin, "topics", replace(rules.show(site, admin, "topics").checking, overlap=2))
    with store.write() as transaction:
        for ordinal in range(12):
            said(transaction, "anna", ordinal, "l_3")
            said(transaction, "bert", ordinal, "l_1" if ordinal % 2 else "l_3")
    with pytest.raises(InputError, match="reason"):
        acts.migrate(site, admin, "topics", "q_1", SPLIT_LAW, reason=" ")
    acts.migrate(site, admin, "topics", "q_1", SPLIT_LAW, reason="two kinds")
    with store.read() as rows:
        table = t.annotation
        stands = {(row.ordinal, row.person_id) for row in rows.all(rows.select(table).where(table.c.standing))}
    assert stands == {(ordinal, "bert") for ordinal in range(1, 12, 2)}
    train_until_idle(site)
    with store.read() as rows:
        table, item = t.slot, t.item
        open_ = set(rows.scalars(rows.select(table.c.ordinal).where(~table.c.done)))
        split = {row.ordinal: row.split for row in rows.all(rows.select(item.c.ordinal, item.c.split))}
    waiting = {ordinal for ordinal in range(12) if split[ordinal] != "sealed"}
    assert waiting <= open_, "those with one answer wait for a second person, the others for two"
    assert verify(site, "topics", replay=True).problems == []


def test_a_corrected_answer_that_was_split_leaves_nothing_and_a_correction_becomes_the_first(
    site: Any, make_project: Any
) -> None:
    make_project(site)
    store, admin = site.project("topics"), users.ensure_admin(site)[0]
    with store.write() as transaction:
        first = said(transaction, "anna", 0, "l_3")
        said(transaction, "anna", 0, "l_1", what="correct", replaces=first)
        first = said(transaction, "anna", 1, "l_1")
        said(transaction, "anna", 1, "l_3", what="correct", replaces=first)
    acts.migrate(site, admin, "topics", "q_1", SPLIT_LAW, reason="two kinds")
    with store.read() as rows:
        flags = {
            (row.ordinal, row.answer["label"]): (row.first, row.standing)
            for row in rows.all(rows.select(t.annotation).order_by(t.annotation.c.seq))
        }
    assert flags == {
        (0, "l_3"): (False, False), (0, "l_1"): (True, True), (1, "l_1"): (True, False), (1, "l_3"): (False, False),
    }  # fmt: skip
    assert verify(site, "topics").problems == []


def test_known_answers_follow_a_merger_and_are_withdrawn_by_a_split(lived: Any) -> None:
    admin, _ = users.ensure_admin(lived.site)
    for item, label in (("i5", "l_3"), ("i8", "l_1")):
        gold.mark(lived.site, admin, "topics", item, {"label": label}, question="q_1", rule=None)
    change(lived, Wanted(MERGE, "l_3", ("l_2",)))
    with lived.store.read() as rows:
        assert known_answers(rows)[5, "q_1"].answer == {"label": "l_2"}
    change(lived, Wanted(DIVIDE, "l_2", ("soups", "stews")))
    with lived.store.read() as rows:
        assert set(known_answers(rows)) == {(8, "q_1")} and known_answer(rows, 5, "q_1") is None
    assert verify(lived.site, "topics", replay=True).problems == []


def test_an_answer_with_a_label_that_went_is_refused_with_the_cure(lived: Any) -> None:
    (lease,) = lived.api.queue("topics", n=1)
    change(lived, MERGE_LAW)
    refused = lived.api.answer("topics", lease, {"label": "l_3"})
    assert refused.status_code == 422
    problem = json.dumps(refused.json())
    assert "'law', which was merged into 'food'" in problem and "The labels have changed since" in problem
    assert lived.api.answer("topics", lease, {"label": "l_2"}).status_code == 201


def test_what_settings_name_cannot_go(lived: Any) -> None:
    from labelwright.engine.goals import Goal
    from labelwright.services.projects.goal import set_goal

    admin, _ = users.ensure_admin(lived.site)
    set_goal(lived.site, admin, "topics", Goal.parse("f1:law=0.9"))
    with pytest.raises(ConflictError, match="measures it"):
        change(lived, MERGE_LAW)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(MERGE, "l_3", ("l_3",)), Wanted(MERGE, "l_9", ("l_1",)), Wanted(DIVIDE, "l_3", ("one",)),
        Wanted(DIVIDE, "l_3", ("one", "one")), Wanted(DIVIDE, "l_3", ("one", "food")),
    ],
)  # fmt: skip
def test_changes_that_make_no_sense_are_refused(lived: Any, wanted: Wanted) -> None:
    with pytest.raises(InputError):
        change(lived, wanted)


def test_sets_of_labels_lose_the_merged_one_and_sets_with_a_split_one_are_asked_again(
    site: Any, make_project: Any
) -> None:
    from labelwright.services.projects.migrations.preview import preview_migration

    make_project(site, task="multilabel")
    store, admin = site.project("topics"), users.ensure_admin(site)[0]
    train_until_idle(site)
    with store.write() as transaction:
        for ordinal in range(60):
            marks = ["l_1"] * (ordinal % 2) + ["l_2"] * (ordinal % 3 == 0) + ["l_3"] * (ordinal % 5 == 0)
            said(transaction, "anna", ordinal, "any", answer={"labels": marks})
    train_until_idle(site)
    merge, split = Wanted(MERGE, "l_3", ("l_2",)), Wanted(DIVIDE, "l_2", ("soups", "stews"))
    found = preview_migration(site, admin, "topics", "q_1", merge)
    assert found.n_answers == 12 and found.accuracy is not None and found.accuracy.metric == "hamming-accuracy"
    acts.migrate(site, admin, "topics", "q_1", merge, reason="the same")
    with store.read() as rows:
        where = layout(store, rows, 90)
        said_of = {one.ordinal: one.answer["labels"] for one in answers.counted(rows, where, "q_1")}
    assert said_of[15] == ["l_1", "l_2"] and said_of[5] == ["l_1", "l_2"] and said_of[1] == ["l_1"]
    found = preview_migration(site, admin, "topics", "q_1", split)
    asked = {ordinal for ordinal in range(60) if ordinal % 3 == 0 or ordinal % 5 == 0}
    assert found.again is not None and found.again.n_pool + found.again.n_reserve == len(asked) == found.n_items
    acts.migrate(site, admin, "topics", "q_1", split, reason="two kinds")
    with store.read() as rows:
        assert {one.ordinal for one in answers.counted(rows, where, "q_1")} == set(range(60)) - asked
    train_until_idle(site)
    assert verify(site, "topics", replay=True).problems == []
