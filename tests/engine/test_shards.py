"""Cycles by shards come out the same on a cluster, after kills, and where a worker goes on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import threadpoolctl

from labelwright.engine import predicting, runner
from labelwright.engine.cycle import Cycle
from labelwright.engine.executors import Executor, StoppedError
from labelwright.engine.steps import Hold
from labelwright.engine.worker import Worker
from labelwright.loop import steps as pure
from labelwright.services.people import users
from labelwright.services.record.verify import verify
from labelwright.services.steering import rounds
from labelwright.store import tables as t
from labelwright.store.project import COLD_CYCLE
from tests.conftest import Ready, make_site, text_draft, write_texts
from tests.engine.conftest import SHARD


def test_predictions_by_shards_are_those_of_the_whole(lived: Ready, small_shards: None) -> None:
    with lived.store.read() as rows:
        cycle = Cycle(lived.store, lived.store.row(rows).cycle)
    question = cycle.inputs.primary
    model = cycle.model(question)
    assert model is not None
    whole = pure.predict(cycle.state(question), model)
    made = predicting.predict(cycle, Hold(lived.store, cycle.id, 1), question, cycle.model_path(question), "shards")
    task = question.make_task()
    assert len(lived.store.arrays.files("shards")) == 3
    np.testing.assert_array_equal(task.proba(made.predictions), task.proba(whole))
    stored = cycle.predictions(question)
    assert stored is not None
    np.testing.assert_array_equal(task.proba(made.predictions), task.proba(stored))


def results_of(site: Any) -> dict[str, str]:
    """Digests of the files of all cycles, but for models, whose zip holds the time, and what says who computed them."""
    with site.project("topics").read() as rows:
        listed = rows.all(rows.select(t.array_file.c.path, t.array_file.c.digest))
    return {str(path): str(digest) for path, digest in listed if not str(path).endswith((".skops", "computed.json"))}


def made_on(folder: Path, executor: Executor | None, during: Any = None) -> tuple[Any, dict[str, str]]:
    """A project of 90 texts with two rankings, made on an executor; the ids of a copy are those of its origin."""
    site = make_site(folder)
    ran = threading.Thread(target=during) if during is not None else None
    if ran is not None:
        ran.start()
    Worker(site.store, executor=executor).run(until_idle=True)
    if ran is not None:
        assert not ran.is_alive(), "what should happen meanwhile did not"
    return site, results_of(site)


@pytest.fixture
def untrained(tmp_path: Path) -> Path:
    """A home with a project whose items are neither encoded nor ranked, but partly labeled."""
    from labelwright.services.projects import create
    from tests.conftest import LABEL, make_api

    site, source = make_site(tmp_path / "origin"), tmp_path / "topics.jsonl"
    truth = write_texts(source, 90)
    create.create(site, users.ensure_admin(site)[0], text_draft("topics", source))
    api = make_api(site)
    for lease in api.queue("topics", n=12):
        assert api.answer("topics", lease, {"label": LABEL[truth[lease["item"]["key"]]]}).status_code == 201
    site.close()
    return tmp_path / "origin"


def test_a_cycle_on_dask_comes_out_as_here(
    untrained: Path, tmp_path: Path, small_shards: None, on_dask: Executor
) -> None:
    shutil.copytree(untrained, tmp_path / "far")
    here, locally = made_on(untrained, None)
    far, remotely = made_on(tmp_path / "far", on_dask)
    assert any("/predictions/" in path for path in locally) and any(path.startswith("features/") for path in locally)
    assert remotely == locally
    with far.project("topics").read() as rows:
        cycle = Cycle(far.project("topics"), far.project("topics").row(rows).cycle)
    store = far.project("topics")
    (machine,) = json.loads(store.arrays.read_bytes(cycle.files.computed(cycle.inputs.primary.id)))
    assert machine["shards"] == 3 and machine["numpy"] == np.__version__ and "threads" in machine["blas"]
    assert not list((store.folder / "arrays").rglob("shards")) + list((store.folder / "arrays").rglob("contents"))
    report = verify(far, "topics", replay=True)
    assert not report.problems, report.problems
    here.close()
    far.close()


def test_a_cycle_whose_worker_on_dask_is_killed_comes_out_the_same(
    untrained: Path, tmp_path: Path, small_shards: None, cluster: Any, on_dask: Executor
) -> None:
    shutil.copytree(untrained, tmp_path / "far")
    here, locally = made_on(untrained, None)
    folder = tmp_path / "far" / "projects" / "topics" / "arrays"

    def kill_one() -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until and not list(folder.rglob("parts/*.npy")):
            time.sleep(0.005)
        os.kill(next(iter(cluster.workers.values())).process.pid, signal.SIGKILL)

    far, remotely = made_on(tmp_path / "far", on_dask, kill_one)
    assert remotely == locally
    here.close()
    far.close()


def test_shards_that_are_there_are_not_made_again(lived: Ready, small_shards: None) -> None:
    with lived.store.read() as rows:
        cycle = Cycle(lived.store, lived.store.row(rows).cycle)
    question, path = cycle.inputs.primary, cycle.model_path(cycle.inputs.primary)
    n_done = list[int]()
    stopping = Hold(lived.store, cycle.id, 1, may_go_on=lambda: not n_done)
    stopping.on_done = lambda done, of: n_done.append(done)  # type: ignore[method-assign]
    with pytest.raises(StoppedError):
        predicting.predict(cycle, stopping, question, path, "shards")
    (first,) = lived.store.arrays.files("shards")
    made = (lived.store.folder / "arrays" / first).stat().st_mtime_ns
    predicting.predict(cycle, Hold(lived.store, cycle.id, 1), question, path, "shards")
    assert len(lived.store.arrays.files("shards")) == 3
    assert (lived.store.folder / "arrays" / first).stat().st_mtime_ns == made


def test_a_worker_killed_between_shards_goes_on_with_what_is_missing(lived: Ready) -> None:
    """The process is killed by the second shard; the next worker finds the first one and publishes."""
    for lease in lived.api.queue("topics", n=6):
        lived.api.answer("topics", lease, lived.right(lease))
    script = f"""
        import os, signal
        from pathlib import Path
        from labelwright.engine import predicting, runner
        from labelwright.engine.steps import Hold
        from labelwright.store.site import SiteStore
        predicting.SHARD_ROWS = {SHARD}
        Hold.on_done = lambda self, done, of: os.kill(os.getpid(), signal.SIGKILL) if done == 2 else None
        store = SiteStore(Path({str(lived.home)!r})).open("topics")
        runner.run(runner.begin(store, "killed", 1))
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], timeout=120, check=False)
    assert ended.returncode == -signal.SIGKILL
    shards = sorted((lived.store.folder / "arrays").rglob("shards/*.npz"))
    assert len(shards) == 2
    made = [path.stat().st_mtime_ns for path in shards]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(predicting, "SHARD_ROWS", SHARD)
        assert predicting.how_far(lived.store, COLD_CYCLE, "rank") is None
        with lived.store.read() as rows:
            newest = rows.first(rows.select(t.cycle.c.id, t.cycle.c.step).order_by(t.cycle.c.id.desc()))
        assert predicting.how_far(lived.store, newest.id, newest.step) == predicting.ShardsDone(2, 3)
    seen = list[list[int]]()
    hold = runner.take_over(lived.store, "next", alive=set())
    assert hold is not None

    def watch(step: str, when: str) -> None:
        if (step, when) == ("predict", "after"):
            seen.append([path.stat().st_mtime_ns for path in shards])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(predicting, "SHARD_ROWS", SHARD)
        assert runner.run(hold, watch)
    assert seen == [made]
    assert not list((lived.store.folder / "arrays").rglob("shards"))
    assert not verify(lived.site, "topics", replay=True).problems


