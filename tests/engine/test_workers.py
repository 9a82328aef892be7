"""Workers: level-triggered, one cycle at a time, taken over, and never stopped by one broken project."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import insert

from labelwright.engine import runner
from labelwright.engine.cycle import Cycle
from labelwright.engine.heartbeat import live_workers
from labelwright.engine.steps import Hold, TakenOverError, steps
from labelwright.engine.worker import Worker
from labelwright.pauses import Pauses
from labelwright.services.people import users
from labelwright.services.projects import overview
from labelwright.services.record.verify import verify
from labelwright.services.steering import figures
from labelwright.store import site_tables as st
from labelwright.store import tables as t
from labelwright.store.arrays import Arrays
from labelwright.store.project import COLD_CYCLE
from labelwright.store.record.exports import LabelsExported

STEPS = {step.name: step for step in steps()}


def answer_some(ready: Any, n: int) -> None:
    for lease in ready.api.queue("topics", n=n):
        assert ready.api.answer("topics", lease, ready.right(lease)).status_code == 201


def cycles_of(ready: Any) -> list[tuple[int, str]]:
    """The cycles of workers; the one of the import comes before them."""
    with ready.store.read() as rows:
        query = rows.select(t.cycle.c.id, t.cycle.c.state).where(t.cycle.c.id > COLD_CYCLE).order_by(t.cycle.c.id)
        return [tuple(r) for r in rows.all(query)]


def fence_of(ready: Any, cycle_id: int) -> int:
    with ready.store.read() as rows:
        return int(rows.scalar(rows.select(t.cycle.c.fence).where(t.cycle.c.id == cycle_id)))


def worker_of(ready: Any, cycle_id: int) -> str | None:
    with ready.store.read() as rows:
        holder: str | None = rows.scalar(rows.select(t.cycle.c.worker).where(t.cycle.c.id == cycle_id))
    return holder


class DiedError(BaseException):
    """Stands for kill -9 within this process: nothing catches it."""


def die(ready: Any, at_step: str, at: str) -> None:
    """A worker that dies at a point of its cycle."""

    def watch(step: str, when: str) -> None:
        if (step, when) == (at_step, at):
            raise DiedError

    with pytest.raises(DiedError):
        Worker(ready.site.store, watch=watch).run(until_idle=True)


def break_step(monkeypatch: pytest.MonkeyPatch, name: str, error: Exception) -> None:
    def broken(*_: Any) -> None:
        raise error

    monkeypatch.setattr(type(STEPS[name]), "run", broken)


def test_the_steps_run_in_this_order() -> None:
    assert list(STEPS) == [
        "freeze", "encode", "resolve", "fit", "evaluate", "predict", "judge", "watch", "arms", "rank", "publish",
        "control", "drift", "represent",
    ]  # fmt: skip


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
def test_a_step_knows_that_its_part_is_there(
    trained: Any, step: str, monkeypatch: pytest.MonkeyPatch, train: Any
) -> None:
    """Before it ran it says no, afterwards yes, to whoever asks.

    Encoding belongs to no cycle and is looked at each time; without a goal nothing is judged; it is early to watch,
    and to train on the control arm.
    """
    answer_some(trained, 8)
    kind, asked = type(STEPS[step]), list[bool]()
    run = kind.run

    def watched(self: Any, cycle: Cycle, hold: Hold) -> None:
        asked.append(self.done(Cycle(cycle.store, cycle.id)))
        run(self, cycle, hold)
        asked.append(self.done(Cycle(cycle.store, cycle.id)))

    monkeypatch.setattr(kind, "run", watched)
    train(trained.site)
    assert cycles_of(trained)[-1] == (2, "done")
    assert asked == {
        "encode": [False, False],
        "watch": [False, False],
        "judge": [],
        "arms": [],
        "control": [],
        "drift": [],
        "represent": [],
    }.get(step, [False, True])
    assert verify(trained.site, "topics", replay=True).problems == []


@pytest.mark.parametrize("at", ["before", "after"])
@pytest.mark.parametrize(
    "step", [step for step in STEPS if step not in ("judge", "arms", "control", "drift", "represent")]
)
def test_a_cycle_whose_worker_died_is_finished_by_another(trained: Any, train: Any, step: str, at: str) -> None:
    answer_some(trained, 8)
    die(trained, step, at)
    assert cycles_of(trained) == [(1, "done"), (2, "running")]
    train(trained.site)
    assert cycles_of(trained) == [(1, "done"), (2, "done")]
    report = verify(trained.site, "topics", replay=True)
    assert report.problems == [] and any("3 of 3 rankings" in line for line in report.lines)
    assert fence_of(trained, 2) == 2


def test_files_of_a_process_that_died_between_two_of_them_are_made_anew(trained: Any, train: Any) -> None:
    """The second of the two files of frozen inputs says that both are whole."""
    answer_some(trained, 8)
    die(trained, "freeze", "after")
    arrays = trained.home / "projects/topics/arrays"
    (arrays / "cycles/000002/inputs.json").unlink()
    answer_some(trained, 3)
    train(trained.site)
    assert cycles_of(trained)[-1][1] == "done"
    assert verify(trained.site, "topics", replay=True).problems == []


def test_a_cycle_that_kills_every_worker_is_given_up(trained: Any, make_project: Any, train: Any) -> None:
    """Other projects go on; this one is tried again once a lead has acted."""
    answer_some(trained, 8)
    for _ in range(3):
        die(trained, "fit", "before")
    make_project(trained.site, "another")
    train(trained.site)
    train(trained.site)
    assert cycles_of(trained) == [(1, "done"), (2, "failed")]
    with trained.site.project("another").read() as rows:
        assert rows.scalar(rows.select(t.cycle.c.state)) == "done"
    running = trained.api.get("/projects/topics/progress").json()["running"]
    assert running["state"] == "failed" and "died 3 times in the step 'fit'" in running["error"]
    answer_some(trained, 1)
    train(trained.site)
    assert len(cycles_of(trained)) == 2  # an answer is no reason to try again
    trained.api.post("/projects/topics/pause")
    trained.api.post("/projects/topics/resume")
    train(trained.site)
    assert cycles_of(trained)[2:] == [(3, "done")]  # what it wanted is trained by the next
    assert verify(trained.site, "topics", replay=True).problems == []


def test_a_worker_that_was_asked_to_stop_is_not_counted_as_dead(trained: Any, train: Any) -> None:
    answer_some(trained, 8)

    def killed_after_stop(step: str, when: str) -> None:
        if (step, when) == ("fit", "before"):
            worker.stop()
            while worker_of(trained, 2) is not None:
                time.sleep(0.01)
            raise DiedError

    worker = Worker(trained.site.store, watch=killed_after_stop)
    with pytest.raises(DiedError):
        worker.run(until_idle=True)
    train(trained.site)
    with trained.store.read() as rows:
        assert rows.scalar(rows.select(t.cycle.c.deaths).where(t.cycle.c.id == 2)) == 0
    assert cycles_of(trained)[-1] == (2, "done")


def test_a_cycle_of_a_worker_that_is_alive_is_left_to_it(trained: Any) -> None:
    answer_some(trained, 8)
    with trained.store.read() as rows:
        wanted = trained.store.row(rows).wanted_seq
    hold = runner.begin(trained.store, "one", wanted)
    assert hold is not None
    assert runner.begin(trained.store, "two", wanted) is None  # one cycle at a time
    assert runner.take_over(trained.store, "two", {"one"}) is None
    taken = runner.take_over(trained.store, "two", set())
    assert taken is not None and (taken.cycle_id, taken.fence) == (hold.cycle_id, hold.fence + 1)


def test_a_worker_that_slept_through_its_replacement_writes_nothing(trained: Any, train: Any) -> None:
    answer_some(trained, 8)
    with trained.store.read() as rows:
        wanted = trained.store.row(rows).wanted_seq
    slept = runner.begin(trained.store, "one", wanted)
    taken = runner.take_over(trained.store, "two", set())
    assert slept is not None and taken is not None
    with pytest.raises(TakenOverError), slept.write() as transaction:
        transaction.record(LabelsExported("csv", 0, None, None), actor="system")
    slept.note(state="failed", error="it slept")
    assert runner.run(slept) is False
    assert cycles_of(trained)[-1] == (2, "running")
    assert runner.run(taken) is True
    assert cycles_of(trained)[-1] == (2, "done")
    assert verify(trained.site, "topics", replay=True).problems == []


@pytest.mark.parametrize("at", ["before", "after"])
@pytest.mark.parametrize(
    "step", [step for step in STEPS if step not in ("judge", "arms", "control", "drift", "represent")]
)
def test_a_worker_that_goes_on_after_its_replacement_alters_nothing(trained: Any, step: str, at: str) -> None:
    """It stops at a point of its cycle, a peer takes over, publishes and runs the next one, then it goes on."""
    answer_some(trained, 8)
    sleeper = runner.begin(trained.store, "sleeper", 1)
    assert sleeper is not None

    def replace(reached: str, when: str) -> None:
        if (reached, when) == (step, at):
            taken = runner.take_over(trained.store, "peer", alive=set())
            assert taken is not None and runner.run(taken)
            answer_some(trained, 3)
            following = runner.begin(trained.store, "peer", 1)
            assert following is not None and runner.run(following)

    assert runner.run(sleeper, watch=replace) is False
    assert cycles_of(trained) == [(1, "done"), (2, "done"), (3, "done")]
    assert worker_of(trained, 2) == "peer"
    assert verify(trained.site, "topics", replay=True).problems == []
    assert trained.api.queue("topics", n=5)


def test_a_worker_that_freezes_after_its_replacement_alters_nothing(
    trained: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stops between the two files of the frozen inputs."""
    answer_some(trained, 8)
    sleeper = runner.begin(trained.store, "sleeper", 1)
    assert sleeper is not None
    write, replaced = Arrays.write_bytes, list[bool]()

    def slow(self: Arrays, path: str, content: bytes) -> dict[str, str]:
        if path.endswith("inputs.json") and not replaced:
            replaced.append(True)
            answer_some(trained, 3)
            taken = runner.take_over(trained.store, "peer", alive=set())
            assert taken is not None and runner.run(taken)
        return write(self, path, content)

    monkeypatch.setattr(Arrays, "write_bytes", slow)
    assert runner.run(sleeper) is False
    assert replaced and cycles_of(trained)[-1] == (2, "done")
    assert verify(trained.site, "topics", replay=True).problems == []


