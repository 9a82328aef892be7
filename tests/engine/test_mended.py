"""Ordinary acts that once broke the loop: adding rows, pausing, asking for what is left, exporting, being replaced."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelwright.engine import heartbeat, runner
from labelwright.engine.cycle import Cycle
from labelwright.engine.due import due
from labelwright.engine.importing import is_importing
from labelwright.engine.importing.lock import import_lock
from labelwright.engine.steps import steps
from labelwright.engine.verifying.report import Report
from labelwright.engine.worker import Worker
from labelwright.errors import ConflictError, InputError
from labelwright.services.labeling import queue
from labelwright.services.people import users
from labelwright.services.projects import acts, create, overview
from labelwright.services.record import exports
from labelwright.services.record.verify import verify
from labelwright.services.steering import rounds
from labelwright.store import record
from labelwright.store import tables as t
from labelwright.store.record.exports import LabelsExported
from tests.conftest import LABEL, train_until_idle


def add(site: Any, n: int, prefix: str = "new") -> None:
    """Add rows to the project."""
    admin, _ = users.ensure_admin(site)
    rows = [
        {"id": f"{prefix}{k}", "text": f"a sentence about {prefix} matters with number {k * 7919}"} for k in range(n)
    ]
    create.add(site, admin, "topics", rows=rows)


def test_rows_that_are_added_between_two_steps_wait_for_the_next_cycle(trained: Any) -> None:
    for lease in trained.api.queue("topics", n=5):
        trained.api.answer("topics", lease, trained.right(lease))
    added = []

    def watch(step: str, when: str) -> None:
        if (step, when) == ("resolve", "before") and not added:
            added.append(True)
            add(trained.site, 4)

    class Once(Worker):
        def _failed(self, slug: str, hold: Any, error: Exception) -> None:
            self.stop()
            raise error

    Once(trained.site.store, watch).run(until_idle=True)
    assert added
    with trained.store.read() as rows:
        published = [tuple(row) for row in rows.all(rows.select(t.ranking.c.cycle).order_by(t.ranking.c.cycle))]
        sizes = [Cycle(trained.store, cycle).inputs.n_items for (cycle,) in published]
    assert sizes[-2:] == [90, 94]
    assert verify(trained.site, "topics", replay=True).problems == []


def test_adding_rows_to_a_paused_project_leaves_it_paused(trained: Any) -> None:
    admin, _ = users.ensure_admin(trained.site)
    overview.pause(trained.site, admin, "topics")
    add(trained.site, 3)
    assert overview.show(trained.site, admin, "topics").state == "paused"
    assert trained.api.queue("topics", n=1) == []
    assert verify(trained.site, "topics").problems == []


def test_an_import_of_version_1_still_makes_a_project_ready() -> None:
    old = {
        "arrays": {}, "batch": "b_1", "first_ordinal": 0, "labels_are": "training", "manifest": "0" * 64, "n_items": 3,
        "reserve_share": 0.25, "seed": 0,
    }  # fmt: skip
    assert record.read_data("import", 1, old).makes_ready  # type: ignore[attr-defined]


def test_a_head_that_is_answered_in_full_is_filled_again(trained: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from labelwright.engine import heads

    monkeypatch.setattr(heads, "HEAD_SLOTS", 6)
    with trained.store.stage() as rows:
        rows.delete(t.slot, t.slot.c.position >= 6)
    answered = set()
    for _ in range(20):
        leases = trained.api.queue("topics", n=3)
        for lease in leases:
            answered.add(lease["item"]["key"])
            assert trained.api.answer("topics", lease, trained.right(lease)).status_code == 201
    assert len(answered) > 12
    assert verify(trained.site, "topics").problems == []


def test_a_strategy_that_does_not_fit_the_task_is_refused(trained: Any) -> None:
    admin, _ = users.ensure_admin(trained.site)
    with pytest.raises(InputError, match="serves multilabel") as refused:
        rounds.start(trained.site, admin, "topics", strategy="mmc")
    assert "mmc" in str(refused.value)
    with trained.store.read() as rows:
        assert trained.store.row(rows).settings_version == 1


def test_a_page_that_looks_does_not_make_an_import_fail(trained: Any) -> None:
    """Many readers ask whether an import runs while one begins."""
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            is_importing(trained.store)

    lookers = [threading.Thread(target=look) for _ in range(4)]
    for looker in lookers:
        looker.start()
    try:
        for k in range(5):
            add(trained.site, 1, prefix=f"p{k}-")
    finally:
        stop.set()
        for looker in lookers:
            looker.join()
    with import_lock(trained.store), pytest.raises(ConflictError, match="another import"):
        add(trained.site, 1, prefix="refused")


def test_a_half_answered_random_slot_stays_random(site: Any, make_project: Any) -> None:
    """Two people are asked; after the first answer the item comes first, as what it was, with its propensity."""
    from labelwright.policy import Policy
    from tests.conftest import make_api

    truth = make_project(site, policy=Policy(overlap=2, random_share=0.5))
    train_until_idle(site)
    api, store = make_api(site), site.project("topics")
    for lease in api.queue("topics", n=12):
        api.answer("topics", lease, {"label": LABEL[truth[lease["item"]["key"]]]})
    with store.read() as rows:
        before = {
            row.ordinal: (row.slot_kind, row.propensity)
            for row in rows.all(
                rows.select(t.annotation.c.ordinal, t.annotation.c.slot_kind, t.annotation.c.propensity)
            )
        }
    assert any(kind == "random" and propensity is not None for kind, propensity in before.values())
    train_until_idle(site)
    with store.read() as rows:
        slots = rows.all(rows.select(t.slot).where(t.slot.c.ranking_id == store.row(rows).ranking_id))
    after = {row.ordinal: (row.kind, row.propensity) for row in slots if row.ordinal in before}
    assert after == before
    assert verify(site, "topics", replay=True).problems == []


def test_problems_beyond_fifty_are_counted() -> None:
    report = Report()
    for k in range(60):
        report.complain(f"problem {k}")
    report.close()
    assert len(report.problems) == 51 and report.problems[-1] == "and 10 more."


def test_more_than_fifty_failed_replays_are_not_called_equal(lived: Any) -> None:
    from labelwright.engine.verifying import chain, replay

    report = Report(problems=["earlier"] * 50, n_problems=50)
    with lived.store.read() as rows:
        old = rows.scalar(rows.select(t.label_version.c.arrays).where(t.label_version.c.cycle == 2))
    wrong = {path: "0" * 64 for path in old}
    with lived.store.stage() as rows:
        rows.update(t.label_version, t.label_version.c.cycle == 2, arrays=wrong)
    with lived.store.read() as rows:
        replay.replay_rounds(lived.store, rows, chain.Collected(), report)
        n = len(list(rows.scalars(rows.select(t.ranking.c.id))))
    assert any(line.startswith(f"replay: {n - 1} of {n} rankings") for line in report.lines)


def test_replay_reads_nothing_of_the_project_as_it_is_now(lived: Any) -> None:
    """Seed, model, metric and rules are changed behind the record's back: replay comes out equal all the same."""
    with lived.store.stage() as rows:
        config = lived.store.row(rows).config
        rows.update(t.project, config={**config, "seed": 99, "rules": [], "metric": "macro-f1"})
        rows.update(t.question, settings={"model": "boosting", "metric": "log-loss"})
    problems = [p for p in verify(lived.site, "topics", replay=True).problems if p.startswith("replay")]
    assert problems == []


