"""Parts of `speed`: a pool of clustered unit vectors, reference times of the machine, memory, formats."""

from __future__ import annotations

import ctypes
import gc
import hashlib
import os
import shutil
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

N_DIMS, N_CLUSTERS, N_CLASSES, N_LABELED, N_FEW, N_MEMBERS = 256, 100, 10, 1000, 50, 10
NOISE, OFF = 0.1, 1.6  # share of wrong labels; length of an item's own part, where a centre's is about 1.2
BLOCK = 100_000


class Pool:
    """Arrays of one size, written once to a folder and read whole.

    Parameters
    ----------
    folder : Path
        Where pools are kept; one that is there already is used again.
    n_items : int

    Notes
    -----
    Clusters are of Zipf-like sizes and belong to 10 classes in turn; where 100 classes are asked for, each
    cluster is one. The first 100 labeled items are one of each cluster, so every model has seen every class.
    """

    def __init__(self, folder: Path, n_items: int) -> None:
        source = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
        self.n_items, self.folder = n_items, folder / f"pool-{n_items}-{source}"
        if not self.folder.exists():
            half = self.folder.with_suffix(f".{os.getpid()}")
            half.mkdir(parents=True)
            try:
                _write(half, n_items)
                half.rename(self.folder)
            finally:
                shutil.rmtree(half, ignore_errors=True)

    def read(self, name: str) -> Any:
        """An array in memory."""
        return np.load(self.folder / f"{name}.npy")

    @cached_property
    def items(self) -> Any:
        """The candidates, (n_items, n_dims) float32."""
        return self.read("items")

    @cached_property
    def labeled(self) -> Any:
        """The labeled items, (1000, n_dims) float32."""
        return self.read("labeled")

    def answers(self, form: str, n_classes: int = N_CLASSES) -> Any:
        """Labels of what is labeled: classes, a table of 0 and 1, or numbers."""
        return self.read({"classes": f"y-{n_classes}", "labels": "y-labels", "value": "y-value"}[form])

    def proba(self, form: str, n_classes: int = N_CLASSES, n_labeled: int = N_LABELED) -> Any:
        """Probabilities of the model, (n_items, n_classes) float32."""
        return self.read("proba-labels" if form == "labels" else f"proba-{n_classes}-{n_labeled}")

    def draws(self, form: str) -> Any:
        """What ten members say, each fitted on half of the labels; a label's chances go for a class's."""
        return self.read("draws-value" if form == "value" else "draws")

    def model(self, form: str, n_labeled: int = N_LABELED, n_classes: int = N_CLASSES) -> Any:
        """The model whose predictions are kept, fitted again."""
        return _fitted(self.labeled[:n_labeled], self.answers(form, n_classes)[:n_labeled])


def floors(X: Any, labeled: Any) -> tuple[float, float]:
    """P and G: least seconds of one pass ``X @ v``, and of one product of the pool with the labeled items.

    The product is made in blocks of 10,000 rows into one buffer, and nothing is done with it. Both are taken with
    all threads and with one, which is faster where other work holds the cores.
    """
    from threadpoolctl import threadpool_limits

    v, W = np.ones(X.shape[1], dtype=np.float32), np.ascontiguousarray(labeled.T)
    out, into = np.empty(len(X), dtype=np.float32), np.empty((10_000, W.shape[1]), dtype=np.float32)

    def product() -> None:
        for start in range(0, len(X), len(into)):
            rows = X[start : start + len(into)]
            np.matmul(rows, W, out=into[: len(rows)])

    def least() -> tuple[float, float]:
        return least_seconds(lambda: np.matmul(X, v, out=out), 15), least_seconds(product, 3)

    with threadpool_limits(1, "blas"):
        alone = least()
    together = least()
    return min(alone[0], together[0]), min(alone[1], together[1])


def least_seconds(call: Callable[[], Any], times: int, at_least: float = 0.3) -> float:
    """Wall time of the fastest of so many calls, and of more until so many seconds are over."""
    took: list[float] = []
    while len(took) < times or sum(took) < at_least:
        started = time.perf_counter()
        call()
        took.append(time.perf_counter() - started)
    return min(took)


def held() -> float:
    """MB that the process holds once it has given back what it can; from here on a new peak counts."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    return status("VmRSS")


def status(field: str) -> float:
    """A size from the process's status, in MB of 10^6 bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field + ":")) * 1024 / 1e6


