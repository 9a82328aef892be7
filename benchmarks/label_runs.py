"""One learning curve: a strategy, a set, a learner, a split."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks import label_sets
from labelwright.loop.simulate import simulate
from labelwright.strategies import auto, auto_2

TEST_SIZE = {"lu": 0.4}
METRIC = {"rare": "balanced-accuracy"}


@dataclass(frozen=True)
class Job:
    """One split of one set with one learner; all strategies share it."""

    part: str
    set: str
    learner: str
    batch: int
    n_initial: int
    budget: int
    seed: int


def learner(name: str) -> Any:
    """An unfitted estimator, as people use it."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.svm import SVC

    return {
        "lr": LogisticRegression(max_iter=1000),
        "svc": SVC(),
        "svc-auto": SVC(gamma="auto"),  # as in Lu and others (2023)
        "rf": RandomForestClassifier(100),
        "ridge": Ridge(),
    }[name]


@cache
def loaded(name: str, data: Path | None, keel: Path | None) -> label_sets.Set | None:
    """A set, read once a process."""
    return label_sets.load(name, data, keel)


@contextmanager
def constants(strategy: str) -> Iterator[str]:
    """With ``auto[HIGH=20,LOW=5]`` the constants of ``strategies/auto_2.py`` are others for a while; gives the name.

    Those of ``strategies/auto.py`` alone, such as ``RAREST``, are changed there.

    >>> from labelwright.strategies import auto_2
    >>> with constants("auto[HIGH=20]") as name:
    ...     print(name, auto_2.HIGH)
    auto 20
    """
    name, _, changed = strategy.removesuffix("]").partition("[")
    pairs = (pair.partition("=") for pair in filter(None, changed.split(",")))
    values = {key: json.loads(value) for key, _, value in pairs}
    old = {key: value for key, value in values.items() if hasattr(auto_2, key)}
    new = {key: value for key, value in values.items() if key not in old}
    with patch.multiple(auto_2, **old) if old else nullcontext(), patch.multiple(auto, **new) if new else nullcontext():
        yield name


def run(job: Job, strategies: list[str], code: str, sources: Any) -> list[dict[str, Any]]:
    """Run a job; one line for each strategy."""
    found = loaded(job.set, *sources)
    assert found is not None
    lines: list[dict[str, Any]] = []
    for strategy in strategies:
        started = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # rare classes, unconverged fits: the same for all
            with constants(strategy) as name:
                r = simulate(
                    found.X, found.y, learner(job.learner), strategies=[name], n_initial=job.n_initial,
                    batch_size=job.batch, budget=job.budget, seeds=[job.seed], test_size=TEST_SIZE.get(job.part, 0.3),
                    metric=METRIC.get(job.part),
                )  # fmt: skip
        curve = r.curves
        lines.append(
            asdict(job)
            | {
                "strategy": strategy, "code": code, "labels": curve["n_labels"].tolist(),
                "values": curve["value"].round(6).tolist(), "full": round(float(r.full.iloc[0]), 6),
                "fit_seconds": round(float(curve["fit_seconds"].sum()), 2),
                "select_seconds": round(float(curve["select_seconds"].sum()), 2),
                "seconds": round(time.perf_counter() - started, 2),
            }
        )  # fmt: skip
    return lines
