"""Every metric of a learning curve at once, by strategy: what a strategy brings for the metric that users care about.

python -m benchmarks.metrics run --out metrics.jsonl --data DIR --keel WHEEL --sets held
python -m benchmarks.metrics report metrics.jsonl

A strategy that looks at the metric runs once for each aim; its row of a metric is that of the run made for it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import re
import time
import warnings
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t

from benchmarks import label_sets, r_tables
from benchmarks.label_report import markdown
from labelwright.loop.learner import ActiveLearner
from labelwright.stats.paired import corrected_resampled_t

METRICS = ("accuracy", "balanced-accuracy", "macro-f1", "roc-auc", "average-precision", "log-loss")
MADE_FOR = {  # the metric that stands for the aim of each
    "accuracy": "accuracy", "balanced-accuracy": "macro-f1", "macro-f1": "macro-f1", "roc-auc": "roc-auc",
    "average-precision": "roc-auc", "log-loss": "log-loss",
}  # fmt: skip
AWARE = ("auto", "auto-3")
FLOOR = 1e-3  # of a probability, so that one item cannot decide the log loss
N_INITIAL, BATCH, BUDGET = 20, 10, 200
TEST_SHARE, MAX_ROWS = 0.4, 3000
SETS = {
    "new": (*label_sets.RARE_NEW, *label_sets.EVEN_NEW),
    "tuned": (*label_sets.RARE_TUNED, *label_sets.EVEN_TUNED), "held": (*label_sets.RARE_HELD, *label_sets.EVEN_HELD),
}  # fmt: skip


@cache
def loaded(name: str, data: Path | None, keel: Path | None, folder: Path | None) -> label_sets.Set | None:
    """A set, read once a process."""
    if name.partition("@")[0] in r_tables.CLASSES:
        assert folder is not None
        X, y = r_tables.table(name, folder)
        some = np.random.default_rng(0).permutation(len(y))[:MAX_ROWS]
        return label_sets.Set(name, X[some], y[some], "table")
    return label_sets.load(name, data, keel, max_rows=MAX_ROWS)


@dataclass(frozen=True)
class Job:
    """One run: a strategy, made for a metric or for none, on one split of one set."""

    set: str
    learner: str
    strategy: str
    made_for: str
    seed: int


def learner(name: str) -> Any:
    """An unfitted learner by name: ``lr`` is scikit-learn's, others are models of ours."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=300) if name == "lr" else name


def measured(y: np.ndarray, proba: np.ndarray) -> dict[str, float]:
    """All metrics, higher is better; those of one class are means over the classes, each against the rest.

    >>> found = measured(np.array([0, 1, 1]), np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]]))
    >>> round(found["accuracy"], 3), found["roc-auc"]
    (0.667, 1.0)
    """
    from sklearn import metrics as sk

    answer, n = proba.argmax(axis=1), proba.shape[1]
    sides = [1] if n == 2 else range(n)
    against = [(y == k, proba[:, k]) for k in sides if 0 < (y == k).sum() < len(y)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "accuracy": float((answer == y).mean()),
            "balanced-accuracy": float(sk.balanced_accuracy_score(y, answer)),
            "macro-f1": float(sk.f1_score(y, answer, average="macro")),
            "roc-auc": float(np.mean([sk.roc_auc_score(*one) for one in against])),
            "average-precision": float(np.mean([sk.average_precision_score(*one) for one in against])),
            "log-loss": float(np.log(np.clip(proba[np.arange(len(y)), y], FLOOR, 1)).mean()),
        }