def test_two_workers_that_encode_at_once_record_it_once(site: Any, make_project: Any) -> None:
    """One stops with the encoder fitted or a file of features written, and goes on when the other has recorded it."""
    for slug, stop_at in (("topics", "encoder.skops"), ("others", "000000000-")):
        make_project(site, slug)
        store = site.project(slug)
        sleeper = runner.begin(store, "sleeper", 1)
        assert sleeper is not None
        write, replaced = Arrays.write_bytes, list[bool]()

        def slow(
            self: Arrays, path: str, content: bytes, store: Any = store, stop_at: str = stop_at, write: Any = write,
            replaced: list[bool] = replaced,
        ) -> dict[str, str]:  # fmt: skip
            written: dict[str, str] = write(self, path, content)
            if path.rpartition("/")[2].startswith(stop_at) and not replaced:
                replaced.append(True)
                taken = runner.take_over(store, "peer", alive=set())
                assert taken is not None and runner.run(taken)
            return written

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Arrays, "write_bytes", slow)
            assert runner.run(sleeper) is False
        assert replaced
        with store.read() as rows:
            assert len(rows.all(rows.select(t.encoder.c.seq))) == len(rows.all(rows.select(t.feature_file.c.seq))) == 1
        assert verify(site, slug, replay=True).problems == []