def test_a_worker_that_is_stopped_between_shards_leaves_the_cycle_to_the_next(lived: Ready, small_shards: None) -> None:
    for lease in lived.api.queue("topics", n=6):
        lived.api.answer("topics", lease, lived.right(lease))
    hold, arrays, cycle = runner.begin(lived.store, "stopped", 1), lived.store.folder / "arrays", t.cycle
    assert hold is not None
    assert not runner.run(hold, may_go_on=lambda: not list(arrays.rglob("shards/*.npz")))
    with lived.store.read() as rows:
        left = rows.first(rows.select(cycle.c.state, cycle.c.worker, cycle.c.step).where(cycle.c.id == hold.cycle_id))
    assert tuple(left) == ("waiting", None, "predict")
    taken = runner.take_over(lived.store, "next", alive={"stopped"})
    assert taken is not None and runner.run(taken)


@pytest.mark.parametrize("strategy", ["margin", "bald", "auto", "k-center"])
def test_an_order_with_scores_by_shards_is_the_one_of_the_whole(
    lived: Ready, small_shards: None, on_dask: Executor, strategy: str
) -> None:
    rounds.start(lived.site, users.ensure_admin(lived.site)[0], "topics", strategy=strategy, hypothesis="it helps")
    scored = list[list[str]]()

    def watch(step: str, when: str) -> None:
        if (step, when) == ("rank", "after"):
            scored.append(sorted(path.name for path in (lived.store.folder / "arrays").rglob("scores/*.npy")))

    Worker(lived.site.store, watch, executor=on_dask).run(until_idle=True)
    assert [len(names) for names in scored] == [0 if strategy == "k-center" else 3]
    report = verify(lived.site, "topics", replay=True)  # which computes the whole here
    assert not report.problems, report.problems
    assert not list((lived.store.folder / "arrays").rglob("scores"))


def test_replay_says_where_a_ranking_differs_and_what_computed_it(lived: Ready) -> None:
    with lived.store.read() as rows:
        cycle = Cycle(lived.store, lived.store.row(rows).cycle)
    arrays, slots = lived.store.arrays, lived.store.arrays.read_bundle(cycle.files.slots)
    slots["item_idx"][[0, 1]] = slots["item_idx"][[1, 0]]
    arrays.delete([cycle.files.slots])
    arrays.write_bundle(cycle.files.slots, slots)
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        as_it_was = verify(lived.site, "topics", replay=True)
    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        elsewhere = verify(lived.site, "topics", replay=True)
    for report in (as_it_was, elsewhere):
        assert f"replay: ranking r-{cycle.id} differs in item_idx at positions 1, 2." in report.problems
    said = f"replay: predictions of cycle {cycle.id} were computed otherwise: 1 shard(s) with blas "
    assert not any(line.startswith(said) for line in as_it_was.lines)
    assert any(line.startswith(said) and line.endswith("1 threads") for line in elsewhere.lines)
