"""Executors: the contract that each keeps, and what they say where an engine or a folder is away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from labelwright.engine import encoding_shards, predicting
from labelwright.engine.cycle import Cycle
from labelwright.engine.executors import Executor, Shard, Work, answered, executor_of, perform, told
from labelwright.engine.work import contents
from labelwright.engine.worker import Worker
from labelwright.errors import IntegrityError, UnavailableError
from labelwright.items.base import Content
from labelwright.services.site import Site, doctor
from labelwright.services.site.settings import load
from labelwright.services.steering import figures
from labelwright.testing.executors import EXECUTOR_CHECKS, check_order, check_stops
from tests.conftest import Ready, train_until_idle


@pytest.mark.parametrize("check", EXECUTOR_CHECKS, ids=lambda check: str(check.__name__))
def test_local_keeps_the_contract(check: Any, tmp_path: Path) -> None:
    check(executor_of("local"), tmp_path)


@pytest.mark.parametrize("check", EXECUTOR_CHECKS, ids=lambda check: str(check.__name__))
def test_dask_keeps_the_contract(check: Any, on_dask: Executor, tmp_path: Path) -> None:
    check(on_dask, tmp_path)


def test_ray_keeps_the_contract(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    address = os.environ.get("LABELWRIGHT_TEST_RAY")
    if address is None:
        pytest.skip("LABELWRIGHT_TEST_RAY names no cluster")
    for check in EXECUTOR_CHECKS:
        check(executor_of(f"ray://{address}"), tmp_path)


def test_a_broken_executor_is_found(tmp_path: Path) -> None:
    class Backwards(Executor):
        name = "backwards"

        def check(self) -> str:
            return "well"

        def _results(self, work: Work, shards: Any, on_done: Any, may_go_on: Any) -> Any:
            return [answered(perform(told(work, shard))) for shard in reversed(shards)]

    for check in (check_order, check_stops):
        with pytest.raises(AssertionError):
            check(Backwards("here"), tmp_path)


def test_a_worker_of_another_version_says_so() -> None:
    for name in ("labelwright", "numpy"):
        asked = told(Work("labelwright.engine.work.echoing:echo"), Shard(0, 0, 1))
        asked = asked.replace(f'"{name}": "', f'"{name}": "0.')
        with pytest.raises(UnavailableError, match=f"workers must have {name} 0.*Install one version on all machines"):
            answered(perform(asked))


def test_only_functions_of_this_package_are_called() -> None:
    with pytest.raises(Exception, match="work must be a function of labelwright"):
        answered(perform(told(Work("os:system"), Shard(0, 0, 1))))


def test_an_engine_that_is_away_fails_the_cycle_and_labeling_goes_on(
    trained: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("labelwright.engine.executors.base.TIMEOUT_SECONDS", 1.0)
    for lease in trained.api.queue("topics", n=4):
        assert trained.api.answer("topics", lease, trained.right(lease)).status_code == 201
    away = executor_of("dask://127.0.0.1:9")
    with pytest.raises(UnavailableError, match="does not answer"):
        away.check()
    Worker(trained.site.store, executor=away).run(until_idle=True)
    running = figures.running(trained.site, trained.store)
    assert running.state == "failed" and "dask://127.0.0.1:9" in str(running.error)
    assert "training is tried again" in str(running.error)
    (lease,) = trained.api.queue("topics", n=1)
    assert trained.api.answer("topics", lease, trained.right(lease)).status_code == 201
    train_until_idle(trained.site)
    assert figures.running(trained.site, trained.store).state == "idle"


def test_a_cluster_without_workers_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("labelwright.engine.executors.base.TIMEOUT_SECONDS", 1.0)
    with distributed.LocalCluster(n_workers=0, processes=True, dashboard_address="127.0.0.1:0") as empty:
        address = empty.scheduler_address.removeprefix("tcp://")
        with pytest.raises(UnavailableError, match="has no workers"):
            executor_of(f"dask://{address}").map_shards(Work("labelwright.engine.work.echoing:echo"), [Shard(0, 0, 1)])
        site = Site(load({"home": tmp_path / "home"}, {"LABELWRIGHT_EXECUTOR": f"dask://{address}"}))
        report = doctor.examine(site)
        assert not report.well
        assert any(line.startswith(f"CHECK executor: dask://{address}") for line in report.lines)
        site.close()


def test_the_setting_gives_the_worker_its_executor(trained: Ready, on_dask: Executor) -> None:
    for lease in trained.api.queue("topics", n=4):
        assert trained.api.answer("topics", lease, trained.right(lease)).status_code == 201
    command = [sys.executable, "-m", "labelwright", "--home", str(trained.home), "worker", "--until-idle"]
    log = trained.home / "worker.log"
    env = {**os.environ, "LABELWRIGHT_EXECUTOR": on_dask.spec}
    subprocess.run([*command, "--log", str(log)], env=env, timeout=120, check=True)
    assert figures.running(trained.site, trained.store).state == "idle"
    away = {**os.environ, "LABELWRIGHT_EXECUTOR": "dask://127.0.0.1:9"}
    for lease in trained.api.queue("topics", n=4):
        assert trained.api.answer("topics", lease, trained.right(lease)).status_code == 201
    subprocess.run(command, env=away, timeout=120, check=True)
    running = figures.running(trained.site, trained.store)
    assert running.state == "failed" and "dask://127.0.0.1:9 must answer" in str(running.error)


def test_a_worker_that_does_not_see_the_folder_says_so(lived: Ready, on_dask: Executor, tmp_path: Path) -> None:
    with lived.store.read() as rows:
        cycle = Cycle(lived.store, lived.store.row(rows).cycle)
    question, path = cycle.inputs.primary, cycle.model_path(cycle.inputs.primary)
    shard = Shard(0, 0, 10, {path: "0" * 64})
    params = {"place": str(tmp_path), "model": path, "files": [], "folder": "shards", "check": True}
    work = Work(predicting.WORK, {**params, "quantiser": 1, "blas_threads": 1})
    with pytest.raises(IntegrityError, match="Workers must see the folder of the site"):
        on_dask.map_shards(work, [shard])
    assert question.id


def test_contents_come_back_as_they_were() -> None:
    given = [Content({"text": "ä\n", "n": 0.1}), Content({"media": "x"}, b"", ".png"), Content({}, b"\x00\xff", ".jpg")]
    assert contents.unpack(contents.pack(given)) == given


def test_what_runs_code_or_reaches_a_host_stays_here(on_dask: Executor) -> None:
    assert encoding_shards.goes_out(on_dask, "tfidf")
    assert not encoding_shards.goes_out(on_dask, "json:dumps")