def split(y: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pool, test part and first labels, the two parts with the same share of each class."""
    from sklearn.model_selection import train_test_split

    pool, test = train_test_split(np.arange(len(y)), test_size=TEST_SHARE, stratify=y, random_state=seed)
    return pool, test, np.random.default_rng([seed, 1]).permutation(len(pool))[:N_INITIAL]


def run(job: Job, sources: Any, strategy: Any = None) -> dict[str, Any]:
    """Play a job; its line holds the mean over the curve, and the end, of each metric."""
    found = loaded(job.set, *sources)
    assert found is not None
    pool, test, first = split(found.y, job.seed)
    n_classes = int(found.y.max()) + 1
    known = np.full(len(pool), None, dtype=object)
    known[first] = found.y[pool][first]
    started = time.perf_counter()
    made_for = {"metric": job.made_for} if job.made_for else {}
    active = ActiveLearner(
        learner(job.learner), strategy=strategy or job.strategy, batch_size=BATCH, random_state=job.seed, **made_for
    )
    curve: list[dict[str, float]] = []

    def look() -> None:
        seen = np.asarray(active.classes_, dtype=int)
        proba = np.full((len(test), n_classes), 1 / (N_INITIAL * n_classes))
        proba[:, seen] += active.predict_proba(found.X[test]) if len(seen) > 1 else 1.0
        curve.append(measured(found.y[test], proba / proba.sum(axis=1, keepdims=True)))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rounds = active.rounds(found.X[pool], known)
        look()
        n_labels = N_INITIAL
        for batch in rounds:
            active.teach(batch, found.y[pool][batch.indices].tolist())
            n_labels += len(batch)
            look()
            if n_labels >= min(BUDGET, int(0.7 * len(pool))):
                break
    means = {name: round(float(np.mean([point[name] for point in curve])), 5) for name in METRICS}
    ends = {name: round(curve[-1][name], 5) for name in METRICS}
    return asdict(job) | {"means": means, "ends": ends, "seconds": round(time.perf_counter() - started, 2)}


def jobs(sets: Any, learners: list[str], strategies: list[str], seeds: int) -> list[Job]:
    """Seed by seed, so that a run that is stopped is even; `auto` once for each aim."""
    made_for = {name: tuple(dict.fromkeys(MADE_FOR.values())) if name in AWARE else ("",) for name in strategies}
    return [
        Job(name, model, strategy, metric, seed)
        for seed, name, model in itertools.product(range(seeds), sets, learners)
        for strategy in strategies
        for metric in made_for[strategy]
    ]


def read(paths: list[Path]) -> pd.DataFrame:
    """One row a set, learner, seed, strategy and metric, from the run that was made for the metric."""
    rows = []
    for line in (json.loads(text) for path in paths for text in path.read_text("utf-8").splitlines()):
        for metric in METRICS:
            if line["strategy"] not in AWARE or line["made_for"] == MADE_FOR[metric]:
                key = {name: line[name] for name in ("set", "learner", "strategy", "seed")}
                rows.append(key | {"metric": metric, "value": 100 * line["means"][metric]})
    return pd.DataFrame(rows).drop_duplicates(["set", "learner", "strategy", "seed", "metric"], keep="last")


def source(name: str) -> str:
    """The data that a set was made of; several sets of one source are not independent.

    >>> [source(name) for name in ("keel:yeast4", "keel:chess/1", "Ecdat/Hdma@0.05", "ring")]
    ['yeast', 'chess', 'Ecdat/Hdma', 'ring']
    """
    keel = re.match(r"keel:([a-z]+)", name)
    return keel[1] if keel else name.partition("@")[0]


def over_sources(by_set: pd.Series[float]) -> tuple[int, float, float, float]:
    """How many sources there are, and the mean of a figure of each set over them with its 95 % interval."""
    by_source = by_set.groupby(source).mean()
    half = t.ppf(0.975, len(by_source) - 1) * by_source.std() / math.sqrt(len(by_source))
    return len(by_source), by_source.mean(), by_source.mean() - half, by_source.mean() + half


def compared(frame: pd.DataFrame, strategy: str, other: str) -> pd.DataFrame:
    """By metric: the mean difference over sources, its 95 % interval over sources, and the worst set."""
    rows = []
    for metric in METRICS:
        table = frame[frame["metric"] == metric].pivot_table(
            index=["set", "seed"], columns="strategy", values="value", aggfunc="mean"
        )
        by_set = (table[strategy] - table[other]).dropna().groupby("set").mean()
        n_sources, mean, low, high = over_sources(by_set)
        worst = f"{by_set.min():+.1f} ({by_set.idxmin().removeprefix('keel:')})"
        rows.append((metric, len(by_set), n_sources, mean, low, high, int((by_set < -1).sum()), worst))
    columns = ["metric", "sets", "sources", "difference", "low", "high", "sets below -1", "worst set"]
    return pd.DataFrame(rows, columns=columns)


def by_set(frame: pd.DataFrame, strategy: str) -> pd.DataFrame:
    """What a strategy loses to random by set and metric, in points; in brackets the upper end of the 95 % interval."""
    columns: dict[str, dict[str, str]] = {}
    for metric in METRICS:
        table = frame[frame["metric"] == metric].pivot_table(
            index=["set", "seed"], columns="strategy", values="value", aggfunc="mean"
        )
        for name, lost in (table["random"] - table[strategy]).dropna().groupby("set"):
            found = corrected_resampled_t(lost.to_numpy(float), test_share=TEST_SHARE).estimate
            columns.setdefault(metric, {})[str(name)] = f"{found.value:+.1f} ({found.high:+.1f})"
    return pd.DataFrame(columns).rename_axis("set").reset_index()


def regrets(frame: pd.DataFrame, strategy: str) -> pd.DataFrame:
    """What a strategy loses to the best other one of each set, which is picked on even seeds, on the odd ones."""
    rows = []
    for metric in METRICS:
        of = frame[frame["metric"] == metric]
        means = of.groupby(["set", of["seed"] % 2, "strategy"])["value"].mean().unstack()
        picked = means.xs(0, level=1).drop(columns=strategy).idxmax(axis=1)
        odd = means.xs(1, level=1)
        lost = pd.Series({name: odd.loc[name, picked[name]] - odd.loc[name, strategy] for name in odd.index})
        best = ", ".join(f"{name} {n}" for name, n in picked.value_counts().items())
        rows.append((metric, *over_sources(lost)[1:], best))
    return pd.DataFrame(rows, columns=["metric", "regret", "low", "high", "best on even seeds"])


def report(paths: list[Path]) -> None:
    """Print, for rare and for even sets and all of them, each strategy against random and margin; `auto` by set."""
    whole = read(paths)
    rare = whole["set"].isin([*label_sets.RARE_TUNED, *label_sets.RARE_HELD, *label_sets.RARE_NEW])
    names = [name for name in whole["strategy"].unique() if name not in ("random", "margin")]
    for learner_name, which in itertools.product(whole["learner"].unique(), ("rare", "even", "all")):
        of = whole[
            (whole["learner"] == learner_name) & (rare if which == "rare" else ~rare if which == "even" else True)
        ]
        if of.empty:
            continue
        for strategy, other in [*itertools.product(names, ("random", "margin")), ("margin", "random")]:
            seeds = of["seed"].nunique()
            print(f"\n### {learner_name}, {which} sets, {strategy} minus {other}, {seeds} seeds, points\n")
            print(markdown(compared(of, strategy, other)))
        if which == "all" and "auto" in names and of["seed"].nunique() > 1:
            print(f"\n### {learner_name}, points that auto loses to random, by set\n")
            print(markdown(by_set(of, "auto")))
            print(f"\n### {learner_name}, points that auto loses to the best of the others, picked on even seeds\n")
            print(markdown(regrets(of, "auto")))


def main() -> None:
    """Parse the options; play what is missing, or print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("run", "report"))
    parser.add_argument("lines", type=Path, nargs="*")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--keel", type=Path)
    parser.add_argument("--tables", type=Path, help="the folder of benchmarks/r_tables.py")
    parser.add_argument("--sets", default="held", help="tuned, held, new, or names with commas")
    parser.add_argument("--learners", default="lr", help="lr, or models of ours, with commas")
    parser.add_argument("--strategies", default="random,margin,auto-2,auto")
    parser.add_argument("--seeds", type=int, default=10)
    args = parser.parse_args()
    if args.what == "report":
        report(args.lines)
        return
    done = set()
    if args.out.exists():
        for line in map(json.loads, args.out.read_text("utf-8").splitlines()):
            done.add(tuple(line[name] for name in Job.__dataclass_fields__))
    sets = SETS.get(args.sets) or args.sets.split(",")
    for job in jobs(sets, args.learners.split(","), args.strategies.split(","), args.seeds):
        if tuple(asdict(job).values()) not in done:
            with args.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(run(job, (args.data, args.keel, args.tables))) + "\n")


if __name__ == "__main__":
    main()