def test_a_worker_that_is_stopped_leaves_its_cycle_to_the_next(trained: Any, train: Any) -> None:
    answer_some(trained, 8)

    def stop(step: str, when: str) -> None:
        if (step, when) == ("resolve", "after"):
            worker.stop()

    worker = Worker(trained.site.store, watch=stop)
    worker.run()
    assert cycles_of(trained)[-1] == (2, "waiting")
    train(trained.site)
    assert cycles_of(trained) == [(1, "done"), (2, "done")]
    with trained.store.read() as rows:
        assert rows.scalar(rows.select(t.cycle.c.deaths).where(t.cycle.c.id == 2)) == 0


def test_a_step_that_fails_is_told_and_tried_again(trained: Any, monkeypatch: pytest.MonkeyPatch, train: Any) -> None:
    import threading

    from labelwright.engine import patience

    answer_some(trained, 5)
    fit = type(STEPS["fit"]).run
    break_step(monkeypatch, "fit", ValueError("the labels are odd"))
    monkeypatch.setattr(patience, "PAUSES", Pauses(first=0.0, longest=0.0))
    running = Worker(trained.site.store)
    thread = threading.Thread(target=running.run)
    thread.start()
    until = time.monotonic() + 30
    while time.monotonic() < until and cycles_of(trained)[-1][1] != "failed":
        time.sleep(0.05)
    shown = figures.running(trained.site, trained.store)
    monkeypatch.setattr(type(STEPS["fit"]), "run", fit)
    while time.monotonic() < until and cycles_of(trained)[-1][1] != "done":
        time.sleep(0.05)
    running.stop()
    thread.join(20)
    states = [state for _, state in cycles_of(trained)]
    assert "failed" in states and states[-1] == "done"
    assert shown.state in ("failed", "waiting", "running")
    assert trained.api.get("/projects/topics/progress").json()["ranking"] != "r-1"


