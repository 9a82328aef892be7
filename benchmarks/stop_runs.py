"""Simulated runs whose histories hold what stopping rules look at, for the measurements of rules and forecasts."""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import label_sets
from labelwright import stopping
from labelwright.loop.simulate import simulate

SETS = (
    "banking77", "breast_cancer", "credit", "digits", "fine_foods", "letter", "mnist_5k", "rainfall", "satellite",
    "spambase", "sr_bannach_brown", "wa_churn",
)  # fmt: skip
TUNED, REPORTED = SETS[::2], SETS[1::2]  # by the alphabet, before anything was measured
STRATEGIES = ("random", "margin")
RESERVE = 300  # labels that the rules see; values are measured on 1,000 others, at most


@dataclass(frozen=True)
class Run:
    """One run: ``history`` as the rules see it, ``truth`` the value on items that they do not see."""

    set: str
    strategy: str
    seed: int
    history: pd.DataFrame
    truth: Any  # float array of shape (n_looks,)


def runs(
    data: Path | None, sets: Sequence[str], *, seeds: int, budget: int, batch_size: int, metric: str | None = None
) -> Iterator[Run]:
    """Simulate each set with each strategy; sets whose source was not given are left out."""
    from sklearn.linear_model import LogisticRegression

    rules = [
        stopping.make("plateau"), stopping.make("kappa-stable"), stopping.make("overall-uncertainty"),
        stopping.make("prediction-change"),
    ]  # fmt: skip
    for name in sets:
        found = label_sets.load(name, data, None, max_rows=3000)
        if found is None:
            continue
        n_test = min(RESERVE + 1000, len(found.y) // 2)
        pool = len(found.y) - n_test
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results = simulate(
                found.X, found.y, LogisticRegression(max_iter=200), strategies=STRATEGIES, n_initial=20,
                batch_size=batch_size, budget=min(budget, pool), test_size=n_test / len(found.y),
                reserve_size=min(RESERVE, n_test // 2), seeds=seeds, stop=rules, metric=metric, n_jobs=-1,
                progress=False,
            )  # fmt: skip
        for (strategy, seed), curve in results.curves.groupby(["strategy", "seed"], sort=False):
            yield Run(name, strategy, seed, results.history(strategy, seed), np.asarray(curve["value"], dtype=float))


def options(description: str | None, *, seeds: int, budget: int, batch_size: int) -> argparse.ArgumentParser:
    """The options that these measurements share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, help="folder of data sets; two sets of scikit-learn serve without")
    parser.add_argument("--seeds", type=int, default=seeds)
    parser.add_argument("--budget", type=int, default=budget)
    parser.add_argument("--batch-size", type=int, default=batch_size)
    return parser