def test_an_export_names_the_last_event_that_is_in_it(lived: Any, tmp_path: Path) -> None:
    admin, _ = users.ensure_admin(lived.site)
    with lived.store.read() as rows:
        head = lived.store.head_seq(rows)
    done = exports.export(lived.site, admin, "topics", tmp_path / "labels.csv")
    assert done.upto_seq == done.receipt["seq"] == head
    with lived.store.read() as rows:
        (event,) = list(lived.store.events(rows, kinds=(LabelsExported.kind,)))
    body = record.read(event)
    assert isinstance(body, LabelsExported) and body.upto_seq == head


def test_an_export_of_a_label_version_reads_that_version(lived: Any, tmp_path: Path) -> None:
    """A correction and a label that came later do not change it, and its own schema describes it."""
    admin, _ = users.ensure_admin(lived.site)
    with lived.store.read() as rows:
        newest = rows.scalar(rows.select(t.label_version.c.id).order_by(t.label_version.c.cycle.desc()).limit(1))
    exports.export(lived.site, admin, "topics", tmp_path / "before.csv", at=newest)
    for lease in lived.api.queue("topics", n=4):
        lived.api.answer("topics", lease, lived.right(lease))
    mine = lived.api.get("/projects/topics/annotations", limit=50).json()["items"]
    answered = next(one for one in mine if one["standing"] and one["kind"] == "answer")
    other = "l_1" if answered["answer"]["label"] != "l_1" else "l_2"
    lease = {"id": None, "item": {"id": answered["item_id"]}}
    lived.api.answer("topics", lease, {"label": other}, kind="correct", replaces=answered["id"], lease_id=None)
    exports.export(lived.site, admin, "topics", tmp_path / "after.csv", at=newest)
    assert (tmp_path / "before.csv").read_bytes() == (tmp_path / "after.csv").read_bytes()


