"""Numbers: which way to choose items lowers the error of a model of numbers, if any does.

python -m benchmarks.numbers run --out numbers.jsonl --data DIR --tables DIR --sets held
python -m benchmarks.numbers report numbers.jsonl

Three sets are files of --data; the others stand in --tables, see `benchmarks.r_tables`.
"""

from __future__ import annotations

import argparse
import json
import math
import time
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t

import labelwright as lw
from benchmarks import label_sets, r_tables
from benchmarks.label_report import markdown

SETS = {
    "tuned": ("ames", "concrete", "diabetes", "Ecdat/Griliches", "MASS/nlschools", "car/SLID"),
    "held": ("MASS/Boston", "datasets/quakes", "Ecdat/Housing", "Ecdat/Computers", "ggplot2/diamonds",
             "robustbase/NOxEmissions", "Ecdat/Wages", "Ecdat/Star"),
}  # fmt: skip
MAX_ROWS = 2000
N_INITIAL, BATCH, BUDGET, TEST_SHARE = 10, 10, 150, 0.4
N_CANDIDATES = 600  # of the pool, drawn anew each round, for what takes a matrix of all pairs


@cache
def loaded(name: str, data: Path | None, folder: Path | None) -> tuple[np.ndarray, np.ndarray]:
    """Features and numbers, both at mean 0 and standard deviation 1."""
    if name in r_tables.NUMBERS:
        assert folder is not None
        X, y = r_tables.table(name, folder)
    else:
        found = label_sets.load(name, data, None)
        assert found is not None
        X, y = found.X, found.y
    some = np.random.default_rng(0).permutation(len(y))[:MAX_ROWS]
    X, y = X[some], y[some]
    X = X[:, np.ptp(X, axis=0) > 0]
    return (X - X.mean(axis=0)) / X.std(axis=0), (y - y.mean()) / y.std()


def learner(name: str) -> Any:
    """An unfitted regressor."""
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, WhiteKernel
    from sklearn.linear_model import RidgeCV
    from sklearn.neighbors import KNeighborsRegressor

    return {
        "ridge": RidgeCV(np.logspace(-2, 3, 11)),
        "forest": RandomForestRegressor(60, min_samples_leaf=2, random_state=0),
        "gp": GaussianProcessRegressor(RBF(3.0) + WhiteKernel(0.3), normalize_y=True),
        "neighbours": KNeighborsRegressor(5, weights="distance"),
    }[name]


# rows of the candidates, rows and numbers of what is labeled, how many, a generator
Choose = Callable[[np.ndarray, np.ndarray, np.ndarray, int, np.random.Generator], np.ndarray]


def kernel_between(A: np.ndarray, B: np.ndarray, width: float) -> np.ndarray:
    """The Gaussian kernel of all pairs."""
    squares = (A**2).sum(1)[:, None] + (B**2).sum(1)[None] - 2 * A @ B.T
    return np.exp(-np.maximum(squares, 0) / (2 * width**2))


def herd(C: np.ndarray, L: np.ndarray, weight: np.ndarray, n: int) -> np.ndarray:
    """Greedy coverage of the weighted candidates by a Gaussian kernel, around what is labeled."""
    apart = np.sqrt(np.maximum(((L[:, None] - L[None]) ** 2).sum(-1), 0)) + 1e9 * np.eye(len(L))
    K = kernel_between(C, C, max(float(np.median(apart.min(axis=1))), 1e-3))
    near = kernel_between(C, L, max(float(np.median(apart.min(axis=1))), 1e-3)).max(axis=1)
    picks: list[int] = []
    for _ in range(n):
        gains = weight @ np.maximum(K - near[:, None], 0)
        gains[picks] = -1
        picks.append(int(gains.argmax()))
        near = np.maximum(near, K[picks[-1]])
    return np.array(picks)


