"""Workers: level-triggered, one cycle at a time, taken over, and never stopped by one broken project."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from labelwright.engine.cycle import Cycle
from labelwright.engine.steps import STEPS
from labelwright.engine.worker import Worker, live_workers
from labelwright.services import figures, projects, users
from labelwright.store import site_tables as st
from labelwright.store import tables as t


def answer_some(ready: Any, n: int) -> None:
    for lease in ready.api.queue("topics", n=n):
        assert ready.api.answer("topics", lease, ready.right(lease)).status_code == 201


def cycles_of(ready: Any) -> list[tuple[int, str]]:
    with ready.store.read() as connection:
        return [tuple(r) for r in connection.execute(select(t.cycle.c.id, t.cycle.c.state).order_by(t.cycle.c.id))]


def test_many_answers_make_one_cycle(trained: Any, train: Any) -> None:
    answer_some(trained, 10)
    train(trained.site)
    assert cycles_of(trained) == [(1, "done"), (2, "done")]
    train(trained.site)  # nothing new: nothing is trained
    assert cycles_of(trained) == [(1, "done"), (2, "done")]


def test_a_paused_project_is_not_trained(trained: Any, train: Any) -> None:
    answer_some(trained, 3)
    trained.api.post("/projects/topics/pause")
    train(trained.site)
    assert len(cycles_of(trained)) == 1
    trained.api.post("/projects/topics/resume")
    train(trained.site)
    assert len(cycles_of(trained)) == 2


@pytest.mark.parametrize("step", STEPS)
def test_every_step_may_be_done_twice(trained: Any, step: str, monkeypatch: pytest.MonkeyPatch, train: Any) -> None:
    """At least once is what a durable runner gives: a step that runs again changes nothing."""
    answer_some(trained, 8)
    done = STEPS[step]

    def twice(cycle: Cycle) -> Any:
        done(cycle)
        return done(Cycle(cycle.store, cycle.id))

    monkeypatch.setitem(STEPS, step, twice)
    train(trained.site)
    from labelwright.services.verify import verify

    assert cycles_of(trained)[-1] == (2, "done")
    assert verify(trained.site, "topics", replay=True).problems == []


def test_a_step_that_fails_is_told_and_tried_again(trained: Any, monkeypatch: pytest.MonkeyPatch, train: Any) -> None:
    from labelwright.engine import worker as module

    answer_some(trained, 5)
    fit = STEPS["fit"]

    def broken(cycle: Cycle) -> Any:
        raise ValueError("the labels are odd")

    monkeypatch.setitem(STEPS, "fit", broken)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    running = Worker(trained.site.store)
    import threading

    thread = threading.Thread(target=running.run)
    thread.start()
    until = time.monotonic() + 30
    while time.monotonic() < until and cycles_of(trained)[-1][1] != "failed":
        time.sleep(0.05)
    shown = figures.running(trained.site, trained.store)
    monkeypatch.setitem(STEPS, "fit", fit)
    while time.monotonic() < until and cycles_of(trained)[-1][1] != "done":
        time.sleep(0.05)
    running.stop()
    thread.join(20)
    states = [state for _, state in cycles_of(trained)]
    assert "failed" in states and states[-1] == "done"
    assert shown["state"] in ("failed", "waiting", "running")
    assert trained.api.get("/projects/topics/progress").json()["ranking"] != "r-1"


def test_a_damaged_project_does_not_stop_the_worker(trained: Any, make_project: Any, train: Any) -> None:
    make_project(trained.site, "other", n=45)
    trained.site.close()
    (trained.home / "projects/topics/project.sqlite").write_bytes(b"rubbish" * 999)
    train(trained.site)
    shown = projects.show(trained.site, users.ensure_admin(trained.site)[0], "other")
    assert shown["state"] == "ready" and trained.api.get("/projects/other/progress").json()["ranking"] == "r-1"


def test_a_worker_that_is_gone_is_not_counted(trained: Any) -> None:
    rows = [
        {"id": "gone", "pid": 2**22 - 3, "host": "elsewhere", "started_at": 0.0, "heartbeat_at": time.time() - 60},
        {"id": "alive", "pid": 1, "host": "elsewhere", "started_at": 0.0, "heartbeat_at": time.time()},
    ]
    with trained.site.store.write() as connection:
        connection.execute(insert(st.worker), rows)
    assert [w.id for w in live_workers(trained.site.store)] == ["alive"]


def test_no_worker_is_said_where_something_waits(trained: Any) -> None:
    answer_some(trained, 2)
    assert figures.running(trained.site, trained.store)["state"] == "no-worker"


def test_an_older_cycle_never_replaces_a_newer_ranking(lived: Any) -> None:
    with lived.store.read() as connection:
        before = lived.store.row(connection)
    old = Cycle(lived.store, 2)
    STEPS["publish"](old)
    with lived.store.read() as connection:
        assert lived.store.row(connection) == before


def test_answers_are_taken_while_a_cycle_runs(trained: Any) -> None:
    """Training never blocks a commit: the writer is not held through a step."""
    answer_some(trained, 4)
    took: list[float] = []

    def in_between(step: str, when: str) -> None:
        lease = trained.api.queue("topics")[0]
        started = time.perf_counter()
        assert trained.api.answer("topics", lease, trained.right(lease)).status_code == 201
        took.append(time.perf_counter() - started)
        if len(took) >= 2 * len(STEPS):
            worker.stop()

    worker = Worker(trained.site.store, kill_at=in_between)
    worker.run(until_idle=True)
    assert len(took) >= 2 * len(STEPS) - 1
    with trained.store.read() as connection:
        project = trained.store.row(connection)
    assert project.cycle >= 2 and project.wanted_seq > project.trained_seq


def test_thinned_predictions_are_not_a_fault(lived: Any, monkeypatch: pytest.MonkeyPatch, train: Any) -> None:
    from labelwright.engine import thinning
    from labelwright.services.verify import verify

    monkeypatch.setattr(thinning, "KEEP_CYCLES", 2)
    answer_some(lived, 3)
    train(lived.site)
    report = verify(lived.site, "topics", replay=True)
    assert report.problems == []
    assert any("thinned" in line for line in report.lines)


def test_an_update_of_a_lease_is_no_event(trained: Any) -> None:
    head = trained.store.receipt()["hash"]
    trained.api.queue("topics", n=5)
    with trained.store.stage() as connection:
        connection.execute(update(t.lease).values(expires_at=0.0))
    trained.api.queue("topics", n=5)
    assert trained.store.receipt()["hash"] == head


def test_a_training_that_fails_is_told_and_does_not_hang(trained: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from labelwright.engine import steps
    from labelwright.errors import NotReadyError
    from labelwright.services.training import train_now

    def broken(cycle: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setitem(steps.STEPS, "fit", broken)
    answer_some(trained, 2)
    with pytest.raises(NotReadyError, match="No space left on device"):
        train_now(trained.site, "topics", timeout=30)
    shown = figures.running(trained.site, trained.store)
    assert shown["state"] == "failed" and "No space left" in shown["error"]
    monkeypatch.undo()
    train_now(trained.site, "topics", timeout=30)
    assert figures.running(trained.site, trained.store)["state"] == "idle"