def test_a_damaged_project_does_not_stop_the_worker(trained: Any, make_project: Any, train: Any) -> None:
    make_project(trained.site, "other", n=45)
    trained.site.close()
    (trained.home / "projects/topics/project.sqlite").write_bytes(b"rubbish" * 999)
    train(trained.site)
    shown = overview.show(trained.site, users.ensure_admin(trained.site)[0], "other")
    assert shown.state == "ready" and trained.api.get("/projects/other/progress").json()["ranking"] == "r-1"


def test_a_worker_that_is_gone_is_not_counted(trained: Any) -> None:
    workers = [
        {"id": "gone", "pid": 2**22 - 3, "host": "elsewhere", "started_at": 0.0, "heartbeat_at": time.time() - 60},
        {"id": "alive", "pid": 1, "host": "elsewhere", "started_at": 0.0, "heartbeat_at": time.time()},
    ]
    with trained.site.store.write() as connection:
        connection.execute(insert(st.worker), workers)
    assert [w.id for w in live_workers(trained.site.store)] == ["alive"]


def test_no_worker_is_said_where_something_waits(trained: Any) -> None:
    answer_some(trained, 2)
    assert figures.running(trained.site, trained.store).state == "no-worker"


def test_an_older_cycle_never_replaces_a_newer_ranking(lived: Any) -> None:
    with lived.store.read() as rows:
        before = lived.store.row(rows)
    STEPS["publish"].run(Cycle(lived.store, 2), Hold(lived.store, 2, fence_of(lived, 2)))
    with lived.store.read() as rows:
        assert lived.store.row(rows) == before


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

    worker = Worker(trained.site.store, watch=in_between)
    worker.run(until_idle=True)
    assert len(took) >= 2 * len(STEPS) - 1
    with trained.store.read() as rows:
        project = trained.store.row(rows)
    assert project.cycle >= 2 and project.wanted_seq > project.trained_seq


def test_thinned_predictions_are_not_a_fault(lived: Any, monkeypatch: pytest.MonkeyPatch, train: Any) -> None:
    from labelwright.engine import thinning

    monkeypatch.setattr(thinning, "KEEP_CYCLES", 2)
    answer_some(lived, 3)
    train(lived.site)
    report = verify(lived.site, "topics", replay=True)
    assert report.problems == []
    assert any("thinned" in line for line in report.lines)


def test_an_update_of_a_lease_is_no_event(trained: Any) -> None:
    with trained.store.read() as rows:
        head = trained.store.receipt(rows)["hash"]
    trained.api.queue("topics", n=5)
    with trained.store.stage() as rows:
        rows.update(t.lease, expires_at=0.0)
    trained.api.queue("topics", n=5)
    with trained.store.read() as rows:
        assert trained.store.receipt(rows)["hash"] == head


def test_a_training_that_fails_is_told_and_does_not_hang(trained: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from labelwright.errors import NotReadyError
    from labelwright.services.steering.training import train_now

    break_step(monkeypatch, "fit", OSError("No space left on device"))
    answer_some(trained, 2)
    with pytest.raises(NotReadyError, match="No space left on device"):
        train_now(trained.site, "topics", timeout=30)
    shown = figures.running(trained.site, trained.store)
    assert shown.state == "failed" and "No space left" in str(shown.error)
    monkeypatch.undo()
    train_now(trained.site, "topics", timeout=30)
    assert figures.running(trained.site, trained.store).state == "idle"