def families(C: np.ndarray, L: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The variance between four kinds of models."""
    names = ("ridge", "forest", "gp", "neighbours")
    return np.var([learner(name).fit(L, y).predict(C) for name in names], axis=0)


def residuals(C: np.ndarray, L: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The expected absolute error: residuals out of fold, smoothed over the neighbours."""
    from sklearn.model_selection import cross_val_predict

    off = np.abs(y - cross_val_predict(learner("ridge"), L, y, cv=5))
    return learner("neighbours").fit(L, off).predict(C)


def by_variance_of_process(C: np.ndarray, L: np.ndarray, y: np.ndarray, n: int) -> np.ndarray:
    """Greedy: each pick lowers the mean posterior variance of a fitted Gaussian process over the candidates most."""
    process = learner("gp").fit(L, y)
    kernel = process.kernel_
    noise = float(kernel.k2.noise_level)
    K, cross, own = kernel.k1(C), kernel.k1(C, L), kernel.k1(L) + noise * np.eye(len(L))
    S = K - cross @ np.linalg.solve(own, cross.T)
    picks: list[int] = []
    for _ in range(n):
        gains = (S**2).sum(axis=0) / (np.diag(S) + noise)
        gains[picks] = -1
        j = int(gains.argmax())
        picks.append(j)
        S = S - np.outer(S[:, j], S[j]) / (S[j, j] + noise)
    return np.array(picks)


def density(C: np.ndarray) -> np.ndarray:
    """How many candidates are near, as a mean of kernels."""
    width = float(np.median(np.sqrt(((C[:50, None] - C[None, :50]) ** 2).sum(-1)))) / 2
    return kernel_between(C, C, max(width, 1e-3)).mean(axis=1)


def half(choose: Choose) -> Choose:
    """Half of the batch at random."""

    def chosen(C: Any, L: Any, y: Any, n: int, rng: np.random.Generator) -> np.ndarray:
        picks = choose(C, L, y, n // 2, rng)
        left = np.setdiff1d(np.arange(len(C)), picks)
        return np.concatenate([picks, rng.choice(left, n - n // 2, replace=False)])

    return chosen


def _cover(C: Any, L: Any, y: Any, n: int, rng: np.random.Generator) -> np.ndarray:
    return _ours("facility-location", C, L, y, n)


def _ours(name: str, C: Any, L: Any, y: Any, n: int) -> np.ndarray:
    """The picks of a strategy of ours."""
    return lw.select(name, C, n=n, X_labeled=L, y_labeled=y, embed=lambda rows: rows).indices


def _top(score: np.ndarray, n: int) -> np.ndarray:
    return np.argsort(-score, kind="stable")[:n]


CHOOSERS: dict[str, Choose] = {
    "random": lambda C, L, y, n, rng: rng.choice(len(C), n, replace=False),
    "coverage": _cover,
    "coverage, half random": half(_cover),
    "families": lambda C, L, y, n, rng: _top(families(C, L, y), n),
    "families, half random": half(lambda C, L, y, n, rng: _top(families(C, L, y), n)),
    "families x density": lambda C, L, y, n, rng: _top(families(C, L, y) * density(C), n),
    "families herded": lambda C, L, y, n, rng: herd(C, L, np.sqrt(families(C, L, y)), n),
    "posterior-variance": lambda C, L, y, n, rng: _ours("posterior-variance", C, L, y, n),
    "process": lambda C, L, y, n, rng: by_variance_of_process(C, L, y, n),
    "process, half random": half(lambda C, L, y, n, rng: by_variance_of_process(C, L, y, n)),
    "residuals x density": lambda C, L, y, n, rng: _top(residuals(C, L, y) * density(C), n),
    "residuals herded": lambda C, L, y, n, rng: herd(C, L, residuals(C, L, y), n),
    "herding": lambda C, L, y, n, rng: herd(C, L, np.ones(len(C)), n),
}


def run(name: str, chooser: str, learners: tuple[str, ...], seed: int, sources: Any) -> dict[str, Any]:
    """One run: mean over the curve of the absolute error and of R2 on the test part, for each learner."""
    X, y = loaded(name, *sources)
    rng = np.random.default_rng([seed, 0])
    order = rng.permutation(len(y))
    n_test = int(TEST_SHARE * len(y))
    test, pool = order[:n_test], order[n_test:]
    labeled = list(pool[:N_INITIAL])
    pick_rng = np.random.default_rng([seed, 1])
    started = time.perf_counter()
    errors: dict[str, list[tuple[float, float]]] = {one: [] for one in learners}
    while True:
        for one in learners:
            off = y[test] - learner(one).fit(X[labeled], y[labeled]).predict(X[test])
            errors[one].append((float(np.abs(off).mean()), float(1 - (off**2).mean() / y[test].var())))
        if len(labeled) >= BUDGET:
            break
        left = np.setdiff1d(pool, labeled)
        some = pick_rng.permutation(left)[:N_CANDIDATES]
        picks = CHOOSERS[chooser](X[some], X[labeled], y[labeled], BATCH, pick_rng)
        labeled += some[picks].tolist()
    means = {one: np.mean(curve, axis=0).round(5).tolist() for one, curve in errors.items()}
    seconds = round(time.perf_counter() - started, 2)
    return {"set": name, "strategy": chooser, "seed": seed, "errors": means, "seconds": seconds}


def report(paths: list[Path]) -> None:
    """Print, by learner and chooser: how much lower the error is than that of random items, with bounds over sets."""
    rows = []
    for line in (json.loads(text) for path in paths for text in path.read_text("utf-8").splitlines()):
        for name, (error, _) in line["errors"].items():
            rows.append({key: line[key] for key in ("set", "strategy", "seed")} | {"learner": name, "error": error})
    frame = pd.DataFrame(rows).drop_duplicates(["set", "strategy", "seed", "learner"], keep="last")
    for learner_name, part in frame.groupby("learner"):
        table = part.pivot_table(index=["set", "seed"], columns="strategy", values="error").dropna()
        saved = -100 * np.log(table.div(table["random"], axis=0)).groupby("set").mean()
        half_width = t.ppf(0.975, len(saved) - 1) * saved.std() / math.sqrt(len(saved))
        out = pd.DataFrame({"mean": saved.mean(), "low": saved.mean() - half_width, "high": saved.mean() + half_width})
        out = pd.concat([out, saved.T], axis=1).drop(index="random").sort_values("mean", ascending=False)
        n_seeds = table.groupby("set").size().min()
        print(f"\n### {learner_name}: error saved against random, percent; {len(saved)} sets, {n_seeds} seeds\n")
        print(markdown(out.rename_axis("strategy").reset_index()))


def main() -> None:
    """Parse the options; play what is missing, or print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("run", "report"))
    parser.add_argument("lines", type=Path, nargs="*")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--tables", type=Path)
    parser.add_argument("--sets", default="held", help="tuned, held, or names with commas")
    parser.add_argument("--strategies", default=";".join(CHOOSERS), help="with semicolons")
    parser.add_argument("--seeds", type=int, default=5)
    args = parser.parse_args()
    if args.what == "report":
        report(args.lines)
        return
    done = set()
    if args.out.exists():
        for line in map(json.loads, args.out.read_text("utf-8").splitlines()):
            done.add((line["set"], line["strategy"], line["seed"]))
    warnings.simplefilter("ignore")  # a Gaussian process whose fit ends at a bound: the same for all
    for seed in range(args.seeds):
        for name in SETS.get(args.sets) or args.sets.split(","):
            for chooser in args.strategies.split(";"):
                if (name, chooser, seed) not in done:
                    line = run(name, chooser, ("ridge", "forest"), seed, (args.data, args.tables))
                    with args.out.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