def test_a_failed_export_event_is_logged(lived: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    import logging

    admin, _ = users.ensure_admin(lived.site)
    logging.getLogger("labelwright").propagate = True
    database = lived.home / "projects/topics/project.sqlite"
    with sqlite3.connect(database) as db:
        db.execute("CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(FAIL, 'disk full'); END")
    with caplog.at_level(logging.ERROR, "labelwright.exports"):
        done = exports.export(lived.site, admin, "topics", tmp_path / "labels.csv")
    assert done.n_items == 90 and (tmp_path / "labels.csv").exists()
    assert "not in the record" in caplog.text


def test_a_worker_that_cannot_say_that_it_lives_stops(trained: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its heartbeat fails; before a peer would think it dead it leaves the cycle to the next worker."""
    for lease in trained.api.queue("topics", n=4):
        trained.api.answer("topics", lease, trained.right(lease))
    worker = Worker(trained.site.store)
    hold = runner.begin(trained.store, worker.id, 1)
    assert hold is not None
    assert runner.run(hold, may_go_on=lambda: False) is False
    with trained.store.read() as rows:
        row = rows.one(rows.select(t.cycle.c.state, t.cycle.c.worker).where(t.cycle.c.id == hold.cycle_id))
    assert tuple(row) == ("waiting", None)
    beat = heartbeat.Heartbeat(trained.site.store)
    beat.start()
    try:
        assert beat.is_known_alive
        monkeypatch.setattr(heartbeat.time, "monotonic", lambda: time.perf_counter() + 1e6)
        assert not beat.is_known_alive
    finally:
        monkeypatch.undo()
        beat.stop()


def test_array_files_are_never_replaced(trained: Any) -> None:
    arrays = trained.store.arrays
    arrays.write("trial/a.npy", np.arange(3))
    assert arrays.write("trial/a.npy", np.arange(3)) == arrays.digests(["trial/a.npy"])
    with pytest.raises(ConflictError, match="other content"):
        arrays.write("trial/a.npy", np.arange(4))
    assert arrays.read("trial/a.npy").tolist() == [0, 1, 2]


def test_a_skip_asks_for_no_cycle(trained: Any) -> None:
    (lease,) = trained.api.queue("topics", n=1)
    assert trained.api.answer("topics", lease, None, kind="skip", reason="cannot tell").status_code == 201
    with trained.store.read() as rows:
        row = trained.store.row(rows)
        assert row.wanted_seq <= row.trained_seq
        assert not due(rows, row, float("inf")).wanted


def test_cycles_wait_for_two_labels_of_a_hundred_or_a_rest(lived: Any) -> None:
    (lease,) = lived.api.queue("topics", n=1)
    lived.api.answer("topics", lease, lived.right(lease))
    with lived.store.read() as rows:
        row = lived.store.row(rows)
        assert due(rows, row, 0.0).now  # 32 labels: one more is enough
        assert not due(rows, row, 1.0, 3.0).now and due(rows, row, 1.0, 3.0).in_seconds == 2.0
        assert due(rows, row, 3.0, 3.0).now
    with lived.store.stage() as rows:
        rows.update(t.ranking, n_labels=500)
    with lived.store.read() as rows:
        judged = due(rows, row, 1.0)
        assert judged.wanted and not judged.now and 0 < judged.in_seconds < 20
        assert due(rows, row, 60.0).now


def test_every_step_says_what_it_reads() -> None:
    names = [step.name for step in steps()]
    assert names == [
        "freeze", "encode", "resolve", "fit", "evaluate", "predict", "judge", "watch", "arms", "rank", "publish",
        "control", "drift", "represent",
    ]  # fmt: skip
    for k, step in enumerate(steps()):
        assert set(step.inputs) <= {"inputs", *names[:k]}


def test_acts_on_items_train_export_and_verify(trained: Any, tmp_path: Path) -> None:
    """Exclude, include, replace and undo an import, in this order, with answers between."""
    site, (admin, _) = trained.site, users.ensure_admin(trained.site)
    leases = trained.api.queue("topics", n=10)
    for lease in leases:
        trained.api.answer("topics", lease, trained.right(lease))
    train_until_idle(site)
    keys = [lease["item"]["key"] for lease in leases]
    ids = [f"i{int(key.removeprefix('t'))}" for key in keys]
    assert acts.exclude(site, admin, "topics", ids[:3], reason="not ours").changed == 3
    assert acts.exclude(site, admin, "topics", ids[:3]).changed == 0
    train_until_idle(site)
    exports.export(site, admin, "topics", tmp_path / "without.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "without.jsonl").read_text().splitlines()]
    assert len(lines) == 87 and not {line["key"] for line in lines} & set(keys[:3])
    assert trained.api.counts("topics")["items"] == 87
    assert acts.include(site, admin, "topics", ids[:3]).changed == 3
    acts.replace_content(site, admin, "topics", ids[4], {"text": "an altogether different sentence about law"})
    with pytest.raises(ConflictError, match="already"):
        acts.replace_content(site, admin, "topics", ids[4], {"text": "an altogether different sentence about law"})
    detail = trained.api.get(f"/projects/topics/items/{ids[4]}").json()
    assert detail["content_version"] == 1 and detail["label"] is None
    assert "different sentence" in detail["item"]["content"]["text"]
    add(site, 6)
    train_until_idle(site)
    batch = acts.imports(site, "topics").items[0]
    assert acts.undo_import(site, admin, "topics", batch.id, reason="the wrong file").changed == 6
    with pytest.raises(ConflictError, match="already"):
        acts.undo_import(site, admin, "topics", batch.id)
    with pytest.raises(ConflictError, match="only import"):
        acts.undo_import(site, admin, "topics")
    train_until_idle(site)
    served = {lease["item"]["key"] for lease in trained.api.queue("topics", n=40)}
    assert not any(key.startswith("new") for key in served)
    exports.export(site, admin, "topics", tmp_path / "after.jsonl")
    assert len((tmp_path / "after.jsonl").read_text().splitlines()) == 90
    assert verify(site, "topics", replay=True).problems == []


def test_a_new_answer_is_seen_within_a_tenth_of_a_second(trained: Any) -> None:
    """The worker waits without polling; the commit wakes it."""
    seen: list[float] = []
    worker = Worker(trained.site.store, lambda step, when: seen.append(time.monotonic()))
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    try:
        time.sleep(1.0)
        seen.clear()
        (lease,) = trained.api.queue("topics", n=1)
        assert trained.api.answer("topics", lease, trained.right(lease)).status_code == 201
        answered = time.monotonic()
        while not seen and time.monotonic() - answered < 5:
            time.sleep(0.002)
        assert seen and seen[0] - answered < 0.1
    finally:
        worker.stop()
        thread.join(20)
    assert not thread.is_alive()
    assert not list((trained.home / "run").rglob("*.wake"))


def test_an_idle_worker_uses_less_than_a_hundredth_of_a_core(trained: Any) -> None:
    worker = Worker(trained.site.store)
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    try:
        time.sleep(1.5)
        before, began = time.process_time(), time.monotonic()
        time.sleep(4.0)
        used = (time.process_time() - before) / (time.monotonic() - began)
    finally:
        worker.stop()
        thread.join(20)
    assert used < 0.01, f"{used:.1%} of a core"


def test_two_workers_do_not_run_one_cycle(trained: Any) -> None:
    first = runner.begin(trained.store, "a", 1)
    assert first is not None and runner.begin(trained.store, "b", 1) is None
    assert runner.take_over(trained.store, "b", alive={"a"}) is None


def test_work_that_is_left_is_said(trained: Any) -> None:
    admin, _ = users.ensure_admin(trained.site)
    work = queue.take(trained.site, admin, "topics", n=2)
    assert work.empty_because is None and work.left == 90
    assert os.path.exists(trained.home)
