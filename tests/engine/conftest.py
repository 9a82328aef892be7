"""Fixtures: a real cluster, and shards of few items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from labelwright.engine import encoding, predicting
from labelwright.engine.executors import Executor, executor_of

SHARD = 32  # rows of a shard in these tests, so that a small project has several


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """A real cluster of two worker processes."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0"
    ) as made:  # fmt: skip
        yield made


@pytest.fixture
def on_dask(cluster: Any) -> Executor:
    """The executor of the cluster."""
    return executor_of(f"dask://{cluster.scheduler_address.removeprefix('tcp://')}")


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many shards of few items."""
    monkeypatch.setattr(predicting, "SHARD_ROWS", SHARD)
    monkeypatch.setattr(encoding, "SHARD_ROWS", SHARD)
    monkeypatch.setattr(encoding, "BLOCK_ROWS", 10)
