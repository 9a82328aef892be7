"""A worker whose store or executor is away tries less and less often, says when, and begins anew once it answers."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from labelwright.engine import patience
from labelwright.engine.executors import executor_of
from labelwright.engine.patience import Patience, pause
from labelwright.engine.worker import Worker
from labelwright.errors import IntegrityError, UnavailableError
from labelwright.services.steering import figures
from labelwright.store import tables as t

AWAY = UnavailableError("files: the store s3://labels is away.")


def test_each_pause_is_twice_as_long_up_to_ten_minutes() -> None:
    now = 1000.0
    waits = Patience(lambda: now, lambda: 0.0)
    assert [waits.failed("a", AWAY) for _ in range(7)] == [30, 60, 120, 240, 480, 600, 600]
    assert waits.left("a") == 600 and waits.left("b") < 0
    now += 601
    assert waits.left("a") < 0
    assert pause(10**6, 0.0) == patience.PAUSES.longest


def test_it_begins_anew_after_a_success_and_after_another_failure() -> None:
    waits = Patience(lambda: 0.0, lambda: 0.0)
    for _ in range(5):
        waits.failed("a", AWAY)
    waits.succeeded("a")
    assert waits.left("a") < 0 and waits.failed("a", AWAY) == 30
    waits.failed("a", AWAY)
    assert waits.failed("a", IntegrityError("arrays: a is damaged.")) == 30 == waits.failed("a", AWAY)


def test_those_that_failed_together_come_back_apart() -> None:
    waits = Patience(lambda: 0.0)
    pauses = {round(waits.failed(f"p{k}", AWAY), 6) for k in range(50)}
    assert len(pauses) > 40 and min(pauses) >= 24 and max(pauses) <= 30


def test_a_worker_waits_longer_each_time_and_progress_says_until_when(
    trained: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("labelwright.engine.executors.base.TIMEOUT_SECONDS", 0.2)
    for lease in trained.api.queue("topics", n=4):
        assert trained.api.answer("topics", lease, trained.right(lease)).status_code == 201
    now = time.monotonic()
    worker = Worker(trained.site.store, executor=executor_of("dask://127.0.0.1:9"))
    worker._patience = Patience(lambda: now, lambda: 0.0)
    n_failed, waited = [], []
    for _ in range(4):
        left = worker._look_after("topics", until_idle=True)
        assert left == 0.0
        waited.append(worker._patience.left("topics"))
        assert worker._look_after("topics", until_idle=True) == float("inf")  # it does not try before
        n_failed.append(failed_cycles(trained.store))
        now += waited[-1] + 0.01
    assert waited == pytest.approx([30, 60, 120, 240]) and n_failed == [1, 2, 3, 4]
    shown = trained.api.get("/projects/topics/progress").json()["running"]
    assert shown["state"] == "failed" and "dask://127.0.0.1:9" in shown["error"]
    (at,) = re.findall(r"the next try is at (\d\d:\d\d:\d\d) UTC", shown["error"])
    then = datetime.combine(datetime.now(UTC).date(), datetime.strptime(at, "%H:%M:%S").time(), UTC)
    assert 180 < (then - datetime.now(UTC)).total_seconds() % 86400 <= 240

    worker._executor = executor_of("local")
    assert worker._look_after("topics", until_idle=True) == 0.0
    assert figures.running(trained.site, trained.store).state == "idle"
    assert worker._patience.left("topics") < 0


def failed_cycles(store: Any) -> int:
    with store.read() as rows:
        return len(rows.all(rows.select(t.cycle.c.id).where(t.cycle.c.state == "failed")))