def machine_seconds() -> float:
    """CPU seconds of everything on the machine so far."""
    ticks = [int(part) for part in Path("/proc/stat").read_text().split(maxsplit=9)[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


def seconds(value: float) -> str:
    """A duration with three digits."""
    return f"{value * 1000:.3g} ms" if value < 0.9995 else f"{value:.3g} s"


def table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """Print a table in Markdown."""
    print(f"\n### {title}\n")
    for row in (columns, ["---"] * len(columns), *rows):
        print("| " + " | ".join(row) + " |")


def _fitted(X: Any, y: Any) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    model = LogisticRegression(C=10, max_iter=500)
    return (OneVsRestClassifier(model) if y.ndim == 2 else model).fit(X, y)


def _rows(rng: np.random.Generator, centres: Any, which: Any) -> Any:
    rows = rng.standard_normal((len(which), N_DIMS), dtype=np.float32)
    rows *= np.float32(OFF / np.sqrt(N_DIMS))
    rows += centres[which]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def _unit(rng: np.random.Generator, n: int) -> Any:
    rows = rng.standard_normal((n, N_DIMS), dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _write(folder: Path, n_items: int) -> None:
    """Make the arrays of a pool, a block of items at a time."""
    from sklearn.linear_model import Ridge

    rng = np.random.default_rng(0)
    clusters = np.arange(N_CLUSTERS)
    centres = _unit(rng, N_CLUSTERS) + np.float32(0.7) * _unit(rng, N_CLASSES)[clusters % N_CLASSES]
    weight = 1 / np.sqrt(1 + clusters)
    which = rng.choice(N_CLUSTERS, N_LABELED, p=weight / weight.sum())
    which[:N_CLUSTERS] = clusters
    labeled = _rows(rng, centres, which)
    wrong = (rng.random(N_LABELED) < NOISE) & (np.arange(N_LABELED) >= N_CLUSTERS)
    told = np.where(wrong, rng.integers(N_CLUSTERS, size=N_LABELED), which)
    y = told % N_CLASSES
    table = (y[:, None] == np.arange(N_CLASSES)) | (rng.random((N_LABELED, N_CLASSES)) < NOISE)
    numbers = labeled @ _unit(rng, 1)[0] + NOISE * rng.standard_normal(N_LABELED)
    known = {"labeled": labeled, "y-10": y, "y-100": told, "y-labels": table.astype(np.int64), "y-value": numbers}
    for name, array in known.items():
        np.save(folder / f"{name}.npy", array)

    models = {
        f"proba-{N_CLASSES}-{N_LABELED}": _fitted(labeled, y),
        f"proba-{N_CLASSES}-{N_FEW}": _fitted(labeled[:N_FEW], y[:N_FEW]),
        f"proba-{N_CLUSTERS}-{N_LABELED}": _fitted(labeled, told),
        "proba-labels": _fitted(labeled, known["y-labels"]),
    }
    halves = [np.union1d(clusters, rng.choice(N_LABELED, N_LABELED // 2)) for _ in range(N_MEMBERS)]
    members = [_fitted(labeled[half], y[half]) for half in halves]
    ridges = [Ridge().fit(labeled[half], numbers[half]) for half in halves]

    shapes = {"items": (n_items, N_DIMS), "draws": (N_MEMBERS, n_items, N_CLASSES), "draws-value": (N_MEMBERS, n_items)}
    shapes |= {name: (n_items, N_CLUSTERS if "-100-" in name else N_CLASSES) for name in models}
    kept = {
        name: np.lib.format.open_memmap(folder / f"{name}.npy", "w+", np.float32, shape)
        for name, shape in shapes.items()
    }
    for start in range(0, n_items, BLOCK):
        cut = slice(start, min(start + BLOCK, n_items))
        rows = _rows(rng, centres, rng.choice(N_CLUSTERS, cut.stop - start, p=weight / weight.sum()))
        kept["items"][cut] = rows
        for name, model in models.items():
            kept[name][cut] = model.predict_proba(rows)
        for i, (member, ridge) in enumerate(zip(members, ridges, strict=True)):
            kept["draws"][i, cut] = member.predict_proba(rows)
            kept["draws-value"][i, cut] = ridge.predict(rows)
    for array in kept.values():
        array.flush()
