"""Every metric of a learning curve at once, by strategy: what a strategy brings for the metric that users care about.

python -m benchmarks.metrics run --out metrics.jsonl --data DIR --keel WHEEL --sets held
python -m benchmarks.metrics report metrics.jsonl

A strategy that looks at the metric runs once for each aim; its row of a metric is that of the run made for it.
"""

from __future__ import annotations

import time
import warnings
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import label_sets
from labelwright.loop.learner import ActiveLearner

METRICS = ("accuracy", "balanced-accuracy", "macro-f1", "roc-auc", "average-precision", "log-loss")
FLOOR = 1e-3  # of a probability, so that one item cannot decide the log loss
N_INITIAL, BATCH, BUDGET = 20, 10, 200
TEST_SHARE, MAX_ROWS = 0.4, 3000
SETS = {
    "tuned": (*label_sets.RARE_TUNED, *label_sets.EVEN_TUNED), "held": (*label_sets.RARE_HELD, *label_sets.EVEN_HELD),
}  # fmt: skip


@cache
def loaded(name: str, data: Path | None, keel: Path | None) -> label_sets.Set | None:
    """A set, read once a process."""
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
